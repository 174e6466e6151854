"""AWS Lambda's Runtime API on loopback: hands out events one by one, and keeps what the function answers.

Amazon's own runtime client (awslambdaric) asks it, as on AWS: GET …/invocation/next, then POST …/{id}/response or
…/{id}/error; …/init/error when the function can't even be imported.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PATIENCE = 60  # seconds until a runtime that hangs fails the test; nothing is measured by it


@dataclass
class RuntimeApi:
    """Serves `events`. `answers` has one (kind, JSON) for each: ("response", …) or ("error", …)."""

    events: Sequence[object]
    answers: list[tuple[str, Any]] = field(default_factory=list)
    broken: list[Any] = field(default_factory=list)
    """What the runtime told of a function that could not start."""

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: in two, the second waits 40 ms for the first's receipt

            def do_GET(self) -> None:
                outer._hand_out(self)

            def do_POST(self) -> None:
                outer._take_in(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def wait(self) -> None:
        """Until every event is answered, or the function could not start."""
        assert self._over.wait(PATIENCE), f"{len(self.answers)} of {len(self.events)} were answered"

    def _hand_out(self, handler: BaseHTTPRequestHandler) -> None:
        number = len(self.answers)
        if number == len(self.events):
            self._closing.wait(PATIENCE)  # as AWS does: it answers when there is an event, and here will be none
            handler.close_connection = True
            return
        body = json.dumps(self.events[number]).encode()
        handler.send_response(200)
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": f"request-{number}",
            "Lambda-Runtime-Deadline-Ms": "9999999999999",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:skill:live",
            # Without these three awslambdaric ends with a segmentation fault.
            "Lambda-Runtime-Trace-Id": "Root=1-0-0",
            "Lambda-Runtime-Client-Context": "{}",
            "Lambda-Runtime-Cognito-Identity": "{}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def _take_in(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers.get("Content-Length", "0"))
        told = json.loads(handler.rfile.read(size) if size else _chunks(handler))
        kind = handler.path.rsplit("/", 1)[1]
        handler.send_response(202)
        handler.send_header("Content-Length", "0")
        if "/init/" in handler.path:
            self.broken.append(told)
            self._over.set()
        else:
            assert handler.path.endswith(f"/invocation/request-{len(self.answers)}/{kind}"), handler.path
            self.answers.append((kind, told))
        handler.end_headers()
        if len(self.answers) == len(self.events):
            self._over.set()


def _chunks(handler: BaseHTTPRequestHandler) -> bytes:
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return body
