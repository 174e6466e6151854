"""The simulator in a terminal: `chat` and `ask`. In: lines of text. Out: lines that a screen reader reads well.

Each line stands for itself: who speaks comes first, nothing depends on colour or on where it is on the screen.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO

from skill.simulator.device import Device, Heard
from skill.simulator.explaining import explanation
from skill.simulator.resolver import Resolver
from skill.simulator.words import LONGEST, clean

GUIDE = "Guide: "
YOU = "You: "

BLANK = " \t\r\xa0"
"""What a blank line may hold; `str.isspace` would take control characters for blanks too."""


def read_lines(source: IO[bytes]) -> Iterator[str]:
    """The lines of a byte stream without their line ends; what is not UTF-8 comes as replacement characters."""
    for line in iter(source.readline, b""):
        yield line.decode("utf-8", errors="replace").removesuffix("\n").removesuffix("\r")


def chat(
    device: Device, lines: Iterable[str], resolver: Resolver, *, explaining: bool = False,
    play: Callable[[Heard], None] | None = None,
) -> None:  # fmt: skip
    """A conversation for people: greets at once, then answers line by line. A blank line is let pass.

    play: makes each reply heard too, and does not wait for its end.
    """

    def answer(heard: Heard) -> None:
        show(heard)
        if play:
            play(heard)

    if sys.stdin.isatty():
        say("Type what you would say, and press Enter. Say stop, or press Control and D, to leave.")
    answer(device.launch())
    invite()
    for line in lines:
        if line.strip(BLANK):
            if len(line) > LONGEST:
                say(f"That line is long: I look at its first {LONGEST} characters.")
            if not device.in_session:
                say("A new conversation begins.")
            heard = device.say(line)
            if explaining and heard.understanding:
                for each in explanation(heard.understanding, resolver):
                    say(each)
            answer(heard)
        invite()


def chat_json(device: Device, lines: Iterable[str], explaining: Resolver | None = None) -> None:
    """A conversation for programs: one JSON object a line for each turn, flushed at once.

    explaining: the resolver whose reasons are told on standard error, before each turn.
    """
    for line in lines:
        if not line.strip(BLANK):
            device.hang_up()
            continue
        if not device.in_session:
            put(device.launch())
        heard = device.say(line)
        if explaining and heard.understanding:
            print(*explanation(heard.understanding, explaining), sep="\n", file=sys.stderr, flush=True)
        put(heard)


def put(heard: Heard, more: Mapping[str, object] | None = None) -> None:
    """One turn as a line of JSON, with `more` at its end."""
    turn = {
        "utterance": heard.utterance,
        "intent": heard.intent,
        "slots": heard.slots,
        "topic": heard.topic,
        "speech": heard.speech,
        "reprompt": heard.reprompt,
        "open": heard.open,
        **(more or {}),
    }
    print(json.dumps(turn), flush=True)


def show(heard: Heard) -> None:
    """One reply as plain lines."""
    for line in heard.lines:
        say(GUIDE + line)
    if heard.card:
        say(f"A card was sent to the Alexa app: {heard.card['title']}.")
    if not heard.open:
        say("The conversation has ended.")


def say(line: str) -> None:
    """One line on the screen, at once."""
    print(line, flush=True)


def invite() -> None:
    """Where the next line is typed, when somebody types."""
    if sys.stdin.isatty():
        print(YOU, end="", flush=True)


def usable(utterance: str) -> str | None:
    """Why an utterance given on the command line can't be used, in one sentence; None when it can."""
    if not clean(utterance):
        return "There are no words in what you gave: write an utterance between the quotes."
    if len(utterance) > LONGEST:
        return f"That is {len(utterance)} characters long: give an utterance of at most {LONGEST}."
    return None
