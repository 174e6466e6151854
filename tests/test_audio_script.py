"""What the edition says: the whole page, headings that stand alone, and nothing that only a speaker does."""

import copy
from typing import Any

import pytest

from audio.script import OPENING, script
from skill import page, reader


@pytest.mark.parametrize("locale", page.locales())
def test_it_says_the_whole_page_in_order(locale: str) -> None:
    words = page.load(locale)
    opening, *passages = script(words)
    assert opening.topic.id == OPENING
    assert [passage.topic for passage in passages] == list(words.topics)
    for passage in passages:
        sentences = [sentence for part in passage.topic.parts for sentence in part]
        said = [line.text for line in passage.lines[1:]]
        assert said == [words.edition.instead.get(sentence, sentence) for sentence in sentences]
        assert passage.lines[0].kind == passage.lines[0].ends == "heading"
        assert [line.ends for line in passage.lines].count("section") == 1
        assert passage.lines[-1].ends == "section"


def test_headings_say_their_parent() -> None:
    headings = [passage.lines[0].text for passage in script(page.load())]
    assert headings[3] == "Local recurrence: surgery."
    assert headings[7] == "Distant recurrence: surgery."
    assert len(set(headings)) == len(headings)
    assert all(len(heading.split()) >= 2 for heading in headings)


@pytest.mark.parametrize("locale", page.locales())
def test_the_opening_says_what_a_listener_must_know(locale: str) -> None:
    words = page.load(locale)
    said = " ".join(line.text for line in script(words)[0].lines)
    for fact in (
        words.title,
        words.publisher,
        words.read,
        "not medical advice",
        words.country.emergency,
        "not the Society",
    ):
        assert fact in said


@pytest.mark.parametrize("locale", page.locales())
def test_it_asks_for_nothing_that_only_a_speaker_does(locale: str) -> None:
    for passage in script(page.load(locale)):
        for line in passage.lines:
            assert "say " not in line.text
            assert "{" not in line.text
            assert "“" not in line.text


def test_parts_are_paragraphs() -> None:
    words = copy.deepcopy(reader.read(page.WORDS))
    words["topics"]["local"]["parts"] = [["One is here.", "Two is here."], ["Three is here."]]
    lines = script(reader.parse(words, "en-CA", "test.toml"))[2].lines
    assert [line.ends for line in lines] == ["heading", "sentence", "paragraph", "section"]


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("label", "", "edition.label"),
        ("opening", [], "edition.opening"),
        ("opening", ["{nothing}"], "edition.opening"),
        ("opening", ["{"], "edition.opening"),
        ("instead", "x", "edition.instead"),
        ("instead", [["one"]], "edition.instead"),
        ("instead", [["It is nowhere.", "It is."]], "edition.instead"),
    ],
)
def test_a_fault_in_the_words_is_told(key: str, value: Any, place: str) -> None:
    words = copy.deepcopy(reader.read(page.WORDS))
    words["edition"][key] = value
    with pytest.raises(page.WordsError, match=place):
        _ = reader.parse(words, "en-CA", "test.toml").edition
