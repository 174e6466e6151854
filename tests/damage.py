"""Damages an edition as a bad disk, a careless hand or a wrong program would; the index is then mended or not."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path


def copied(folder: Path, to: Path) -> Path:
    """A copy of an edition to damage."""
    made = to / "edition"
    shutil.copytree(folder, made)
    return made


def index(folder: Path) -> dict:
    return json.loads((folder / "edition.json").read_text(encoding="utf-8"))


def reindex(folder: Path, change: Callable[[dict], object]) -> None:
    """Changes the index."""
    table = index(folder)
    change(table)
    (folder / "edition.json").write_text(json.dumps(table), encoding="utf-8")


def path_of(folder: Path, kind: str, number: int = 0) -> Path:
    return folder / [file["path"] for file in index(folder)["files"] if file["kind"] == kind][number]


def rewrite(folder: Path, kind: str, change: Callable[[bytes], bytes], number: int = 0) -> None:
    """Changes a file and its hash in the index, so that only what is in it can tell."""
    path = path_of(folder, kind, number)
    data = path.read_bytes()
    changed = change(data)
    assert changed != data, "the damage did nothing"
    path.write_bytes(changed)

    def mend(table: dict) -> None:
        (entry,) = (file for file in table["files"] if file["path"] == path.name)
        entry.update(bytes=len(changed), sha256=hashlib.sha256(changed).hexdigest())

    reindex(folder, mend)


def rezip(folder: Path, kind: str, changes: Mapping[str, Callable[[bytes], bytes | None]]) -> None:
    """Changes files inside a zip; None takes one out."""

    def change(data: bytes) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
            for info in old.infolist():
                was = old.read(info)
                now = changes.get(info.filename, lambda same: same)(was)
                assert info.filename not in changes or now != was, "the damage did nothing"
                if now is not None:
                    new.writestr(info, now)
        return written.getvalue()

    rewrite(folder, kind, change)
