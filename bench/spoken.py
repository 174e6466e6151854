"""Spoken questions: what is left of a question's understanding when it is said aloud. In: lines, voices. Out: rows.

Each voice says each line; the recogniser of `ask --wav` hears it, clean and in white noise; and what is then understood
is judged as what was typed is (judging.py).
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from audio.sound import resampled, silence
from audio.voices import makers
from audio.voices.engine import Engine
from bench.judging import OUTSIDE, Line, is_section, load
from skill.voice import RATE, Recogniser, Samples

VOICES = (("hibari", "en-US"), ("piper", "en-US"), ("espeak", "en-US"), ("espeak", "en-GB"))
"""Engine and locale: a neural voice, another, and two accents of a synthesiser of the old kind."""

NOISE_DB = 10
"""How much softer the noise is than the speech."""

CORPUS, EACH = "development", 100
"""The half of the corpus that may be looked at, and how many of its lines are spoken."""

Understand = Callable[[str], str]
"""Text → label."""


def questions() -> tuple[list[Line], list[Line]]:
    """Questions that a section answers, and some that none does."""
    table = tomllib.loads(Path(__file__).with_name("spoken.toml").read_text(encoding="utf-8"))
    inside = [Line(say, label, (), "spoken", {}) for label, lines in table["questions"].items() for say in lines]
    return inside, [Line(say, OUTSIDE, (), "spoken", {}) for say in table["off_topic"]["lines"]]


def corpus_lines() -> list[Line]:
    """Lines of the corpus, spread over it; not those that are written as they would be misheard."""
    lines = [line for line in load(CORPUS) if line.manner != "misheard"]
    return [lines[round(number * len(lines) / EACH)] for number in range(EACH)]


def engines(most: int = len(VOICES)) -> Iterator[tuple[str, Engine]]:
    """The first voices, by name. Raises `VoiceError` where one is not installed."""
    for engine, locale in VOICES[:most]:
        ((_, make),) = makers(engine, locale)
        made = make()
        yield f"{engine}, {made.voice.accent}", made


def clips(engine: Engine, lines: Sequence[Line]) -> list[Samples]:
    """The lines, spoken, as a microphone would give them."""
    pause = silence(0.3, RATE)
    return [np.concatenate([pause, resampled(engine.speak(line.say), engine.rate, RATE), pause]) for line in lines]


def noisy(samples: Samples, seed: int) -> Samples:
    """`samples` in white noise."""
    speech = samples[np.abs(samples) > 0.01 * np.abs(samples).max(initial=0)]  # pauses would make the noise too soft
    power = float(np.square(speech, dtype=np.float64).mean()) / 10 ** (NOISE_DB / 10)
    noise = np.random.default_rng(seed).normal(0, np.sqrt(power), len(samples))
    return np.clip(samples + noise, -1, 1).astype(np.float32)


def heard(samples: Sequence[Samples], hears: Recogniser, understand: Understand) -> list[str]:
    """What each clip is taken for. One without a word is not understood, as `ask --wav` has it."""
    return [understand(text) if text else OUTSIDE for text in map(hears.hear, samples)]


def right(labels: Sequence[str], lines: Sequence[Line]) -> int:
    """How many lines are understood as meant."""
    return sum(line.accepts(label) for line, label in zip(lines, labels, strict=True))


def strayed(labels: Sequence[str]) -> int:
    """How many get a section."""
    return sum(map(is_section, labels))
