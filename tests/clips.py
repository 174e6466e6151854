"""Recorded questions for the tests: spoken by hibari, whose voice is inside its package, in any layout of WAV."""

import functools
import struct

import hibari
import numpy as np
from numpy.typing import NDArray


@functools.cache
def _voice() -> hibari.Hibari:
    return hibari.Hibari()


@functools.cache
def spoken(text: str, rate: int = 16_000, *, before: float = 0.3, after: float = 0.3) -> NDArray[np.float64]:
    """`text`, spoken, at `rate`, with seconds of silence around it."""
    sound = np.asarray(_voice()(text, seed=0), np.float64)
    places = np.arange(0, len(sound), hibari.SAMPLE_RATE / rate)
    return np.pad(np.interp(places, np.arange(len(sound)), sound), (int(before * rate), int(after * rate)))


def wav(samples: NDArray[np.float64], rate: int = 16_000, bits: int = 16, channels: int = 1, *, code: int = 1) -> bytes:
    """`samples` as a WAV file; the same in every channel. `code`: 1 integers, 3 floats, 0xFFFE extensible integers."""
    every = np.clip(np.repeat(samples, channels), -1, 1)
    if code == 3:
        data = every.astype(f"<f{bits // 8}").tobytes()
    elif bits == 8:
        data = (every * 127 + 128).astype("u1").tobytes()
    elif bits == 24:
        wide = (every * (2**31 - 1)).astype("<i4").view("u1").reshape(-1, 4)
        data = wide[:, 1:].tobytes()
    else:
        data = (every * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()
    frame = channels * bits // 8
    layout = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)
    if code == 0xFFFE:
        layout += struct.pack("<HHIH", 22, bits, 0, 1) + b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    return file(layout, data)


def file(layout: bytes, data: bytes, size: int | None = None) -> bytes:
    """A WAV file of a format chunk and samples; `size`: what its header says of the samples' bytes."""
    parts = struct.pack("<4sI", b"fmt ", len(layout)) + layout
    parts += struct.pack("<4sI", b"LIST", 3) + b"abc\0"  # a chunk of odd length, as recorders add
    parts += struct.pack("<4sI", b"data", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts
