"""An utterance as a recogniser would give it: `data/tokens.toml` is the golden table."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import DATA

from skill.simulator.words import LONGEST, clean, stem, stems, tokens

GOLDEN = tomllib.loads((DATA / "tokens.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("typed", "words"), GOLDEN["tokens"].items(), ids=map(repr, GOLDEN["tokens"]))
def test_golden(typed: str, words: str) -> None:
    assert " ".join(tokens(typed)) == words


def test_a_lone_surrogate_is_no_word() -> None:
    assert tokens("\ud800") == ()
    assert tokens("surgery \udc80 please") == ("surgery", "please")


@pytest.mark.parametrize(("word", "root"), GOLDEN["stems"].items())
def test_stems(word: str, root: str) -> None:
    assert stem(word) == root
    assert stems((word, word)) == (root, root)


def test_only_the_beginning_is_looked_at() -> None:
    assert len(clean("x" * 10_000)) == LONGEST
    assert clean("surgery " + " " * 400 + "please " * 5_000).startswith("surgery please please")
    assert len(tokens("one " * 10_000)) == LONGEST // 4


@given(st.text(st.characters(), max_size=80))
def test_any_text(typed: str) -> None:
    words = tokens(typed)
    assert all(word and word == word.strip() and " " not in word for word in words)
    assert tokens(" ".join(words)) == words, "words stay what they are"
    assert tokens(typed + "?") == words, "a question mark changes nothing"
    assert clean(clean(typed)) == clean(typed)
    assert clean(typed).isprintable() or not clean(typed).isascii()
