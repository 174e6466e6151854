"""A SQLite file that is locked, read-only, damaged or nowhere, and a disk that is full: each for real.

Every time the listener is answered, nothing false is said, the log says what to mend, and the next good write works.
Tests may run as root, for whom rights mean nothing: so each proves first that a plain write fails.
"""

import json
import logging
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from listener import BEN, KEY, LAUNCH, NEXT, REMEMBER, RESUME, YES, Listener, remembering

from skill.memory.sqlite import SqliteStore

CHILD = Path(__file__).parent / "unprivileged_child.py"
OVERVIEW, FORGET = "OverviewIntent", "ForgetIntent"


class Clock:
    """Time as the memory sees it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "memory.sqlite3"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def anna(file: Path, clock: Clock) -> Listener:
    """At a section, remembered."""
    listener = Listener(remembering(SqliteStore(file, KEY.listener), clock=clock))
    assert "From now on" in listener.asks([LAUNCH, OVERVIEW, REMEMBER, YES]).speech
    return listener


def reading(file: Path) -> str:
    """Where the file says that the listener is."""
    database = sqlite3.connect(file)
    (kept,) = database.execute("SELECT attributes FROM kept").fetchone()
    database.close()
    return json.loads(kept)["reading"]


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as full:
        while True:
            full.write(b"x" * 4096)


def told(caplog: pytest.LogCaptureFixture) -> str:
    """The errors in the log, each one line."""
    return "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR)


def test_locked(anna: Listener, file: Path, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(file, timeout=0).execute("DELETE FROM kept")
    assert anna.ask(NEXT).topic == "local"
    assert "memory: writing failed: memory.sqlite3: the file is locked by another program" in told(caplog)
    assert (
        "can't be sure that everything is deleted"
        in Listener(remembering(SqliteStore(file, KEY.listener))).ask(FORGET).speech
    )
    other.execute("ROLLBACK")
    other.close()
    clock.now += 60
    assert anna.ask(NEXT).topic == "local.surgery"
    assert reading(file) == "local.surgery"


@pytest.mark.parametrize("damage", [b"not a database at all, but long enough to be one " * 40, b"\x00" * 50_000, b"SQ"])
def test_damaged(anna: Listener, file: Path, clock: Clock, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    whole = file.read_bytes()
    file.write_bytes(damage)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(file).execute("SELECT * FROM kept")
    assert anna.ask(NEXT).topic == "local"
    assert "memory: writing failed: memory.sqlite3: " in told(caplog)
    clock.now += 60
    anna.hang_up()
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    anna.hang_up()
    clock.now += 60
    assert "memory does not answer" in anna.ask(RESUME).speech
    assert file.read_bytes() == damage, "it is left for whoever looks after it"
    file.write_bytes(whole)
    clock.now += 60
    assert anna.ask(RESUME).topic == "overview"
    assert anna.ask(NEXT).topic == "local"
    assert reading(file) == "local"


def test_damaged_inside(anna: Listener, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + os.urandom(len(whole) - 100))
    anna.hang_up()
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    assert "the file is damaged: move it away" in told(caplog)


def test_moved_away_means_a_new_beginning(anna: Listener, file: Path) -> None:
    file.rename(file.with_suffix(".damaged"))
    anna.ask(NEXT)
    assert not file.exists(), "only a yes creates it"
    assert "From now on" in anna.asks([REMEMBER, YES]).speech
    assert reading(file) == "local"


@pytest.mark.parametrize("text", ["not JSON", "[1, 2]", "null", '"x"', '{"reading": 7}', "{}", ""])
def test_a_row_of_garbage(anna: Listener, file: Path, text: str) -> None:
    database = sqlite3.connect(file)
    database.execute("UPDATE kept SET attributes = ?", (text,))
    database.commit()
    database.close()
    anna.hang_up()
    assert anna.ask(LAUNCH).speech
    assert anna.ask(OVERVIEW).topic == "overview"
    assert anna.asks([REMEMBER, YES]).open
    assert reading(file) == "overview"


def test_a_folder_where_the_file_should_be(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "memory.sqlite3").mkdir()
    listener = Listener(remembering(SqliteStore(tmp_path / "memory.sqlite3", KEY.listener)))
    assert "memory does not answer" in listener.asks([LAUNCH, REMEMBER]).speech
    assert "memory: reading failed: memory.sqlite3: the file can't be opened" in told(caplog)


def test_no_folder_and_none_can_be_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a file").write_text("where a folder should be")
    with pytest.raises(OSError, match="a file"):
        (tmp_path / "a file" / "folder").mkdir(parents=True)
    listener = Listener(remembering(SqliteStore(tmp_path / "a file" / "folder" / "memory.sqlite3", KEY.listener)))
    assert "can't be sure that your place is kept" in listener.asks([LAUNCH, REMEMBER, YES]).speech
    assert "memory: keeping failed: memory.sqlite3: Not a directory" in told(caplog)


def mounted(folder: Path) -> bool:
    """A disk of 256 KiB, if this user may mount one."""
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    return shutil.which("mount") is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; where none may be mounted, files that may not grow."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if mounted(folder):
        yield folder
        subprocess.run(["umount", "--lazy", folder], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handled)


def test_disk_full(disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    file, filler = disk / "memory.sqlite3", disk / "filler"
    anna = Listener(remembering(SqliteStore(file, KEY.listener), clock=clock))
    anna.asks([LAUNCH, OVERVIEW, REMEMBER, YES])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not disk.is_mount():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    with pytest.raises(OSError, match=r"No space left|File too large"):
        fill(filler)
    assert anna.ask(NEXT).topic == "local"
    ben = Listener(remembering(SqliteStore(file, KEY.listener)), BEN)
    assert "memory does not answer" in ben.asks([LAUNCH, REMEMBER]).speech
    filler.unlink(missing_ok=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "full" in told(caplog)
    clock.now += 60
    assert anna.ask(NEXT).topic == "local.surgery"
    assert reading(file) == "local.surgery"


def test_read_only(disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    file = disk / "memory.sqlite3"
    anna = Listener(remembering(SqliteStore(file, KEY.listener), clock=clock))
    anna.asks([LAUNCH, OVERVIEW, REMEMBER, YES])
    read_only(disk, True)
    with pytest.raises(OSError, match=r"Read-only|denied"):
        (disk / "plain").write_text("x")
    assert anna.ask(NEXT).topic == "local"
    read_only(disk, False)
    assert "memory: writing failed: memory.sqlite3: the file can't be " in told(caplog)
    clock.now += 60
    assert anna.ask(NEXT).topic == "local.surgery"
    assert reading(file) == "local.surgery"


def read_only(disk: Path, on: bool) -> None:
    """The whole disk; where it is none, its file and its folder, whose rights then count."""
    if disk.is_mount():
        subprocess.run(["mount", "-o", f"remount,{'ro' if on else 'rw'}", disk], check=True)
        return
    (disk / "memory.sqlite3").chmod(0o444 if on else 0o600)
    disk.chmod(0o555 if on else 0o700)


def test_another_s_file(tmp_path: Path) -> None:
    """As a user who may not write it: a child gives up its rights first, where it has any to give up."""
    ran = subprocess.run([sys.executable, CHILD], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["plain write"] == "PermissionError"
    assert told["next"] == "local"
    assert "can't be sure that everything is deleted" in told["forget"]
    assert "memory: writing failed: memory.sqlite3: the file can't be " in ran.stderr
    assert "memory: deleting failed: memory.sqlite3: the file can't be " in ran.stderr
    assert "Traceback" not in ran.stderr
