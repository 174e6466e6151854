"""Exact understanding: an utterance that is one of the samples, its slots filled by words that the model lists.

An own trie of about sixty lines, since the same slot matches serve here, in the learned guess and in `explain`;
hassil, the library that does this best, keeps its matches to itself and brings a template language that no Alexa model
uses (docs/decisions.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from skill.simulator.lexicon import Lexicon, Match
from skill.simulator.model import Model
from skill.simulator.words import tokens

_PIECES = re.compile(r"\{(\w+)\}|([^{]+)")

LONGEST_OPEN = 4
"""Words that may fill a slot whose value the model does not list."""


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    slots: dict[str, "_Node"] = field(default_factory=dict)
    """Slot name → what may follow it."""
    ends: list[tuple[str, str]] = field(default_factory=list)
    """(intent, sample) of the samples that end here."""


@dataclass(frozen=True, slots=True)
class Parse:
    """A sample that an utterance is."""

    intent: str
    sample: str
    slots: dict[str, Match]


class Grammar:
    """All samples of a model, as one trie."""

    def __init__(self, model: Model, lexicon: Lexicon) -> None:
        self._model = model
        self._lexicon = lexicon
        self._root = _Node()
        for intent in model.intents:
            for sample in intent.samples:
                self._add(intent.name, sample)

    def _add(self, intent: str, sample: str) -> None:
        node = self._root
        for slot, text in _PIECES.findall(sample):
            if slot:
                node = node.slots.setdefault(slot, _Node())
            for word in tokens(text):
                node = node.words.setdefault(word, _Node())
        node.ends.append((intent, sample))

    def parse(self, words: tuple[str, ...]) -> list[Parse]:
        """Every sample that the words are, the one with the most words of its own first."""
        found = list(self._walk(words, 0, self._root, {}, ()))
        return sorted(found, key=lambda parse: sum(match.end - match.start for match in parse.slots.values()))

    def open(self, words: tuple[str, ...], intent: str) -> Parse | None:
        """A sample of `intent` that the words are, were any words allowed in one slot: its value is then not listed."""
        parses = self._walk(words, 0, self._root, {}, (intent,))
        return min(parses, key=lambda parse: sum(m.end - m.start for m in parse.slots.values()), default=None)

    def _walk(
        self, words: tuple[str, ...], at: int, node: _Node, slots: dict[str, Match], open_for: tuple[str, ...]
    ) -> Iterator[Parse]:
        if at == len(words):
            for intent, sample in node.ends:
                # Two intents may give slots of the same name different types.
                declared = self._model.by_name[intent].slots
                if intent in open_for or (
                    not open_for and all(match.type == declared.get(slot) for slot, match in slots.items())
                ):
                    yield Parse(intent, sample, dict(slots))
            return
        if words[at] in node.words:
            yield from self._walk(words, at + 1, node.words[words[at]], slots, open_for)
        for slot, after in node.slots.items():
            if open_for:
                if slots or node is self._root:
                    continue
                matches: Iterator[Match] = (
                    Match(at, end, "", "", "open") for end in range(at + 1, min(len(words), at + LONGEST_OPEN) + 1)
                )
            else:
                types = {intent.slots[slot] for intent in self._model.intents if slot in intent.slots}
                matches = (match for match in self._lexicon.exact_at(words, at) if match.type in types)
            for match in matches:
                yield from self._walk(words, match.end, after, {**slots, slot: match}, open_for)
