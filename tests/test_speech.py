"""Plain text to SSML and back: well formed whatever the text, digits marked, breaks within Alexa's limit."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skill import saying, speech
from skill.said import table
from skill.saying import said

ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""With surrogates and non-characters too: JSON can carry them, XML can not."""


@given(st.lists(ANY_TEXT), st.integers(20, 200), st.lists(ANY_TEXT, max_size=3))
@example(["a \ud800 b", "\ufffe", "\uffff\udfff"], 100, [])
@example(["\x7f\x80\x9f\u2028"], 100, [])
@example(["Call <b> & 911"], 100, ["<b>", "&", "amp"])
def test_ssml_is_well_formed_whatever_the_text(texts: list[str], rate: int, numbers: list[str]) -> None:
    spoken = speech.ssml(texts, rate=rate, numbers=numbers)
    root = ElementTree.fromstring(spoken)
    assert root.tag == "speak"
    assert {element.tag for element in root.iter()} <= {"speak", "prosody", "break", "say-as"}
    spoken.encode("utf-8")


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]))))
def test_what_is_heard_is_what_was_written_as_a_voice_says_it(texts: list[str]) -> None:
    lines = tuple(filter(None, (speech.normalise(said(speech.normalise(text))) for text in texts)))
    assert speech.heard(speech.ssml(texts)) == " ".join(lines)
    assert tuple(filter(None, speech.heard_lines(speech.ssml(texts)))) == lines


@given(st.lists(st.sampled_from(["Call 911.", "Call 116 123, or 999 now.", "988"]), min_size=1))
def test_marked_digits_are_heard_as_they_were_written(texts: list[str]) -> None:
    assert speech.heard(speech.ssml(texts, numbers=["911", "988", "116 123", "999"], rate=70)) == " ".join(texts)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("fish & chips", "<speak>fish and chips</speak>"),
        ("x <5 y", "<speak>x less than 5 y</speak>"),
        ("</speak><audio src='x'/>", "<speak>&lt;/speak&gt;&lt;audio src='x'/&gt;</speak>"),
        ("can’t", "<speak>can't</speak>"),
        (" two\n\tspaces ", "<speak>two spaces</speak>"),
        ("a\x00b\x1bc", "<speak>a b c</speak>"),
        ("", "<speak></speak>"),
    ],
)
def test_escaping(text: str, spoken: str) -> None:
    assert speech.ssml([text]) == spoken


def digits(number: str) -> str:
    return f'<say-as interpret-as="digits">{number}</say-as>'


@pytest.mark.parametrize(
    ("text", "numbers", "spoken"),
    [
        ("Call 911 now.", ["911"], f"Call {digits('911')} now."),
        ("Call 116 123.", ["116 123"], f"Call {digits('116')} {digits('123')}."),
        ("Call 13 11 14.", ["13 11 14"], f"Call {digits('13')} {digits('11')} {digits('14')}."),
        ("The 9-8-8 line: 988.", ["988"], f"The 9-8-8 line: {digits('988')}."),
        ("No 9110 nor x911.", ["911"], "No 9110 nor x911."),
        ("000 and 112", ["000", "112"], f"{digits('000')} and {digits('112')}"),
        ("988 in 988 123", ["988", "988 123"], f"{digits('988')} in {digits('988')} {digits('123')}"),
        ("Call your local emergency number.", ["your local emergency number"], None),
        ("It has 20 parts.", [], "It has 20 parts."),
    ],
)
def test_numbers_are_said_digit_by_digit(text: str, numbers: list[str], spoken: str | None) -> None:
    made = speech.ssml([text], numbers=numbers)
    if spoken is None:
        assert "say-as" not in made
    else:
        assert made == f"<speak>{spoken}</speak>"


def test_the_rate_surrounds_everything() -> None:
    assert speech.ssml(["One.", "Two."], rate=85) == (
        '<speak><prosody rate="85%">One.<break time="400ms"/>Two.</prosody></speak>'
    )
    assert "prosody" not in speech.ssml(["One."], rate=100)


@pytest.mark.parametrize("count", [1, 2, 3, 25, 26, 100, 999])
def test_breaks_stay_within_ten_seconds(count: int) -> None:
    breaks = [int(each) for each in re.findall(r'<break time="(\d+)ms"/>', speech.ssml(["Yes."] * count))]
    assert len(breaks) == count - 1
    assert sum(breaks) <= 10_000
    assert not breaks or breaks[0] == 400 or count > 25


def test_empty_lines_make_no_pause() -> None:
    assert speech.ssml(["One.", " ", "", "Two."]).count("<break") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two? Three!", ("One.", "Two?", "Three!")),
        ("Dr Ho came. She left.", ("Dr Ho came.", "She left.")),
        ("Dr. Ho came.", ("Dr. Ho came.",)),
        ("About 1.5 per cent.", ("About 1.5 per cent.",)),
        ("He said: “Stop.” Then he left.", ("He said: “Stop.” Then he left.",)),
        ("", ()),
        ("no end", ("no end",)),
    ],
)
def test_sentences(text: str, found: tuple[str, ...]) -> None:
    assert speech.sentences(text) == found


@given(st.text())
def test_sentences_lose_no_word(text: str) -> None:
    assert " ".join(speech.sentences(text)) == speech.normalise(text)


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = speech.normalise(text)
    assert speech.normalise(once) == once


def test_heard_refuses_what_is_not_well_formed() -> None:
    with pytest.raises(ElementTree.ParseError):
        speech.heard("<speak>a & b</speak>")


def test_a_number_is_spoken_even_where_the_table_of_signs_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("skill.said.TABLE", tmp_path / "none.toml")
    table.cache_clear()
    for compiled in (saying._short_forms, saying._drips, saying._numbered):
        compiled.cache_clear()
    try:
        assert "911" in speech.heard(speech.ssml(["Call 911 now."], numbers=["911"]))
    finally:
        table.cache_clear()
