"""Where an edition stands: a folder that is either the last good edition or the next, never something between.

    with Shelf(out) as shelf:       # waits for no one: a second build at once is refused
        …write into shelf.side…     # a folder beside it, on the same file system
        shelf.swap()                # one system call: a listener sees the old one, then the new one

What a killed build left is removed by the next. A lock is the system's own, so a killed build never leaves one behind.

    ShelfError      the folder can't be used: one sentence, saying what to do
"""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path
from types import TracebackType

from audio import manifest

_AT_FDCWD, _EXCHANGE = -100, 2

_CANNOT = 1
"""Not what a system call gives: there is no such call here."""


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
            _hold(self._lock)
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
            _sync(path)  # or a power cut could keep the new names and lose what is in them
        check(self.out)
        if self.out.is_dir():
            _exchange(self.side, self.out)
        else:
            self.side.rename(self.out)
        _sync(self.out.parent)

    def _recover(self) -> None:
        """Removes what a killed build left; puts an edition back that was killed between two renames."""
        last = _last(self.side)
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


def _sync(path: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no folder, and has no such call for one
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exchange(one: Path, other: Path) -> None:
    """Exchanges two folders in one step where the system can (Linux, macOS), else in two renames.

    Refused: a link to the edition (a memory stick's file system has none), and replacing it file by file (a listener
    would hear the new text with the old one's chapters).
    """
    names = os.fsencode(one), os.fsencode(other)
    libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else object()
    failed = _CANNOT
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*names, _EXCHANGE)
    if not failed:
        return
    reason = ctypes.get_errno()
    if failed != _CANNOT and reason not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(reason, os.strerror(reason), str(other))
    last = _last(one)
    other.rename(last)
    try:
        one.rename(other)
    except OSError:
        last.rename(other)
        raise
    last.rename(one)


def _last(side: Path) -> Path:
    """Where the last edition stands for the moment between two renames."""
    return side.with_name(f"{side.name}.last")


def _hold(descriptor: int) -> None:
    """Takes the system's lock on an open file. Raises `OSError` when another process has it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - on Windows only

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - everywhere else

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
