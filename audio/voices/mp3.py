"""MP3 from a service: is it whole, and what does it sound like? In: bytes. Out: samples, or `SpokenBadly`.

A decoder plays a file that was cut off without a word. So the frames are walked first: each header says where the next
one is, and the last must end where the bytes do.
"""

import io

import av
import numpy as np

from audio.voices.engine import Samples, SpokenBadly

RATE = 24_000

_LAYER_3 = 0b01
_BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""kbit/s by the header's index; MPEG-1 is version 3, MPEG-2 and 2.5 are versions 2 and 0."""
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def duration(data: bytes) -> float:
    """Seconds, from the frames. Raises `SpokenBadly` unless `data` is whole MPEG layer III frames."""
    at = 0
    seconds = 0.0
    while at < len(data):
        size, length = _frame(data[at : at + 4])
        at += size
        seconds += length
    if at != len(data) or not at:
        raise SpokenBadly("The service's sound is cut off.")
    return seconds


def decoded(data: bytes) -> Samples:
    """The sound, mono at `RATE`. Raises `SpokenBadly` when it is damaged or not all of it can be decoded."""
    seconds = duration(data)
    try:
        with av.open(io.BytesIO(data), "r", format="mp3") as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
            frames += resampler.resample(None)
    except av.FFmpegError as error:
        raise SpokenBadly(f"The service's sound can't be decoded ({error}).") from error
    if not frames:
        raise SpokenBadly("The service's sound is empty.")
    samples: Samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    if len(samples) / RATE < seconds - 0.2:
        raise SpokenBadly("The service's sound is damaged: not all of it can be decoded.")
    return np.clip(samples, -1, 1)


def _frame(header: bytes) -> tuple[int, float]:
    """The size in bytes and the length in seconds of the frame with that header."""
    bits = int.from_bytes(header, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    bitrate, rate = bits >> 12 & 15, bits >> 10 & 3
    if len(header) < 4 or bits >> 21 != 0x7FF or layer != _LAYER_3 or version == 1 or bitrate in (0, 15) or rate == 3:
        raise SpokenBadly("The service's sound is damaged: it is not MP3 all through.")
    samples = 1152 if version == 3 else 576
    hertz = _RATES[version][rate]
    kilobits = _BITRATES[max(2, version)][bitrate]
    return samples // 8 * kilobits * 1000 // hertz + (bits >> 9 & 1), samples / hertz
