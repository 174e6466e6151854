"""The committed page: words → `Page`, in the words of the listener's country."""

import functools
from pathlib import Path
from typing import Any

from skill import reader
from skill.reader import WordsError
from skill.topics import RECURRENCES, TREATMENTS, Country, EditionWords, Page, Term, Topic

__all__ = [
    "RECURRENCES",
    "TREATMENTS",
    "Country",
    "EditionWords",
    "Page",
    "Term",
    "Topic",
    "WordsError",
    "load",
    "load_nearest",
    "locales",
]

WORDS = Path(__file__).parent / "words" / "en.toml"

DEFAULT_LOCALE = "en-CA"
"""The page is Canadian."""

ELSEWHERE = "en"
"""The entry for a locale that we don't know: it names no country's numbers."""


@functools.cache
def load(locale: str = DEFAULT_LOCALE) -> Page:
    """The committed page in one of `locales()`. Raises `WordsError`."""
    return reader.parse(_words(), locale, WORDS.name)


def load_nearest(locale: str | None) -> Page:
    """The page for a locale, whatever it is: its own, another of the same country ("fr-CA"), or `ELSEWHERE`."""
    country = (locale or "").partition("-")[2]
    same = [each for each in locales() if each == locale or (country and each.endswith(f"-{country}"))]
    return load(same[0] if same else ELSEWHERE)


def locales() -> tuple[str, ...]:
    """The locales that the committed words have."""
    return tuple(each for each in _words()["locales"] if each != ELSEWHERE)


@functools.cache
def _words() -> dict[str, Any]:
    return reader.read(WORDS)
