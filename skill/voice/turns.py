"""One recording at a time: a recogniser that many may ask, of whom a few wait and the rest are told to come back.

In: recordings from any thread. Out: their words, or `TooBusy`. The recogniser starts when somebody first speaks.
"""

import threading
from collections.abc import Callable

from skill.voice import Recogniser, Samples, TooBusy, recogniser

WAITING = 4
"""Recordings that may wait while one is heard: at half a second each, the last waits two seconds."""


class InTurn:
    """A `Recogniser` for many threads."""

    def __init__(self, start: Callable[[], Recogniser] = recogniser, waiting: int = WAITING) -> None:
        self._start = start
        self._started: Recogniser | None = None
        self._places = threading.BoundedSemaphore(1 + waiting)
        self._turn = threading.Lock()

    def hear(self, samples: Samples) -> str:
        """As `Recogniser.hear`; waits for its turn. Raises `TooBusy` when too many wait already."""
        if not self._places.acquire(blocking=False):
            raise TooBusy("Too many recordings wait to be recognised: try again in a few seconds.")
        try:
            with self._turn:
                if self._started is None:
                    self._started = self._start()
                return self._started.hear(samples)
        finally:
            self._places.release()
