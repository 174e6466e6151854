"""How far a build has come: one line that is rewritten in a terminal, plain lines now and then elsewhere.

In: counts. Out: text on a stream. Plain lines also where the terminal calls itself dumb, as a screen reader's user sets
it: a line that is rewritten many times is read many times.
"""

import os
from typing import TextIO

WIDTH = 30

STEPS = 4
"""Plain lines in all."""


class Bar:
    """Progress of one voice after another on `stream`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._redraws = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._told = 0
        self._open = False

    def __call__(self, done: int, total: int, text: str) -> None:
        """Shows that `done` of `total` lines are spoken and `text` is next."""
        if self._redraws:
            filled = WIDTH * done // max(1, total)
            self._stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done} of {total}  {text[:30]:30}")
            self._stream.flush()
            self._open = True
            if done == total:
                self.end()
        elif done * STEPS // max(1, total) != self._told:
            self._told = done * STEPS // max(1, total)
            if done:
                print(f"{done} of {total} lines spoken.", file=self._stream, flush=True)

    def say(self, sentence: str) -> None:
        """A sentence on a line of its own."""
        self.end()
        print(sentence, file=self._stream, flush=True)

    def end(self) -> None:
        """Leaves the rewritten line."""
        if self._open:
            print(file=self._stream, flush=True)
            self._open = False
