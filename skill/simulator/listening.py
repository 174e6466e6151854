"""Push to talk in a terminal: Enter starts a recording, Enter ends it. In: typed lines. Out: typed and spoken lines."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from skill.simulator.terminal import BLANK, say
from skill.voice import HearingError, Recogniser, Samples


class Recorder(Protocol):
    """A microphone."""

    def start(self) -> None:
        """Begins to record. Raises `HearingError`."""

    def stop(self) -> Samples:
        """What was recorded. Raises `HearingError`."""


def listen(lines: Iterable[str], recorder: Recorder, recogniser: Recogniser) -> Iterator[str]:
    """The lines as they are typed, and in the place of each empty one the words that are then said."""
    say("Press Enter, speak, and press Enter again. Or type. Nothing that you say is kept.")
    typed = iter(lines)
    for line in typed:
        if line.strip(BLANK):
            yield line
            continue
        try:
            recorder.start()
            say("Listening. Press Enter when you have spoken.")
            next(typed, "")
            heard = recogniser.hear(recorder.stop())
        except HearingError as error:
            say(str(error))
            continue
        say(f"Heard: {heard}" if heard else "Heard no words. Press Enter to try again, or type.")
        if heard:
            yield heard
