"""A WAV file → samples that a recogniser takes. In: bytes. Out: 16 kHz mono, or `BadRecording`. Pure.

The standard library's `wave` is refused: before Python 3.12 it reads neither floats nor the extensible header that
recorders write for 24 bits.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.voice import LONGEST_SECONDS, RATE, BadRecording, Samples

LARGEST = 24 * 1024 * 1024
"""Bytes: more than half a minute of stereo in 24 bits at 96 kHz, the best that recorders for speech make."""

SHORTEST_SECONDS = 0.1
"""Less is a click, not a word."""

_SLOWEST, _FASTEST = 4_000, 384_000
"""Samples a second that a recording may have."""

_MOST_CHANNELS = 8

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
"""Codes of the format chunk."""

_UNKNOWN_LENGTH = 0x7FFF0000
"""From here on a chunk's size means "not known yet": programs that write to a pipe put 0, 0x7FFF… or 0xFFFF… there."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the samples of a file lie."""

    code: int
    channels: int
    rate: int
    bits: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.bits // 8


def read_file(path: Path) -> Samples:
    """The sound in a WAV file. Raises `BadRecording`."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BadRecording(f"{path} can't be read ({error.strerror}): give the path of a WAV file.") from error
    return read(content)


def read(content: bytes) -> Samples:
    """The sound in the bytes of a WAV file, any rate, width and number of channels. Raises `BadRecording`."""
    if not content:
        raise BadRecording("The recording is empty: record your question again.")
    if len(content) > LARGEST:
        raise BadRecording(f"The recording is larger than {LARGEST // 1024**2} MB: record one question only.")
    layout, data = _parts(content)
    seconds = len(data) / layout.frame / layout.rate
    if seconds > LONGEST_SECONDS:
        raise BadRecording(
            f"It is {seconds:.0f} seconds long: record one question of at most {LONGEST_SECONDS:.0f} seconds."
        )
    if seconds < SHORTEST_SECONDS:
        raise BadRecording("The recording is too short to hold a word: record your question again.")
    frames = _numbers(layout, data[: len(data) // layout.frame * layout.frame]).reshape(-1, layout.channels)
    return np.clip(resampled(frames.mean(axis=1, dtype=np.float64), layout.rate, RATE), -1, 1).astype(np.float32)


def write(samples: NDArray[np.float32], rate: int) -> bytes:
    """Mono samples as a WAV file of 16 bits."""
    sound = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate, rate * 2, 2, 16)
    head = struct.pack("<4sI4s", b"RIFF", 4 + len(layout) + 8 + len(sound), b"WAVE")
    return head + layout + struct.pack("<4sI", b"data", len(sound)) + sound


def resampled(samples: NDArray[np.float64], rate: int, wanted: int) -> NDArray[np.float64]:
    """`samples` at `wanted` a second: by their spectrum, so that nothing folds back into what is heard."""
    if rate == wanted or not len(samples):
        return samples
    # A tenth of a second of silence at both ends, since the spectrum joins the end to the beginning.
    margin = rate // 10
    padded = np.pad(samples, margin)
    count = round(len(padded) * wanted / rate)
    spectrum = np.fft.rfft(padded)
    kept = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    common = min(len(kept), len(spectrum))
    kept[:common] = spectrum[:common]
    whole = np.fft.irfft(kept, count) * (count / len(padded))
    start = round(margin * wanted / rate)
    return whole[start : start + round(len(samples) * wanted / rate)]


def _parts(content: bytes) -> tuple[_Layout, bytes]:
    """The layout and the bytes of the samples."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise BadRecording("That is not a WAV file: record or convert your question as WAV.")
    layout, at = None, 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        at += 8
        if name == b"fmt ":
            layout = _layout(content[at : at + min(size, 40)])
        elif name == b"data":
            if layout is None:
                break
            return layout, _data(content, at, size, layout)
        at += size + size % 2
    raise BadRecording("The WAV file holds no sound that can be found: record your question again.")


def _data(content: bytes, at: int, size: int, layout: _Layout) -> bytes:
    there = len(content) - at
    if size == 0 or size >= _UNKNOWN_LENGTH:
        return content[at:]
    if size > there:
        # Half of a question can mean something else than the whole.
        second = layout.frame * layout.rate
        raise BadRecording(
            f"The recording is cut off, {there / second:.1f} of its {size / second:.1f} seconds are there:"
            " record or send it again."
        )
    return content[at : at + size]


def _layout(chunk: bytes) -> _Layout:
    if len(chunk) < 16:
        raise BadRecording("The WAV file's header is damaged: record your question again.")
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if code == _EXTENSIBLE and len(chunk) >= 26:
        (code,) = struct.unpack_from("<H", chunk, 24)
    if (code, bits) not in _READERS:
        raise BadRecording("The WAV file is compressed: convert it to plain PCM, as 16-bit WAV.")
    if not (1 <= channels <= _MOST_CHANNELS and _SLOWEST <= rate <= _FASTEST):
        raise BadRecording("The WAV file's header is damaged: record your question again.")
    return _Layout(code, channels, rate, bits)


def _numbers(layout: _Layout, data: bytes) -> NDArray[np.float32]:
    return _READERS[layout.code, layout.bits](data)


def _integers(kind: str, full: float) -> Callable[[bytes], NDArray[np.float32]]:
    return lambda data: np.frombuffer(data, kind).astype(np.float32) / np.float32(full)


def _unsigned(data: bytes) -> NDArray[np.float32]:
    return (np.frombuffer(data, "u1").astype(np.float32) - 128) / np.float32(128)


def _three_bytes(data: bytes) -> NDArray[np.float32]:
    wide = np.zeros((len(data) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(data, "u1").reshape(-1, 3)
    return wide.view("<i4").ravel().astype(np.float32) / np.float32(2**31)


def _floats(kind: str) -> Callable[[bytes], NDArray[np.float32]]:
    # Floats may be anything, not a number too; beyond full scale nothing can be heard either.
    return lambda data: np.clip(np.nan_to_num(np.frombuffer(data, kind)), -1, 1).astype(np.float32)


_READERS: dict[tuple[int, int], Callable[[bytes], NDArray[np.float32]]] = {
    (_PCM, 8): _unsigned,
    (_PCM, 16): _integers("<i2", 2**15),
    (_PCM, 24): _three_bytes,
    (_PCM, 32): _integers("<i4", 2**31),
    (_FLOAT, 32): _floats("<f4"),
    (_FLOAT, 64): _floats("<f8"),
}
"""Code and bits → bytes as numbers from -1 to 1."""
