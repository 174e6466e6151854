"""`build.json`: what an edition was made from, for the next build. In and out: a `Manifest` and the file.

Players read `edition.json`, a publication like the others; this one is for the builder alone. It says whether an
edition is whole (a hash of each file) and whether it is up to date (a hash of all that it was made from: the words and
the program), so that a build with nothing changed does nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audio.edition import Voice
from audio.script import Passage
from skill.page import Page

NAME = "build.json"

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """One edition's papers."""

    made_from: str
    """SHA-256 of the words and of the program."""
    locale: str
    title: str
    read: str
    """The day the page was read, as the country writes a date."""
    voice: Voice
    files: Mapping[str, str]
    """Each file's path in the edition, with forward slashes → its SHA-256; this one is not among them."""


def made_from(page: Page, passages: Sequence[Passage]) -> str:
    """A hash of everything but the voice that an edition is made from."""
    digest = hashlib.sha256()
    digest.update(repr((page.locale, page.title, page.publisher, page.url, page.read, page.trail)).encode())
    digest.update(repr((page.further_reading, sorted(page.terms.items()), passages)).encode())
    digest.update(repr((page.edition.labels, page.controls)).encode())
    here = Path(__file__).parent
    for file in _program(here):
        digest.update(file.relative_to(here).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _program(folder: Path) -> Iterator[Path]:
    """The files of this package, in order: no compiled copies, nothing hidden, and no edition that stands in it."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__pycache__")) or path.suffix == ".pyc":
            continue
        if path.is_file():
            yield path
        elif not (path / NAME).exists():
            yield from _program(path)


def write(folder: Path, made: str, page: Page, voice: Voice) -> None:
    """Writes the papers of the edition in `folder`. Raises `OSError`."""
    table = {"format": FORMAT, **asdict(Manifest(made, page.locale, page.title, page.read, voice, hashes(folder)))}
    text = json.dumps(table, indent=2, ensure_ascii=False) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest | None:
    """The papers of the edition in `folder`; None when there are none that can be read."""
    try:
        table: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if table.pop("format") != FORMAT:
            return None
        return Manifest(**{**table, "voice": Voice(**table["voice"]), "files": dict(table["files"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def is_whole(folder: Path, manifest: Manifest) -> bool:
    """Whether every file is there and as it was made."""
    try:
        now = hashes(folder)
    except OSError:
        return False
    return all(now.get(name) == digest for name, digest in manifest.files.items())


def hashes(folder: Path) -> dict[str, str]:
    """Each file in `folder` but the papers → its SHA-256. Raises `OSError`."""
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name != NAME:
            with file.open("rb") as opened:
                found[name] = hashlib.file_digest(opened, "sha256").hexdigest()
    return found
