"""A server in a process of its own, and what can be asked of it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

from alexa_requests import CHAIN_PATH, CHAIN_URL, SKILL_ID
from certificates import DAY, Authority, ChainServer, pem, sends, signed

HERE = Path(__file__).parent
JSON = {"Content-Type": "application/json"}
PATIENCE = 30  # seconds until a hung server fails the test; nothing is measured by it


class Child:
    """A running server; `lines` is what it has said on standard error so far."""

    def __init__(
        self,
        folder: Path,
        settings: dict[str, Any],
        chain: dict[str, Any] | None = None,
        skill: str = "hello",
        arrival_seconds: float | None = None,
    ) -> None:
        told = {"settings": {"port": 0} | settings, "chain": chain, "folder": str(folder), "skill": skill}
        told["arrival_seconds"] = arrival_seconds
        # A file and no pipe: one that nobody reads is full after 64 KiB, and whoever logs into it then stands still.
        self._written = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(HERE / "web_child.py"), json.dumps(told)],
            stderr=self._written,
            env=os.environ | {"PYTHONPATH": str(HERE.parent)},
        )
        self.lines: list[str] = []
        self._read = 0
        self.port = 0

    def __enter__(self) -> Self:
        self.port = int(self.read_line().split("://", 1)[1].split()[0].rsplit(":", 1)[1])
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait(PATIENCE)
            self._written.close()

    def read_line(self) -> str:
        """The next line of standard error; waits for it."""
        found: list[str] = []
        wait_until(lambda: self._unread(found) or self.process.poll() is not None)
        self._unread(found)
        self.lines.append("".join(found))
        return self.lines[-1]

    def _unread(self, found: list[str]) -> bool:
        """Adds to `found` what more of a line is there; whether it is whole. (The child writes at the same place of
        the file, so it is read from where we are, without moving it.)"""
        while not "".join(found).endswith("\n"):
            piece = os.pread(self._written.fileno(), 1, self._read)
            if not piece:
                return False
            self._read += 1
            found.append(piece.decode())
        return True

    def ends(self) -> int:
        """Wait for the end; collect what is left of standard error."""
        status = self.process.wait(PATIENCE)
        rest = os.pread(self._written.fileno(), 100_000_000, self._read).decode()
        self._read += len(rest)
        self.lines += rest.splitlines(keepends=True)
        self._written.close()
        return status

    def ask(self, method: str, path: str, body: Any = None, **how: Any) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, **how)
            with connection.getresponse() as answer:
                return answer.status, answer.read().decode()
        finally:
            connection.close()

    def raw(self, data: bytes) -> bytes:
        """Send bytes as they are, and read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))

    @property
    def memory(self) -> int:
        """Bytes of memory that the server holds now (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def hears(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), PATIENCE).close()
        except (ConnectionRefusedError, ConnectionResetError):  # reset: the socket closed while we knocked
            return False
        return True


def wait_until(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def headers(body: bytes) -> dict[str, str]:
    """The headers of a request that Amazon signed."""
    return JSON | {"SignatureCertChainUrl": CHAIN_URL, "Signature-256": signed(body)}


@contextmanager
def verified(folder: Path, skill: str = "hello", **settings: Any) -> Iterator[Child]:
    """A server with verification, whose chains come from a server of this process."""
    root = Authority.root()
    middle = root.intermediate(end=datetime.now(UTC) + DAY)
    now = datetime.now(UTC)
    chain = pem(middle.leaf(start=now - DAY, end=now + DAY), middle.certificate)
    with ChainServer({CHAIN_PATH: sends(chain)}) as server:
        told = {
            "port": server.port,
            "web_root": pem(server.authority.certificate).decode(),
            "root": pem(root.certificate).decode(),
        }
        with Child(folder, {"skill_id": SKILL_ID} | settings, told, skill) as running:
            yield running
