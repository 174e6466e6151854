"""Loudness and true peak, by ffmpeg's ebur128: not the meter that the builder levelled with. Out: `Finding`s."""

import math
from collections.abc import Iterator
from pathlib import Path

from audio.catalogue import Catalogue
from audio.check.finding import AGAIN, Finding

WANTED, TOLERANCE = -16.0, 1.0
"""LUFS, and how far from it still sounds the same: a listener who goes from section to section touches no volume."""

SILENT = "silent"
"""The voice without a sound, for trying the rest."""

PEAK = -1.5
"""dBTP."""


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of every recording's loudness."""
    if catalogue.engine == SILENT:
        return  # the command tells so
    for kind in ("topic", "whole", "audiobook"):
        for file in catalogue.of_kind(kind):
            path = catalogue.folder / file.path
            if path.is_file():
                yield from _faults(file.path, path)


def _faults(name: str, path: Path) -> Iterator[Finding]:
    measured = measure(path)
    if measured is None:
        yield Finding(name, "its sound", f"can't be decoded: {AGAIN}")
        return
    loudness, peak = measured
    if abs(loudness - WANTED) > TOLERANCE:
        yield Finding(name, "its loudness", f"is {loudness:.1f} LUFS, not {WANTED:.0f} ± {TOLERANCE:.0f}: {AGAIN}")
    if peak > PEAK:
        yield Finding(name, "its true peak", f"is {peak:.2f} dBTP, above {PEAK}: {AGAIN}")


def measure(path: Path) -> tuple[float, float] | None:
    """Integrated loudness in LUFS and true peak in dBTP; None when there is no sound to decode."""
    import av

    measured: dict[str, str] = {}
    try:
        with av.open(path) as container:
            graph = av.filter.Graph()
            source = graph.add_abuffer(template=container.streams.audio[0])
            meter = graph.add("ebur128", "metadata=1:peak=true")
            sink = graph.add("abuffersink")
            source.link_to(meter)
            meter.link_to(sink)
            graph.configure()
            for frame in (*container.decode(audio=0), None):
                graph.push(frame)
                while True:
                    try:
                        measured = dict(graph.pull().metadata) or measured
                    except (av.error.BlockingIOError, av.error.EOFError):
                        break
        peak = float(measured["lavfi.r128.true_peak"])
        return float(measured["lavfi.r128.I"]), 20 * math.log10(peak) if peak else -math.inf
    except (av.error.FFmpegError, KeyError, IndexError):
        return None
