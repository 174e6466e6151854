"""Which words say a slot's value: `data/values.toml` has the cases."""

import itertools
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated import DATA, resolver

from skill.simulator.lexicon import Lexicon, Match, content
from skill.simulator.model import Intent, Model, Value
from skill.simulator.words import tokens

LINES = tomllib.loads((DATA / "values.toml").read_text(encoding="utf-8"))["line"]

SMALL = Lexicon(
    Model(
        "a guide",
        (Intent("Go", ("go {place}", "it came back {place}"), {"place": "Place"}),),
        {
            "Place": (
                Value("local", ("local", "in the same place", "same place")),
                Value("distant", ("somewhere else", "in my lung", "lungs")),
            ),
            "Word": (Value("lung", ("lung", "?!")), Value("metastatic", ("metastatic",))),
        },
        "0",
    )
)


def found(lexicon: Lexicon, said: str) -> list[tuple[str, str, str, str]]:
    words = tokens(said)
    matches = sorted(lexicon.find(words), key=lambda match: match.start)
    return [(match.type, match.id, match.how, " ".join(words[match.start : match.end])) for match in matches]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["say"])
def test_values_of_the_committed_model(line: dict[str, Any]) -> None:
    matches = found(resolver().lexicon, line["say"])
    wanted = sorted(map(tuple, line["finds"]))
    assert sorted(each for each in matches if each[0] in ("Treatment", "Recurrence")) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("not in the same place, in my lung", [("Place", "distant", "exact", "in my lung")]),
        ("it isn't in the same place it's somewhere else", [("Place", "distant", "exact", "somewhere else")]),
        ("in the same place, not in my lung", [("Place", "local", "exact", "in the same place")]),
        ("not local", [("Place", "local", "exact", "local")]),
        ("never local, no lungs", [("Place", "local", "exact", "local"), ("Place", "distant", "exact", "lungs")]),
        ("not here but local", [("Place", "local", "exact", "local")]),
    ],
)  # fmt: skip
def test_what_is_denied(said: str, wanted: list[tuple[str, ...]]) -> None:
    assert [each for each in found(SMALL, said) if each[0] == "Place"] == wanted


def test_one_word_may_say_values_of_two_types() -> None:
    assert found(SMALL, "the lung") == [("Word", "lung", "exact", "lung"), ("Place", "distant", "stem", "lung")]


def test_exactly_from_a_word_on_the_longest_first() -> None:
    words = tokens("in the same place")
    assert list(SMALL.exact_at(words, 0)) == [Match(0, 4, "Place", "local", "exact")]
    assert list(SMALL.exact_at(words, 2)) == [Match(2, 4, "Place", "local", "exact")]
    assert list(SMALL.exact_at(words, 3)) == []


def test_words_that_carry_a_value() -> None:
    assert content(("in", "the", "same", "place", "again")) == ("same", "place")


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from("not in the same place my lung lungs local somewhere else metastatik xyzzyq a".split()))
)
def test_matches_lie_in_the_words_and_do_not_overlap(words: list[str]) -> None:
    for type_ in ("Place", "Word"):
        matches = sorted(
            (match for match in SMALL.find(tuple(words)) if match.type == type_), key=lambda match: match.start
        )
        assert all(0 <= match.start < match.end <= len(words) for match in matches)
        assert all(one.end <= other.start for one, other in itertools.pairwise(matches))
