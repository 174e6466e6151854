"""MP3: a file for each section, one for the whole page with chapters, and the playlist that plays the sections."""

from collections.abc import Iterator

from audio.publications.master import File, Master, Track
from audio.publications.tags import Chapter, Tags, id3


def write(master: Master) -> Iterator[File]:
    """The files, in the order in which they are heard."""
    labels = master.labels
    for track in master.tracks:
        title = track.section.title
        data = id3(_tags(master, title, f"{track.number}/{len(master.tracks)}")) + track.mp3
        yield File(name(track), data, labels.for_topic.line(title=title), "topic", track.section.topic.id)
    tag = id3(_tags(master, master.whole, ""), chapters(master))
    frames = b"".join(track.mp3 for track in master.tracks)
    yield File(f"{master.whole}.mp3", tag + frames, labels.for_whole.line(), "whole")
    yield File(f"{master.edition.page.title}.m3u8", _playlist(master), labels.for_playlist.line(), "playlist")


def name(track: Track) -> str:
    """A section's file."""
    return f"{track.section.stem}.mp3"


def chapters(master: Master) -> tuple[Chapter, ...]:
    """A chapter for each section of the whole page."""
    return tuple(Chapter(track.section.title, track.start, track.end) for track in master.tracks)


def _tags(master: Master, title: str, track: str) -> Tags:
    page = master.edition.page
    comment = " ".join(master.notes)
    return Tags(title, page.title, master.labels.maker.line(), track, "eng", page.url, comment)


def _playlist(master: Master) -> bytes:
    # A player shows the part after the comma; the names have spaces, which a playlist on a disk leaves as they are.
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{master.edition.page.title}"]
    for track in master.tracks:
        lines += [f"#EXTINF:{track.duration:.3f},{track.section.title}", name(track)]
    return ("\n".join(lines) + "\n").encode()
