"""Why an utterance was taken for what it was taken for, and what would have made it exact. In: an `Understanding`.
Out: plain lines, or an object for JSON.
"""

from collections.abc import Iterator
from typing import Any

from skill.simulator.device import LAUNCH
from skill.simulator.resolver import Filled, Resolver, Understanding
from skill.simulator.words import tokens

_HOW = {
    "exact": "word for word",
    "stem": "by its stem",
    "sound": "by its sound",
    "open": "by its place in the sentence",
    "guess": "by the whole line; no word of the model says it",
}


def launch(utterance: str) -> Understanding:
    """What a skill's name alone is understood as."""
    return Understanding(utterance, LAUNCH, {}, "exact", 1.0, utterance, None, 1.0)


def explanation(understanding: Understanding, resolver: Resolver) -> Iterator[str]:
    """The route, the winner, the slots, the runner-up, the nearest sample and the mends, a line each."""
    percent = round(100 * understanding.probability)
    match understanding.route:
        case "exact" if understanding.intent == LAUNCH:
            yield f"Understood as {understanding.intent}: it opens the skill, and no sample takes part."
        case "exact":
            yield f"Understood as {understanding.intent}, exactly as the sample “{understanding.sample}”."
        case "guess":
            yield f"Understood as {understanding.intent}, by a guess that is {percent} per cent sure."
            if len(resolver.learned.sense):
                yield "The extra understanding took part in the guess."
        case _:
            yield f"Not understood: {understanding.intent}."
    for slot, filled in understanding.slots.items():
        yield f"Slot {slot}: {_filled(filled)}"
    if understanding.runner_up:
        yield f"Runner-up: {understanding.runner_up}, behind by {round(100 * understanding.margin)} per cent."
    else:
        yield "Runner-up: none."
    nearest = resolver.nearest(understanding.utterance) if understanding.route != "exact" else None
    if nearest:
        yield f"The nearest sample is of {nearest[0]}: “{nearest[1]}”."
    yield from mends(understanding, resolver)


def _filled(filled: Filled | None) -> str:
    if filled is None:
        return "not filled."
    return f"{filled.id or 'no value that the model lists'}, from “{filled.heard}”, {_HOW[filled.how]}."


def mends(understanding: Understanding, resolver: Resolver) -> Iterator[str]:
    """The sample and the synonyms that would have made it exact, a sentence each; none when it was."""
    if understanding.route == "exact":
        return
    text = " ".join(tokens(understanding.utterance))
    for slot, filled in understanding.slots.items():
        if filled is None:
            continue
        type_ = resolver.model.type_of(understanding.intent, slot)
        if filled.how == "guess":
            yield f"To fill {slot} by words, {type_} needs a synonym of “{filled.id}” that is in the line."
            continue
        if filled.how in ("stem", "sound"):
            yield f"To fill {slot} word for word, {type_} needs “{filled.heard}” as a synonym of “{filled.id}”."
        text = text.replace(filled.heard, f"{{{slot}}}", 1)
    if understanding.route == "guess":
        yield f"To be exact, {understanding.intent} needs the sample “{text}”."
    elif text:
        likeliest = f"; the likeliest is {understanding.runner_up}" if understanding.runner_up else ""
        yield f"To be understood, an intent needs the sample “{text}”{likeliest}."


def as_json(understanding: Understanding, resolver: Resolver) -> dict[str, Any]:
    """The same as one object for JSON."""
    nearest = resolver.nearest(understanding.utterance)
    return {
        "utterance": understanding.utterance,
        "intent": understanding.intent,
        "route": understanding.route,
        "probability": round(understanding.probability, 4),
        "runner_up": understanding.runner_up,
        "margin": round(understanding.margin, 4),
        "sample": understanding.sample,
        "nearest": {"intent": nearest[0], "sample": nearest[1]} if nearest else None,
        "mends": list(mends(understanding, resolver)),
        "slots": {
            slot: {"heard": filled.heard, "id": filled.id, "how": filled.how} if filled else None
            for slot, filled in understanding.slots.items()
        },
    }
