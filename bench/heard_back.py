"""The edition heard back: how many words of it a recogniser gets wrong. In: an edition. Out: errors and words a topic.

Each section's MP3 is heard twice: whole, as a listener hears it; and sentence by sentence, cut by the times in the
index, so that a wrong time or a clipped start counts too (and the recogniser has less to go by). Counted is the usual
word error rate: words replaced, left out and put in, over words in the text.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from audio.catalogue import Catalogue
from audio.play.sound import RATE as EDITION_RATE
from audio.play.sound import decoded
from audio.sound import Sound, resampled
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


class Topic(NamedTuple):
    """One section, heard back."""

    title: str
    words: int
    whole: int
    """Errors when it is heard whole."""
    cut: int
    """Errors when it is heard sentence by sentence."""


def topics(edition: Catalogue, hears: Recogniser) -> Iterator[Topic]:
    """Each section of an edition, heard back."""

    def wrong(words: Sequence[str], samples: Sound) -> int:
        return errors(words, normalised(hears.hear(resampled(samples, EDITION_RATE, RATE))))

    for entry in edition.entries:
        samples = decoded(edition.recording(entry)).astype(np.float32) / 2**15
        lines = [normalised(line.text) for line in entry.lines]
        clips = [samples[round(line.start * EDITION_RATE) : round(line.end * EDITION_RATE)] for line in entry.lines]
        whole = list(itertools.chain.from_iterable(lines))
        yield Topic(entry.title, len(whole), wrong(whole, samples), sum(map(wrong, lines, clips)))
