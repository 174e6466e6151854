"""The microphone of this machine. In: sound, from `start` to `stop`. Out: samples that a recogniser takes."""

from typing import Any

import numpy as np

from skill.voice import LONGEST_SECONDS, RATE, BadRecording, HearingError, Samples
from skill.voice.wav import resampled


class Microphone:
    """The system's own choice of microphone. Raises `HearingError` when there is none."""

    def __init__(self) -> None:
        try:
            import sounddevice  # loads the system's sound library, which may not be there

            self._rate = int(sounddevice.query_devices(kind="input")["default_samplerate"])
            self._open: Any = sounddevice.InputStream
        except ImportError as error:
            raise HearingError("The microphone can't be used, because sounddevice is not installed.") from error
        except Exception as error:  # OSError without the sound library, sounddevice's own errors without a device
            raise HearingError("This machine has no microphone that can be used.") from error
        self._stream: Any = None
        self._pieces: list[Samples] = []
        self._room = 0

    def start(self) -> None:
        """Begins to record. Raises `HearingError`."""
        self._pieces, self._room = [], int(LONGEST_SECONDS * self._rate)
        try:
            self._stream = self._open(samplerate=self._rate, channels=1, dtype="float32", callback=self._take)
            self._stream.start()
        except Exception as error:
            raise HearingError("The microphone can't be opened: another program may be using it.") from error

    def stop(self) -> Samples:
        """Ends the recording, and forgets it here. Raises `BadRecording` when nothing came."""
        self._stream.close()
        pieces, self._pieces, self._stream = self._pieces, [], None
        if not pieces:
            raise BadRecording("The microphone gave no sound: is it switched on?")
        sound = np.concatenate(pieces).astype(np.float64)
        return np.clip(resampled(sound, self._rate, RATE), -1, 1).astype(np.float32)

    def _take(self, samples: Samples, count: int, _time: object, _status: object) -> None:
        """Called by the sound library. What is beyond the longest question is let go."""
        if self._room > 0:
            self._pieces.append(samples[: self._room, 0].copy())
            self._room -= count
