"""Hand-written phrases (TOML) → checked, frozen `Phrases`. In: the files of `phrases/`. Out: intents, slot types.

PhrasesError    a fault in the phrases: names the file, the place and the mend
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "phrases"

LONGEST_VALUE = 140
"""Characters of a slot value or a synonym, by Alexa's rules."""

SLOT = re.compile(r"\{(\w+)\}")

_SAMPLE = re.compile(r"(?:[a-zà-ÿ'.\- ]|\{[a-z]+\})+")


class PhrasesError(ValueError):
    """A fault in a phrases file."""

    def __init__(self, file: str, place: str, fault: str) -> None:
        super().__init__(f"{file}, at {place}: {fault}.")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a slot type."""

    id: str
    synonyms: tuple[str, ...]
    """Every way to say it; the first is its name."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """All that was written by hand, in one country's spelling or in none yet."""

    intents: Mapping[str, tuple[str, ...]]
    """Intent → its samples."""
    types: Mapping[str, tuple[Value, ...]]
    """Slot type → its values."""


def load(folder: Path = FOLDER) -> Phrases:
    """The phrases of a folder: `slots.toml` and any number of files of intents. Raises `PhrasesError`."""
    intents: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.name == "slots.toml":
            continue
        for intent, samples in _samples(file):
            if intent in intents:
                raise PhrasesError(file.name, intent, "is written in another file too: keep it in one")
            for sample in samples:
                if sample in owner:
                    raise PhrasesError(
                        file.name, intent, f"{sample!r} is a sample of {owner[sample]} already: keep one"
                    )
                owner[sample] = intent
            intents[intent] = samples
    if not intents:
        raise PhrasesError(folder.name, "the whole folder", "holds no phrases: write a file of intents")
    types = dict(_types(folder / "slots.toml"))
    for intent, samples in intents.items():
        for sample in samples:
            for slot in SLOT.findall(sample):
                if slot.capitalize() not in types:
                    raise PhrasesError("slots.toml", slot.capitalize(), f"is missing, but {intent} uses {{{slot}}}")
    return Phrases(intents, types)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PhrasesError(file.name, "the whole file", f"it can't be read as TOML ({error}); mend it there") from error


def _samples(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for intent, table in _read(file).items():
        samples = table.get("samples") if isinstance(table, dict) else None
        if not isinstance(samples, list) or not samples:
            raise PhrasesError(file.name, intent, "needs a list named samples with at least one phrase")
        for sample in samples:
            if not isinstance(sample, str) or not _SAMPLE.fullmatch(sample):
                raise PhrasesError(
                    file.name, intent, f"{sample!r} must be lower case, with no digits and no other signs: write it out"
                )
        yield intent, tuple(samples)


def _types(file: Path) -> Iterator[tuple[str, tuple[Value, ...]]]:
    for name, table in _read(file).items():
        if not isinstance(table, dict) or not table:
            raise PhrasesError(file.name, name, f"needs values: write a table such as [{name}.one]")
        values, owner = [], dict[str, str]()
        for value_id, entry in table.items():
            synonyms = entry.get("synonyms") if isinstance(entry, dict) else None
            if not isinstance(synonyms, list) or not synonyms or not all(isinstance(each, str) for each in synonyms):
                raise PhrasesError(file.name, f"{name}.{value_id}", "needs a list of synonyms, its name first")
            for synonym in synonyms:
                if len(synonym) > LONGEST_VALUE:
                    raise PhrasesError(
                        file.name, f"{name}.{value_id}", f"{synonym!r} is too long: {LONGEST_VALUE} at most"
                    )
                if synonym in owner:
                    raise PhrasesError(
                        file.name,
                        f"{name}.{value_id}",
                        f"{synonym!r} is a synonym of {owner[synonym]} already: keep one",
                    )
                owner[synonym] = value_id
            values.append(Value(value_id, tuple(synonyms)))
        yield name, tuple(values)
