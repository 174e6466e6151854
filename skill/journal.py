"""The log: one JSON line a request, and nothing of what was said or by whom.

In: the envelope of a request and how it ended. Out: a record of `logging`, and the formatter that makes it a line:

    {"at": "2026-11-23T10:00:00.123Z", "level": "INFO", "message": "alexa answered", "id": "5f3a…", "type":
     "IntentRequest", "intent": "TopicIntent", "locale": "en-CA", "ms": 0.3, "cold": false}

A type, an intent or a locale that we don't know is logged as "other": a made-up one could hold words. `start` writes
the lines to standard error; where nobody calls it (`chat`) there are none. The id is made up here, for this line.
"""

import json
import logging
import os
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath
from typing import Any

from skill import dialogue, page

log = logging.getLogger(__name__)

KINDS = ("LaunchRequest", "IntentRequest", "SessionEndedRequest")

FAMILIES = ("System", "AlexaSkillEvent", "AudioPlayer", "PlaybackController", "Display", "Alexa.Presentation.APL")
"""Of the requests of these families the log names the family alone."""

OTHER = "other"

_LOCALE = re.compile(r"[a-z]{2}-[A-Z]{2}")

_cold = True


class Entry:
    """One request while it is answered. `outcome` is ours: never anything taken from the request."""

    def __init__(self) -> None:
        self.outcome = "answered"
        self.level = logging.INFO
        self._told: dict[str, Any] = {}
        self._start = time.perf_counter()

    def read(self, envelope: Any) -> None:
        """Takes from the envelope what may be logged."""
        request = getattr(envelope, "request", None)
        told = getattr(request, "locale", None)
        locale = told if isinstance(told, str) else None
        self._told = {"type": _kind(getattr(request, "object_type", None))}
        if self._told["type"] == "IntentRequest":
            self._told["intent"] = _intent(getattr(getattr(request, "intent", None), "name", None), locale)
        if locale is not None:
            self._told["locale"] = locale if _LOCALE.fullmatch(locale) else OTHER

    def ended(self, outcome: str, level: int = logging.ERROR) -> None:
        """It ended otherwise than with an answer."""
        self.outcome, self.level = outcome, level

    def write(self, to: logging.Logger) -> None:
        """The line."""
        global _cold
        cold, _cold = _cold, False
        if to.isEnabledFor(self.level):
            ms = round((time.perf_counter() - self._start) * 1000, 1)
            told = {"id": os.urandom(8).hex(), **self._told, "ms": ms, "cold": cold}
            to.log(self.level, "alexa %s", self.outcome, extra={"told": told})


_current: ContextVar[Entry | None] = ContextVar("entry", default=None)


@contextmanager
def entry(to: logging.Logger = log) -> Iterator[Entry]:
    """The entry of one request, written to `to` when the request is done, however it is done."""
    begun = Entry()
    token = _current.set(begun)
    try:
        yield begun
    except Exception as error:
        if begun.level == logging.INFO:
            begun.ended(f"failed: {place(error)}")
        raise
    finally:
        _current.reset(token)
        begun.write(to)


def apologised(error: Exception) -> None:
    """Tells the entry of the request at hand that the listener heard an apology."""
    now = _current.get()
    if now is not None:
        now.ended(f"apologised: {place(error)}")


def place(error: BaseException | None) -> str:
    """An exception as "ValueError at dialogue.py:42". Never its message, which can quote the request."""
    if error is None:
        return "unknown"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


class JsonLines(logging.Formatter):
    """A record as one line of JSON; of an exception, its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "at": f"{at}.{int(record.msecs):03}Z", "level": record.levelname, "message": record.getMessage(),
            **getattr(record, "told", {}),
        }  # fmt: skip
        if record.exc_info:
            line["error"] = place(record.exc_info[1])
        return json.dumps(line)


def start() -> None:
    """Writes the log of the whole skill to standard error from now on, and nowhere else."""
    ours = logging.getLogger("skill")
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # looked up for no line of ours
    if not any(isinstance(each.formatter, JsonLines) for each in ours.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False  # Lambda's own handler would write every line once more, with its request id


def _kind(told: object) -> str:
    if told in KINDS:
        return str(told)
    return next((family for family in FAMILIES if str(told).startswith(f"{family}.")), OTHER)


def _intent(told: object, locale: str | None) -> str:
    # The page that the answer needs anyway: another would be one more to load at a cold start.
    known = isinstance(told, str) and (told in dialogue.ANSWERS or page.load_nearest(locale).of_intent(told))
    return str(told) if known else OTHER
