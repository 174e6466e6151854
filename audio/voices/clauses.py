"""Cuts a sentence that is too long for a service, where a reader would breathe. In: text. Out: pieces. Pure.

Each cut is heard as a pause, so there are as few as can be, after punctuation if there is any, else before a word that
starts a clause, else between two words. gTTS's own tokenizer is refused: it cuts at every comma and bracket, needed
or not, and its `abbreviations` step deletes the full stop after "symptoms".
"""

import re
from collections.abc import Sequence

SHORTEST = 12
"""Characters: a piece of one word, "Or,", is said like a sentence of its own."""


def pieces(text: str, limit: int, starts: Sequence[str]) -> tuple[str, ...]:
    """`text` in pieces of at most `limit` characters. `starts`: words that a clause starts with."""
    words = "|".join(map(re.escape, starts))
    # From the best place to breathe to the worst; the latest of a kind, so that fewer follow.
    kinds = (r"(?<=[.?!;:—])\s+", r"(?<=[,)])\s+", rf"\s+(?=(?:{words})\b)" if starts else r"(?!)", r"\s+")
    found = []
    rest = text.strip()
    while len(rest) > limit:
        cut = next(filter(None, (_last(kind, rest, limit) for kind in kinds)), limit)
        found.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return (*found, rest) if rest else tuple(found)


def _last(kind: str, text: str, limit: int) -> int:
    """Where the last boundary of that kind within `limit` is, leaving neither side too short; 0 if there is none."""
    places = (match.start() for match in re.finditer(kind, text, re.IGNORECASE))
    return max((at for at in places if SHORTEST <= at <= limit and len(text) - at > SHORTEST), default=0)
