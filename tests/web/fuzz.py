"""Bodies that a stranger could post: requests in the shapes of Amazon's own classes, filled with anything, and damaged.

The shapes come from ask_sdk_model, so a new kind of request is tried as soon as the SDK knows it. What is drawn stays
reproducible and shrinks: it is hypothesis that draws.
"""

import functools
import importlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from http.client import HTTPConnection
from typing import Any

from alexa_requests import SKILL_ID
from ask_sdk_model import RequestEnvelope
from child import JSON, PATIENCE, Child
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

INTENTS = (
    "TopicIntent",
    "OverviewIntent",
    "EmergencyIntent",
    "SpellIntent",
    "AMAZON.NextIntent",
    "AMAZON.YesIntent",
    "",
)
TEXTS = st.sampled_from(
    ["", "surgery", "local", "en-US", "fr-CA", "😀", "\u202e", "\ud800", "<b>&", "{}", "9" * 400, "a" * 5000]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
BATCH = 5
DEEPEST = 7
"""Levels of classes in classes that are filled; below, anything stands."""


def _class(name: str) -> Any:
    module, _, found = name.rpartition(".")
    return getattr(importlib.import_module(module), found)


@functools.cache
def shaped(kind: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a type as the SDK names it: "list[ask_sdk_model.slot.Slot]", "datetime", "str"."""
    inner = re.fullmatch(r"list\[(.+)\]|dict\(str, (.+)\)", kind)
    if inner and inner[1]:
        return st.lists(shaped(inner[1], depth + 1), max_size=2)
    if inner:
        keys = st.sampled_from(["treatment", "recurrence", "word", "x"])
        return st.dictionaries(keys, shaped(inner[2], depth + 1), max_size=2)
    if "." not in kind or depth > DEEPEST:
        plain = {"bool": st.booleans(), "int": st.integers(), "float": st.floats(), "str": TEXTS, "datetime": _times()}
        return plain.get(kind, ANYTHING)
    found = _class(kind)
    if issubclass(found, Enum):
        return st.sampled_from([each.value for each in found] + ["NEW_VALUE"])
    children = getattr(found, "discriminator_value_class_map", {})
    if children:
        often = ["IntentRequest", "LaunchRequest"] if "IntentRequest" in children else []
        return st.sampled_from([*(20 * often), *sorted(children)]).flatmap(
            lambda name: _object(children[name], depth, {found.json_discriminator_key: st.just(name)})
        )
    return _object(kind, depth, {})


def _object(kind: str, depth: int, fixed: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """An object of a class: a few of its fields, each as it should be or, one time in ten, anything."""
    found = _class(kind)
    fields = {found.attribute_map[name]: kind for name, kind in found.deserialized_types.items()}
    fields = {name: kind for name, kind in fields.items() if name not in fixed}
    named = {"applicationId": st.just(SKILL_ID), "name": st.sampled_from(INTENTS), "locale": TEXTS}

    def value(name: str) -> st.SearchStrategy[Any]:
        if name in named:
            return named[name]
        return st.integers(0, 9).flatmap(lambda odd: ANYTHING if odd == 9 else shaped(fields[name], depth + 1))

    chosen = st.lists(st.sampled_from(sorted(fields)), max_size=6, unique=True) if fields else st.just([])
    return chosen.flatmap(lambda names: st.fixed_dictionaries({**{name: value(name) for name in names}, **fixed}))


def _times() -> st.SearchStrategy[str]:
    return st.sampled_from([datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "2026-02-30T00:00:00Z", "now", ""])


@st.composite
def envelopes(draw: st.DrawFn) -> bytes:
    """A request with all its parts, for our skill and sent now, so that it gets as far as it can."""
    types = RequestEnvelope.deserialized_types
    told = {name: draw(shaped(types[name])) for name in ("session", "context", "request")}
    whole = {"version": "1.0", **told}
    if draw(st.integers(0, 9)) < 9:
        application = {"applicationId": SKILL_ID}
        whole["context"] = {**_table(told["context"]), "System": {"application": application}}
        whole["session"] = {**_table(told["session"]), "application": application}
        sent = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        whole["request"] = {**_table(told["request"]), "timestamp": sent}
    return json.dumps(whole).encode()


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@st.composite
def damaged(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    """Bodies with bytes changed, lost, doubled or put in."""
    body = bytearray(draw(bodies))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(body) - 1)))
        end = min(len(body), start + draw(st.integers(0, 20)))
        body[start:end] = draw(
            st.sampled_from([b"", b"\x00", b"\xff", b'"', b"{", b"]", b"\\u", b"1e999", body[start:end] * 2])
        )
    return bytes(body)


@st.composite
def batches(draw: st.DrawFn) -> list[bytes]:
    """`BATCH` bodies: a request whole, damaged three times, and noise. Damage is drawn much faster than a request."""
    whole = draw(envelopes())
    return [whole, *(draw(damaged(st.just(whole))) for _ in range(BATCH - 2)), draw(st.binary(max_size=200))]


@dataclass
class Storm:
    """What came of a storm of fuzzed requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    grown: int = 0
    """Bytes by which the server's memory grew after the first fifth."""


def storm(child: Child, requests: int) -> Storm:
    """Post that many fuzzed requests. Raises AssertionError at a fault of the server, OSError where it hangs or hangs
    up without an answer."""
    came = Storm()
    line = HTTPConnection("127.0.0.1", child.port, timeout=PATIENCE)
    start = 0

    @settings(
        max_examples=requests // BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(batches())
    def post(bodies: list[bytes]) -> None:
        nonlocal start
        for body in bodies:
            line.request("POST", "/alexa", body, headers=JSON)
            with line.getresponse() as answer:
                text = answer.read()
            came.statuses[answer.status] += 1
            assert answer.status in {200, 400, 413}, (answer.status, body)
            assert answer.status != 200 or json.loads(text)["version"] == "1.0"
        if not start and came.statuses.total() >= requests // 5:
            start = child.memory

    try:
        post()
    finally:
        line.close()
    came.grown = child.memory - start
    return came
