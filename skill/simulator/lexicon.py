"""Which words of an utterance say a slot's value: exactly, by their stems, by close spelling, or by their sound.

In: a model's slot types and an utterance's tokens. Out: `Match`es. Spelling and sound are looked at only around a word
that the whole model never uses, or for a slot that is known to be wanted: tried on every word they find values where
none was said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import jellyfish
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from skill.simulator.model import Model
from skill.simulator.words import stems, tokens

FUNCTION_WORDS = frozenset(
    "a an the my his her their our your this that some any more again of in on at to for with by".split()
)
"""Words that carry no value of their own: "in her lung" and "the lungs" say the same place."""

NEGATIONS = frozenset("not isn't wasn't hasn't haven't aren't never no without".split())
"""Words after which a value is said not to be so: "not in the same place, in my lung"."""

CLOSE = 0.9
"""Jaro-Winkler likeness from which a spelling counts as the same word: "radeation", but not "location"."""

SHORTEST_CLOSE = 6
"""Letters below which likeness of spelling says nothing."""

SHORTEST_HEARD = 5
"""Letters of a word, or of the words taken for it, below which likeness of sound says nothing."""

SHORTEST_SOUND = 3
"""Letters of Metaphone below which likeness of sound says nothing: "local" is LKL."""

LONGEST_SPAN = 5
"""Words that a recogniser may have made of one: "key mo there a pee"."""


@dataclass(frozen=True, slots=True)
class Match:
    """Words that say a value."""

    start: int
    end: int
    """The tokens from `start` up to, but not with, `end`."""
    type: str
    id: str
    how: str
    """`exact`, `stem`, `spelling` or `sound`."""


class Lexicon:
    """Every form of every value of a model's slot types, ready to be found in utterances."""

    def __init__(self, model: Model) -> None:
        self._exact: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._stems: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._joined: dict[str, dict[str, str]] = {}
        self._sounds: dict[str, dict[str, str]] = {}
        for type_, values in model.types.items():
            for value in values:
                for form in value.forms:
                    self._add(type_, value.id, tokens(form))
        self.longest = max(map(len, self._exact), default=0)
        samples = (sample for intent in model.intents for sample in intent.samples)
        texts = [*map(tokens, samples), *self._exact]
        self._known = {word for text in texts for word in text}
        self._pairs = {pair for text in texts for pair in pairwise(text)}

    def _add(self, type_: str, value_id: str, words: tuple[str, ...]) -> None:
        if not words:
            return
        self._exact.setdefault(words, []).append((type_, value_id))
        kept = content(stems(words))
        for key in {stems(words), kept} - {()}:
            entries = self._stems.setdefault(key, [])
            if type_ not in dict(entries):
                entries.append((type_, value_id))
        joined = "".join(words)
        if len(words) <= 2 and FUNCTION_WORDS.isdisjoint(words):
            if len(joined) >= SHORTEST_CLOSE:
                self._joined.setdefault(type_, {}).setdefault(joined, value_id)
            if len(joined) >= SHORTEST_HEARD and len(sound(joined)) >= SHORTEST_SOUND:
                self._sounds.setdefault(type_, {}).setdefault(sound(joined), value_id)

    def exact_at(self, words: tuple[str, ...], start: int) -> Iterator[Match]:
        """Values that are said word for word from `start` on, the longest first."""
        for end in range(min(len(words), start + self.longest), start, -1):
            for type_, value_id in self._exact.get(words[start:end], ()):
                yield Match(start, end, type_, value_id, "exact")

    def find(self, words: tuple[str, ...], *, misheard: bool = True) -> list[Match]:
        """Values said exactly or by their stems: the longest at each place, none overlapping another of its type.

        A value that is denied is left out where another of its type is said. `misheard`: look for values in words that
        a recogniser may have got wrong, too (a sample was never heard, so nothing in it was).
        """
        stemmed = stems(words)
        found: list[Match] = []
        free: dict[str, int] = {}
        for start in range(len(words)):
            if words[start] in FUNCTION_WORDS and (words[start],) not in self._exact:
                continue
            for match in self._from(words, stemmed, start):
                if start >= free.get(match.type, 0):
                    free[match.type] = match.end
                    found.append(match)
        denied = [match for match in found if _is_denied(words, match)]
        left = [match for match in found if match not in denied]
        found = left + [match for match in denied if match.type not in {each.type for each in left}]
        return found + self._misheard(words, {match.type for match in found}) if misheard else found

    def _from(self, words: tuple[str, ...], stemmed: tuple[str, ...], start: int) -> Iterator[Match]:
        for end in range(min(len(words), start + self.longest), start, -1):
            exact = self._exact.get(words[start:end], [])
            for type_, value_id in exact:
                yield Match(start, end, type_, value_id, "exact")
            for type_, value_id in self._stems.get(stemmed[start:end], []):
                if type_ not in dict(exact):  # "the lung" is a word to spell, and by its stem a place
                    yield Match(start, end, type_, value_id, "stem")

    def _misheard(self, words: tuple[str, ...], said: set[str]) -> list[Match]:
        """Values of the types not yet `said`, in words that no sample puts side by side: "sir jury"."""
        spans = [span for span in _spans(words) if self._is_strange(words[span[0] : span[1]])]
        near = (self._close(words, type_, spans) for type_ in self._joined if type_ not in said) if spans else ()
        return [match for match in near if match]

    def _is_strange(self, words: tuple[str, ...]) -> bool:
        return not self._known.issuperset(words) or not self._pairs.issuperset(pairwise(words))

    def close(self, words: tuple[str, ...], type_: str, value_id: str | None = None) -> Match | None:
        """The value of a type that any of the words are close to in spelling, or else in sound.

        Only of `value_id`, when given.
        """
        return self._close(words, type_, list(_spans(words)), value_id)

    def _close(
        self, words: tuple[str, ...], type_: str, spans: list[tuple[int, int]], value_id: str | None = None
    ) -> Match | None:
        forms, sounds = self._joined.get(type_, {}), self._sounds.get(type_, {})
        best: tuple[float, Match] | None = None
        for start, end in spans:
            joined = "".join(words[start:end])
            found = process.extractOne(joined, forms.keys(), scorer=JaroWinkler.similarity, score_cutoff=CLOSE)
            if found and value_id in (None, forms[found[0]]) and (best is None or found[1] > best[0]):
                best = found[1], Match(start, end, type_, forms[found[0]], "spelling")
        if best:
            return best[1]
        for start, end in spans:
            heard = sounds.get(sound("".join(words[start:end])))
            if heard is not None and value_id in (None, heard):
                return Match(start, end, type_, heard, "sound")
        return None


def _is_denied(words: tuple[str, ...], match: Match) -> bool:
    """Whether the last word before the match that is no function word is a negation."""
    before = content(words[: match.start])
    return bool(before) and before[-1] in NEGATIONS


def content(words: Iterable[str]) -> tuple[str, ...]:
    """The words that carry a value."""
    return tuple(word for word in words if word not in FUNCTION_WORDS)


def sound(joined: str) -> str:
    """The sound of a word, by Metaphone (Philips 1990)."""
    return str(jellyfish.metaphone(joined))


def _spans(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST_SPAN) + 1):
            edges = {words[start], words[end - 1]}
            if len("".join(words[start:end])) >= SHORTEST_HEARD and FUNCTION_WORDS.isdisjoint(edges):
                yield start, end
