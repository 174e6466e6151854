"""The rules of the interaction models, alone and beside each other."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from interaction_model import limits
from interaction_model.certify import amazon
from interaction_model.certify.package import Model, Package, on_package
from interaction_model.certify.rules import Fault
from interaction_model.phrases import LONGEST_VALUE, SLOT

REQUIRED = ("AMAZON.HelpIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
FALLBACK = "AMAZON.FallbackIntent"
PLAYING = ("AMAZON.PauseIntent", "AMAZON.ResumeIntent")

_NAME = r"(?:AMAZON\.)?[A-Za-z_]+"
_SAMPLE = r"(?:[^\W\d_]|[ '’.-])+"


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


@on_package("model.schema")
def schema(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for what in amazon.unknown_to(amazon.MODEL, model.root.value):
            yield Fault(model.file, what)


@on_package("model.names")
def names(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for intent in model.intents:
            slots = [each for slot in intent.slots for each in (slot.name, slot.type)]
            for name in (intent.name, *slots):
                if not re.fullmatch(_NAME, name):
                    yield Fault(model.file, f"in {intent.name or 'an intent without a name'}: {name!r}")
        for type_ in model.types:
            if not re.fullmatch(_NAME, type_.name):
                yield Fault(model.file, f"the slot type {type_.name!r}")


@on_package("model.unique")
def unique(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for name in _twice(intent.name for intent in model.intents):
            yield Fault(model.file, f"the intent {name} is there twice")
        for name in _twice(type_.name for type_ in model.types):
            yield Fault(model.file, f"the slot type {name} is there twice")
        for intent in model.intents:
            for name in _twice(slot.name for slot in intent.slots):
                yield Fault(model.file, f"{intent.name} has the slot {name} twice")


@on_package("model.required")
def required(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        yield from _missing(model, (*REQUIRED, FALLBACK) if model.english else REQUIRED)


@on_package("model.audio")
def playing(package: Package) -> Iterator[Fault]:
    interfaces = package.manifest["apis"]["custom"]["interfaces"].list()
    if any(each["type"].text() == "AUDIO_PLAYER" for each in interfaces):
        for model in package.models.values():
            yield from _missing(model, PLAYING)


def _missing(model: Model, wanted: Iterable[str]) -> Iterator[Fault]:
    there = {intent.name for intent in model.intents}
    return (Fault(model.file, f"{name} is missing") for name in wanted if name not in there)


@on_package("model.slot-types")
def slot_types(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        types = {type_.name for type_ in model.types}
        for intent in model.intents:
            for slot in intent.slots:
                if slot.type not in types and not slot.type.startswith("AMAZON."):
                    yield Fault(model.file, f"{intent.name}, slot {slot.name}: {slot.type or 'no type'}")


@on_package("model.size")
def size(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        if (bytes_ := limits.size(model.root.value)) > limits.LARGEST:
            yield Fault(model.file, f"it has {bytes_:,} bytes")


@on_package("samples.present")
def samples_present(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for intent in model.intents:
            if not intent.samples and not intent.name.startswith("AMAZON."):
                yield Fault(model.file, intent.name)


@on_package("samples.letters")
def samples_letters(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for intent in model.intents:
            for sample in intent.samples:
                bare = SLOT.sub("slot", sample)
                words = bare.split()
                # "m.r.i." and "m. r. i." are abbreviations, "now." is not.
                lone_stop = any(word.endswith(".") and not re.fullmatch(r"(?:\w\.)+", word) for word in words)
                if not re.fullmatch(_SAMPLE, bare) or lone_stop or bare != " ".join(words):
                    yield Fault(model.file, f"{intent.name}: {sample[:80]!r}")


@on_package("samples.slots")
def samples_slots(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for intent in model.intents:
            declared = {slot.name for slot in intent.slots}
            for sample in intent.samples:
                named = SLOT.findall(sample)
                if wrong := [*sorted(set(named) - declared), *_twice(named)]:
                    yield Fault(model.file, f"{intent.name}: {', '.join(wrong)} in {sample[:80]!r}")


@on_package("samples.used")
def samples_used(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        dialog = {
            (intent["name"].text(), slot["name"].text())
            for intent in model.root["interactionModel"]["dialog"]["intents"].list()
            for slot in intent["slots"].list()
        }
        for intent in model.intents:
            used = {slot for sample in intent.samples for slot in SLOT.findall(sample)}
            for slot in intent.slots:
                if slot.name not in used and (intent.name, slot.name) not in dialog:
                    yield Fault(model.file, f"{intent.name}, slot {slot.name}")


@on_package("samples.unique")
def samples_unique(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        owner: dict[str, str] = {}
        for intent in model.intents:
            types = {slot.name: slot.type for slot in intent.slots}
            for sample in intent.samples:
                bare = " ".join(
                    f"{{{types.get(word[1:-1])}}}" if word[0] == "{" else word.lower() for word in sample.split()
                )
                if owner.setdefault(bare, intent.name) != intent.name:
                    yield Fault(model.file, f"{sample[:80]!r} is of {owner[bare]} and of {intent.name}")


@on_package("values.present")
def values_present(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for type_ in model.types:
            if not type_.values and not type_.name.startswith("AMAZON."):
                yield Fault(model.file, type_.name)


@on_package("values.length")
def values_length(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for type_ in model.types:
            for value in type_.values:
                for form in value.forms:
                    if not 0 < len(form) <= LONGEST_VALUE:
                        yield Fault(model.file, f"{type_.name}: {form[:40]!r} has {len(form)} characters")


@on_package("values.unique")
def values_unique(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        for type_ in model.types:
            ids = [value.id for value in type_.values if value.id]
            forms = [form.lower() for value in type_.values for form in value.forms if form]
            for name in (*_twice(ids), *_twice(forms)):
                yield Fault(model.file, f"{type_.name}: {name!r}")


@on_package("values.count")
def values_count(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        count = sum(len(value.forms) for type_ in model.types for value in type_.values)
        if count > limits.MOST_VALUES:
            yield Fault(model.file, f"there are {count:,}")


@on_package("locales.models")
def locales_models(package: Package) -> Iterator[Fault]:
    for locale in package.listing.keys() - package.models.keys():
        yield Fault("skill.json", f"{locale} has no file interactionModels/custom/{locale}.json")
    for locale in package.models.keys() - package.listing.keys():
        yield Fault("skill.json", f"publishingInformation.locales lacks {locale}, which has a model")


def _beside(package: Package) -> Iterator[tuple[Model, Model]]:
    """Each model but the first of its language, and that first one."""
    first: dict[str, Model] = {}
    for locale, model in package.models.items():
        one = first.setdefault(locale.partition("-")[0], model)
        if one is not model:
            yield one, model


@on_package("locales.intents")
def locales_intents(package: Package) -> Iterator[Fault]:
    for one, other in _beside(package):
        mine, theirs = (
            {(i.name, "") for i in m.intents} | {(i.name, s.name) for i in m.intents for s in i.slots}
            for m in (one, other)
        )
        for intent, slot in sorted(mine ^ theirs):
            lacking = other if (intent, slot) in mine else one
            yield Fault(lacking.file, f"{intent}{f', slot {slot},' if slot else ''} is missing")


@on_package("locales.values")
def locales_values(package: Package) -> Iterator[Fault]:
    for one, other in _beside(package):
        mine, theirs = (
            {(t.name, "") for t in m.types} | {(t.name, v.id) for t in m.types for v in t.values if v.id}
            for m in (one, other)
        )
        for type_, value in sorted(mine ^ theirs):
            lacking = other if (type_, value) in mine else one
            yield Fault(lacking.file, f"{type_}{f', value {value},' if value else ''} is missing")
