"""The learned guess: what it learns from, its features, and how what it learned is kept."""

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated import DATA, resolver

from skill.simulator import guess
from skill.simulator.guess import Learned, Meaning, examples, features
from skill.simulator.lexicon import Lexicon
from skill.simulator.model import Intent, Model, Value, load

PIZZA = load(DATA / "models" / "pizza.json")
LEXICON = Lexicon(PIZZA)
LINES = [("add", "pineapple"), ("get", "me", "a", "coke"), ("order", "seven", "pizzas"), ("zzz",), ("large",)]


def test_features_of_a_line() -> None:
    found = features(("some", "onion"), LEXICON)
    assert tuple(found) == guess.BLOCKS == ("words", "stems", "pieces", "values")
    assert found["words"] == ["some", "onion", "< some", "some onion", "onion >"]
    assert found["stems"] == ["some", "onion", "some onion"]
    assert found["values"] == ["Topping=onions"]
    wanted = "<s so om me e> <so som ome me> <som some ome> <some some>"
    wanted += " <o on ni io on n> <on oni nio ion on> <oni onio nion ion> <onio onion nion>"
    assert Counter(found["pieces"]) == Counter(wanted.split())


def test_features_of_several_values_and_of_none() -> None:
    assert features(("large", "cola", "water"), LEXICON)["values"] == [
        "Drink=cola+water", "PizzaSize=large", "Drink=cola+water&PizzaSize=large",
    ]  # fmt: skip
    assert features(("hello",), LEXICON)["values"] == ["none"]
    assert features((), LEXICON) == {"words": ["< >"], "stems": [], "pieces": [], "values": ["none"]}
    assert features(("a", "b", "c"), LEXICON)["stems"] == ["a", "b", "c", "a b", "b c", "a b c"]


def test_every_form_of_a_bare_slot_is_an_example() -> None:
    said = [" ".join(each.words) for each in examples(PIZZA) if each.sample == "{size}"]
    assert set(said) == {"small", "little", "personal", "medium", "large", "big", "family size"}
    ids = [dict(each.meaning.values)["size"] for each in examples(PIZZA) if each.sample == "{size}"]
    assert Counter(ids) == {"small": 4, "medium": 4, "large": 4}, "evenly over the values"


def test_every_form_of_the_committed_models_bare_slots() -> None:
    model = resolver().model
    for sample, type_ in (("{treatment}", "Treatment"), ("{recurrence}", "Recurrence")):
        said = {" ".join(each.words) for each in examples(model) if each.sample == sample}
        forms = {form for value in model.types[type_] for form in value.forms}
        assert len(said) == len(forms)


def test_how_often_a_sample_is_filled() -> None:
    counts = Counter(each.sample for each in examples(PIZZA))
    assert counts["what are your opening hours"] == 1
    assert counts["make it {size}"] == guess.FILLINGS == 12
    assert counts["a {size} {item}"] == 3 * 5 + 1, "every pair of values, and once without the words of a long list"
    assert counts["add {topping}"] == 12 + 1
    assert counts["order {count} pizzas"] == 1, "Amazon's own slot type lists no values"
    assert counts["a glass of {item}"] == 12, "a short list is filled with its own values alone"


def test_small_slots_are_part_of_the_meaning() -> None:
    meanings = {each.meaning for each in examples(PIZZA)}
    assert Meaning("OrderPizzaIntent", (("size", "large"),)) in meanings
    assert Meaning("OrderDrinkIntent", (("item", "cola"),)) in meanings
    assert {each for each in meanings if each.intent == "AddToppingIntent"} == {Meaning("AddToppingIntent", ())}
    filled = [each for each in examples(PIZZA) if not each.filled]
    assert all(each.meaning.values == () for each in filled)
    assert [each.words for each in filled if each.sample == "with extra {topping}"] == [("with", "extra")]


def test_learning_gives_probabilities_that_make_sense() -> None:
    learned = guess.learn(PIZZA, LEXICON)
    for line in LINES:
        shares = learned.probabilities(features(line, LEXICON))
        assert shares.shape == (len(learned.meanings),)
        assert shares.sum() == pytest.approx(1, abs=1e-4)
        assert (shares >= 0).all()
    best = learned.meanings[int(learned.probabilities(features(("some", "red", "onion"), LEXICON)).argmax())]
    assert best == Meaning("AddToppingIntent", ())
    assert learned.meanings == tuple(sorted(learned.meanings, key=lambda each: (each.intent, each.values)))


@pytest.mark.parametrize(
    "samples",
    [
        [("A", ("hello",))],
        [("A", ("hello", "hi", "good day"))],
        [("A", ("hello",)), ("B", ("bye",))],
        [("A", ("hello", "hi", "good day")), ("B", ("bye", "see you"))],
        [("A", ("hello",)), ("B", ("bye",)), ("C", ("thanks",))],
        [("A", ("!?", "{x}")), ("B", ("bye",))],
    ],
)
def test_a_model_may_be_tiny(samples: list[tuple[str, tuple[str, ...]]]) -> None:
    model = Model("x", tuple(Intent(name, each, {}) for name, each in samples), {}, "0")
    learned = guess.learn(model, Lexicon(model))
    shares = learned.probabilities(features(("bye", "now"), Lexicon(model)))
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    if len(samples) > 1:
        assert learned.meanings[int(shares.argmax())].intent == "B"


# ── kept on this machine ─────────────────────────────────────────────────────────────────────────────────────────────


def _same(one: Learned, other: Learned) -> bool:
    lines = [features(line, LEXICON) for line in LINES]
    return one.meanings == other.meanings and all(
        np.array_equal(one.probabilities(line), other.probabilities(line)) for line in lines
    )


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _kept(cache: Path) -> Path:
    (place,) = cache.rglob("*.npz")
    return place


def test_what_was_learned_is_read_again(cache: Path) -> None:
    assert not guess.is_kept(PIZZA)
    learned = guess.load(PIZZA, LEXICON)
    assert guess.is_kept(PIZZA)
    place = _kept(cache)
    written = place.read_bytes()
    assert _same(guess.load(PIZZA, LEXICON), learned)
    assert _same(guess.learn(PIZZA, LEXICON), learned), "learning again gives the same"
    assert place.read_bytes() == written
    assert [each.name for each in place.parent.iterdir()] == [place.name], "nothing is left beside it"


def test_another_model_is_kept_apart(cache: Path) -> None:
    guess.load(PIZZA, LEXICON)
    other = Model(PIZZA.invocation, PIZZA.intents[:6], PIZZA.types, "f" * 64)
    assert not guess.is_kept(other)
    guess.load(other, LEXICON)
    assert len(list(cache.rglob("*.npz"))) == 2


def test_only_the_models_used_last_are_kept(cache: Path) -> None:
    def of(number: int) -> Model:
        intents = (Intent("A", ("hello",), {}), Intent("B", ("bye",), {}))
        return Model("x", intents, {}, f"{number:064}"[::-1])

    models = [of(number) for number in range(guess.KEPT)]
    for age, model in enumerate(models):
        guess.load(model, Lexicon(model))
        (place,) = cache.rglob(f"{model.digest[:16]}*")
        os.utime(place, (age, age))
    guess.load(models[0], Lexicon(models[0]))  # the oldest is used again
    new = of(guess.KEPT)
    guess.load(new, Lexicon(new))
    assert [model for model in (*models, new) if not guess.is_kept(model)] == [models[1]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Learned, str, bytes]:
    """What was learned, and the name and the content of the file that keeps it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("whole")))
        learned = guess.load(PIZZA, LEXICON)
        place = _kept(guess.cache_folder())
        return learned, place.name, place.read_bytes()


@pytest.mark.parametrize("damage", ["empty", "half", "text", "array", "pickle", "other", "shape", "key", "folder"])
def test_a_damaged_file_is_learned_again(cache: Path, damage: str) -> None:
    learned = guess.load(PIZZA, LEXICON)
    place = _kept(cache)
    whole = place.read_bytes()
    with np.load(place) as kept:
        parts = dict(kept)
    match damage:
        case "empty":
            place.write_bytes(b"")
        case "half":
            place.write_bytes(whole[: len(whole) // 2])
        case "text":
            place.write_text("not what was learned")
        case "array":
            with place.open("wb") as file:
                np.save(file, np.zeros(3))
        case "pickle":
            with place.open("wb") as file:
                np.savez(file, **(parts | {"idf": np.array([{}], dtype=object)}))
        case "other":
            np.savez(place, something=np.zeros(3))
        case "shape":
            np.savez(place, **(parts | {"weights": parts["weights"][:, :-1]}))
        case "key":
            about = json.loads(str(parts["about"])) | {"key": "another model's"}
            np.savez(place, **(parts | {"about": json.dumps(about)}))
        case "folder":
            place.unlink()
            place.mkdir()
    assert _same(guess.load(PIZZA, LEXICON), learned)
    if damage != "folder":
        assert place.read_bytes() == whole, "it is written again"
    assert [each.name for each in place.parent.iterdir()] == [place.name]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_is_noticed_or_harmless(
    tmp_path: Path, whole: tuple[Learned, str, bytes], data: st.DataObject
) -> None:
    """Bytes changed, or the end cut off: the file is refused, or what is read is what was written."""
    learned, name, written = whole
    damaged = bytearray(written)
    # The end of a zip file holds its table, where damage takes the most kinds.
    near_end = st.integers(len(written) - 700, len(written) - 1)
    for at in data.draw(st.lists(near_end | st.integers(0, len(written) - 1), max_size=3)):
        damaged[at] = data.draw(st.integers(0, 255))
    del damaged[data.draw(st.just(len(written)) | st.integers(0, len(written))) :]
    (tmp_path / name).write_bytes(damaged)
    read = guess._read(tmp_path / name)
    assert (read is not None) if damaged == written else (read is None or _same(read, learned))


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a regular file"
    file.write_text("nothing is below a file")
    with pytest.raises(OSError, match="Not a directory"):
        (file / "cache" / "x").write_text("a plain write fails there")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file / "cache"))
    assert not guess.is_kept(PIZZA)
    assert guess.load(PIZZA, LEXICON).meanings
    assert not guess.is_kept(PIZZA)
    assert file.read_text() == "nothing is below a file"


def test_a_cache_whose_name_no_file_system_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ("a" * 300)
    with pytest.raises(OSError, match="too long"):
        folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    assert not guess.is_kept(PIZZA)
    assert guess.load(PIZZA, LEXICON).meanings


def test_where_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert guess.cache_folder() == tmp_path / "elsewhere" / "sarcoma-treatment-guide"
    for nowhere in ("", "relative/folder"):
        monkeypatch.setenv("XDG_CACHE_HOME", nowhere)
        assert guess.cache_folder() == tmp_path / ".cache" / "sarcoma-treatment-guide"
    monkeypatch.setenv("HOME", "no home")
    assert str(guess.cache_folder()).startswith(os.devnull)
    assert guess.load(PIZZA, LEXICON).meanings
    assert not Path("no home").exists()


def test_values_may_be_shared_by_types() -> None:
    model = Model("x", (Intent("A", ("{x}",), {"x": "T"}), Intent("B", ("b",), {})), {"T": (Value("1", ("b",)),)}, "0")
    assert {each.meaning.intent for each in examples(model)} == {"A", "B"}
