"""A skill package on disk, as the ASK CLI deploys it → `Package`. In: its folder. Out: its manifest and its models.

Whatever is in the files, what comes out has the types it says, or `Unusable` names the file, the place and the mend.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from interaction_model.certify.rules import Fault, Unusable
from interaction_model.phrases import SLOT
from skill.simulator import model as understood
from skill.simulator.grammar import Grammar, Parse
from skill.simulator.lexicon import Lexicon
from skill.simulator.words import tokens

LARGEST_FILE = 10_000_000
"""Bytes of a file that is read at all: a model has 1.5 MB at most."""


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value with its place, so that a value of another kind than is needed can be named."""

    file: str
    place: str
    value: Any

    def __getitem__(self, key: str) -> "Node":
        """What a table holds under `key`; a node of nothing when it holds nothing."""
        return Node(self.file, f"{self.place}.{key}".lstrip("."), self.table().get(key))

    def __bool__(self) -> bool:
        return self.value is not None

    def table(self) -> dict[str, Any]:
        """The table; an empty one for nothing."""
        found: dict[str, Any] = self._kind(dict, "a table", {})
        return found

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """The keys of a table, and what it holds under each."""
        return ((key, self[key]) for key in self.table())

    def list(self) -> list["Node"]:
        """The items of a list; none for nothing."""
        found = self._kind(list, "a list", [])
        return [Node(self.file, f"{self.place}[{at}]", each) for at, each in enumerate(found)]

    def text(self) -> str:
        """The text; an empty one for nothing."""
        found: str = self._kind(str, "a text", "")
        return found

    def _kind(self, kind: type, called: str, nothing: Any) -> Any:
        if self.value is None:
            return nothing
        if not isinstance(self.value, kind):
            raise Unusable(f"{self.file}, at {self.place or 'the whole file'}: this must be {called}; mend it there.")
        return self.value


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of an intent."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that may be meant."""

    name: str
    samples: tuple[str, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a slot type."""

    id: str
    """Its id; empty where it has none."""
    forms: tuple[str, ...]
    """Every way to say it; the first is its name."""


@dataclass(frozen=True, slots=True)
class Type:
    """A slot type of the skill's own."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Model:
    """The interaction model of one locale. Names may be there twice: that is for a rule to find."""

    locale: str
    path: Path
    root: Node
    invocation: str
    intents: tuple[Intent, ...]
    types: tuple[Type, ...]

    @property
    def english(self) -> bool:
        """Whether it is in English, the language of some of the rules."""
        return self.locale.startswith("en")

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.path.name

    @cached_property
    def _grammar(self) -> Grammar:
        told = understood.Model(
            self.invocation,
            tuple(
                understood.Intent(each.name, each.samples, {slot.name: slot.type for slot in each.slots})
                for each in self.intents
            ),
            {
                type_.name: tuple(
                    understood.Value(value.id or value.forms[0], tuple(filter(None, value.forms)))
                    for value in type_.values
                )
                for type_ in self.types
            },
            digest="",
        )
        return Grammar(told, Lexicon(told))

    def understood(self, words: tuple[str, ...]) -> list[Parse]:
        """Every sample that the words are, word for word, slots filled by their values; the likeliest first."""
        return self._grammar.parse(words)

    def may_be_understood(self, words: tuple[str, ...]) -> bool:
        """Whether the words are a sample with a slot of one of Amazon's types, whose values no model lists."""
        forms = {type_.name: [tokens(form) for value in type_.values for form in value.forms] for type_ in self.types}
        for intent in self.intents:
            types = {slot.name: slot.type for slot in intent.slots}
            for sample in intent.samples:
                slots = [types.get(slot, "") for slot in SLOT.findall(sample)]
                if not any(each.startswith("AMAZON.") for each in slots):
                    continue
                filled = iter(
                    "|".join(re.escape(" ".join(form)) for form in forms[each]) if each in forms else ".+"
                    for each in slots
                )
                pattern = " ".join(
                    f"(?:{next(filled)})" if word == "slot0" else re.escape(word)
                    for word in tokens(SLOT.sub(" slot0 ", sample))
                )
                if re.fullmatch(pattern, " ".join(words)):
                    return True
        return False


@dataclass(frozen=True)
class Package:
    """A skill package."""

    folder: Path
    manifest: Node
    """What is under `manifest` in skill.json."""
    models: Mapping[str, Model]
    """Locale → its interaction model."""

    @cached_property
    def listing(self) -> Mapping[str, Node]:
        """Locale → what the store shows."""
        return dict(self.manifest["publishingInformation"]["locales"].items())

    @property
    def english(self) -> list[Model]:
        """The models in English."""
        return [model for model in self.models.values() if model.english]


Check = Callable[[Package], Iterable[Fault]]

CHECKS: dict[str, Check] = {}
"""Rule → its check, on the files of any package."""


def on_package(rule: str) -> Callable[[Check], Check]:
    """Registers the check of a rule on the package's files."""
    return lambda check: CHECKS.setdefault(rule, check)


def read(folder: Path) -> Package:
    """The package in a folder, or in the folder `skill-package` in it. Raises `Unusable`."""
    inner = folder / "skill-package"
    if not (folder / "skill.json").exists() and inner.is_dir():
        folder = inner
    if not folder.is_dir():
        raise Unusable(f"{folder} is not a folder: give the path of a skill package.")
    manifest = _json(folder / "skill.json")
    files = sorted((folder / "interactionModels" / "custom").glob("*.json"))
    if not files:
        raise Unusable(f"{folder} has no file in interactionModels/custom: give the path of a skill package.")
    if not manifest["manifest"].table():
        raise Unusable("skill.json has nothing under manifest: give the path of a skill package.")
    return Package(folder, manifest["manifest"], {file.stem: _model(file) for file in files})


def _json(path: Path) -> Node:
    try:
        if path.exists() and not path.is_file():
            raise Unusable(f"{path} is not a file: give the path of a skill package.")
        if path.stat().st_size > LARGEST_FILE:
            raise Unusable(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB: give the path of a skill package.")
        value = json.loads(path.read_bytes())
        json.dumps(value, ensure_ascii=False).encode()  # refuses half a character, which nobody could print
    except OSError as error:
        raise Unusable(f"{path} can't be read ({error.strerror}): give the path of a skill package.") from error
    except Unusable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{path} is not JSON that can be read: mend it, or write it anew.") from error
    return Node(path.name, "", value)


def _model(path: Path) -> Model:
    root = _json(path)
    language = root["interactionModel"]["languageModel"]
    if not language.table():
        raise Unusable(f"{path.name} is no interaction model: it has nothing under interactionModel.languageModel.")
    intents = tuple(
        Intent(
            each["name"].text(),
            tuple(sample.text() for sample in each["samples"].list()),
            tuple(Slot(slot["name"].text(), slot["type"].text()) for slot in each["slots"].list()),
        )
        for each in language["intents"].list()
    )
    types = tuple(
        Type(each["name"].text(), tuple(map(_value, each["values"].list()))) for each in language["types"].list()
    )
    return Model(path.stem, path, root, language["invocationName"].text(), intents, types)


def _value(node: Node) -> Value:
    synonyms = tuple(each.text() for each in node["name"]["synonyms"].list())
    return Value(node["id"].text(), (node["name"]["value"].text(), *synonyms))
