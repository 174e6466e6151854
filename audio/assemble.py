"""Spoken lines → an edition. In: a page, its script and each line's sound. Out: an `Edition` with exact times. Pure.

Every time is known, not estimated: each line is spoken by itself, its own silence is cut off, and the pauses are ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audio.edition import RATE, Edition, Section, Spoken, Voice
from audio.script import Ends, Passage
from audio.sound import Sound, faded, levelled, resampled, silence, trimmed
from skill.page import Page

PAUSES: Mapping[Ends, float] = {"sentence": 0.35, "paragraph": 0.8, "heading": 0.9, "section": 0.9}
"""Seconds after a line that ends with that. Missing and overlong pauses are what listeners complain of most."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything in a script, spoken by one voice."""

    voice: Voice
    rate: int
    """Samples a second."""
    sounds: tuple[Sound, ...]
    """One for each line, in the script's order."""


def assemble(page: Page, passages: Sequence[Passage], speech: Speech) -> Edition:
    """The edition: one loudness, one sample rate, each line's time."""
    sounds = iter(speech.sounds)
    timed = [_timed(passage, speech.rate, sounds) for passage in passages]
    samples = levelled([samples for samples, _ in timed], RATE)
    return Edition(
        page,
        speech.voice,
        tuple(
            Section(passage.topic, passage.parent, spoken, each)
            for passage, each, (_, spoken) in zip(passages, samples, timed, strict=True)
        ),
    )


def _timed(passage: Passage, rate: int, sounds: Iterator[Sound]) -> tuple[Sound, tuple[Spoken, ...]]:
    """One passage's sound, and when each of its lines is heard; takes the next sounds, one for each line."""
    pieces: list[Sound] = []
    spoken = []
    at = 0
    for line in passage.lines:
        sound = faded(trimmed(resampled(next(sounds), rate, RATE), RATE), RATE)
        spoken.append(Spoken(line.text, line.kind, at / RATE, (at + len(sound)) / RATE))
        pause = silence(PAUSES[line.ends], RATE)
        pieces += (sound, pause)
        at += len(sound) + len(pause)
    return np.concatenate(pieces), tuple(spoken)
