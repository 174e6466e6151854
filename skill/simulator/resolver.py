"""What an utterance means, and why: exact sample, learned guess, or fallback. In: text. Out: an `Understanding`.

Everything is learned from one interaction model; no phrase is named here. It shows what the model's samples cover, not
what Alexa will do: Amazon's own understanding can't be run on one's own machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skill.simulator import guess, sense
from skill.simulator.grammar import Grammar
from skill.simulator.guess import Learned, Meaning
from skill.simulator.hearing import Word
from skill.simulator.lexicon import Lexicon, Match, content
from skill.simulator.model import FALLBACK, Model
from skill.simulator.words import tokens

SURE_ENOUGH = 0.2
"""Probability below which a guess is not believed, and the line falls back."""

OUTSIDE_COUNTS = 1.5
"""How many times as likely an intent must be as the fallback: a wrong section is worse than a miss. On 574 lines, with
samples that were written before any of them was read, it made no miss and a sixth fewer wrong sections."""

SHARE_KNOWN = 0.25
"""Share of a line's words, function words apart, that the samples must know: nothing can be told of a line below it."""

URGENT = ("EmergencyIntent", "CrisisIntent")
"""Intents that are judged together, before all others: a false alarm costs a sentence, a missed one may cost a life."""

URGENT_FROM = 0.3
"""Probability, of all urgent intents together, from which the likeliest of them is taken, and below which none is. On
the development lines every call for help is above it, and four in five hundred other lines are."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot of the request."""

    heard: str
    """The words that filled it."""
    id: str | None
    """The value they resolve to; None when the model lists no such value (ER_SUCCESS_NO_MATCH)."""
    how: str
    """`exact`, `stem`, `sound`; `open`: words in a slot's place; `guess`: told by the whole line alone."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What an utterance was taken for."""

    utterance: str
    intent: str
    slots: Mapping[str, Filled | None]
    """Every slot of the intent; None when it was not filled."""
    route: str
    """`exact`, `guess` or `fallback`."""
    probability: float
    sample: str | None
    """The sample that won, or that is nearest."""
    runner_up: str | None
    """The likeliest other intent."""
    margin: float
    """By how much more likely the winner is than the runner-up."""


def _by_intent(meanings: tuple[Meaning, ...], shares: NDArray[np.float32]) -> list[tuple[str, float]]:
    """The probability of each intent, over all values of its slots; the likeliest first."""
    summed: dict[str, float] = {}
    for meaning, share in zip(meanings, shares, strict=True):
        summed[meaning.intent] = summed.get(meaning.intent, 0.0) + float(share)
    return sorted(summed.items(), key=lambda each: -each[1])


def _filled(heard: tuple[Word, ...], match: Match) -> Filled:
    words = heard[match.start : match.end]
    how = match.how if all(word.meant == word.said for word in words) else "sound"
    return Filled(" ".join(word.said for word in words), match.id, how)


class Resolver:
    """Understands utterances as far as one interaction model goes."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.lexicon = Lexicon(model)
        self.grammar = Grammar(model, self.lexicon)

    @cached_property
    def learned(self) -> Learned:
        """What the model teaches; learned, or read from the cache, when it is first needed."""
        return guess.load(self.model, self.lexicon)

    def resolve(self, utterance: str) -> Understanding:
        """What `utterance` means. Anything at all may come in; nothing is raised."""
        words = tokens(utterance)
        if not words:
            return self._understood(utterance, FALLBACK, {}, "fallback", 1.0, None, None, 1.0)
        parses = self.grammar.parse(words)
        if parses:
            parse = parses[0]
            other = next((each.intent for each in parses if each.intent != parse.intent), None)
            slots = {slot: Filled(" ".join(words[m.start : m.end]), m.id, m.how) for slot, m in parse.slots.items()}
            return self._understood(utterance, parse.intent, slots, "exact", 1.0, parse.sample, other, 1.0)
        return self._guess(utterance, words)

    def nearest(self, utterance: str) -> tuple[str, str] | None:
        """The intent and the sample that an utterance is most like, letter by letter."""
        from rapidfuzz import fuzz, process  # only to explain; resolving does not need it

        samples = {(intent.name, sample): sample for intent in self.model.intents for sample in intent.samples}
        found = process.extractOne(" ".join(tokens(utterance)), samples, scorer=fuzz.token_set_ratio)
        return found[2] if found else None

    def _guess(self, utterance: str, words: tuple[str, ...]) -> Understanding:
        heard = self.learned.ear.mend(words)
        words = tuple(word.meant for word in heard)
        if self._is_strange(words):
            return self._understood(utterance, FALLBACK, {}, "fallback", 1.0, None, None, 1.0)
        embed = sense.embedder() if len(self.learned.sense) else None
        vector = embed([" ".join(words)])[0] if embed else None
        shares = self.learned.probabilities(guess.features(words, self.lexicon), vector)
        ranked = _by_intent(self.learned.meanings, shares)
        urgent = [each for each in ranked if each[0] in URGENT]
        if sum(share for _, share in urgent) >= URGENT_FROM:
            top = urgent[0]
        else:
            top = next((each for each in ranked if each[0] not in URGENT), (FALLBACK, 0.0))
            outside = dict(ranked).get(FALLBACK, 0.0)
            top = (FALLBACK, outside) if top[1] < OUTSIDE_COUNTS * outside else top
        rival = next((each for each in ranked if each[0] != top[0]), (None, 0.0))
        (intent, share), margin = top, max(0.0, top[1] - rival[1])
        if share < SURE_ENOUGH or intent == FALLBACK:
            return self._understood(
                utterance, FALLBACK, {}, "fallback", share, None, rival[0] if intent == FALLBACK else intent, margin
            )
        meaning = max(
            (each for each in zip(self.learned.meanings, shares, strict=True) if each[0].intent == intent),
            key=lambda each: each[1],
        )[0]
        return self._understood(utterance, intent, self._slots(heard, meaning), "guess", share, None, rival[0], margin)

    def _is_strange(self, words: tuple[str, ...]) -> bool:
        """Whether the samples have taught next to nothing about the words."""
        known = [word for word in content(words) if word in self.learned.ear.known]
        return len(known) < SHARE_KNOWN * len(content(words))

    def _slots(self, heard: tuple[Word, ...], meaning: Meaning) -> dict[str, Filled]:
        intent = self.model.by_name[meaning.intent]
        wanted = dict(meaning.values)
        found: dict[str, Filled] = {}
        words = tuple(word.meant for word in heard)
        said = self.lexicon.find(words)
        for slot, type_ in intent.slots.items():
            matches = [each for each in said if each.type == type_]
            # Amazon's own types list no values.
            if slot not in wanted and 0 < len(self.model.types.get(type_, ())) <= guess.SMALL:
                # The guess expects nothing here: only what is said word for word, as a device would fill it.
                exact = next((each for each in matches if each.how == "exact"), None)
                if exact:
                    found[slot] = _filled(heard, exact)
                continue
            # Words that were said win over a value that the whole line only suggests.
            matches.sort(key=lambda each: each.id != wanted.get(slot, each.id))
            if matches:
                found[slot] = _filled(heard, matches[0])
            elif slot in wanted:
                found[slot] = Filled(self._name(type_, wanted[slot]), wanted[slot], "guess")
            elif (parse := self.grammar.open(words, intent.name)) and slot in parse.slots:
                match = parse.slots[slot]
                found[slot] = Filled(" ".join(word.said for word in heard[match.start : match.end]), None, "open")
        return found

    def _name(self, type_: str, value_id: str) -> str:
        return next(value.forms[0] for value in self.model.types[type_] if value.id == value_id)

    def _understood(
        self, utterance: str, intent: str, slots: Mapping[str, Filled], route: str, probability: float,
        sample: str | None, runner_up: str | None, margin: float,
    ) -> Understanding:  # fmt: skip
        declared = self.model.by_name[intent].slots if intent in self.model.by_name else {}
        every = {slot: slots.get(slot) for slot in declared}
        return Understanding(utterance, intent, every, route, probability, sample, runner_up, margin)
