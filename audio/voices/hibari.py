"""hibari: a neural voice that needs no network; the model is inside its package.

One voice only, "heart": any other would be downloaded when it is first used, and an edition must build offline.
"""

from importlib.metadata import version

import numpy as np

from audio.edition import Voice
from audio.voices.engine import Samples, SpokenBadly, VoiceUnavailable

SEED = 0
"""The voice has a grain of noise in it; a fixed seed makes the same bytes from the same text."""


class Hibari:
    """Speaks with hibari-tts. Raises `VoiceUnavailable` when it is not installed."""

    def __init__(self) -> None:
        try:
            import hibari  # noqa: PLC0415 - 0.7 s and 170 MB, for those alone who use it
        except ImportError as error:
            raise VoiceUnavailable("The hibari voice is not installed: pip install '.[audio]'.") from error
        try:
            self._speaker = hibari.Hibari()
        except Exception as error:  # noqa: BLE001 - onnxruntime raises classes of its own, none of them public
            raise VoiceUnavailable(f"The hibari voice did not start ({error}): install it again.") from error
        self.rate: int = hibari.SAMPLE_RATE
        self.voice = Voice("hibari", version("hibari-tts"), "heart", "American")

    def speak(self, text: str) -> Samples:
        try:
            samples: Samples = self._speaker(text, seed=SEED)
        except Exception as error:  # noqa: BLE001 - as above
            raise SpokenBadly(f"The hibari voice could not say “{text}” ({error}).") from error
        return np.clip(samples, -1, 1)
