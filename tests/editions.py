"""A small synthetic edition for tests: the real page's words, and a tone for each sentence, at the right loudness."""

import functools

import numpy as np

from audio.edition import RATE, Edition, Section, Spoken, Voice
from audio.script import script
from skill import page

TONE, PAUSE = 0.4, 0.2
"""Seconds for each sentence, and after it."""

VOICE = Voice("tones", "1.0", "sine", "Canadian")


@functools.cache
def edition(locale: str = "en-CA") -> Edition:
    words = page.load(locale)
    return Edition(words, VOICE, tuple(map(_section, script(words))))


def _section(passage) -> Section:  # type: ignore[no-untyped-def]
    # A sine of 1 kHz at this height, with these pauses, is -16 LUFS.
    tone = 0.275 * np.sin(2 * np.pi * 1000 * np.arange(round(TONE * RATE)) / RATE)
    one = np.concatenate([tone, np.zeros(round(PAUSE * RATE))]).astype(np.float32)
    spoken = tuple(
        Spoken(line.text, line.kind, i * (TONE + PAUSE), i * (TONE + PAUSE) + TONE)
        for i, line in enumerate(passage.lines)
    )
    return Section(passage.topic, passage.parent, spoken, np.tile(one, len(spoken)))
