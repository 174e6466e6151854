"""Plays an edition: between the deck (where the listener is), the sink (what is heard) and the typed lines."""

import queue
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from audio.catalogue import Catalogue
from audio.play import deck
from audio.play.deck import State
from audio.play.sinks import Sink
from audio.play.sound import RATE, Pcm, decoded, stretched
from skill.labels import Labels

_TICK = 0.05
"""Seconds between two looks at the sink: shorter than a pause, so that none grows."""

_REWIND = 0.3
"""Seconds gone back when the sound begins anew inside a sentence: a player needs some of them to start."""


@dataclass(slots=True)
class Player:
    """One listener with one edition."""

    catalogue: Catalogue
    labels: Labels
    sink: Sink
    say: Callable[[str], None]
    """Prints a line."""
    state: State = field(default_factory=State)
    _sections: dict[int, Pcm] = field(default_factory=dict)

    def run(self, typed: "queue.Queue[str | None]", *, to_the_end: bool = False) -> None:
        """Plays, and does what is typed, until stop or the end.

        typed: lines as they come; None when no more will. to_the_end: whether to play on after that.
        Raises `CatalogueError` for a recording that can't be read, and `OSError` when the device fails.
        """
        try:
            self._start()
            while not self.state.ended:
                self._tick(typed, to_the_end=to_the_end)
        finally:
            self.sink.stop()

    def _tick(self, typed: "queue.Queue[str | None]", *, to_the_end: bool) -> None:
        try:
            word = typed.get(timeout=_TICK)
        except queue.Empty:
            if self.state.playing and self.sink.played() is None:
                self._take(deck.go_on(self.state, self.catalogue, self.labels))
            return
        if word is not None:
            self._take(deck.act(self._here(), word, self.catalogue, self.labels))
        elif not (to_the_end and self.state.playing):
            self.state = replace(self.state, ended=True)

    def _here(self) -> State:
        """The state with how far into the sentence the sound has got."""
        played = self.sink.played() if self.state.playing else None
        if played is None:
            return self.state
        got_to = self.state.offset + played * self.state.speed / 100 - _REWIND
        return replace(self.state, offset=max(self.state.offset, got_to))

    def _take(self, step: deck.Step) -> None:
        for line in step.say:
            self.say(line)
        if not step.moves:
            return
        self.state = step.state
        if self.state.playing:
            self._start()
        else:
            self.sink.stop()

    def _start(self) -> None:
        """Plays the sentence, and the pause after it, from the place in it."""
        entry, line, end = deck.place(self.state, self.catalogue)
        if self.state.section not in self._sections:
            self._sections = {self.state.section: decoded(self.catalogue.recording(entry))}
        begin = min(line.start + self.state.offset, end)
        samples = self._sections[self.state.section][round(begin * RATE) : round(end * RATE)]
        self.sink.start(stretched(samples, self.state.speed))


def texts(catalogue: Catalogue, sections: Iterable[int]) -> tuple[str, ...]:
    """What the sections say, a blank line before each: for machines without sound."""
    lines: list[str] = []
    for section in sections:
        lines += ["", *(line.text for line in catalogue.entries[section].lines)]
    return tuple(lines)
