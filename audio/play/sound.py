"""Recordings as samples, and faster or slower without changing the pitch. In: MP3 files, samples. Out: samples.

PyAV does both: it carries ffmpeg with it, so nothing has to be installed beside it.
"""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from audio.catalogue import CatalogueError

RATE = 24_000
"""Samples a second."""

Pcm = NDArray[np.int16]
"""Mono at `RATE`."""


def decoded(path: Path) -> Pcm:
    """A recording. Raises `CatalogueError` when it can't be read."""
    try:
        with av.open(path) as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            frames = (each for frame in container.decode(audio=0) for each in resampler.resample(frame))
            return _joined(frame.to_ndarray()[0] for frame in frames)
    except (OSError, av.error.FFmpegError) as error:
        raise CatalogueError(f"{path} can't be played ({error.strerror}): build the edition again.") from error


def stretched(samples: Pcm, speed: int) -> Pcm:
    """`samples` at `speed` per cent, the pitch kept (ffmpeg's atempo)."""
    if speed == 100 or not len(samples):
        return samples
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono")
    tempo = graph.add("atempo", str(speed / 100))
    sink = graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[np.newaxis, :]), format="s16", layout="mono")
    frame.sample_rate = RATE
    pieces = []
    for pushed in (frame, None):
        graph.push(pushed)
        while True:
            try:
                pieces.append(graph.pull().to_ndarray()[0])
            except (av.error.BlockingIOError, av.error.EOFError):
                break
    return _joined(pieces)


def _joined(pieces: Iterable[NDArray[np.generic]]) -> Pcm:
    have = [piece.astype(np.int16) for piece in pieces]
    return np.concatenate(have) if have else np.zeros(0, np.int16)
