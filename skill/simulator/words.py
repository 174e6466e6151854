"""An utterance as a recogniser would give it: cleaned, lower case, no punctuation, numbers in words; and its stems."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

LONGEST = 500
"""Characters of an utterance that are looked at: Alexa cuts a turn after some seconds of speech."""

_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode categories of what nobody can say: controls, formats, surrogates, private use, separators."""

_SPLIT_LETTERS = re.compile(r"\b([a-z])\. ?(?=[a-z]\b)")
_NOT_WORDS = re.compile(r"[^\w' ]+|_")
_LONE_APOSTROPHES = re.compile(r"(?<!\w)'+|'+(?!\w)")
_STEMMER = snowballstemmer.stemmer("english")


def clean(text: str) -> str:
    """`text` as one line of at most `LONGEST` characters, without control characters."""
    visible = "".join(" " if unicodedata.category(each) in _INVISIBLE else each for each in text)
    return " ".join(visible[: 4 * LONGEST].split())[:LONGEST]


def tokens(text: str) -> tuple[str, ...]:
    """The words of an utterance. "Stage IV, Dr.?" → ("stage", "iv", "dr"); "911" → ("nine", "one", "one")."""
    lowered = clean(text).lower().replace("’", "'").replace("‘", "'")
    spaced = _LONE_APOSTROPHES.sub(" ", _NOT_WORDS.sub(" ", _SPLIT_LETTERS.sub(r"\1 ", lowered)))
    return tuple(said for word in spaced.split() for said in _number(word))


def _number(word: str) -> tuple[str, ...]:
    """A number up to twelve in one word, a longer one digit by digit, as people say 911 or 000."""
    if not (word.isascii() and word.isdigit()):
        return (word,)
    if word == str(int(word)) and int(word) < len(_NUMBERS):
        return (_NUMBERS[int(word)],)
    return tuple(_NUMBERS[int(digit)] for digit in word)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of an English word, by Snowball: "operations" and "operation" share one."""
    return str(_STEMMER.stemWord(word))


def stems(words: tuple[str, ...]) -> tuple[str, ...]:
    """The stems of words."""
    return tuple(map(stem, words))
