"""Lines → a WAV file of them, spoken at once: the simulator's replies. In: lines as they are heard. Out: bytes.

The voice is hibari, whose model is inside its package: it needs no network, and a reply takes well under a second.
"""

import threading
from collections.abc import Iterable, Sequence

import numpy as np

from audio.sound import silence
from audio.voices import makers
from audio.voices.engine import Engine
from skill.saying import digit_by_digit
from skill.voice import wav

PAUSE = 0.4
"""Seconds between lines, as in the skill's own SSML."""


class Aloud:
    """A voice for many threads, started when it first speaks."""

    def __init__(self, locale: str) -> None:
        ((_, self._make),) = makers("hibari", locale)
        self._turn = threading.Lock()
        self._engine: Engine | None = None

    def speak(self, lines: Sequence[str], numbers: Iterable[str]) -> bytes:
        """`lines`, a pause between each two, as a WAV file; `numbers` digit by digit. Raises `VoiceError`."""
        with self._turn:
            if self._engine is None:
                self._engine = self._make()
            rate = self._engine.rate
            spoken = [self._engine.speak(digit_by_digit(line, numbers)) for line in lines]
        return wav.write(np.concatenate([piece for sound in spoken for piece in (sound, silence(PAUSE, rate))]), rate)
