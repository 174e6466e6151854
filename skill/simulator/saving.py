"""A conversation → a file of `tests/conversations`, which runs as it is. In: turns. Out: TOML.

That format works with intents, so that a test does not change when samples do; the words that were said stand beside
them as a comment.
"""

import datetime
import json
import re
from collections.abc import Iterator, Sequence

from skill import speech
from skill.page import DEFAULT_LOCALE
from skill.simulator.device import Heard
from skill.simulator.words import clean

_SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")


def as_test(turns: Sequence[Heard], locale: str) -> str:
    """The conversation as a test: what each turn asked, and of its answer the first sentence, the topic, the end."""
    today = datetime.date.today().isoformat()
    lines = [f'about = "A conversation of {today}: write here what it shows."']
    if locale != DEFAULT_LOCALE:
        lines.append(f"locale = {_text(locale)}")
    for turn in turns:
        lines += ["", *_turn(turn)]
    return "\n".join(lines) + "\n"


def _turn(heard: Heard) -> Iterator[str]:
    said = clean(heard.utterance or "")
    yield f"[[turn]] # said: {said}" if said else "[[turn]]"
    yield f"asks = {_text(heard.intent)}"
    filled = heard.understanding.slots.items() if heard.understanding else ()
    slots = [f"{name} = {_text(slot.id or '?' + slot.heard)}" for name, slot in filled if slot]
    if slots:
        yield f"slots = {{ {', '.join(slots)} }}"
    yield f"topic = {_text(heard.topic or 'none')}"
    yield f"open = {'true' if heard.open else 'false'}"
    first = next(iter(speech.sentences(heard.speech)), "")
    pattern = _SPECIAL.sub(r"\\\1", first)
    yield f"hears = [{_text(pattern)}]"


def _text(text: str) -> str:
    """A TOML string; literal where that spares escapes."""
    if "\\" in text and "'" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
