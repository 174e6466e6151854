"""The publications: an `Edition` → the files that listeners take home. One module a format, in the order below.

`master` is what all are made from: the sections as MP3 frames, and one timeline.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from audio.edition import Edition
from audio.publications import captions, chapters, daisy, epub, index, m4b, mp3, player, transcript
from audio.publications.master import File, Master, master

FORMATS: tuple[Callable[[Master], Iterator[File]], ...] = (
    mp3.write,
    m4b.write,
    captions.write,
    transcript.write,
    chapters.write,
    epub.write,
    daisy.write,
)


def publish(edition: Edition, folder: Path) -> None:
    """Writes every publication of `edition` into `folder`, which is there and empty.

    Raises `ValueError` for an edition without sections, and `OSError` when a file can't be written.
    """
    for file in files(edition):
        path = folder / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.data)


def files(edition: Edition) -> tuple[File, ...]:
    """Every file of the edition, the index last. Pure."""
    made = master(edition)
    written = tuple(file for write in FORMATS for file in write(made))
    # The page tells the size of each file, and the index lists the page.
    whole = (*written, *player.write(made, written))
    return (*whole, index.write(made, whole))
