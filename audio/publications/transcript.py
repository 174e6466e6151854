"""The transcript: everything that is said, as plain text, with where it is from and what it is not."""

from collections.abc import Iterator

from audio.publications.master import File, Master


def write(master: Master) -> Iterator[File]:
    """The transcript."""
    yield File(f"{master.whole}.txt", text(master), master.labels.for_transcript.line(), "transcript")


def text(master: Master) -> bytes:
    """A line for each heading and sentence, a blank line before and after each heading.

    One sentence a line: a braille display and "read next line" then move by sentence, as the players do.
    """
    lines = [master.labels.transcript.line(title=master.edition.page.title), "", *master.notes]
    for track in master.tracks:
        for spoken in track.section.spoken:
            lines += ["", spoken.text, ""] if spoken.kind == "heading" else [spoken.text]
    return ("\n".join(lines) + "\n").encode()
