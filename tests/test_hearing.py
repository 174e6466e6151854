"""What misheard words are mended to: `data/hearing.toml` has the cases."""

import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import DATA, resolver

from skill.simulator.hearing import END, START, Ear, Word, consonants
from skill.simulator.words import tokens

LINES = tomllib.loads((DATA / "hearing.toml").read_text(encoding="utf-8"))["line"]

SAID = [(START, "play", "music", END), (START, "next", "song", END), (START, "my", "own", "song", END)]
SMALL = Ear({word for line in SAID for word in line[1:-1]}, {pair for line in SAID for pair in pairwise(line)})


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["say"])
def test_lines_of_the_committed_model(line: dict[str, str]) -> None:
    mended = resolver().learned.ear.mend(tokens(line["say"]))
    assert " ".join(word.meant for word in mended) == line["meant"]
    assert " ".join(word.said for word in mended) == line["say"]


def test_only_where_it_fits() -> None:
    assert SMALL.mend(("play", "muse", "ick")) == (Word("play", "play"), Word("music", "muse ick"))
    assert SMALL.mend(("muse", "ick", "my")) == (Word("muse", "muse"), Word("ick", "ick"), Word("my", "my"))


def test_what_is_heard() -> None:
    assert consonants(("chemotherapy",)) == consonants(("key", "mo", "there", "a", "pee")) == "KMTRP"
    assert consonants(("surgery",)) == consonants(("sir", "jury")) == "SRXR"


@given(st.lists(st.sampled_from("play muse ick music next necks song sung my own me zzz é 手".split()), max_size=9))
def test_no_word_is_lost(words: list[str]) -> None:
    mended = SMALL.mend(tuple(words))
    assert " ".join(word.said for word in mended).split() == words
    assert all(word.meant == word.said or word.meant in SMALL.known for word in mended)
