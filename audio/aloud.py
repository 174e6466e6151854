"""Lines → a WAV file of them, spoken at once: the simulator's replies. In: lines as they are heard. Out: bytes.

The voice is hibari, whose model is inside its package: it needs no network, and a reply takes well under a second.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from skill.voice import wav

PAUSE = 0.4
"""Seconds between lines, as in the skill's own SSML."""


class Aloud:
    """A voice for many threads, started when it first speaks."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._speaker: Any = None

    def speak(self, lines: Sequence[str]) -> bytes:
        """`lines`, a pause between each two, as a WAV file."""
        import hibari  # heavy: onnxruntime

        with self._turn:
            if self._speaker is None:
                self._speaker = hibari.Hibari()
            spoken = [self._speaker(line, seed=0) for line in lines]
        silence = np.zeros(round(PAUSE * hibari.SAMPLE_RATE), np.float32)
        pieces = [each for sound in spoken for each in (sound, silence)]
        return wav.write(np.concatenate(pieces or [silence]).astype(np.float32), hibari.SAMPLE_RATE)
