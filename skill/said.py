"""The table of how signs and short forms are said: `words/said.toml`, read once, and patterns made of its words."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "words" / "said.toml"


@functools.cache
def table() -> Mapping[str, Any]:
    """The table. A fault in it is one in our own file: its error is not caught."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def one_of(words: Iterable[str]) -> str:
    """A pattern for one of `words`, the longest that fits first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
