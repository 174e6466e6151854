"""hibari: a neural voice that needs no network; the model is inside its package.

One voice only, "heart": any other would be downloaded when it is first used, and an edition must build offline.
"""

from importlib.metadata import version

import hibari
import numpy as np

from audio.edition import Voice
from audio.voices.engine import Samples, SpokenBadly, VoiceUnavailable

SEED = 0
"""The voice has a grain of noise in it; a fixed seed makes the same bytes from the same text."""


class Hibari:
    """Speaks with hibari-tts. Raises `VoiceUnavailable` when it does not start."""

    def __init__(self) -> None:
        try:
            self._speaker = hibari.Hibari()
        except Exception as error:  # onnxruntime's own classes are not public
            raise VoiceUnavailable(f"The hibari voice did not start ({error}): install it again.") from error
        self.rate: int = hibari.SAMPLE_RATE
        self.voice = Voice("hibari", version("hibari-tts"), "heart", "American")

    def speak(self, text: str) -> Samples:
        try:
            samples: Samples = self._speaker(text, seed=SEED)
        except Exception as error:  # as for its start: whatever the library raises is a sentence that it can't say
            raise SpokenBadly(f"The hibari voice could not say “{text}” ({error}).") from error
        return np.clip(samples, -1, 1)
