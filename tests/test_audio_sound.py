"""Sound as numbers, and lines put together: trimming, loudness, limiter, exact times."""

import math

import numpy as np
import pytest

from audio import sound
from audio.assemble import PAUSES, Speech, assemble
from audio.edition import RATE, Voice
from audio.script import script
from audio.voices.silent import Silent
from skill.page import load


def tone(seconds: float, height: float, rate: int = RATE) -> sound.Sound:
    """A swelling tone with noise, so that its peaks are higher than its loudness lets expect, as in speech."""
    noise = np.random.default_rng(0).standard_normal(round(seconds * rate))
    at = np.arange(len(noise)) / rate
    swell = 0.2 + 0.8 * np.sin(2 * np.pi * 3 * at) ** 2
    return (height * swell * (np.sin(2 * np.pi * 220 * at) + 0.2 * noise)).astype(np.float32)


@pytest.mark.parametrize("height", [0.004, 0.02, 0.1, 0.5])
def test_every_loudness_becomes_the_same(height: float) -> None:
    pieces = [tone(2, height), tone(1, height / 2), sound.silence(1, RATE), tone(3, height)]
    made = sound.levelled(pieces, RATE)
    assert [len(piece) for piece in made] == [len(piece) for piece in pieces]
    assert sound.loudness(np.concatenate(made), RATE) == pytest.approx(sound.LOUDNESS, abs=0.3)
    assert max(map(sound.true_peak, made)) <= sound.CEILING + 0.1
    # One gain for all: what was softer stays softer.
    assert np.abs(made[1]).max() < np.abs(made[0]).max()


def test_a_peak_is_turned_down_and_the_rest_is_left() -> None:
    samples = tone(1, 0.1)
    samples[12_000] = 1.5
    made = sound.limited(samples, RATE)
    assert sound.true_peak(made) <= sound.CEILING + 0.1
    far = np.r_[0:11_000, 13_000:24_000]
    assert np.array_equal(made[far], samples[far])
    assert sound.limited(samples[:11_000], RATE) is not made


def test_a_peak_between_two_samples_is_seen() -> None:
    at = np.arange(RATE) * (np.pi / 2) + np.pi / 4
    samples = (np.sin(at) * 1.1).astype(np.float32)
    assert np.abs(samples).max() < 0.8
    assert sound.true_peak(samples) == pytest.approx(20 * math.log10(1.1), abs=0.2)
    assert sound.true_peak(sound.limited(samples, RATE)) <= sound.CEILING + 0.1


def test_silence_stays_silence() -> None:
    quiet = sound.silence(2, RATE)
    assert np.array_equal(sound.levelled([quiet], RATE)[0], quiet)
    assert sound.loudness(quiet, RATE) == -math.inf
    assert sound.loudness(quiet[:10], RATE) == -math.inf
    assert sound.true_peak(quiet) == sound.true_peak(quiet[:0]) == -math.inf
    assert np.array_equal(sound.trimmed(quiet, RATE), quiet)


def test_trimming_keeps_the_speech() -> None:
    speech = tone(1, 0.3)
    made = sound.trimmed(np.concatenate([sound.silence(0.5, RATE), speech, sound.silence(0.7, RATE)]), RATE)
    assert len(speech) <= len(made) <= len(speech) + 0.15 * RATE
    assert np.array_equal(sound.trimmed(made, RATE), made)


def test_fading_leaves_the_middle() -> None:
    made = sound.faded(np.ones(RATE, np.float32), RATE)
    assert made[0] == made[-1] == 0
    assert made[RATE // 2] == 1
    assert len(sound.faded(np.ones(1, np.float32), RATE)) == 1


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_resampling_keeps_the_length_and_the_pitch(rate: int) -> None:
    at = np.arange(rate) / rate
    made = sound.resampled(np.sin(2 * np.pi * 440 * at).astype(np.float32), rate, RATE)
    assert made.dtype == np.float32
    assert abs(len(made) - RATE) <= 1
    assert np.argmax(np.abs(np.fft.rfft(made[:RATE]))) == 440


@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_times_are_exact(rate: int) -> None:
    page = load()
    passages = script(page)
    lines = [line for passage in passages for line in passage.lines]
    sounds = [
        np.concatenate([sound.silence(0.3, rate), tone(0.4 + number % 3, 0.1, rate)]) for number in range(len(lines))
    ]
    voice = Voice("test", "1", "tone", "no")
    edition = assemble(page, passages, Speech(voice, rate, tuple(sounds)))
    assert [section.topic.id for section in edition.sections] == [passage.topic.id for passage in passages]
    number = 0
    for passage, section in zip(passages, edition.sections, strict=True):
        at = 0.0
        for line, spoken in zip(passage.lines, section.spoken, strict=True):
            assert (spoken.text, spoken.kind) == (line.text, line.kind)
            assert spoken.start == pytest.approx(at, abs=1e-9)
            assert spoken.end - spoken.start == pytest.approx(0.4 + number % 3, abs=0.15)
            inside = section.samples[round(spoken.start * RATE) : round(spoken.end * RATE)]
            after = section.samples[round(spoken.end * RATE) : round((spoken.end + PAUSES[line.ends]) * RATE)]
            assert np.abs(inside).max() > 0.05
            assert not after.any()
            at = spoken.end + PAUSES[line.ends]
            number += 1
        assert section.duration == pytest.approx(at, abs=1e-9)
        assert section.samples.dtype == np.float32


def test_a_silent_edition_can_be_put_together() -> None:
    page = load()
    passages = script(page)[:2]
    engine = Silent()
    sounds = tuple(engine.speak(line.said) for passage in passages for line in passage.lines)
    edition = assemble(page, passages, Speech(engine.voice, engine.rate, sounds))
    assert not any(section.samples.any() for section in edition.sections)
