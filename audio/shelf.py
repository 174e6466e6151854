"""Where an edition stands: a folder that is either the last good edition or the next, never something between.

    with Shelf(out) as shelf:       # waits for no one: a second build at once is refused
        …write into shelf.side…     # a folder beside it, on the same file system
        shelf.swap()                # one system call: a listener sees the old one, then the new one

What a killed build left is removed by the next. A lock is the system's own, so a killed build never leaves one behind.

    ShelfError      the folder can't be used: one sentence, saying what to do
"""

import os
import shutil
from pathlib import Path
from types import TracebackType

from audio import manifest
from audio.system import exchange, hold, last_of, sync


class ShelfError(Exception):
    """The folder can't be used."""


class Shelf:
    """The folder `out`, held by one build."""

    def __init__(self, out: Path) -> None:
        self.out = out.absolute()
        self.side = self.out.with_name(f".{self.out.name}.next")
        self._lock_file = self.out.with_name(f".{self.out.name}.lock")
        self._lock: int | None = None

    def __enter__(self) -> "Shelf":
        check(self.out)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            hold(self._lock)
        except OSError as error:
            os.close(self._lock)
            self._lock = None
            raise ShelfError(f"Another build is writing {self.out}: wait until it is done.") from error
        try:
            self._recover()
            self.side.mkdir()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # After a swap the last edition stands here; after an error, what there was of the next.
            shutil.rmtree(self.side, ignore_errors=True)
        finally:
            self._release()

    def swap(self) -> None:
        """Puts the side folder in the edition's place. Raises `OSError` or `ShelfError`; the last is then kept."""
        for path in (*self.side.rglob("*"), self.side):
            sync(path)  # or a power cut could keep the new names and lose what is in them
        check(self.out)
        if self.out.is_dir():
            exchange(self.side, self.out)
        else:
            self.side.rename(self.out)
        sync(self.out.parent)

    def _recover(self) -> None:
        """Removes what a killed build left; puts an edition back that was killed between two renames."""
        last = last_of(self.side)
        if last.exists() and not self.out.exists():
            last.rename(self.out)
        _remove(last)
        _remove(self.side)

    def _release(self) -> None:
        if self._lock is not None:
            # The lock's file stays: were it removed, two builds could hold two files of one name.
            os.close(self._lock)
            self._lock = None


def check(out: Path) -> None:
    """Raises `ShelfError` when `out` is something that a build must not replace."""
    if out.is_symlink():
        raise ShelfError(f"{out} is a link: name the folder itself.")
    if out.exists() and not out.is_dir():
        raise ShelfError(f"{out} is a file: name a folder.")
    if os.path.ismount(out):
        raise ShelfError(f"{out} is the top of a disk, which can't be swapped: name a folder in it.")
    if not out.is_dir():
        return
    papers = manifest.read(out)
    own = set(papers.files) | {manifest.NAME} if papers else set()
    for path in out.rglob("*"):
        name = path.relative_to(out).as_posix()
        if path.is_file() and name not in own and not path.name.startswith("."):
            raise ShelfError(f"{out} holds {name}, which no build made: move it, or name another folder.")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
