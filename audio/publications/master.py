"""What every format is made from. In: an `Edition`. Out: a `Master`: each section's MP3 frames, and one timeline.

The frames are encoded once and used five times: alone, joined as the whole page, in the EPUB and in both DAISY books.
Every frame is 144 bytes and 24 ms, so a joined file's times are exact sums, and no publication disagrees with another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio.edition import Edition, Section, Spoken
from audio.publications.frames import FRAME_BYTES, FRAME_SAMPLES, FRAME_SECONDS, encode
from audio.publications.peaks import held
from skill import naming
from skill.labels import Labels


@dataclass(frozen=True, slots=True)
class File:
    """One file of the published edition."""

    path: str
    """Its name in the edition's folder."""
    data: bytes
    use: str
    """What it is for, as the listener reads it."""
    kind: str
    """What it is, for programs: "topic", "topic-captions", "whole", "epub", …"""
    topic: str | None = None
    """The id of its section, if it holds one."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A heading or a sentence with the pause that follows it: what a book with voice plays for it.

    Clips touch each other, or a reading app would swallow every pause.
    """

    spoken: Spoken
    number: int
    """Its place in its section, from 1."""
    start: float
    """Seconds from the start of the section's audio."""
    end: float


@dataclass(frozen=True, slots=True)
class Track:
    """One section, encoded."""

    section: Section
    number: int
    """Its place in the edition, from 1."""
    mp3: bytes
    """Frames alone, without tags."""
    start: float
    """Seconds from the start of the whole page."""

    @property
    def frames(self) -> int:
        return len(self.mp3) // FRAME_BYTES

    @property
    def duration(self) -> float:
        """Seconds, exact: the section's own rounded up to whole frames, with the encoder's delay of 46 ms."""
        return self.frames * FRAME_SECONDS

    @property
    def end(self) -> float:
        """Seconds from the start of the whole page."""
        return self.start + self.duration

    @property
    def name(self) -> str:
        """Its name inside a book: plain ASCII, which the oldest players read."""
        return f"{self.number:02d}"

    @property
    def clips(self) -> tuple[Clip, ...]:
        spoken = self.section.spoken
        starts = [0.0, *(each.start for each in spoken[1:]), self.duration]
        return tuple(Clip(each, i + 1, starts[i], starts[i + 1]) for i, each in enumerate(spoken))

    @property
    def samples(self) -> NDArray[np.float32]:
        """The section's samples, padded to its duration, for encoders other than MP3's."""
        samples = self.section.samples
        return np.pad(samples, (0, self.frames * FRAME_SAMPLES - len(samples)))


@dataclass(frozen=True, slots=True)
class Master:
    """An edition, ready to be published in any format."""

    edition: Edition
    tracks: tuple[Track, ...]

    @property
    def labels(self) -> Labels:
        return self.edition.page.edition.labels

    @property
    def duration(self) -> float:
        """Seconds of the whole page."""
        return self.tracks[-1].end

    @property
    def whole(self) -> str:
        """The name, without its ending, of every file that holds the whole page."""
        return naming.whole(self.labels.whole_page.line(), self.edition.page.title)

    @property
    def voice(self) -> str:
        """Who reads, in a sentence that says that it is no person."""
        voice = self.edition.voice
        return self.labels.voice.line(
            engine=voice.engine, version=voice.version, voice=voice.voice, accent=voice.accent
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What every publication says of itself: source, age, whose it is not, no advice, and who reads."""
        prompts = self.edition.page.prompts
        lines = (prompts.card_source, prompts.card_read, prompts.card_disclaimer)
        return (*(line.line() for line in lines), self.voice)


class Format(Protocol):
    """One kind of publication: each module of this package is one."""

    def write(self, master: Master) -> Iterator[File]:
        """Its files."""


def master(edition: Edition) -> Master:
    """`edition` with every section encoded. Raises `ValueError` when it has none."""
    if not edition.sections:
        raise ValueError("The edition has no sections, so there is nothing to publish.")
    frames = [held(section.samples, encode) for section in edition.sections]
    starts = accumulate((len(each) // FRAME_BYTES for each in frames), initial=0)
    pairs = zip(edition.sections, frames, starts, strict=False)
    tracks = (Track(section, i, mp3, start * FRAME_SECONDS) for i, (section, mp3, start) in enumerate(pairs, start=1))
    return Master(edition, tuple(tracks))
