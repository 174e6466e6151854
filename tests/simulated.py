"""`python -m skill` as a program of its own, and the simulator's parts, for the tests."""

import functools
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import lambda_function
from skill.simulator import guess
from skill.simulator.device import Device
from skill.simulator.model import committed
from skill.simulator.resolver import Resolver

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
LOCALES = ("en-CA", "en-US", "en-GB", "en-AU", "en-IN")

KEYS = ("utterance", "intent", "slots", "topic", "speech", "reprompt", "open")
"""The keys of a turn of `chat --json`."""

PATIENCE = 60  # seconds until a hung program fails the test; nothing is measured by it

Json = dict[str, Any]


LEARN = (
    "import sys; from skill.simulator import model, resolver; resolver.Resolver(model.committed(sys.argv[1])).learned"
)


@functools.cache
def resolver(locale: str = "en-CA") -> Resolver:
    """The resolver of a committed model; it learns at most once in a run."""
    model = committed(locale)
    if not guess.is_kept(model):
        # By a program of its own: to count the lines of its code while it learns would take it three times as long.
        uncounted = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        subprocess.run([sys.executable, "-c", LEARN, locale], cwd=ROOT, env=uncounted, check=True)
    return Resolver(model)


def device(locale: str = "en-CA") -> Device:
    """An Echo that calls the Lambda entry."""
    return Device(resolver(locale), lambda_function.lambda_handler, locale)


def environment(**changed: str) -> dict[str, str]:
    """Ours, without what would change how Python writes, and with `changed`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONUNBUFFERED", "PYTHONIOENCODING")}
    return kept | {"SKILL_ID": ""} | changed


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "skill", *arguments]


def _learn_for(arguments: tuple[str, ...], changed: dict[str, str]) -> None:
    """Has the locale's model learned before a program needs it, so that it says nothing of learning."""
    if "XDG_CACHE_HOME" not in changed:
        resolver(arguments[arguments.index("--locale") + 1] if "--locale" in arguments else "en-CA")


def run(*arguments: str, given: bytes = b"", **changed: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m skill …` with `given` as its standard input, to its end."""
    _learn_for(arguments, changed)
    return subprocess.run(
        command(*arguments), input=given, capture_output=True, cwd=ROOT, env=environment(**changed), timeout=PATIENCE
    )


def turns(output: bytes) -> list[Json]:
    """The turns of `chat --json`, each checked for its keys and their types."""
    assert output == b"" or output.endswith(b"\n")
    return [turn(line) for line in output.splitlines()]


def turn(line: bytes) -> Json:
    """One checked turn."""
    read: Json = json.loads(line.decode("utf-8"))
    assert tuple(read) == KEYS
    assert isinstance(read["intent"], str)
    assert isinstance(read["speech"], str)
    assert read["speech"], "a turn without a word"
    assert isinstance(read["open"], bool)
    assert isinstance(read["slots"], dict)
    assert all(isinstance(name, str) and (value is None or isinstance(value, str)) for name, value in
               read["slots"].items())  # fmt: skip
    for name in ("utterance", "topic", "reprompt"):
        assert read[name] is None or isinstance(read[name], str)
    if read["utterance"] is None:
        assert (read["intent"], read["slots"], read["open"]) == ("LaunchRequest", {}, True)
    assert read["open"] is (read["reprompt"] is not None), "an open microphone asks again, a closed one does not"
    for spoken in (read["speech"], read["reprompt"] or ""):
        assert "<" not in spoken
        assert "“" not in spoken
        assert spoken.isprintable()
    return read


def _hear_control_and_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background are started deaf to it


class Program:
    """A running `python -m skill …`, whose output is read as it comes."""

    def __init__(self, *arguments: str) -> None:
        _learn_for(arguments, {})
        self.process = subprocess.Popen(
            command(*arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
            env=environment(), preexec_fn=_hear_control_and_c,
        )  # fmt: skip
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def write(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def read_line(self) -> bytes:
        """The next line; fails when none comes."""
        assert self.process.stdout
        until = time.monotonic() + PATIENCE
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"no line came; so far: {self._unread!r}"
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, f"the output ended; so far: {self._unread!r}"
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def ends(self) -> tuple[int, bytes, bytes]:
        """Closes its input; its exit status, the rest of its output, and its standard error."""
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, self._unread + output, errors
