"""Serve the application with waitress until a signal says stop.

In: a WSGI application and `Settings`. Out: the process's exit status; start and stop lines on standard error.
"""

import logging
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from skill.web.errors import CannotListen
from skill.web.settings import Settings

THREADS = 8
"""An answer takes a millisecond; threads are for those who wait (two fetches of certificates at most)."""
CONNECTIONS = 1500
"""Open connections. A thousand that say nothing must keep no real one waiting (at 200 they did, until they were closed
for their silence); each costs two descriptors and some KiB. The rest wait in the system's queue."""
SPARE_DESCRIPTORS = 100
"""For everything but connections and their bodies: the log, certificates being fetched."""
QUIET_SECONDS = 30
"""A connection without a byte for so long is closed. Amazon gives up after 8 s."""
ARRIVAL_SECONDS = 20
"""A request that has not arrived whole by then is given up, however steadily its bytes drip."""
HEADER_LIMIT = 16 * 1024
"""Bytes of headers; Amazon's have about 1 KiB (waitress would take 256)."""
READ_ROOM = 2 * 1024 * 1024
"""Bytes above the largest upload that waitress still reads. The application refuses by the exact size, but only once
the body is read: waitress would answer 413 and close with bytes unread, which resets the line, and the sender might
never see the answer. (It also counts the framing of a body in chunks.)"""
BODY_IN_MEMORY = 64 * 1024
"""A larger body goes to a temporary file while it arrives: many connections must not fill the memory."""
DRAIN_SECONDS = 8.0
"""How long to finish what has begun after a signal: as long as Amazon would wait for it."""


def serve(app: Flask, settings: Settings, *notes: str) -> int:
    """Listen, say where, answer until SIGTERM (returns 0) or SIGINT (returns 130); a second signal ends at once.

    `notes` are further lines to say at the start. On a signal no new connection is taken, and what has begun is
    finished. Call it from the main thread (signals). Raises `CannotListen`.
    """
    sockets: dict[int, Any] = {}
    # A line for each request that waits a moment for a thread would let whoever asks much fill the disk.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = _listen(app, settings, sockets)
    try:
        with _signals(sockets) as received:
            _say(app, settings, _servers(sockets)[0].effective_port, *notes)  # from here on a signal is understood
            drips = _Drips(sockets)
            while not received:
                wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
                drips.look()
            _drain(sockets)
    finally:
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(sockets, ignore_all=True)
    print("Stopped.", file=sys.stderr, flush=True)
    return 0 if received[0] == signal.SIGTERM else 128 + received[0]


def _listen(app: Flask, settings: Settings, sockets: dict[int, Any]) -> Any:
    # waitress puts every socket into `sockets`, and its own run() is not used: on a signal that one drops the requests
    # that wait for a thread, and what is not yet written.
    try:
        return create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            connection_limit=_connections(),
            channel_timeout=QUIET_SECONDS,
            cleanup_interval=10,
            max_request_header_size=HEADER_LIMIT,
            max_request_body_size=settings.largest_upload + READ_ROOM,
            inbuf_overflow=BODY_IN_MEMORY,
            asyncore_use_poll=True,  # select() ends at 1,024 descriptors
            clear_untrusted_proxy_headers=False,  # nothing believes them; /try refuses whoever comes with one
            ident=None,  # who asks need not know what serves
        )
    except (OSError, ValueError) as error:  # ValueError: a host name that cannot be looked up
        wasyncore.close_all(sockets, ignore_all=True)
        reason = getattr(error, "strerror", None) or "it is not an address of this machine"
        raise CannotListen(
            f"Cannot listen on {settings.host} port {settings.port} ({reason}): choose another with --host or --port."
        ) from error


def _connections() -> int:
    """`CONNECTIONS`, or as many as the system gives descriptors for: out of them, accepting would fail and spin."""
    soft, hard = (
        sys.maxsize if each == resource.RLIM_INFINITY else each for each in resource.getrlimit(resource.RLIMIT_NOFILE)
    )
    wanted = 2 * CONNECTIONS + SPARE_DESCRIPTORS  # a connection, and the temporary file of its large body
    if soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return min(CONNECTIONS, max(1, (soft - SPARE_DESCRIPTORS) // 2))


class _Drips:
    """Closes whoever takes too long over one request. waitress closes only those who are silent."""

    def __init__(self, sockets: dict[int, Any]) -> None:
        self._sockets = sockets
        self._since: dict[int, tuple[object, float]] = {}
        """Descriptor → the request that arrives there, and when it was first seen."""
        self._looked = time.monotonic()

    def look(self) -> None:
        """Once a second at most: there may be thousands to look at."""
        now = time.monotonic()
        if now - self._looked < 1:
            return
        self._looked = now
        arriving = {}
        for number, each in list(self._sockets.items()):
            if not isinstance(each, HTTPChannel) or each.request is None:
                continue
            request, since = self._since.get(number, (None, now))
            if request is not each.request:
                since = now
            elif now - since > ARRIVAL_SECONDS:
                each.handle_close()
                continue
            arriving[number] = each.request, since
        self._since = arriving


def _say(app: Flask, settings: Settings, port: int, *notes: str) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines = [f"Serving on http://{host}:{port} (Ctrl-C stops).", *notes]
    if "try" in app.blueprints:
        lines.append(f"Try the skill at http://{host}:{port}/try.")
    if not settings.skill_id:
        lines.append("/alexa refuses every request: SKILL_ID is not set, so no request can be for this skill.")
    if not settings.verify:
        lines.append("WARNING: VERIFICATION IS OFF. /alexa believes every request from this machine. Development only.")
    print("\n".join(lines), file=sys.stderr, flush=True)


@contextmanager
def _signals(sockets: dict[int, Any]) -> Iterator[list[int]]:
    """A list that holds the first signal once it has come. From then on signals do again what they did before."""
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _: FrameType | None) -> None:
        received.append(number)
        restore()
        for server in _servers(sockets):
            server.pull_trigger()  # wakes the loop: one byte into a pipe, which a signal handler may do

    for number in before:
        signal.signal(number, note)
    try:
        yield received
    finally:
        restore()


def _drain(sockets: dict[int, Any]) -> None:
    """Take no new connection; go round until every begun request is answered and written, or the time is over."""
    for server in _servers(sockets):
        server.accepting = False
        server.socket.close()  # its trigger stays: threads wake the loop through it when an answer is ready
        server.del_channel(sockets)
    end = time.monotonic() + DRAIN_SECONDS
    while any(_is_busy(each) for each in list(sockets.values())) and time.monotonic() < end:
        wasyncore.loop(timeout=0.2, use_poll=True, map=sockets, count=1)


def _servers(sockets: dict[int, Any]) -> list[BaseWSGIServer]:
    return [each for each in list(sockets.values()) if isinstance(each, BaseWSGIServer)]


def _is_busy(each: object) -> bool:
    """A request that is arriving, waiting, worked on, or whose answer is not yet written."""
    return isinstance(each, HTTPChannel) and bool(each.request or each.requests or each.total_outbufs_len)
