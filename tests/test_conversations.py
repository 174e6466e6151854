"""Conversations, one a file: what is asked, turn by turn, and what must be heard. Adding one needs no Python.

A file of `conversations/` has `about` (what it shows), optionally `locale` or `locales`, and `[[turn]]`s:

    asks        an intent, or LaunchRequest; a turn after a closed session opens a new one
    slots       slot = "id"; "?word" is a word that entity resolution did not match
    hears       regular expressions (any case), each found in the plain speech; not_hears: none of them is
    topic       a topic id, or "none"
    open        whether the microphone is open
    reprompt    regular expressions found in the reprompt
    card        regular expressions found in the card's title and text; false: no card
    rate        the speech rate, per cent
    hang_up     true: before this turn the listener was silent and the session ended
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from lambda_client import LOCALES, Device, Heard

FOLDER = Path(__file__).parent / "conversations"
CONVERSATIONS = sorted(FOLDER.glob("*.toml"))

TURN_KEYS = {"asks", "slots", "hears", "not_hears", "topic", "open", "reprompt", "card", "rate", "hang_up"}
JUDGED = TURN_KEYS - {"asks", "slots", "hang_up"}


def _cases() -> list[Any]:
    cases = []
    for file in CONVERSATIONS:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        locales = told.get("locales", [told.get("locale", "en-CA")])
        cases += [pytest.param(told, locale, id=f"{file.stem}-{locale}") for locale in locales]
    return cases


def test_the_folder_is_not_empty() -> None:
    assert len(CONVERSATIONS) >= 45


@pytest.mark.parametrize("file", CONVERSATIONS, ids=lambda file: file.stem)
def test_the_file_says_what_it_shows(file: Path) -> None:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    assert told.keys() <= {"about", "locale", "locales", "turn"}
    assert told["about"].endswith(".")
    assert set(told.get("locales", [])) <= set(LOCALES) | {"fr-CA", "en-NZ", "es-US"}
    assert told["turn"], "a conversation has turns"
    for turn in told["turn"]:
        assert turn.keys() <= TURN_KEYS
    assert told["turn"][-1].keys() & JUDGED, "the last turn expects nothing"


@pytest.mark.parametrize(("told", "locale"), _cases())
def test_conversation(told: dict[str, Any], locale: str) -> None:
    device = Device(locale)
    for number, turn in enumerate(told["turn"], start=1):
        if turn.get("hang_up"):
            device.hang_up()
        heard = device.ask(turn["asks"], **turn.get("slots", {}))
        _judge(turn, heard, f"turn {number}, {turn['asks']}")


def _judge(turn: dict[str, Any], heard: Heard, where: str) -> None:
    for pattern in turn.get("hears", []):
        assert _found(pattern, heard.speech), f"{where}: {pattern!r} is not in {heard.speech!r}"
    for pattern in turn.get("not_hears", []):
        assert not _found(pattern, heard.speech), f"{where}: {pattern!r} is in {heard.speech!r}"
    if "topic" in turn:
        assert (heard.topic or "none") == turn["topic"], f"{where}: {heard.speech!r}"
    if "open" in turn:
        assert heard.open is turn["open"], where
    for pattern in turn.get("reprompt", []):
        assert _found(pattern, heard.reprompt), f"{where}: {pattern!r} is not in {heard.reprompt!r}"
    if "rate" in turn:
        rate = re.search(r'rate="(\d+)%"', heard.ssml)
        assert int(rate[1] if rate else 100) == turn["rate"], where
    if turn.get("card") is False:
        assert heard.card is None, where
    for pattern in turn.get("card") or []:
        assert heard.card is not None, f"{where}: no card"
        assert _found(pattern, heard.card), f"{where}: {pattern!r} is not on the card {heard.card!r}"
    # What holds for every turn, so that no file needs to say it.
    assert bool(heard.reprompt) is heard.open, f"{where}: an open session asks again, a closed one does not"
    assert heard.speech.endswith("?") is heard.open, f"{where}: it asks just when it is open: {heard.speech!r}"


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
