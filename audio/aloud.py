"""A reply → its sound: the edition's own recording of each sentence that it has, and a voice for the rest.

In: lines as they are heard. Out: samples, or a WAV file of them. The voice is hibari, whose model is inside its
package: it needs no network, and a reply takes well under a second.

Sentences are found in the edition by their words, so that a recording of older words is never heard in their place.
"""

import functools
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from audio.catalogue import Catalogue, CatalogueError, Entry, load
from audio.play import EDITION
from audio.play.sinks import wav
from audio.play.sound import RATE, Pcm, decoded, stretched
from audio.sound import Sound, faded, levelled, resampled, silence, trimmed
from audio.voices import makers
from audio.voices.engine import Engine
from skill import speech
from skill.page import Page
from skill.saying import digit_by_digit, said

VOICE = "hibari"

SENTENCE, LINE = 0.35, 0.6
"""Seconds of silence after a sentence, and after a line: the skill's own SSML pauses there too."""


class Aloud:
    """Says replies. For many threads; the voice starts when it first speaks."""

    def __init__(self, page: Page, edition: Path = EDITION) -> None:
        ((_, self._make),) = makers(VOICE, page.locale)
        self._numbers = page.country.numbers
        self._edition = _edition(edition, page.locale)
        self._turn = threading.Lock()
        self._engine: Engine | None = None

    @property
    def reader(self) -> str:
        """The engine that reads the sections: the edition's, where there is one, else the voice's own."""
        return self._edition.engine if self._edition else VOICE

    def say(self, lines: Sequence[str], *, topic: str | None = None, rate: int = 100) -> Pcm:
        """`lines`, spoken, mono at 24 kHz. topic: the section they belong to. rate: per cent of the normal speed.

        Raises `VoiceError`, and `CatalogueError` for a recording that can't be read.
        """
        pieces: list[Pcm | str] = []
        for line in lines:
            for sentence in speech.sentences(line):
                found = self._recorded(topic, sentence)
                pieces += [sentence if found is None else found, _nothing(SENTENCE)]
            pieces.append(_nothing(LINE - SENTENCE))
        spoken = iter(self._spoken([each for each in pieces if isinstance(each, str)]))
        sound = [next(spoken) if isinstance(each, str) else each for each in pieces]
        return stretched(np.concatenate(sound or [_nothing(SENTENCE)]), rate)

    def wav(self, lines: Sequence[str], *, topic: str | None = None, rate: int = 100) -> bytes:
        """As `say`, as a WAV file."""
        return wav(self.say(lines, topic=topic, rate=rate))

    def _recorded(self, topic: str | None, sentence: str) -> Pcm | None:
        """The edition's recording of a sentence of the section; None where it has none."""
        if self._edition is None or topic is None:
            return None
        # A reply to "both" belongs to no one section, so the section's own is tried first and the others then.
        entries = sorted(self._edition.entries, key=lambda entry: entry.id != topic)
        for entry in entries:
            for line in entry.lines:
                if line.text == sentence:
                    samples = _section(self._edition, entry)
                    return samples[round(line.start * RATE) : round(line.end * RATE)]
        return None

    def _spoken(self, sentences: Sequence[str]) -> list[Pcm]:
        """Sentences by the voice, as loud as the edition is."""
        if not sentences:
            return []
        with self._turn:
            if self._engine is None:
                self._engine = self._make()
            engine = self._engine
            raw = [engine.speak(digit_by_digit(said(sentence), self._numbers)) for sentence in sentences]
        cut = [faded(trimmed(resampled(each, engine.rate, RATE), RATE), RATE) for each in raw]
        return [_pcm(each) for each in levelled(cut, RATE)]


def _edition(folder: Path, locale: str) -> Catalogue | None:
    """The edition for that locale; None where it is not built."""
    try:
        found = load(folder)
    except CatalogueError:
        return None
    return found if found.locale == locale else None


@functools.lru_cache(maxsize=4)  # a section is a megabyte or two
def _section(edition: Catalogue, entry: Entry) -> Pcm:
    return decoded(edition.recording(entry))


def _pcm(samples: Sound) -> Pcm:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


def _nothing(seconds: float) -> Pcm:
    return _pcm(silence(seconds, RATE))
