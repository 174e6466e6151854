"""Reading aloud: passages made of topics, a place in one, and the reply that speaks from it."""

import functools
from dataclasses import dataclass
from typing import NamedTuple

from skill.dialogue.turn import Card, Offer, Reply, State, ask
from skill.page import Page, Topic

WHOLE_PAGE = "page"
"""The passage that is every section."""

PART_WORDS = 150
"""The whole page is read in parts of about a minute: sections that belong together, this many words at most."""


class Stretch(NamedTuple):
    """Sentences of one topic, read together."""

    topic: Topic
    sentences: tuple[str, ...]


class Passage(NamedTuple):
    """Something that is read through: a topic, a treatment for both recurrences, or the whole page."""

    name: str
    parts: tuple[tuple[Stretch, ...], ...]


def passage(page: Page, name: str | None) -> Passage | None:
    """The passage with that name: a topic id, a treatment id (its sections for both recurrences) or `WHOLE_PAGE`."""
    topic = page.topic(name)
    if topic is not None:
        return Passage(topic.id, tuple((Stretch(topic, part),) for part in topic.parts))
    if name == WHOLE_PAGE:
        return Passage(name, tuple(tuple(map(_whole, topics)) for topics in _families(page)))
    both = [each for each in page.topics if name and each.treatment == name]
    return Passage(name, (tuple(map(_whole, both)),)) if name and both else None


def _whole(topic: Topic) -> Stretch:
    return Stretch(topic, tuple(sentence for part in topic.parts for sentence in part))


def _families(page: Page) -> list[list[Topic]]:
    """The page's topics in groups of about `PART_WORDS`, a section and those under it never parted."""
    families: list[list[Topic]] = []
    for topic in page.topics:
        if topic.parent and families:
            families[-1].append(topic)
        else:
            families.append([topic])
    groups: list[list[Topic]] = []
    for family in families:
        if groups and _words(groups[-1]) + _words(family) <= PART_WORDS:
            groups[-1] += family
        else:
            groups.append(family)
    return groups


def _words(topics: list[Topic]) -> int:
    return sum(len(sentence.split()) for topic in topics for sentence in _whole(topic).sentences)


@dataclass(frozen=True, eq=False, repr=False)  # what is not used would cost a cold start
class Place:
    """Where in a passage the listener is."""

    passage: Passage
    part: int
    sentence: int | None
    """The last sentence spoken, or None for the end of the part."""

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """What the part is made of."""
        return self.passage.parts[self.part]

    @functools.cached_property
    def sentences(self) -> tuple[str, ...]:
        """All sentences of the part."""
        return tuple(sentence for stretch in self.stretches for sentence in stretch.sentences)

    @functools.cached_property
    def index(self) -> int:
        """The last sentence spoken, from 0, wherever it stands."""
        last = len(self.sentences) - 1
        return last if self.sentence is None else min(self.sentence, last)

    @property
    def _stretch(self) -> tuple[Stretch, int]:
        """The stretch in which the last sentence spoken stands, and its number there, from 0."""
        left = self.index
        for stretch in self.stretches[:-1]:
            if left < len(stretch.sentences):
                return stretch, left
            left -= len(stretch.sentences)
        return self.stretches[-1], left

    @property
    def topic(self) -> Topic:
        """The topic that the last sentence spoken belongs to."""
        return self._stretch[0].topic

    @property
    def within(self) -> tuple[int, int]:
        """Which sentence of its topic the last one spoken is, from 1, and of how many in this part."""
        stretch, number = self._stretch
        return number + 1, len(stretch.sentences)

    @property
    def last(self) -> Topic:
        """The topic after which the next one follows: that of a single sentence, else the part's last."""
        return self.stretches[-1].topic if self.sentence is None else self.topic

    @property
    def first(self) -> Topic:
        """The topic with which the part begins."""
        return self.stretches[0].topic

    @property
    def topic_id(self) -> str:
        """What a reply here names as its topic: a treatment for both recurrences keeps its own id."""
        of_both = len(self.stretches) > 1 and self.passage.name != WHOLE_PAGE
        return self.passage.name if of_both else self.topic.id


def place(page: Page, state: State) -> Place | None:
    """Where the listener is; None before any section, or where the page has changed under a kept place."""
    found = passage(page, state.reading)
    if found is None:
        return None
    part = min(max(state.part, 0), len(found.parts) - 1)
    return Place(found, part, state.sentence if state.sentence is None else max(state.sentence, 0))


def current_topic(page: Page, state: State) -> str | None:
    """The topic id that the conversation is at: that of an open question, or of the place; None before any."""
    here = place(page, state)
    return state.asking or (here.topic_id if here else None)


def read(
    page: Page,
    state: State,
    name: str,
    *,
    part: int = 0,
    sentence: int | None = None,
    before: tuple[str, ...] = (),
) -> Reply:
    """The reply that speaks one part of a passage, or one sentence of it, after the lines `before`."""
    found = passage(page, name)
    if found is None:
        raise LookupError(f"there is no passage {name!r}")
    return speak(page, state, Place(found, part, sentence), before=before)


def speak(page: Page, state: State, here: Place, *, before: tuple[str, ...] = ()) -> Reply:
    """The reply that speaks the part, or the one sentence, at a place."""
    prompts = page.prompts
    lines: list[str] = []
    topic_id = here.topic_id
    if here.sentence is None:
        if len(here.passage.parts) > 1:
            count = page.count(len(here.passage.parts))
            lines.append(prompts.part.line(number=page.count(here.part + 1), count=count))
        for stretch in here.stretches:
            lines += [stretch.topic.label, " ".join(stretch.sentences)]
        if here.passage.name == WHOLE_PAGE:
            lines = [*prompts.whole_page.say(), *lines] if here.part == 0 else lines
            topic_id = here.first.id
        card = topic_card(page, here)
    else:
        lines.append(here.sentences[here.index])
        card = None
    question, reprompt, offer = closing(page, here)
    return ask(
        state, (*before, *lines), question, reprompt, offer=offer, topic=topic_id, card=card,
        reading=here.passage.name, part=here.part, sentence=here.sentence, following=True,
    )  # fmt: skip


def closing(page: Page, here: Place) -> tuple[str, str, Offer]:
    """The question that ends a reply at a place, its reprompt, and what "yes" to it does."""
    prompts = page.prompts
    if here.index < len(here.sentences) - 1:
        return prompts.sentence_question.line(), prompts.sentence_reprompt.line(), Offer("sentence")
    if here.part + 1 < len(here.passage.parts):
        number = page.count(here.part + 2)
        question = prompts.go_on_part.line(number=number)
        return question, prompts.go_on_part_reprompt.line(number=number), Offer("part")
    following = page.after(here.topic)
    if following is None:
        return prompts.offer_link.line(), prompts.offer_link_reprompt.line(), Offer("link")
    named = prompts.go_on.line(next=following.name)
    return named, prompts.go_on_reprompt.line(next=following.name), Offer("read", following.id)


def topic_card(page: Page, here: Place) -> Card:
    """The text of a place with its source, to read again later."""
    topic = here.stretches[0].topic
    if len(here.stretches) == 1:
        body = " ".join(here.stretches[0].sentences)
    else:
        body = "\n\n".join(f"{each.topic.title}\n{' '.join(each.sentences)}" for each in here.stretches)
    return Card(page.title if here.passage.name == WHOLE_PAGE else topic.title, f"{body}\n\n{source(page)}")


def source(page: Page) -> str:
    """Whose page it is, where it is, when it was read, and what it is not: the foot of every card."""
    prompts = page.prompts
    return "\n".join((*prompts.card_source.say(), *prompts.card_read.say(), *prompts.card_disclaimer.say()))


def what_next(
    page: Page, state: State, lines: tuple[str, ...], *, topic: str | None = None, card: Card | None = None
) -> Reply:
    """Says `lines`, then asks what to do next; an open question is asked again instead."""
    prompts = page.prompts
    if state.asking:
        question, reprompt = prompts.help_asking_question.line(), prompts.which_recurrence_reprompt.line()
        return ask(state, lines, question, reprompt, topic=topic, card=card, asking=state.asking)
    question, reprompt = prompts.what_next_question.line(), prompts.anything_reprompt.line()
    return ask(state, lines, question, reprompt, topic=topic, card=card)
