"""Times: in order, inside their recording, not overlapping, the same everywhere. In: a `Catalogue`. Out: `Finding`s."""

import json
import re
from collections.abc import Iterable, Iterator

from audio.catalogue import NAME, Catalogue, Line
from audio.check.finding import AGAIN, Finding

NEAR = 0.002
"""Seconds: times are written to the millisecond."""

_CUE = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})$")


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of the index, the captions, the chapters and the playlist."""
    yield from _index(catalogue)
    entries = {entry.id: entry for entry in catalogue.entries}
    for file in catalogue.of_kind("topic-captions"):
        entry = entries.get(file.topic or "")
        if entry:
            yield from _captions(catalogue, file.path, entry.lines, entry.duration)
    shifted = tuple(
        Line(line.text, line.kind, entry.start + line.start, entry.start + line.end)
        for entry in catalogue.entries
        for line in entry.lines
    )
    for file in catalogue.of_kind("captions"):
        yield from _captions(catalogue, file.path, shifted, catalogue.duration)
    for file in catalogue.of_kind("chapters"):
        yield from _chapters(catalogue, file.path)
    for file in catalogue.of_kind("playlist"):
        yield from _playlist(catalogue, file.path)


def ordered(file: str, clips: Iterable[tuple[str, float, float]], duration: float) -> Iterator[Finding]:
    """Faults of clips (place, start, end in seconds) of one recording of `duration` seconds."""
    before = 0.0
    for place, start, end in clips:
        if end <= start:
            yield Finding(file, place, f"ends at {end:.3f} s, before it starts at {start:.3f}: {AGAIN}")
        if start < before - NEAR:
            yield Finding(file, place, f"starts at {start:.3f} s, before the one above ends at {before:.3f}: {AGAIN}")
        if end > duration + NEAR:
            yield Finding(file, place, f"ends at {end:.3f} s, after its recording at {duration:.3f}: {AGAIN}")
        before = max(before, end)


def _index(catalogue: Catalogue) -> Iterator[Finding]:
    at = 0.0
    for entry in catalogue.entries:
        if abs(entry.start - at) > NEAR:
            yield Finding(NAME, entry.id, f"starts at {entry.start:.3f} s, its turn is at {at:.3f}: {AGAIN}")
        at = entry.start + entry.duration
        clips = [(f"{entry.id}, sentence {i}", line.start, line.end) for i, line in enumerate(entry.lines)]
        yield from ordered(NAME, clips, entry.duration)
    if abs(at - catalogue.duration) > NEAR:
        yield Finding(NAME, "duration", f"is {catalogue.duration:.3f} s, the topics take {at:.3f}: {AGAIN}")


def _captions(catalogue: Catalogue, file: str, lines: tuple[Line, ...], duration: float) -> Iterator[Finding]:
    text = _read(catalogue, file)
    if text is None:
        return
    if not text.startswith("WEBVTT"):
        yield Finding(file, "line 1", f"does not begin with WEBVTT: {AGAIN}")
    clips, texts = [], []
    rows = text.split("\n")
    for number, row in enumerate(rows):
        found = _CUE.match(row)
        if "-->" in row and not found:
            yield Finding(file, f"line {number + 1}", f"is no time of WebVTT: {AGAIN}")
        elif found:
            clock = [int(each) for each in found.groups()]
            start, end = (h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (clock[:4], clock[4:]))
            clips.append((f"line {number + 1}", start, end))
            plain = re.sub(r"</?b>", "", rows[number + 1]) if number + 1 < len(rows) else ""
            texts.append(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    yield from ordered(file, clips, duration)
    if texts != [line.text for line in lines]:
        yield Finding(file, "its text", f"is not the sentences that are heard: {AGAIN}")
    elif any(abs(clip[1] - line.start) > NEAR for clip, line in zip(clips, lines, strict=False)):
        yield Finding(file, "its times", f"are not the index's: {AGAIN}")


def _chapters(catalogue: Catalogue, file: str) -> Iterator[Finding]:
    text = _read(catalogue, file)
    if text is None:
        return
    try:
        chapters = [(each["title"], each["startTime"], each["endTime"]) for each in json.loads(text)["chapters"]]
    except (ValueError, KeyError, TypeError):
        yield Finding(file, "the whole file", f"is not chapters in JSON: {AGAIN}")
        return
    yield from ordered(file, chapters, catalogue.duration)
    if [title for title, _, _ in chapters] != [entry.title for entry in catalogue.entries]:
        yield Finding(file, "chapters", f"are not the topics, in order: {AGAIN}")


def _playlist(catalogue: Catalogue, file: str) -> Iterator[Finding]:
    text = _read(catalogue, file)
    if text is None:
        return
    names = [row for row in text.split("\n") if row and not row.startswith("#")]
    if names != [each.path for each in catalogue.of_kind("topic")]:
        yield Finding(file, "its names", f"are not the topics' recordings, in order: {AGAIN}")


def _read(catalogue: Catalogue, file: str) -> str | None:
    """A file's text; None when it is missing, which is found elsewhere."""
    path = catalogue.folder / file
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
