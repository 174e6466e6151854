"""All that is ever kept of a listener. In: a state, or what a store gave back. Out: a valid `Kept`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from skill import session
from skill.dialogue.turn import State


class Kept(NamedTuple):
    """The place, the speed, and whether the introduction was heard. docs/privacy.md lists the same; a test compares."""

    reading: str | None
    """The passage being read, by its id."""
    part: int
    """Which of its parts, from 0."""
    sentence: int | None
    """The last sentence spoken of that part, from 0; None when the part was spoken to its end."""
    rate: int
    """Speech rate, per cent."""
    introduced: bool
    """Whether the listener has heard that this is not medical advice."""

    @classmethod
    def of(cls, state: State) -> "Kept":
        """What is worth keeping of a state."""
        return cls(*(getattr(state, name) for name in cls._fields))

    @classmethod
    def restored(cls, attributes: Any) -> "Kept | None":
        """What a store gave back; None when it is nothing of ours. A field that does not fit is left out."""
        if not isinstance(attributes, Mapping) or not attributes.keys() & {"reading", "rate"}:
            return None
        # DynamoDB gives numbers as Decimal.
        whole = {name: _whole(value) for name, value in attributes.items() if name in cls._fields}
        return cls.of(session.restore(whole))

    def attributes(self) -> dict[str, Any]:
        """As a store takes it."""
        return self._asdict()

    def into(self, state: State) -> State:
        """`state` with what was kept, where it does not know better itself."""
        if not state.reading:
            state = state._replace(reading=self.reading, part=self.part, sentence=self.sentence)
        rate = self.rate if state.rate == State().rate else state.rate
        return state._replace(rate=rate, introduced=state.introduced or self.introduced)


def _whole(value: Any) -> Any:
    if isinstance(value, str | bool | int | None):
        return value
    try:
        number = int(value)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return number if number == value else None
