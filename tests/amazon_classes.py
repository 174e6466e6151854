"""Amazon's own model classes (ask-smapi-model) as a schema: loads JSON into them, and finds keys they don't know."""

import importlib
import re
from enum import Enum
from typing import Any


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
        fits = {"str": str, "bool": bool, "int": int, "float": (int, float), "object": object}
        return [] if isinstance(value, fits.get(kind, object)) else [f"{way}: not {kind}"]  # type: ignore[arg-type]
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
