"""Where sound goes: a player found on this machine. In: samples. Out: sound.

Each player is given a WAV on its standard input, one sentence at a time, and is ended to stop it. Refused: mpv's own
control socket, which would serve mpv alone, and the cursor keys of players, which fight with screen readers.
"""

import io
import shutil
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any, Protocol

import numpy as np

from audio.play.sound import RATE, Pcm

COMMANDS = (
    ("pw-play", "-"),
    ("paplay", "/dev/stdin"),
    ("aplay", "-q", "-"),
    ("mpv", "--no-terminal", "--no-video", "-"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet", "-"),
    ("play", "-q", "-t", "wav", "-"),
)
"""Players that take a WAV on standard input, the likeliest first."""

_PATIENCE = 3.0
"""Seconds in which a player must have played a moment of silence, or there is no sound device."""


class Sink(Protocol):
    """What the player needs of a sound device."""

    def start(self, samples: Pcm) -> None:
        """Begins to play; ends what it was playing. Raises `OSError` when it can't."""

    def stop(self) -> None:
        """Falls silent."""

    def played(self) -> float | None:
        """Seconds since the start; None when it came to the end."""


class Command:
    """A player that is a program."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def start(self, samples: Pcm) -> None:
        self.stop()
        self._process = subprocess.Popen(  # one of `COMMANDS`, as the system has it
            self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._started = time.monotonic()
        if self._process.stdin:
            # A pipe holds less than a sentence, so the writing waits beside us.
            threading.Thread(target=_feed, args=(self._process.stdin, wav(samples)), daemon=True).start()

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def played(self) -> float | None:
        if not self._process or self._process.poll() is not None:
            return None
        return time.monotonic() - self._started

    def failed(self) -> bool:
        """Whether it can't play here: it said so, or hangs."""
        self.start(np.zeros(RATE // 20, np.int16))
        try:
            return self._process is None or self._process.wait(_PATIENCE) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            self.stop()


class Device:
    """The sound device through PortAudio, for systems without such a program."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._started = 0.0

    def start(self, samples: Pcm) -> None:
        try:
            self._library.play(samples, RATE)
        except self._library.PortAudioError as error:
            raise OSError(str(error)) from error
        self._started = time.monotonic()

    def stop(self) -> None:
        self._library.stop()

    def played(self) -> float | None:
        return time.monotonic() - self._started if self._library.get_stream().active else None


def find() -> Sink | None:
    """The first player that works here; None when there is no sound device."""
    return next(_working(), None)


def _working() -> Iterator[Sink]:
    for name, *options in COMMANDS:
        path = shutil.which(name)
        if path:
            command = Command((path, *options))
            if not command.failed():
                yield command
    # PortAudio's library may be missing, and so may any device.
    with suppress(ImportError, OSError):
        import sounddevice

        with suppress(sounddevice.PortAudioError, ValueError):
            sounddevice.check_output_settings(samplerate=RATE, channels=1)
            yield Device(sounddevice)


def wav(samples: Pcm) -> bytes:
    """`samples` as a WAV file."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return written.getvalue()


def _feed(pipe: IO[bytes], data: bytes) -> None:
    left = memoryview(data)
    with suppress(OSError), pipe:  # the listener went on, and the player was ended
        while left:
            left = left[pipe.write(left) :]
