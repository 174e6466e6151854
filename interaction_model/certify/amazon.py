"""Amazon's own model classes (ask-smapi-model) as a schema: loads JSON into them, and finds keys they don't know."""

import importlib
import importlib.util
import re
from enum import Enum
from typing import Any

from interaction_model.certify.rules import NotChecked

MODEL = "ask_smapi_model.v1.skill.interaction_model.interaction_model_data.InteractionModelData"
MANIFEST = "ask_smapi_model.v1.skill.manifest.skill_manifest_envelope.SkillManifestEnvelope"


def unknown_to(kind: str, value: Any) -> list[str]:
    """What of a file's JSON the class named `kind` does not know. Raises `NotChecked` where the package is missing."""
    if importlib.util.find_spec("ask_smapi_model") is None:
        raise NotChecked("the Python package ask-smapi-model is not installed")
    try:
        return [each.removeprefix(".") for each in unknown(value, kind)]
    except (TypeError, AttributeError, KeyError) as error:  # of its own code, on a table where it looks for a text
        return [f"something that the classes can't read ({type(error).__name__})"]


def class_of(name: str) -> Any:
    """The class with a dotted name."""
    module, _, found = name.rpartition(".")
    return getattr(importlib.import_module(module), found)


def unknown(value: Any, kind: str, way: str = "") -> list[str]:
    """The places in `value` that the class named `kind` has no attribute or no enumeration value for."""
    inner = re.fullmatch(r"list\[(.+)\]|dict\(str, (.+)\)", kind)
    if inner and inner[1]:
        if not isinstance(value, list):
            return [f"{way}: not a list"]
        return [each for index, item in enumerate(value) for each in unknown(item, inner[1], f"{way}[{index}]")]
    if inner:
        if not isinstance(value, dict):
            return [f"{way}: not a table"]
        return [each for key, item in value.items() for each in unknown(item, inner[2], f"{way}.{key}")]
    if "." not in kind:
        fits: dict[str, type | tuple[type, ...]] = {"str": str, "bool": bool, "int": int, "float": (int, float)}
        return [] if isinstance(value, fits.get(kind, object)) else [f"{way}: not {kind}"]
    found = class_of(kind)
    if issubclass(found, Enum):
        return [] if value in {each.value for each in found} else [f"{way}: {value!r} is not one of {kind}"]
    if not isinstance(value, dict):
        return [f"{way}: not a table"]
    if hasattr(found, "get_real_child_model"):
        child = found.get_real_child_model(value)
        found = class_of(child) if child else found
    attributes = {json_name: attribute for attribute, json_name in found.attribute_map.items()}
    faults = [f"{way}.{key}: unknown" for key in value.keys() - attributes.keys()]
    for key in value.keys() & attributes.keys():
        faults += unknown(value[key], found.deserialized_types[attributes[key]], f"{way}.{key}")
    return faults
