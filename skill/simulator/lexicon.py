"""Which words of an utterance say a slot's value: exactly, or by their stems.

In: a model's slot types and an utterance's tokens. Out: `Match`es. Words that were misheard are mended before
(`hearing`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skill.simulator.model import Model
from skill.simulator.words import stems, tokens

FUNCTION_WORDS = frozenset(
    "a an the my his her their our your this that some any more again of in on at to for with by".split()
)
"""Words that carry no value of their own: "in her lung" and "the lungs" say the same place."""

NEGATIONS = frozenset("not isn't wasn't hasn't haven't aren't never no without".split())
"""Words after which a value is said not to be so: "not in the same place, in my lung"."""


@dataclass(frozen=True, slots=True)
class Match:
    """Words that say a value."""

    start: int
    end: int
    """The tokens from `start` up to, but not with, `end`."""
    type: str
    id: str
    how: str
    """`exact` or `stem`."""


class Lexicon:
    """Every form of every value of a model's slot types, ready to be found in utterances."""

    def __init__(self, model: Model) -> None:
        self._exact: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._stems: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for type_, values in model.types.items():
            for value in values:
                for form in value.forms:
                    self._add(type_, value.id, tokens(form))
        self.longest = max(map(len, self._exact), default=0)

    def _add(self, type_: str, value_id: str, words: tuple[str, ...]) -> None:
        if not words:
            return
        self._exact.setdefault(words, []).append((type_, value_id))
        kept = content(stems(words))
        for key in {stems(words), kept} - {()}:
            entries = self._stems.setdefault(key, [])
            if type_ not in dict(entries):
                entries.append((type_, value_id))

    def exact_at(self, words: tuple[str, ...], start: int) -> Iterator[Match]:
        """Values that are said word for word from `start` on, the longest first."""
        for end in range(min(len(words), start + self.longest), start, -1):
            for type_, value_id in self._exact.get(words[start:end], ()):
                yield Match(start, end, type_, value_id, "exact")

    def find(self, words: tuple[str, ...]) -> list[Match]:
        """Values said exactly or by their stems: the longest at each place, none overlapping another of its type.

        A value that is denied is left out where another of its type is said.
        """
        stemmed = stems(words)
        found: list[Match] = []
        free: dict[str, int] = {}
        for start in range(len(words)):
            for match in self._from(words, stemmed, start):
                if start >= free.get(match.type, 0):
                    free[match.type] = match.end
                    found.append(match)
        denied = [match for match in found if _is_denied(words, match)]
        left = [match for match in found if match not in denied]
        return left + [match for match in denied if match.type not in {each.type for each in left}]

    def _from(self, words: tuple[str, ...], stemmed: tuple[str, ...], start: int) -> Iterator[Match]:
        for end in range(min(len(words), start + self.longest), start, -1):
            exact = self._exact.get(words[start:end], [])
            for type_, value_id in exact:
                yield Match(start, end, type_, value_id, "exact")
            # "in her lung" begins with no word of the value; by its stems it is found from "lung" on.
            stem = [] if words[start] in FUNCTION_WORDS else self._stems.get(stemmed[start:end], [])
            for type_, value_id in stem:
                if type_ not in dict(exact):  # "the lung" is a word to spell, and by its stem a place
                    yield Match(start, end, type_, value_id, "stem")


def _is_denied(words: tuple[str, ...], match: Match) -> bool:
    """Whether the last word before the match that is no function word is a negation."""
    before = content(words[: match.start])
    return bool(before) and before[-1] in NEGATIONS


def content(words: Iterable[str]) -> tuple[str, ...]:
    """The words that carry a value."""
    return tuple(word for word in words if word not in FUNCTION_WORDS)
