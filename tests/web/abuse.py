"""Callers that mean no good, all at once: silent, dripping, oversized, malformed, deaf."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from child import PATIENCE, Child

HEAD = b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
MALFORMED = (
    b"nonsense\r\n\r\n",
    HEAD + b'Content-Length: 12\r\n\r\n{"version": ',
    HEAD + b"Content-Length: -1\r\n\r\n{}",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    HEAD + b"Content-Length: 4\r\n\r\n\xff\xfe\x00\x01",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),  # TLS, where there is none
)
OVERSIZED = HEAD + b"Content-Length: 1000000\r\n\r\n" + 1_000_000 * b" "


@contextmanager
def abused(child: Child, *, silent: int, dripping: int, loud: int) -> Iterator[list[bytes]]:
    """While it lasts: connections that say nothing, some that send a byte now and then, and threads that send rubbish.
    Gives the first lines of what the rubbish was answered."""
    over = threading.Event()
    answered: list[bytes] = []
    with ExitStack() as open_lines:
        for _ in range(silent):
            open_lines.enter_context(_line(child))
        drips = [open_lines.enter_context(_line(child)) for _ in range(dripping)]
        for line in drips:
            line.sendall(HEAD)
        threads = [threading.Thread(target=_drip, args=(drips, over))]
        threads += [threading.Thread(target=_shout, args=(child, over, answered)) for _ in range(loud)]
        for each in threads:
            each.start()
        try:
            yield answered
        finally:
            over.set()
            for each in threads:
                each.join(PATIENCE)


def _line(child: Child) -> socket.socket:
    return socket.create_connection(("127.0.0.1", child.port), PATIENCE)


def _drip(lines: list[socket.socket], over: threading.Event) -> None:
    while not over.wait(0.2):
        for line in lines:
            with suppress(OSError):  # the server has had enough of it
                line.sendall(b"X")


def _shout(child: Child, over: threading.Event, answered: list[bytes]) -> None:
    while not over.is_set():
        for rubbish in (*MALFORMED, OVERSIZED):
            with suppress(OSError):
                answered.append(child.raw(rubbish).split(b"\r\n", 1)[0])
            with _line(child) as deaf, suppress(OSError):
                deaf.sendall(rubbish)  # and gone, without hearing the answer
