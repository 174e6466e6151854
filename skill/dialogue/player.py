"""The device's player: what the dialogue hears of it (`Playing`) and what it tells it (`Play`)."""

from typing import Literal, NamedTuple

from skill.page import Topic


class Playing(NamedTuple):
    """A recording of ours on the device."""

    topic: Topic
    offset: int
    """Milliseconds from the start of the section's recording."""
    activity: Literal["playing", "paused", "waiting", "failed"]
    """`waiting`: behind a conversation about something else. `failed`: this section did not play, though it was to."""


class Play(NamedTuple):
    """What the player is to do."""

    action: Literal["start", "enqueue", "pause", "stop"]
    """`enqueue` lets the present section end first; after `pause` the player keeps its place, after `stop` nothing."""
    topic: Topic | None = None
    offset: int = 0
    """Milliseconds."""
    after: str | None = None
    """For `enqueue`: the token of what plays now."""
    again: bool = False
    """Whether this is a second try."""
