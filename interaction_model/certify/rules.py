"""What is checked: the rules (`rules.toml`), and what a check of one finds.

Unusable        the input can't be checked at all: one sentence that says what to do
NotChecked      one rule can't be checked here: its message says why
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

RULES = Path(__file__).with_name("rules.toml")


class Unusable(ValueError):
    """What was given can't be checked."""


class NotChecked(Exception):
    """A rule that can't be checked on what was given."""


class Fault(NamedTuple):
    """Where a rule is broken, and by what."""

    place: str
    """A file and what is in it; for a reply, the locale and what was said to get there."""
    what: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    id: str
    kind: str
    """`package`, `fill in`, `told` or `reply`."""
    rule: str
    """What must hold."""
    mend: str
    document: str
    """Amazon's document, or another, that the rule is taken from."""
    url: str
    note: str = ""
    """What is our own reading of it."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order in which they are told."""
    told = tomllib.loads(RULES.read_text(encoding="utf-8"))
    found = {}
    for id_, entry in told["rules"].items():
        document, url = told["sources"][entry["source"]]
        found[id_] = Rule(id_, entry["kind"], entry["rule"], entry["mend"], document, url, entry.get("note", ""))
    return found
