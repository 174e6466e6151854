"""What goes into the dialogue and what comes out: a `Turn` and a `State` in, a `Reply` out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from skill.dialogue.player import Play, Playing

TEXT_SIZES = (26, 34, 44, 58)
"""Steps of text on a screen, in dp; the second is the usual one."""

NORMAL_SIZE = 1

Memory = Literal["off", "away", "new", "kept"]
"""What the memory says: there is none here; it does not answer now; the listener has not said yes; they have."""


class Slot(NamedTuple):
    """A slot that was filled."""

    heard: str
    """The words that filled it."""
    id: str | None
    """The value that entity resolution found, or None when the words are none that the model lists."""


class Turn(NamedTuple):
    """What the listener asked for."""

    intent: str
    """An intent's name, or `LaunchRequest`."""
    slots: Mapping[str, Slot] = MappingProxyType({})
    """The filled slots alone, by name."""
    memory: Memory = "off"
    """For `kept`, the place of an earlier visit is in the state already."""
    screen: bool = False
    """Whether the device has a screen that we can write on."""
    plays: bool = False
    """Whether the recording that is asked for can be played on this device."""
    playing: "Playing | None" = None
    """The recording that the device plays, or has paused."""

    def id_of(self, slot: str) -> str | None:
        """The id that a slot resolved to, or None."""
        return self.slots[slot].id if slot in self.slots else None


class Offer(NamedTuple):
    """What "yes" will do."""

    kind: str
    """`read` a topic, `treatment` (read or ask about one), `part`, `sentence`, `list`, `link`, `again`, `resume`,
    `remember` (consent to keeping the place), or `play`, which waits for a section to be named."""
    of: str = ""
    """The topic or treatment; for `list`, how many topics were named already."""


class State(NamedTuple):
    """What lasts from turn to turn while the session lives."""

    reading: str | None = None
    """The passage being read: see `reading.passage`."""
    part: int = 0
    """Which of its parts, from 0."""
    sentence: int | None = None
    """The last sentence spoken of that part, from 0; None when the part was spoken to its end."""
    following: bool = False
    """Whether the last reply spoke from the passage, so that "what if it has spread?" refers to it."""
    asking: str | None = None
    """The treatment about which "where did it come back?" is open."""
    offer: Offer | None = None
    rate: int = 100
    """Speech rate, per cent."""
    misses: int = 0
    """Utterances in a row that were not understood."""
    introduced: bool = False
    """Whether the listener has heard that this is not medical advice."""
    size: int | None = None
    """Which of `TEXT_SIZES`, once the listener has changed it."""
    said: tuple[str, ...] = ()
    """The last reply, for "repeat"."""
    question: str | None = None
    reprompt: str | None = None
    spoke: str | None = None
    """The topic id of the last reply: null unless it belongs to a section."""


class Card(NamedTuple):
    """What the listener's Alexa app shows."""

    title: str
    text: str


class Reply(NamedTuple):
    """What is said, shown and remembered. It asks and stays open, or asks nothing and closes."""

    lines: tuple[str, ...]
    """Plain text; a pause falls between each two."""
    state: State
    question: str | None = None
    """Spoken last; the microphone is open just when there is one."""
    reprompt: str | None = None
    """Asked once more after a silence."""
    card: Card | None = None
    topic: str | None = None
    """The section whose text is spoken."""
    keep: Literal["yes", "forget"] | None = None
    """What the memory has to do before this may be said: keep the listener's place from now on, or delete it."""
    otherwise: "Reply | None" = None
    """What is said in its stead if the memory could not."""
    rate: int | None = None
    """Speech rate, per cent, where it is not the state's: a closing reply is still spoken at the session's."""
    play: "Play | None" = None
    """What the device's player is to do. Such a reply may have no words."""

    @property
    def open(self) -> bool:
        """Whether the session goes on."""
        return self.question is not None

    @property
    def speech(self) -> tuple[str, ...]:
        """All that is spoken, the question last."""
        return self.lines if self.question is None else (*self.lines, self.question)


def ask(
    state: State,
    lines: tuple[str, ...],
    question: str,
    reprompt: str,
    *,
    offer: Offer | None = None,
    topic: str | None = None,
    card: Card | None = None,
    **changes: Any,
) -> Reply:
    """A reply that ends in a question and leaves the microphone open.

    Unless `changes` (fields of `State`) says otherwise, nothing is being asked any more, no miss is counted, and the
    reply does not speak from the passage.
    """
    fresh: dict[str, Any] = {"asking": None, "misses": 0, "following": False}
    state = state._replace(
        **{**fresh, **changes}, offer=offer, said=lines, question=question, reprompt=reprompt, spoke=topic
    )
    return Reply(lines, state, question, reprompt, card, topic)


def close(state: State, lines: tuple[str, ...], *, card: Card | None = None, forget_place: bool = False) -> Reply:
    """A reply that ends the session. Only the place outlives it, for whoever keeps places; unless `forget_place`."""
    kept = State() if forget_place else State(reading=state.reading, part=state.part, sentence=state.sentence)
    return Reply(lines, kept, card=card, rate=state.rate)
