"""How health text is said: a table written by hand, and what must never change."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill import page
from skill.said import table
from skill.saying import digit_by_digit, said
from skill.speech import may_need_saying, ssml

TABLE = tomllib.loads((Path(__file__).parent / "data" / "normalised.toml").read_text(encoding="utf-8"))


def test_the_table_is_not_empty() -> None:
    assert len(TABLE["said"]) >= 40
    assert len(TABLE["left"]) >= 15


@pytest.mark.parametrize(("written", "spoken"), TABLE["said"])
def test_said(written: str, spoken: str) -> None:
    assert said(written) == spoken
    assert said(spoken) == spoken


@pytest.mark.parametrize("text", TABLE["left"])
def test_left(text: str) -> None:
    assert said(text) == text


@pytest.mark.parametrize(("text", "numbers", "spoken"), TABLE["digits"])
def test_digits(text: str, numbers: list[str], spoken: str) -> None:
    assert digit_by_digit(text, numbers) == spoken
    assert digit_by_digit(spoken, numbers) == spoken


@pytest.mark.parametrize("locale", page.locales())
def test_no_word_of_ours_changes(locale: str) -> None:
    words = page.load(locale)
    for topic in words.topics:
        for sentence in (topic.label, *(sentence for part in topic.parts for sentence in part)):
            assert said(sentence) == sentence
    lines = [line for name in words.prompts.__annotations__ for line in getattr(words.prompts, name).lines]
    assert len(lines) > 100
    for line in lines:
        assert said(line) == line


WORDS = [
    "stage",
    "IIB",
    "I",
    "Gy",
    "mg/kg",
    "(",
    ")",
    "≥",
    "–",
    "-",
    "10",
    "2.5",
    "°C",
    "e.g.",
    ".",
    ",",
    "×",
    "[3]",
    "½",
    "IV",
    "and",
    "/",
    "Lung",
]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " "])), max_size=9))
def test_saying_it_twice_changes_nothing(pieces: list[tuple[str, str]]) -> None:
    once = said("".join(word + space for word, space in pieces))
    assert said(once) == once


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    said(text)


def test_every_unit_is_known_after_a_number() -> None:
    for unit, (one, several) in table()["units"].items():
        assert said(f"1 {unit}") == f"1 {one}"
        assert said(f"12 {unit}.") == f"12 {several}."


def test_alexa_hears_the_same() -> None:
    assert ssml(["At ≥ 38 °C call 911 & rest."], numbers=["911"]) == (
        '<speak>At at least 38 degrees Celsius call <say-as interpret-as="digits">911</say-as> and rest.</speak>'
    )


def test_what_speech_lets_pass_unsaid_needs_no_saying() -> None:
    signs = [f"{place.format(short)}" for short in table()["abbreviations"] for place in ("{} is", "see {}", "a {} b")]
    steps = [
        f"{word} {step}" for word in table()["numbered"] for step in ("I", "II", "IV", "V", "IX", "X", "IIB", "3a")
    ]
    for text in (*signs, *steps, *(written for written, _ in TABLE["said"])):
        assert may_need_saying(text) or said(text) == text, text
