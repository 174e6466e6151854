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
        self._folder, self._locale = edition, page.locale
        self._turn = threading.Lock()
        self._engine: Engine | None = None

    @property
    def reader(self) -> str:
        """The engine that reads the sections: the edition's, where there is one, else the voice's own."""
        edition = self._edition()
        return edition.engine if edition else VOICE

    def say(self, lines: Sequence[str], *, topic: str | None = None, rate: int = 100) -> Pcm:
        """`lines`, spoken, mono at 24 kHz. topic: the section they belong to. rate: per cent of the normal speed.

        Raises `VoiceError`, and `CatalogueError` for a recording that can't be read.
        """
        edition = self._edition() if topic else None
        pieces: list[Pcm | str] = []
        for line in lines:
            for sentence in speech.sentences(line):
                found = _recorded(edition, topic, sentence)
                pieces += [sentence if found is None else found, _nothing(SENTENCE)]
            pieces.append(_nothing(LINE - SENTENCE))
        spoken = iter(self._spoken([each for each in pieces if isinstance(each, str)]))
        sound = [next(spoken) if isinstance(each, str) else each for each in pieces]
        return stretched(np.concatenate(sound or [_nothing(SENTENCE)]), rate)

    def wav(self, lines: Sequence[str], *, topic: str | None = None, rate: int = 100) -> bytes:
        """As `say`, as a WAV file."""
        return wav(self.say(lines, topic=topic, rate=rate))

    def _edition(self) -> Catalogue | None:
        """The edition for the locale, read anew each time, for it may be built meanwhile; None where there is none."""
        try:
            found = load(self._folder)
        except CatalogueError:
            return None
        return found if found.locale == self._locale else None

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


def _recorded(edition: Catalogue | None, topic: str | None, sentence: str) -> Pcm | None:
    """The edition's recording of a sentence; None where it has none."""
    if edition is None:
        return None
    # A reply to "both" belongs to no one section, so the section's own is tried first and the others then.
    for entry in sorted(edition.entries, key=lambda entry: entry.id != topic):
        for line in entry.lines:
            if line.text == sentence:
                return _section(edition, entry)[round(line.start * RATE) : round(line.end * RATE)]
    return None


@functools.lru_cache(maxsize=4)  # a section is a megabyte or two
def _section(edition: Catalogue, entry: Entry) -> Pcm:
    return decoded(edition.recording(entry))


def _pcm(samples: Sound) -> Pcm:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


def _nothing(seconds: float) -> Pcm:
    return _pcm(silence(seconds, RATE))
