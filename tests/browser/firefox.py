"""Debian's own Firefox, driven by WebDriver BiDi: playwright drives only a Firefox that it brings itself."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

WAIT = 30


class Tab:
    """The one tab of a Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.number = 0
        self.call("session.new", capabilities={})
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> Any:
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv(WAIT))
            if answer.get("id") == self.number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def goto(self, url: str) -> None:
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """A string, a number or a truth value; anything else comes back as JSON would have it, if the page says so."""
        target = {"context": self.context}
        found = self.call(
            "script.evaluate", expression=expression, target=target, awaitPromise=True, userActivation=True
        )
        assert found["type"] == "success", found
        return found["result"].get("value")


@contextmanager
def tab(program: str, profile: Path) -> Iterator[Tab]:
    """Firefox without a window, in a profile of its own."""
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    environment = {**os.environ, "HOME": str(profile)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            found = (re.search(r"BiDi listening on (ws://\S+)", line) for line in process.stderr)
            address = next(filter(None, found))[1]
            with connect(f"{address}/session", max_size=None) as socket:
                yield Tab(socket)
        finally:
            process.terminate()
