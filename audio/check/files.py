"""Every file is there, is as it was made, and no other is. In: a `Catalogue`. Out: `Finding`s."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from audio.catalogue import NAME, Catalogue
from audio.check.finding import AGAIN, Finding

OWN = frozenset({NAME, "build.json"})
"""Files that describe the edition, and so can't be listed in it."""

ONCE = ("whole", "audiobook", "playlist", "captions", "transcript", "chapters", "epub", "daisy-text", "daisy-audio")
"""Kinds of which there is exactly one file."""


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of the folder."""
    listed = {file.path for file in catalogue.files}
    for file in catalogue.files:
        pure = PurePosixPath(file.path)
        path = catalogue.folder / file.path
        if pure.is_absolute() or ".." in pure.parts or "\\" in file.path:
            yield Finding(NAME, file.path, "leads out of the edition's folder: take the entry out")
        elif not path.is_file():
            yield Finding(file.path, "the whole file", f"is missing: {AGAIN}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            yield Finding(file.path, "the whole file", f"is not what was built, by its SHA-256: {AGAIN}")
        elif path.stat().st_size != file.bytes:
            yield Finding(NAME, file.path, f"gives {file.bytes} bytes, the file has {path.stat().st_size}: {AGAIN}")
    for path in sorted(catalogue.folder.rglob("*")):
        name = path.relative_to(catalogue.folder).as_posix()
        if path.is_file() and name not in listed | OWN:
            yield Finding(name, "the whole file", f"is not in {NAME}: remove it, or {AGAIN}")
    for kind in ONCE:
        if len(catalogue.of_kind(kind)) != 1:
            yield Finding(NAME, "files", f"has {len(catalogue.of_kind(kind))} of kind {kind}, not one: {AGAIN}")
    for kind in ("topic", "topic-captions"):
        have = [file.topic for file in catalogue.of_kind(kind)]
        if have != [entry.id for entry in catalogue.entries]:
            yield Finding(NAME, "files", f"has not one file of kind {kind} for each topic, in order: {AGAIN}")
