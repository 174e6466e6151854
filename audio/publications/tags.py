"""ID3 tags. In: what a track is, and its chapters. Out: the bytes that go before its frames.

mutagen writes the tags but sorts chapter frames by their size, which puts chapters out of order (its issue 506), and
ffmpeg can't write a comment or a source that players show; so the chapter frames are written here, by ID3v2's addendum.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from mutagen.id3 import COMM, ID3, TALB, TIT2, TLAN, TPE1, TRCK, WOAS

_HEADER = 10
"""Bytes of the tag's header, and of each frame's."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a player shows of a track."""

    title: str
    album: str
    artist: str
    track: str
    """"3/11"."""
    language: str
    """ISO 639-2: "eng"."""
    source: str
    """The page's URL."""
    comment: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a recording."""

    title: str
    start: float
    """Seconds."""
    end: float


def id3(tags: Tags, chapters: Sequence[Chapter] = ()) -> bytes:
    """An ID3v2.3 tag: 2.3, because the older players of blind readers know no 2.4."""
    made = ID3()
    for frame in (
        TIT2(text=tags.title), TALB(text=tags.album), TPE1(text=tags.artist), TLAN(text=tags.language),
        COMM(lang=tags.language, desc="", text=tags.comment), WOAS(url=tags.source),
        *([TRCK(text=tags.track)] if tags.track else []),
    ):  # fmt: skip
        made.add(frame)
    written = io.BytesIO()
    made.save(written, v2_version=3, padding=lambda _: 0)
    frames = written.getvalue()[_HEADER:] + _chapters(chapters)
    return b"ID3\x03\x00\x00" + _synchsafe(len(frames)) + frames


def _chapters(chapters: Sequence[Chapter]) -> bytes:
    if not chapters:
        return b""
    ids = [f"ch{number}".encode() + b"\0" for number, _ in enumerate(chapters)]
    contents = _frame(b"CTOC", b"toc\0\x03" + bytes([len(ids)]) + b"".join(ids))  # 3: top level, and in order
    return contents + b"".join(
        _frame(
            b"CHAP",
            chapter_id
            + struct.pack(">IIII", round(chapter.start * 1000), round(chapter.end * 1000), 0xFFFFFFFF, 0xFFFFFFFF)
            + _frame(b"TIT2", b"\x01" + chapter.title.encode("utf-16")),
        )
        for chapter_id, chapter in zip(ids, chapters, strict=True)
    )


def _frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">IH", len(body), 0) + body


def _synchsafe(size: int) -> bytes:
    """A tag's size in seven bits a byte."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
