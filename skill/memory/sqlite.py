"""A store in one file, for one machine: SQLite, one table, write-ahead log.

Nothing is created before the first yes. A connection lasts for one call: calls are rare (a new visit, a new place),
closing it folds the log into the file, and a file that was mended or replaced is found at once. Threads take turns:
SQLite makes those who open and close at the same time wait for each other, and lets some of them wait in vain.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ask_sdk_model import RequestEnvelope

from skill.memory.store import SECONDS, Store, Unavailable

BUSY_SECONDS = 0.5
"""How long to wait for another thread, and for another program: together what the memory has."""

TABLE = """CREATE TABLE IF NOT EXISTS kept (
    listener TEXT PRIMARY KEY, attributes TEXT NOT NULL, expires INTEGER NOT NULL
) WITHOUT ROWID"""

FAULTS = {
    "SQLITE_BUSY": "the file is locked by another program: end it, or wait",
    "SQLITE_READONLY": "the file can't be written: give this user the right to write it and its folder",
    "SQLITE_CANTOPEN": "the file can't be opened: see that its folder is there and that this user may write in it",
    "SQLITE_NOTADB": "the file is damaged: move it away; what was kept in it is lost",
    "SQLITE_CORRUPT": "the file is damaged: move it away; what was kept in it is lost",
    "SQLITE_FULL": "the disk is full: make room",
    "SQLITE_IOERR": "the disk can't be read or written: see whether it is full",
}


class SqliteStore(Store):
    """Attributes in the file at `path`, under what `listener` makes of a request."""

    def __init__(
        self, path: Path, listener: Callable[[RequestEnvelope], str], *, now: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._listener = listener
        self._now = now
        self._turn = threading.Lock()

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, Any]:
        if not self._path.exists():
            return {}
        with self._connected() as database:
            query = "SELECT attributes FROM kept WHERE listener = ? AND expires > ?"
            row = database.execute(query, (self._listener(request_envelope), self._now())).fetchone()
        try:
            return json.loads(row[0]) if row else {}
        except (TypeError, ValueError):
            return {"unreadable": True}

    def save_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> None:
        self._create()
        with self._connected() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(TABLE)
            database.execute("DELETE FROM kept WHERE expires <= ?", (self._now(),))
            row = self._listener(request_envelope), json.dumps(attributes), self._expires()
            database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)

    def update_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> bool:
        if not self._path.exists():
            return False
        with self._connected() as database:
            query = "UPDATE kept SET attributes = ?, expires = ? WHERE listener = ? AND expires > ?"
            row = json.dumps(attributes), self._expires(), self._listener(request_envelope), self._now()
            return database.execute(query, row).rowcount == 1

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        if not self._path.exists():
            return
        with self._connected() as database:
            listener = self._listener(request_envelope)
            database.execute("DELETE FROM kept WHERE listener = ? OR expires <= ?", (listener, self._now()))
            # Else the row would stay readable in the log while another connection is open.
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _expires(self) -> int:
        return int(self._now()) + SECONDS

    def _create(self) -> None:
        """The folder and an empty file, for this user alone; the log beside it gets the same rights."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise Unavailable(f"{self._path.name}: {error.strerror}") from error

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection in autocommit. `Unavailable` says what is wrong with the file and how to mend it."""
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise Unavailable(f"{self._path.name}: {FAULTS['SQLITE_BUSY']}")
        try:
            database = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                database.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
                yield database
            finally:
                database.close()
        except sqlite3.Error as error:
            raise Unavailable(f"{self._path.name}: {_fault(error)}") from error
        finally:
            self._turn.release()


def _fault(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return next((told for fault, told in FAULTS.items() if name.startswith(fault)), name)
