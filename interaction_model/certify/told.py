"""Phrases that prompts tell the listener to say: what each promises, and whether the models understand it so."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from interaction_model.certify.package import Model, Package
from interaction_model.certify.rules import Fault, NotChecked, Unusable
from skill.simulator.words import tokens

OURS = Path(__file__).with_name("promises.toml")


@dataclass(frozen=True, slots=True)
class Told:
    """What listeners are told to say."""

    promises: Mapping[str, Mapping[str, str]]
    """Phrase → its intent under `intent`, and the id of each slot that it fills under the slot's name."""
    phrases: Mapping[str, tuple[str, ...]] | None = None
    """Locale → every phrase that its prompts tell; None where nobody can list them."""


Check = Callable[[Package, Told], Iterable[Fault]]

CHECKS: dict[str, Check] = {}
"""Rule → its check, on what listeners are told to say."""


def on_told(rule: str) -> Callable[[Check], Check]:
    """Registers the check of a rule on the phrases that prompts tell the listener to say."""
    return lambda check: CHECKS.setdefault(rule, check)


def read(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The promises in a TOML file. Raises `Unusable`."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable(f"{path} can't be read ({error.strerror}): give the path of a file of promises.") from error
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{path} is not TOML that can be read: mend it, or write it anew.") from error
    for phrase, promise in told.items():
        if not isinstance(promise, dict) or not all(isinstance(each, str) for each in promise.values()):
            raise Unusable(f'{path.name}, at {phrase!r}: this must be a table such as {{ intent = "AnIntent" }}.')
        if "intent" not in promise:
            raise Unusable(f'{path.name}, at {phrase!r}: intent is missing; write {{ intent = "AnIntent" }}.')
    return told


@on_told("prompts.promised")
def promised(package: Package, told: Told) -> Iterator[Fault]:
    if told.phrases is None:
        raise NotChecked("which phrases the prompts tell is known of this project's skill alone")
    for locale, phrases in told.phrases.items():
        for phrase in dict.fromkeys(phrases):
            if phrase not in told.promises:
                yield Fault(locale, f"“{phrase}”")


@on_told("prompts.understood")
def understood(package: Package, told: Told) -> Iterator[Fault]:
    for model in package.models.values():
        for phrase, promise in told.promises.items():
            if (taken := _taken_for(model, phrase)) != dict(promise):
                yield Fault(model.file, f"“{phrase}” is {_said(taken)}, and should be {_said(promise)}")


def _taken_for(model: Model, phrase: str) -> dict[str, str]:
    """The intent and the ids of the slots of the sample that a phrase is; nothing when it is none."""
    for parse in model.understood(tokens(phrase))[:1]:
        return {"intent": parse.intent, **{slot: match.id for slot, match in parse.slots.items()}}
    return {}


def _said(meant: Mapping[str, str]) -> str:
    return " ".join(meant.values()) or "no sample"
