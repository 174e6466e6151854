"""Read a request's body strictly, before the SDK reads it loosely.

In: the raw bytes. Out: nothing; or `Refused("body")`. Afterwards the SDK
parses it again by itself; here is only decided whether it may.
"""

import json

from skill.web.errors import Refused

DEEPEST = 64
"""Levels of nesting. Amazon's requests have about a dozen; the SDK copies recursively and fails at some hundreds."""


def check(raw: bytes) -> None:
    """Return if `raw` is a JSON object of UTF-8 text that holds a request with a type; else raise `Refused`.

    What comes in must be able to go out again, because session attributes are sent back: so it is written once, which
    refuses NaN, Infinity, 1e999 and half of a surrogate pair, none of which is JSON in UTF-8.
    """
    try:
        envelope = json.loads(raw.decode("utf-8"))
        if _is_deeper(envelope, DEEPEST):
            raise Refused("body")
        json.dumps(envelope, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of too many digits; nested too deeply
        raise Refused("body") from None
    request = envelope.get("request") if isinstance(envelope, dict) else None
    if not isinstance(request, dict) or not isinstance(request.get("type"), str):
        raise Refused("body")


def _is_deeper(value: object, levels: int) -> bool:
    """Whether lists and objects nest deeper than `levels`, found level by level, without recursion."""
    level = [value]
    for _ in range(levels):
        level = [child for parent in level for child in _children(parent)]
    return any(isinstance(each, dict | list) for each in level)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
