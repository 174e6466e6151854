"""Replies heard beside a conversation in a terminal. In: what each reply says. Out: sound, or once a sentence why not.

A reply plays while the next line is typed, and falls silent when that comes: the listener may always cut in.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from audio.aloud import VOICE, Aloud
from audio.catalogue import CatalogueError
from audio.play import sinks
from audio.play.sinks import Sink
from audio.voices.engine import VoiceError

_TICK = 0.05
"""Seconds between two looks at the sink."""


class Replies:
    """Plays one reply after another; once it can't, it says so and is silent from then on.

    cut_in: whether the next line ends a reply (somebody types), or waits for its end (lines come from a file).
    """

    def __init__(self, aloud: Aloud, say: Callable[[str], None], *, cut_in: bool) -> None:
        self._aloud, self._say, self._cut_in = aloud, say, cut_in
        self._sink: Sink | None = sinks.find()
        if self._sink is None:
            say("This machine has no sound device that can be used. You can read the replies.")
        elif aloud.reader != VOICE:
            say(f"Sections are read by the audio edition's voice, {aloud.reader}; the rest by another, {VOICE}.")

    def play(self, lines: Sequence[str], *, topic: str | None, rate: int) -> None:
        """Begins to play a reply."""
        if self._sink is None:
            return
        try:
            self._sink.start(self._aloud.say(lines, topic=topic, rate=rate))
        except (OSError, CatalogueError, VoiceError) as error:
            self._sink = None
            self._say(f"Replies can't be played ({error}). You can read them.")

    def after_each(self, lines: Iterable[str]) -> Iterator[str]:
        """`lines`, each taken when the reply before it has been heard, or has been cut short by it."""
        for line in lines:
            self._end(wait=not self._cut_in)
            yield line
        self._end(wait=not self._cut_in)

    def _end(self, *, wait: bool) -> None:
        if self._sink:
            while wait and self._sink.played() is not None:
                time.sleep(_TICK)
            self._sink.stop()
