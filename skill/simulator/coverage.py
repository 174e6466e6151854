"""What a model, any team's, understands of a list of utterances. In: a resolver and utterances. Out: a `Coverage`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from skill.simulator.resolver import Resolver, Understanding

CLOSE_CALL = 0.2
"""Margin below which two intents compete for an utterance."""

_ROUTES = {"exact": "are samples", "guess": "are understood by a guess", "fallback": "fall back"}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How each utterance was understood, and where it was a close call."""

    understood: tuple[Understanding, ...]

    def of_route(self, route: str) -> list[Understanding]:
        """The utterances that took one route: `exact`, `guess` or `fallback`."""
        return [each for each in self.understood if each.route == route]

    @property
    def close_calls(self) -> list[Understanding]:
        """The utterances that two intents compete for."""
        return [each for each in self.understood if each.runner_up and each.margin < CLOSE_CALL]

    @property
    def rivals(self) -> list[tuple[tuple[str, str], int]]:
        """The pairs of intents that compete, and for how many utterances; the most often first."""
        pairs = Counter(tuple(sorted((each.intent, str(each.runner_up)))) for each in self.close_calls)
        return [((one, other), count) for (one, other), count in pairs.most_common()]

    def lines(self) -> Iterator[str]:
        """The report, line by line."""
        total = len(self.understood)
        yield f"{total} utterances."
        for route, name in _ROUTES.items():
            found = self.of_route(route)
            yield f"{len(found)} {name} ({100 * len(found) / total:.0f} per cent)."
        for each in self.of_route("fallback"):
            yield f"Falls back: “{each.utterance}”."
        for each in self.close_calls:
            yield f"Close call: “{each.utterance}”, {each.intent} before {each.runner_up}."
        for (one, other), count in self.rivals:
            yield f"{one} and {other} compete for {count}."

    def as_json(self) -> dict[str, Any]:
        """The report as one object for JSON."""
        return {
            "utterances": [
                {
                    "utterance": each.utterance,
                    "intent": each.intent,
                    "route": each.route,
                    "probability": round(each.probability, 4),
                    "runner_up": each.runner_up,
                    "margin": round(each.margin, 4),
                }
                for each in self.understood
            ],
            "routes": {route: len(self.of_route(route)) for route in _ROUTES},
            "rivals": [{"intents": list(pair), "utterances": count} for pair, count in self.rivals],
        }


def measure(resolver: Resolver, utterances: Iterable[str]) -> Coverage:
    """What the resolver makes of each utterance; blank ones are passed over."""
    return Coverage(tuple(resolver.resolve(each.strip()) for each in utterances if each.strip()))
