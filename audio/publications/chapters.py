"""The chapters of the whole page for podcast players: Podcasting 2.0's JSON, version 1.2."""

import json
from collections.abc import Iterator

from audio.publications import mp3
from audio.publications.master import File, Master


def write(master: Master) -> Iterator[File]:
    """The chapters, named after the recording that they belong to."""
    contents = {
        "version": "1.2.0",
        "title": master.edition.page.title,
        "author": master.labels.maker.line(),
        "fileName": f"{master.whole}.mp3",
        "chapters": [
            {"startTime": round(each.start, 3), "endTime": round(each.end, 3), "title": each.title}
            for each in mp3.chapters(master)
        ],
    }
    data = (json.dumps(contents, ensure_ascii=False, indent=1) + "\n").encode()
    yield File(f"{master.whole}.chapters.json", data, master.labels.for_chapters.line(), "chapters")
