"""`edition.json`: everything that a program needs to play the edition. In: the other files. Out: the index."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from audio.publications.master import File, Master, Track

NAME = "edition.json"

FORMAT = 1
"""Raised when a program that reads the file would have to change."""


def write(master: Master, files: Iterable[File]) -> File:
    """The index of `files`."""
    edition = master.edition
    page, voice = edition.page, edition.voice
    contents: dict[str, Any] = {
        "format": FORMAT,
        "locale": page.locale,
        "page": {
            "title": page.title, "publisher": page.publisher, "url": page.url,
            "read": page.read_on.isoformat(), "notes": list(master.notes),
        },
        "voice": {
            "engine": voice.engine, "version": voice.version, "voice": voice.voice, "accent": voice.accent,
            "synthetic": True,
        },
        "duration": _seconds(master.duration),
        "topics": [_topic(track) for track in master.tracks],
        "files": [
            {
                "path": file.path, "bytes": len(file.data), "sha256": hashlib.sha256(file.data).hexdigest(),
                "kind": file.kind, "topic": file.topic, "use": file.use,
            }
            for file in files
        ],
    }  # fmt: skip
    data = (json.dumps(contents, ensure_ascii=False, indent=1) + "\n").encode()
    return File(NAME, data, master.labels.for_index.line(), "index")


def _topic(track: Track) -> dict[str, Any]:
    section = track.section
    return {
        "id": section.topic.id,
        "number": section.topic.number,
        "title": section.title,
        "parent": section.parent.id if section.parent else None,
        "start": _seconds(track.start),
        "duration": _seconds(track.duration),
        "spoken": [
            {"start": _seconds(each.start), "end": _seconds(each.end), "kind": each.kind, "text": each.text}
            for each in section.spoken
        ],
    }


def _seconds(value: float) -> float:
    """To the millisecond, so that the file is the same on every machine."""
    return round(value, 3)
