"""What a voice is: the one seam between the edition and the engines, and what may go wrong behind it.

    VoiceError              a voice can't speak; the message is one sentence, fit to be shown
    ├── VoiceUnavailable    it is not installed, or did not start: another voice is needed
    ├── VoiceUnreachable    its service could not be reached, or did not answer in time, after every retry
    ├── VoiceRefused        its service says no: forbidden, busy for too long, or a page where speech should be
    └── SpokenBadly         what came back is not the text, spoken: damaged, cut off, too short or too long

Nothing else may come out of an engine's `speak`: each maps its libraries' errors to these at its border.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio.edition import Voice

Samples = NDArray[np.float32]
"""Mono sound, -1 to 1."""


class VoiceError(Exception):
    """A voice can't speak."""


class VoiceUnavailable(VoiceError):
    """Not installed, or it did not start."""


class VoiceUnreachable(VoiceError):
    """Its service could not be reached, or did not answer in time."""


class VoiceRefused(VoiceError):
    """Its service says no."""


class SpokenBadly(VoiceError):
    """What came back is not the text, spoken."""


class Engine(Protocol):
    """Something that speaks."""

    @property
    def voice(self) -> Voice:
        """Who speaks."""

    @property
    def rate(self) -> int:
        """Samples a second of what `speak` gives."""

    def speak(self, text: str) -> Samples:
        """`text`, spoken: mono at `rate`, -1 to 1, not empty. Raises `VoiceError`, and nothing else."""
