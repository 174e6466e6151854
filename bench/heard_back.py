"""The edition heard back: how many words of it a recogniser gets wrong. In: an edition. Out: errors and words a topic.

Each sentence is cut out of its section's MP3 by the times in the index and heard by itself, so that a wrong time, a
clipped start and a swallowed word all count. Counted is the usual word error rate: words replaced, left out and put
in, over words in the text.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from audio.catalogue import Catalogue
from audio.play.sound import RATE as EDITION_RATE
from audio.play.sound import decoded
from audio.sound import resampled
from skill.voice import RATE, Recogniser

SPELLINGS = {"tumour": "tumor", "tumours": "tumors", "health care": "healthcare", "any more": "anymore"}
"""One word, two spellings: the text's and the recogniser's sound the same and mean the same."""

_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")


def normalised(text: str) -> list[str]:
    """The words of `text`: no case, no signs, a hyphen as a space, "23rd" as "23", and one of two spellings.

    Nothing else is forgiven: a word that sounds the same and is another ("societies" for "Society's") is an error.
    """
    plain = _ORDINAL.sub(r"\1", text.lower().replace("’", "'").replace("'", ""))
    joined = " ".join(re.findall(r"[a-z0-9]+", plain))
    for one, other in SPELLINGS.items():
        joined = re.sub(rf"\b{one}\b", other, joined)
    return joined.split()


def errors(wanted: Sequence[str], got: Sequence[str]) -> int:
    """The fewest words to replace, leave out or put in to make one of the other (Levenshtein)."""
    row = list(range(len(got) + 1))
    for number, word in enumerate(wanted, 1):
        corner, row[0] = row[0], number
        for column, other in enumerate(got, 1):
            corner, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, corner + (word != other))
    return row[-1]


def topics(edition: Catalogue, hears: Recogniser) -> Iterator[tuple[str, int, int]]:
    """Each section's title, its errors and its words."""
    for entry in edition.entries:
        samples = decoded(edition.recording(entry)).astype(np.float32) / 2**15
        wrong = count = 0
        for line in entry.lines:
            clip = samples[round(line.start * EDITION_RATE) : round(line.end * EDITION_RATE)]
            words = normalised(line.text)
            wrong += errors(words, normalised(hears.hear(resampled(clip, EDITION_RATE, RATE))))
            count += len(words)
        yield entry.title, wrong, count
