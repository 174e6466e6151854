"""espeak-ng: a small voice of rules, with an accent for each country. The last resort: clear, but not pleasant.

The `espeak-ng` program is used when it is installed, else the library in the `espeakng-loader` package. Either runs in
a process of its own: it is C, and what it can do to a process is end it.
"""

import io
import shutil
import subprocess
import sys
import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from audio.edition import Voice
from audio.voices.engine import Samples, SpokenBadly, VoiceUnavailable
from skill.extras import how_to_add

VOICES: Mapping[str, tuple[str, str]] = {
    # It has no Canadian, Australian or Indian voice; the American one is nearest to the Canadian, the British to these.
    "en-CA": ("en-us", "American"),
    "en-US": ("en-us", "American"),
    "en-GB": ("en-gb-x-rp", "British"),
    "en-AU": ("en-gb-x-rp", "British"),
    "en-IN": ("en-gb-x-rp", "British"),
}

LIBRARY = Path(__file__).with_name("espeak_library.py")
"""The program that stands in for `espeak-ng`, run by its path."""

WORDS_A_MINUTE = 160
"""A little under its own 175, which listeners who don't know it find hard to follow."""

TIMEOUT = 30
"""Seconds; a sentence takes a hundredth of one."""


class Espeak:
    """Speaks with espeak-ng. Raises `VoiceUnavailable` when there is none."""

    def __init__(self, locale: str) -> None:
        self._voice, accent = VOICES[locale]
        program = shutil.which("espeak-ng")
        self._command = [program] if program else [sys.executable, "-I", str(LIBRARY)]
        try:
            told = self._run("--version").decode(errors="replace").split()
            self.rate = self._spoken("a")[1]
        except SpokenBadly as error:
            raise VoiceUnavailable(
                f"The espeak voice is not installed: install espeak-ng, or run {how_to_add('audio')}."
            ) from error
        # It says: eSpeak NG text-to-speech, a colon, the version, and where its data is.
        version = told[told.index("text-to-speech:") + 1] if "text-to-speech:" in told else "unknown"
        self.voice = Voice("espeak", version, self._voice, accent)

    def speak(self, text: str) -> Samples:
        return self._spoken(text)[0]

    def _spoken(self, text: str) -> tuple[Samples, int]:
        output = self._run("--stdin", "--stdout", "-v", self._voice, "-s", str(WORDS_A_MINUTE), text=text)
        try:
            with wave.open(io.BytesIO(output)) as file:
                # It can't know its length when it writes the header to a pipe: the rest of the output is sound.
                rate = file.getframerate()
        except (wave.Error, EOFError) as error:
            raise SpokenBadly(f"The espeak voice gave no sound for “{text}”.") from error
        sound = output[44 : 44 + (len(output) - 44) // 2 * 2]
        samples: Samples = np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)
        return samples, rate

    def _run(self, *options: str, text: str = "") -> bytes:
        try:
            done = subprocess.run(
                [*self._command, *options], input=text.encode(), capture_output=True, check=True, timeout=TIMEOUT
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SpokenBadly(f"The espeak voice did not answer ({error}).") from error
        return done.stdout
