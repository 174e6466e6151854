"""Holds what is heard of an encoded recording under the promised peak. In: samples and an encoder. Out: its bytes.

An encoder that leaves sound away adds to the peaks: MP3 up to 1.3 dB with one of our voices, AAC at 64 kbit/s 0.9. How
much is known only afterwards, so the result is heard, and where it is too loud the peaks alone are held lower.
"""

import io
from collections.abc import Callable

import av
import numpy as np
from numpy.typing import NDArray

from audio.edition import RATE
from audio.sound import limited, true_peak

PROMISED = -1.6
"""dBTP, in what a listener's player decodes: -1.5, and a little for meters that differ in the second decimal."""

LOWER = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Decibels below the edition's own ceiling, tried in turn; only the highest peaks change, which no one hears."""

Samples = NDArray[np.float32]


def held(samples: Samples, encode: Callable[[Samples], bytes]) -> bytes:
    """`samples` encoded, with no peak above `PROMISED` if any of `LOWER` can do it."""
    data = b""
    for lower in LOWER:
        # The limiter has one ceiling; sound made louder before it and softer after it meets a lower one.
        gain = np.float32(10 ** (lower / 20))
        data = encode(limited(samples * gain, RATE) / gain if lower else samples)
        if true_peak(decoded(data)) <= PROMISED:
            break
    return data


def decoded(data: bytes) -> Samples:
    """What a player hears of a recording at `RATE`, mono."""
    with av.open(io.BytesIO(data), "r") as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [each for frame in container.decode(audio=0) for each in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)
