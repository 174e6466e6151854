"""Samples that get in each other's way: any team's interaction model → findings. None is what it should be.

- duplicate: the same words twice
- overlap: words that a sample of one intent makes, and that a sample of another intent matches too
- unreachable: a sample all of whose words another intent wins
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skill.simulator.grammar import Grammar
from skill.simulator.guess import examples
from skill.simulator.lexicon import Lexicon
from skill.simulator.model import Model
from skill.simulator.words import tokens


@dataclass(frozen=True, slots=True)
class Finding:
    """Two samples that one utterance belongs to."""

    kind: str
    """`duplicate`, `overlap` or `unreachable`."""
    intent: str
    sample: str
    other_intent: str
    other_sample: str
    utterance: str
    """Words that are both."""

    def __str__(self) -> str:
        return (
            f"{self.kind}: “{self.utterance}” is {self.intent} “{self.sample}” "
            f"and {self.other_intent} “{self.other_sample}”: keep it in one of them"
        )


def find(model: Model) -> list[Finding]:
    """Every finding in a model; an empty list is fine. Slots are filled with each of their values at least once."""
    return [*_duplicates(model), *_overlaps(model)]


def _duplicates(model: Model) -> Iterator[Finding]:
    owner: dict[str, tuple[str, str]] = {}
    for intent in model.intents:
        for sample in intent.samples:
            # Braces are kept apart from words, or a slot's name would be taken for one.
            words = " ".join(tokens(sample.replace("{", " slot0").replace("}", " ")))
            if words in owner:
                yield Finding("duplicate", intent.name, sample, *owner[words], words.replace("slot0", ""))
            owner[words] = intent.name, sample


def _overlaps(model: Model) -> Iterator[Finding]:
    grammar = Grammar(model, Lexicon(model))
    wins: dict[tuple[str, str], bool] = {}
    found: dict[tuple[str, str, str, str], Finding] = {}
    for example in examples(model):
        parses = grammar.parse(example.words) if example.filled else []
        if not parses:
            continue  # a slot of Amazon's own types, whose values the model does not list
        own = example.meaning.intent, example.sample
        wins[own] = wins.get(own, False) or parses[0].intent == own[0]
        for parse in parses:
            if parse.intent != own[0] and tokens(parse.sample) != tokens(example.sample):  # else a duplicate
                overlap = Finding("overlap", *own, parse.intent, parse.sample, " ".join(example.words))
                found.setdefault((*own, parse.intent, parse.sample), overlap)
    for (intent, sample, *_), finding in found.items():
        if wins[intent, sample]:
            yield finding
        else:
            yield Finding("unreachable", intent, sample, finding.other_intent, finding.other_sample, finding.utterance)
