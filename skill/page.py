"""The committed page: words → `Page`, in the words of the listener's country."""

import functools
from pathlib import Path
from typing import Any

from skill import reader
from skill.reader import WordsError
from skill.topics import RECURRENCES, TREATMENTS, Country, Page, Term, Topic

__all__ = [
    "RECURRENCES",
    "TREATMENTS",
    "Country",
    "Page",
    "Term",
    "Topic",
    "WordsError",
    "load",
    "load_all",
    "load_nearest",
    "locales",
]

WORDS = Path(__file__).parent / "words" / "en.toml"

PACKED = WORDS.with_suffix(".json")
"""The same words, checked and packed, in the bundle for AWS alone (deploy/package.py writes them)."""

DEFAULT_LOCALE = "en-CA"
"""The page is Canadian."""

ELSEWHERE = "en"
"""The entry for a locale that we don't know: it names no country's numbers."""


@functools.cache
def load(locale: str = DEFAULT_LOCALE) -> Page:
    """The committed page in one of `locales()`. Raises `WordsError`."""
    return reader.parse(_words(), locale, WORDS.name, checked=PACKED.exists())


def load_nearest(locale: str | None) -> Page:
    """The page for a locale, whatever it is: its own, another of the same country ("fr-CA"), or `ELSEWHERE`."""
    if locale in locales():
        return load(locale)
    country = (locale or "").partition("-")[2]
    same = [each for each in locales() if country and each.endswith(f"-{country}")]
    return load(same[0] if same else ELSEWHERE)


def load_all() -> None:
    """Loads the page for every listener, so that no answer waits for it."""
    for each in (*locales(), ELSEWHERE):
        load(each)


@functools.cache
def locales() -> tuple[str, ...]:
    """The locales that the committed words have."""
    return tuple(each for each in _words()["locales"] if each != ELSEWHERE)


@functools.cache
def _words() -> dict[str, Any]:
    return reader.unpack(PACKED.read_text(encoding="utf-8")) if PACKED.exists() else reader.read(WORDS)
