"""What only the system can do: exchange two folders in one step, hold a lock, push a file to the disk.

Each raises `OSError`. Where a system has no such call, the next best is done, and the docstring says what it is.
"""

import ctypes
import errno
import os
import sys
from pathlib import Path

_AT_FDCWD, _EXCHANGE = -100, 2

_CANNOT = 1
"""Not what a system call gives: there is no such call here."""


def sync(path: Path) -> None:
    """Pushes a file, or a folder's names, to the disk."""
    if os.name == "nt":
        return  # Windows opens no folder, and has no such call for one
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def exchange(one: Path, other: Path) -> None:
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
    last = last_of(one)
    other.rename(last)
    try:
        one.rename(other)
    except OSError:
        last.rename(other)
        raise
    last.rename(one)


def last_of(side: Path) -> Path:
    """Where the last edition stands for the moment between two renames."""
    return side.with_name(f"{side.name}.last")


def hold(descriptor: int) -> None:
    """Takes the system's lock on an open file. Raises `OSError` when another process has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
