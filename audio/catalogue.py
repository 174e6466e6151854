"""`edition.json` read back: what the player and the checks know of an edition. In: its folder. Out: a `Catalogue`.

CatalogueError      there is no edition there, or its index can't be used: one sentence that says what to do
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "edition.json"
FORMAT = 1


class CatalogueError(ValueError):
    """The folder holds no edition that can be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A heading or a sentence."""

    text: str
    kind: str
    """"heading" or "sentence"."""
    start: float
    """Seconds from the start of its section's recording."""
    end: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One section."""

    id: str
    number: int
    title: str
    parent: str | None
    start: float
    """Seconds from the start of the whole page's recording."""
    duration: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One file."""

    path: str
    bytes: int
    sha256: str
    kind: str
    topic: str | None
    use: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An edition on a disk."""

    folder: Path
    locale: str
    title: str
    publisher: str
    notes: tuple[str, ...]
    engine: str
    """Who spoke."""
    duration: float
    entries: tuple[Entry, ...]
    files: tuple[Listed, ...]

    def of_kind(self, kind: str) -> tuple[Listed, ...]:
        """The files of one kind: "topic", "whole", "epub", …"""
        return tuple(file for file in self.files if file.kind == kind)

    def recording(self, entry: Entry) -> Path:
        """A section's MP3. Raises `CatalogueError` when the index names none."""
        for file in self.of_kind("topic"):
            if file.topic == entry.id:
                return self.folder / file.path
        raise CatalogueError(f"{NAME} names no recording of {entry.title}: build the edition again.")


def load(folder: Path) -> Catalogue:
    """The edition in `folder`. Raises `CatalogueError`."""
    path = folder / NAME
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CatalogueError(f"There is no audio edition in {folder}: make one with python -m audio build.") from error
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path} can't be read ({error}): build the edition again.") from error
    try:
        if table["format"] != FORMAT:
            raise CatalogueError(f"{path} is of format {table['format']}, not {FORMAT}: build the edition again.")
        return _catalogue(folder, table)
    except (KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path} lacks {error}: build the edition again.") from error


def _catalogue(folder: Path, table: Mapping[str, Any]) -> Catalogue:
    page = table["page"]
    entries = tuple(
        Entry(
            each["id"], each["number"], each["title"], each["parent"], float(each["start"]), float(each["duration"]),
            tuple(
                Line(line["text"], line["kind"], float(line["start"]), float(line["end"])) for line in each["spoken"]
            ),
        )
        for each in table["topics"]
    )  # fmt: skip
    files = tuple(
        Listed(each["path"], each["bytes"], each["sha256"], each["kind"], each["topic"], each["use"])
        for each in table["files"]
    )
    if not entries or not all(entry.lines for entry in entries):
        raise KeyError("topics with sentences")
    return Catalogue(
        folder, table["locale"], page["title"], page["publisher"], tuple(page["notes"]),
        table["voice"]["engine"], float(table["duration"]),
        entries, files,
    )  # fmt: skip
