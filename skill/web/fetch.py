"""Fetch a certificate chain from Amazon's store: one host, one GET, no redirect, little time, few bytes.

In: a path from `chain_url`. Out: the bytes of the file; or `Refused("certificate fetch")`.

`http.client` does no more than this and needs nothing installed. It follows no redirect and no proxy variable of the
environment. `requests` was refused: redirects, proxies, .netrc and content decoding would all have to be switched off.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from threading import Event, Timer

import certifi

from skill.web.chain_url import HOST
from skill.web.errors import Refused

LARGEST = 32 * 1024
"""Largest chain, in bytes; a real one has four certificates and about 6 KiB."""
STEP_SECONDS = 2.0
"""Longest wait for a connection or for the next bytes."""
TOTAL_SECONDS = 3.0
"""Longest conversation once connected. Amazon waits about 8 s for the answer, and the skill needs its share."""

Dial = Callable[[str, int, float], socket.socket]


def dial(host: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to `host`. Raises OSError."""
    return socket.create_connection((host, port), timeout)


def _public_roots() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


class Fetcher:
    """Fetches from Amazon's store. Tests give another `dial` (host name → socket) and other TLS roots; which name the
    server must prove over TLS stays s3.amazonaws.com in every case."""

    def __init__(
        self,
        dial: Dial = dial,
        tls: ssl.SSLContext | None = None,
        step_seconds: float = STEP_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._dial = dial
        self._tls = tls or _public_roots()
        self._step = step_seconds
        self._total = total_seconds

    def __call__(self, path: str) -> bytes:
        """The file at `path`. Raises `Refused` for every fault of the network, of TLS and of the answer."""
        try:
            return self._get(path)
        except (OSError, HTTPException, ValueError) as error:  # ssl.SSLError is an OSError
            raise Refused("certificate fetch") from error

    def _get(self, path: str) -> bytes:
        raw = self._dial(HOST, 443, self._step)
        try:
            tls = self._tls.wrap_socket(raw, server_hostname=HOST, do_handshake_on_connect=False)
        except BaseException:
            raw.close()
            raise
        # A time-out per step does not bound a server that sends one byte at a time, so a watchdog cuts the line. It
        # cuts the TCP socket below TLS: SSLSocket.shutdown would take the TLS state away under the reader's hands.
        late = Event()
        watchdog = Timer(self._total, _cut, (tls, late))
        watchdog.daemon = True
        connection = HTTPSConnection(HOST, timeout=self._step, context=self._tls)
        connection.sock = tls  # already connected: HTTPSConnection opens nothing by itself
        try:
            watchdog.start()
            tls.do_handshake()
            connection.request("GET", path, headers={"Accept-Encoding": "identity", "Connection": "close"})
            with connection.getresponse() as answer:
                if answer.status != 200:  # a redirect too: it is not followed
                    raise Refused("certificate fetch")
                data = answer.read(LARGEST + 1)
        finally:
            watchdog.cancel()
            connection.close()
        if late.is_set() or len(data) > LARGEST:
            raise Refused("certificate fetch")
        return data


def _cut(tls: ssl.SSLSocket, late: Event) -> None:
    late.set()
    with suppress(OSError):  # it has ended by itself
        socket.socket.shutdown(tls, socket.SHUT_RDWR)
