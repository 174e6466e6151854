"""Words that a recogniser got wrong, taken back to the model's words that sound like them: "sir jury" is "surgery".

In: the words of the samples, and which follow which. Out: an utterance's tokens, mended. Words are replaced by one that
sounds the same where it fits its neighbours better, as the samples go. So a line in the model's own words stays as it
is, and so does a strange word that nothing fits in place of.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import jellyfish
from rapidfuzz import fuzz

START, END = "<", ">"
"""What stands before the first word of a line and after its last."""

LONGEST_SPAN = 5
"""Words that a recogniser may have made of one: "key mo there a pee"."""

SHORTEST = 4
"""Letters below which a word is not put in place of others."""

FEWEST_SOUNDS = 3
"""Consonants below which two words that sound the same say nothing about one; a word for a word needs one less."""

ALIKE, ALIKE_ALONE = 50, 70
"""Per cent of letters in common from which words that sound the same are taken for each other, two or more for one and
one for one: single words that sound the same abound ("spaces", "hospice")."""

_ONE_SOUND = str.maketrans("0DBJVG", "TTPXFK", "AEIOUHYW")
"""Consonants that are taken for each other in noise (th d t, b p, j sh, v f, g k), and vowels, which don't count."""

_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a mended utterance."""

    meant: str
    said: str
    """The words as they came; the same as `meant` where nothing was mended."""


class Ear:
    """The words of the samples by their sound, and the pairs of neighbours."""

    def __init__(self, words: Iterable[str], pairs: Collection[tuple[str, str]]) -> None:
        self.known = frozenset(words)
        self._pairs = pairs
        self._sounds: dict[str, list[str]] = {}
        for word in sorted(self.known):
            if len(word) >= SHORTEST:
                self._sounds.setdefault(consonants((word,)), []).append(word)

    def mend(self, words: tuple[str, ...]) -> tuple[Word, ...]:
        """The words as they were probably meant."""
        line = (Word(START, ""), *(Word(word, word) for word in words), Word(END, ""))
        while best := max(self._mends(tuple(word.meant for word in line)), default=None):
            _, _, start, end, meant = best
            line = (*line[:start], Word(meant, " ".join(word.said for word in line[start:end])), *line[end:])
        return line[1:-1]

    def _mends(self, line: tuple[str, ...]) -> Iterator[tuple[int, float, int, int, str]]:
        """(how much better it fits, likeness, start, end, word) of each word that fits better than the words there."""
        strange = [word not in self.known for word in line]
        odd = [pair not in self._pairs for pair in pairwise(line)]
        for start in range(1, len(line) - 1):
            for end in range(start + 1, min(len(line) - 1, start + LONGEST_SPAN) + 1):
                if not (any(strange[start:end]) or any(odd[start : end - 1])):
                    continue  # the samples say it so
                alone = end - start == 1
                before = sum(strange[start:end]) + sum(odd[start - 1 : end])
                for word, likeness in self._like(line[start:end]):
                    after = ((line[start - 1], word) not in self._pairs) + ((word, line[end]) not in self._pairs)
                    if after < 2 and before - after >= (1 if alone else 2):
                        yield before - after, likeness, start, end, word

    def _like(self, said: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        """The words that sound the same, and how alike they are in spelling."""
        alone, sounds = len(said) == 1, consonants(said)
        if len(sounds) >= FEWEST_SOUNDS - alone:
            for word in self._sounds.get(sounds, ()):
                if word in said:
                    continue  # to drop the words beside it is no mending
                if (likeness := fuzz.ratio("".join(said), word)) >= (ALIKE_ALONE if alone else ALIKE):
                    yield word, likeness


def consonants(words: Iterable[str]) -> str:
    """What is heard of words run together: their consonants by Metaphone (Philips 1990), no two the same in a row."""
    return _TWICE.sub(r"\1", "".join(map(_consonants, words)))


@lru_cache(maxsize=20_000)
def _consonants(word: str) -> str:
    # Metaphone takes the ch of "chemo" for that of "cheese".
    return str(jellyfish.metaphone(word.replace("'", "").replace("chem", "kem"))).translate(_ONE_SOUND)
