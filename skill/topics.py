"""The page as frozen data: topics, terms, whom to call, and everything else that the skill can say in one locale."""

import datetime
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from skill.frozen import Frozen
from skill.prompts import Prompts

if TYPE_CHECKING:
    from skill.controls import Controls
    from skill.labels import Labels

TREATMENTS = ("surgery", "radiation", "chemotherapy")
RECURRENCES = ("local", "distant")


class Topic(NamedTuple):
    """One section of the page."""

    id: str
    """Its id, under its parent's: "local.surgery"."""
    number: int
    """Its place in page order, from 1."""
    label: str
    """Said before the text."""
    name: str
    """How a sentence of ours speaks of it: "Shall I go on to {name}?"."""
    say: tuple[str, ...]
    """What a listener may call it."""
    parts: tuple[tuple[str, ...], ...]
    """Its text: parts, and in each its sentences."""
    spell: str
    """The word that "spell that" spells."""
    treatment: str | None
    """One of `TREATMENTS`, if the section is about one."""
    recurrence: str | None
    """One of `RECURRENCES`, if the section is about one."""
    intents: tuple[str, ...]
    """Intents that lead straight here."""

    @property
    def parent(self) -> str | None:
        """The id of the section above it, or None at the top."""
        return self.id.rpartition(".")[0] or None

    @property
    def title(self) -> str:
        """The label as a heading, without its full stop."""
        return self.label.rstrip(".")


class Term(NamedTuple):
    """A word that the page itself explains."""

    id: str
    name: str
    topic: str
    """The id of the topic that explains it."""
    meaning: str


class Country(NamedTuple):
    """Whom to call in one country, from the sources that the words file names."""

    emergency: str
    crisis: str
    crisis_name: str
    hours: str
    call_or_text: bool

    @property
    def numbers(self) -> tuple[str, str]:
        """The numbers that speech says digit by digit."""
        return self.emergency, self.crisis


class EditionWords(NamedTuple):
    """What the audio edition says that the skill does not."""

    label: str
    """The heading of its opening."""
    opening: tuple[str, ...]
    """The opening's sentences."""
    instead: Mapping[str, str]
    """A topic's sentence that only a smart speaker can keep its word on → what a recording says instead."""
    labels: "Labels"
    """What its files are called and are for, and what the terminal player says."""


class Page(Frozen):
    """Everything that the skill can say in one locale."""

    locale: str
    title: str
    publisher: str
    url: str
    read: str
    """The day our copy was read, as the country writes a date."""
    read_on: datetime.date
    """The same day, for machines."""
    trail: tuple[str, ...]
    """Where on the publisher's site the page is, outermost first."""
    further_reading: tuple[str, ...]
    topics: tuple[Topic, ...]
    """In page order."""
    terms: Mapping[str, Term]
    treatments: Mapping[str, str]
    """Treatment id → how a sentence speaks of it."""
    recurrences: Mapping[str, str]
    """Recurrence id → how a sentence speaks of it, with its article."""
    prompts: Prompts
    country: Country
    phrases: tuple[str, ...]
    """Every phrase that some words tell the listener to say."""
    _edition: Callable[[], EditionWords]
    _controls: Callable[[], "Controls"]
    _counts: tuple[str, ...]
    _and: str
    _ids: Mapping[str, Topic]
    _pairs: Mapping[tuple[str | None, str | None], Topic]
    _intents: Mapping[str, Topic]

    @functools.cached_property
    def edition(self) -> EditionWords:
        """The words of the audio edition; checked when they are first needed, which a Lambda never does.

        Raises `WordsError`.
        """
        return self._edition()

    @functools.cached_property
    def controls(self) -> "Controls":
        """The words of the player's page; checked when they are first needed. Raises `WordsError`."""
        return self._controls()

    def topic(self, topic_id: str | None) -> Topic | None:
        """The topic with that id; None when there is none (a place kept since before the page changed)."""
        return self._ids.get(topic_id) if topic_id else None

    def of_intent(self, intent: str) -> Topic | None:
        """The topic that an intent leads straight to."""
        return self._intents.get(intent)

    def of_pair(self, treatment: str | None, recurrence: str | None) -> Topic | None:
        """The topic on a treatment, a recurrence, or one for the other."""
        return self._pairs.get((treatment, recurrence)) if treatment or recurrence else None

    def after(self, topic: Topic) -> Topic | None:
        """The next topic in page order."""
        return self.topics[topic.number] if topic.number < len(self.topics) else None

    def before(self, topic: Topic) -> Topic | None:
        """The topic before it in page order."""
        return self.topics[topic.number - 2] if topic.number > 1 else None

    def count(self, number: int) -> str:
        """A number in words as far as the words file has them, else in digits."""
        return self._counts[number] if number < len(self._counts) else str(number)

    def both(self, names: Sequence[str]) -> str:
        """Names joined as a sentence lists them."""
        return f" {self._and} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
