"""ID3 tags. In: what a track is, and its chapters. Out: the bytes that go before its frames.

Written here, by ID3v2.3 and its chapter addendum: mutagen sorts chapter frames by their size, which puts chapters out
of order (its issue 506), and ffmpeg writes a comment and a source where no player looks for them.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass


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
    frames = b"".join((
        _frame(b"TIT2", _text(tags.title)),
        _frame(b"TPE1", _text(tags.artist)),
        _frame(b"TALB", _text(tags.album)),
        _frame(b"TRCK", _text(tags.track)) if tags.track else b"",
        _frame(b"TLAN", _text(tags.language)),
        # Between the language and the comment stands its description: none, or players show it as something else.
        _frame(b"COMM", b"\x01" + tags.language.encode() + b"\xff\xfe\0\0" + _utf16(tags.comment)),
        _frame(b"WOAS", tags.source.encode("latin-1", "replace")),
        _chapters(chapters),
    ))  # fmt: skip
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
            + _frame(b"TIT2", _text(chapter.title)),
        )
        for chapter_id, chapter in zip(ids, chapters, strict=True)
    )


def _text(text: str) -> bytes:
    """A text frame's content, its encoding first."""
    return b"\x01" + _utf16(text)


def _utf16(text: str) -> bytes:
    """2.3 knows no UTF-8. The byte order is said, and is the same on every machine."""
    return b"\xff\xfe" + text.encode("utf-16-le")


def _frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">IH", len(body), 0) + body


def _synchsafe(size: int) -> bytes:
    """A tag's size in seven bits a byte."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
