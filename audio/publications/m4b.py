"""M4B: the whole page as an audiobook with chapters, which phones play from where one stopped."""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

from audio.edition import RATE
from audio.publications.master import File, Master
from audio.publications.mp3 import chapters
from audio.publications.peaks import Samples, held

BIT_RATE = 80_000
"""Bits a second. At 64 the encoder added 0.9 dB to the peaks of our first voice; at 80, nothing."""

_BLOCK = 1024
"""Samples in one frame of AAC."""


def write(master: Master) -> Iterator[File]:
    """The audiobook."""
    samples = np.concatenate([track.samples for track in master.tracks])
    data = held(samples, lambda each: encode(master, each))
    yield File(f"{master.whole}.m4b", data, master.labels.for_audiobook.line(), "audiobook")


def encode(master: Master, samples: Samples) -> bytes:
    """`samples`, the whole page, as AAC in MP4. Chapters are QuickTime's and Nero's: players want one or the other."""
    page = master.edition.page
    written = io.BytesIO()
    # bitexact: no version of ffmpeg in the file. No faststart: ffmpeg would reopen the file, which is in memory.
    options = {"fflags": "+bitexact"}
    with av.open(written, "w", format="ipod", options=options) as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono", bit_rate=BIT_RATE)
        stream.metadata["language"] = "eng"
        container.metadata.update(
            title=page.title, album=page.title, artist=master.labels.maker.line(), genre="Audiobook",
            comment=" ".join(master.notes),
        )  # fmt: skip
        container.set_chapters([
            {
                "id": number, "start": round(chapter.start * 1000), "end": round(chapter.end * 1000),
                "time_base": Fraction(1, 1000), "metadata": {"title": chapter.title},
            }
            for number, chapter in enumerate(chapters(master))
        ])  # fmt: skip
        for at in range(0, len(samples), _BLOCK):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis, at : at + _BLOCK], format="fltp", layout="mono")
            frame.sample_rate = RATE
            frame.pts = at
            frame.time_base = Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return written.getvalue()
