"""The script: a `Page` → what is spoken, in order. In: a page. Out: `Passage`s of `Line`s, the opening first.

A heading is spoken with its parent's name, "Local recurrence: surgery": a lone "Surgery" tells a listener who skips
from track to track nothing, and is so short that speech recognisers, and people, lose it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from skill.page import Page, Topic
from skill.saying import digit_by_digit, said

OPENING = "opening"
"""The id of the section before the page's own: no topic of the page has it."""

Ends = Literal["sentence", "paragraph", "heading", "section"]
"""What ends with a line, and so which pause follows it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One heading or one sentence."""

    text: str
    """As it is written."""
    said: str
    """As an engine is told to say it."""
    kind: Literal["heading", "sentence"]
    ends: Ends


@dataclass(frozen=True, slots=True)
class Passage:
    """One section's lines: its heading, then its sentences."""

    topic: Topic
    parent: Topic | None
    lines: tuple[Line, ...]


def script(page: Page) -> tuple[Passage, ...]:
    """Everything that the edition says, the opening first, then the topics in page order."""
    return tuple(_passage(page, topic) for topic in (_opening(page), *page.topics))


def _opening(page: Page) -> Topic:
    """What this recording is, whose page it reads, how old it is, and that it is no advice: what a voice would say."""
    words = page.edition
    return Topic(
        id=OPENING, number=0, label=words.label, name=words.label, say=(), parts=(words.opening,), spell="",
        treatment=None, recurrence=None, intents=(),
    )  # fmt: skip


def _passage(page: Page, topic: Topic) -> Passage:
    parent = page.topic(topic.parent)
    return Passage(topic, parent, tuple(_lines(page, topic, parent)))


def _lines(page: Page, topic: Topic, parent: Topic | None) -> Iterator[Line]:
    numbers = page.country.numbers

    def line(text: str, kind: Literal["heading", "sentence"], ends: Ends) -> Line:
        return Line(text, digit_by_digit(said(text), numbers), kind, ends)

    yield line(heading(topic, parent), "heading", "heading")
    for part_number, part in enumerate(topic.parts, start=1):
        for number, sentence in enumerate(part, start=1):
            ends: Ends = "sentence"
            if number == len(part):
                ends = "section" if part_number == len(topic.parts) else "paragraph"
            # Some sentences ask for something that only a smart speaker does; a recording says another.
            yield line(page.edition.instead.get(sentence, sentence), "sentence", ends)


def heading(topic: Topic, parent: Topic | None) -> str:
    """A section's spoken heading: "Local recurrence: surgery."."""
    if parent is None:
        return f"{topic.title}."
    # "Surgery, for a local recurrence." says its parent at its end, where it comes too late for a list of tracks.
    own = topic.title.partition(",")[0]
    return f"{parent.title}: {own[0].lower()}{own[1:]}."
