"""Sound as numbers: trimming, resampling, loudness. In and out: mono float32 samples, -1 to 1. Pure.

The loudness of a whole edition is set at once, so that its sections stay in proportion. A gain alone can't do it: at
-16 LUFS the peaks of speech pass full scale, so a limiter holds them, and the two are repeated until both are right.
"""

import math
import warnings
from collections.abc import Sequence

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy import ndimage, signal

Sound = NDArray[np.float32]

LOUDNESS = -16.0
"""LUFS, integrated (ITU-R BS.1770): the usual level of spoken-word files."""

CEILING = -3.4
"""dBTP. The files promise -1.5; MP3 at 48 kbit/s and AAC were measured to add up to 1.5 decibels of their own."""

_WINDOW = 0.01
"""Seconds over which the trimming judges loudness."""

_LEAD, _TAIL = 0.03, 0.07
"""Seconds kept before and after the speech: a breath, and the end of a soft consonant."""

_QUIET = -45.0
"""Decibels under the loudest window: softer than any consonant, louder than an engine's noise."""

_LOOKAHEAD = 0.015
"""Seconds in which the limiter turns down before a peak, and up after it: more than one period of the lowest voice, or
the gain would follow each period, which is heard as roughness and lets the encoders overshoot."""

_OVERSAMPLING = 4
"""As BS.1770-4 asks for a true peak."""


def trimmed(samples: Sound, rate: int) -> Sound:
    """`samples` without the silence at both ends; as they are when nothing in them is louder than the rest."""
    step = max(1, int(rate * _WINDOW))
    count = len(samples) // step
    power = np.square(samples[: count * step].astype(np.float64)).reshape(count, step).mean(axis=1)
    if not count or not power.max():
        return samples
    loud = np.flatnonzero(power > power.max() * 10 ** (_QUIET / 10))
    start = max(0, int(loud[0] * step - _LEAD * rate))
    end = min(len(samples), int((loud[-1] + 1) * step + _TAIL * rate))
    return samples[start:end]


def faded(samples: Sound, rate: int) -> Sound:
    """`samples` with the kept silence at both ends faded, so that no cut clicks."""
    faded_samples = samples.copy()
    for seconds, end in ((_LEAD, slice(None)), (_TAIL, slice(None, None, -1))):
        count = min(len(samples) // 2, int(seconds * rate / 2))
        faded_samples[end][:count] *= np.linspace(0, 1, count, dtype=np.float32)
    return faded_samples


def resampled(samples: Sound, rate: int, wanted: int) -> Sound:
    """`samples` at `wanted` samples a second."""
    if rate == wanted:
        return samples
    common = math.gcd(rate, wanted)
    resampled_samples: Sound = signal.resample_poly(samples, wanted // common, rate // common).astype(np.float32)
    return resampled_samples


def silence(seconds: float, rate: int) -> Sound:
    """That much silence."""
    return np.zeros(round(seconds * rate), np.float32)


def loudness(samples: Sound, rate: int) -> float:
    """Integrated loudness in LUFS; minus infinity for silence, and for less than the 0.4 s that the measure needs."""
    if len(samples) < 0.4 * rate:
        return -math.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the logarithm of silence
        return float(pyloudnorm.Meter(rate).integrated_loudness(samples.astype(np.float64)))


def true_peak(samples: Sound) -> float:
    """The true peak in dBTP; minus infinity for silence."""
    peak = float(_peaks(samples).max(initial=0.0))
    return 20 * math.log10(peak) if peak else -math.inf


def levelled(pieces: Sequence[Sound], rate: int) -> tuple[Sound, ...]:
    """`pieces` together at `LOUDNESS`, none above `CEILING`. Silence stays silence."""
    peaks = [_peaks(piece) for piece in pieces]
    levelled_pieces = tuple(pieces)
    gain = 0.0
    for number in range(8):
        now = loudness(np.concatenate(levelled_pieces), rate)
        if math.isinf(now) or abs(now - LOUDNESS) < 0.05:
            break
        # The limiter takes some of each gain away again, so after the first round more is asked for.
        gain += (LOUDNESS - now) * (2 if number else 1)
        factor = np.float32(10 ** (gain / 20))
        levelled_pieces = tuple(
            _held(piece * factor, peak * factor, rate) for piece, peak in zip(pieces, peaks, strict=True)
        )
    return levelled_pieces


def limited(samples: Sound, rate: int) -> Sound:
    """`samples` turned down around each true peak above `CEILING`, smoothly enough not to be heard."""
    return _held(samples, _peaks(samples), rate)


def _held(samples: Sound, peaks: Sound, rate: int) -> Sound:
    ceiling = 10 ** (CEILING / 20)
    if peaks.max(initial=0.0) <= ceiling:
        return samples
    needed = np.minimum(1, ceiling / np.maximum(peaks, 1e-9))
    window = 2 * int(_LOOKAHEAD * rate) + 1
    # The lowest gain within twice the window, averaged over one: never above what any peak in it needs.
    gain = ndimage.uniform_filter1d(ndimage.minimum_filter1d(needed, window), window, mode="nearest")
    turned_down: Sound = (samples * gain).astype(np.float32)
    return turned_down


def _peaks(samples: Sound) -> Sound:
    """Around each sample, the largest value of the curve through them."""
    if not len(samples):
        return samples
    fine = np.abs(signal.resample_poly(samples, _OVERSAMPLING, 1)).reshape(-1, _OVERSAMPLING)
    # A peak between two samples is charged to both.
    between = fine.max(axis=1)
    peaks: Sound = np.maximum(between, np.concatenate(([0.0], between[:-1]))).astype(np.float32)
    return peaks
