"""An Alexa interaction model, any team's: its JSON → a checked, frozen `Model`.

ModelError      the file is missing, or is not an interaction model: names the file, the place and the mend
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

COMMITTED = Path(__file__).parents[2] / "interaction_model" / "skill-package" / "interactionModels" / "custom"

FALLBACK = "AMAZON.FallbackIntent"


class ModelError(ValueError):
    """A file that can't be used as an interaction model."""


@dataclass(frozen=True)
class Value:
    """One value of a slot type."""

    id: str
    """Its id; its name where the model gives it none."""
    forms: tuple[str, ...]
    """Every way to say it; the first is its name."""


@dataclass(frozen=True)
class Intent:
    """One thing that may be meant."""

    name: str
    samples: tuple[str, ...]
    slots: Mapping[str, str]
    """Slot → slot type."""


@dataclass(frozen=True)
class Model:
    """What a person may say to one skill."""

    invocation: str
    intents: tuple[Intent, ...]
    types: Mapping[str, tuple[Value, ...]]
    digest: str
    """SHA-256 of the file, in hexadecimal: what is learned from the model is kept under it."""

    @cached_property
    def by_name(self) -> Mapping[str, Intent]:
        """The intents by name."""
        return {intent.name: intent for intent in self.intents}

    def type_of(self, intent: str, slot: str) -> str:
        """The slot type of an intent's slot."""
        return self.by_name[intent].slots[slot]


def load(path: Path) -> Model:
    """The model in a JSON file. Raises `ModelError`."""
    try:
        content = path.read_bytes()
        language = json.loads(content)["interactionModel"]["languageModel"]
        intents = tuple(map(_intent, language["intents"]))
        types = {
            _text(entry["name"]): tuple(map(_value, entry.get("values", ()))) for entry in language.get("types", ())
        }
    except OSError as error:
        raise ModelError(f"{path} can't be read ({error.strerror}): give the path of an interaction model.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not JSON that can be read: give the path of an interaction model.") from error
    except (KeyError, TypeError, AttributeError) as error:
        fault = f"{type(error).__name__} {error}"
        raise ModelError(f"{path} is no Alexa interaction model ({fault}): mend that entry.") from error
    if not any(intent.samples for intent in intents):
        raise ModelError(f"{path} holds no sample utterance: add samples to its intents.")
    return Model(str(language.get("invocationName", "")), intents, types, hashlib.sha256(content).hexdigest())


def committed(locale: str) -> Model:
    """The project's own model of a locale. Raises `ModelError`."""
    return load(COMMITTED / f"{locale}.json")


def _intent(entry: Mapping[str, Any]) -> Intent:
    slots = {_text(slot["name"]): _text(slot["type"]) for slot in entry.get("slots", ())}
    return Intent(_text(entry["name"]), _texts(entry.get("samples", [])), slots)


def _value(entry: Mapping[str, Any]) -> Value:
    name = _text(entry["name"]["value"])
    return Value(_text(entry.get("id") or name), (name, *_texts(entry["name"].get("synonyms", []))))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{str(value)[:40]!r} is no list of texts")
    return tuple(map(_text, value))
