"""Speech → text, on this machine: nothing is sent anywhere, and nothing is kept.

In: a recording. Out: the words that were heard. The stages, in order: `wav` (a file → 16 kHz mono samples), a
`Recogniser` (samples → text; `moonshine` is the one there is) and `turns` (one recording at a time).

    HearingError        the words can't be had; the message is one sentence, fit to be shown
    ├── NoRecogniser    it is not installed, or did not start
    ├── BadRecording    the recording is no sound, or more than a question
    └── TooBusy         too many recordings wait already

Another recogniser is one module with a `hear`, and one line in `recogniser`.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skill.extras import how_to_add
from skill.voice.errors import BadRecording, HearingError, NoRecogniser, TooBusy

__all__ = [
    "HOW_TO_ADD", "LONGEST_SECONDS", "RATE", "BadRecording", "HearingError", "NoRecogniser", "Recogniser", "Samples",
    "TooBusy", "recogniser",
]  # fmt: skip

Samples = NDArray[np.float32]
"""Mono sound, -1 to 1, at `RATE`."""

RATE = 16_000
"""Samples a second that every recogniser here takes."""

LONGEST_SECONDS = 30.0
"""A longer recording is no question: Alexa itself stops listening after some seconds."""

HOW_TO_ADD = how_to_add("voice")
"""The command that adds a recogniser."""


class Recogniser(Protocol):
    """Something that understands speech."""

    def hear(self, samples: Samples) -> str:
        """The words in `samples`, mono at `RATE`; "" when there are none. One call at a time. Raises `HearingError`."""


def recogniser() -> Recogniser:
    """The recogniser that is installed, started: a second or two. Raises `NoRecogniser`."""
    try:
        from skill.voice.moonshine import Moonshine  # heavy: 90 MB, loaded when somebody speaks
    except (ImportError, OSError) as error:  # OSError: its library does not fit this system
        raise NoRecogniser(
            f"Speech can't be recognised, because the recogniser is not installed: run {HOW_TO_ADD}."
        ) from error
    return Moonshine()
