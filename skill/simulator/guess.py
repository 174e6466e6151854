"""The learned guess: what an utterance that is no sample most likely means, from the samples alone.

Each sample is filled with values of its slots; words, stems, pieces of words and the slot values found are weighted as
TF-IDF, and a linear classifier learns from them (scikit-learn's LinearSVC). What it learned is kept on this machine
under the model's hash, as plain arrays: using it needs numpy alone, and loads in a fraction of a second.

A class is an intent together with the values of its small slots ("TopicIntent" with surgery and local), so that the
words around a slot help to tell its value. docs/decisions.md has the figures, and what was tried besides.
"""

import contextlib
import hashlib
import itertools
import json
import math
import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.simulator import sense
from skill.simulator.hearing import END, START, Ear
from skill.simulator.lexicon import Lexicon
from skill.simulator.model import FALLBACK, Model
from skill.simulator.words import stems, tokens

FILLINGS = 12
"""Times that a sample with slots is filled. On 574 development lines 6, 12 and 20 times gave 91.8, 92.5 and 91.8 %."""

KEPT = 6
"""Learned models that are kept on this machine: one for each locale and one more, 35 MB each."""

SMALL = 4
"""Values of a slot type up to which each value is a class of its own."""

REGULARITY = 0.5
"""LinearSVC's C: 0.3 to 1 made no difference beyond noise on the development half."""

SENSE_COUNTS = 0.3
"""How much of a probability's logarithm the vectors of the extra `understanding` decide. On 574 lines, with samples
that were written before any of them was read, none of it gave 89.2 %, 0.2 to 0.4 gave 91.6 to 91.8 %, all gave 82 %."""

SENSE_LINES = 64
"""Filled samples that vectors are made of, for each meaning: a vector takes some 20 ms, and all together not much more
than a minute. On those lines all samples gave half a line in a hundred more."""

SENSE_OUTSIDE = 8
"""How many times as many for the fallback, which means so much more."""

LEAST = -20.0
"""Logarithm of a probability below which the vectors may not push a meaning: they are no more certain than that."""

BLOCKS = ("words", "stems", "pieces", "values")

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is learned to be told apart: an intent and the values of its small slots."""

    intent: str
    values: tuple[tuple[str, str], ...]
    """(slot, value id), sorted."""


@dataclass(frozen=True, slots=True)
class Example:
    """A filled sample."""

    words: tuple[str, ...]
    meaning: Meaning
    sample: str
    filled: bool = True
    """False where a slot was left empty, so that it teaches the words around the slot alone."""


@dataclass(frozen=True)
class Learned:
    """What was learned, as plain arrays."""

    vocabulary: dict[str, int]
    """Feature → its row."""
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    """(features + 1 for the constant) x meanings."""
    scale: float
    """By how much margins are multiplied before they become probabilities."""
    meanings: tuple[Meaning, ...]
    sense: NDArray[np.float32]
    """(numbers of a vector + 1 for the constant) x meanings; no rows where the extra `understanding` took no part."""

    @cached_property
    def ear(self) -> Ear:
        """The words that were learned from, and their neighbours."""
        said = [feature.split(" ")[1:] for feature in self.vocabulary if feature.startswith("words ")]
        pairs = {(words[0], words[1]) for words in said if len(words) == 2}
        return Ear((words[0] for words in said if len(words) == 1), pairs)

    def probabilities(
        self, features: dict[str, list[str]], vector: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """The probability of each meaning, in the order of `meanings`. `vector`: of the line, where the extra is."""
        rows, values = _weigh(features, self.vocabulary, self.idf)
        logs: NDArray[np.floating] = _logs(
            self.scale * (self.weights[-1] + (values[:, None] * self.weights[rows]).sum(axis=0))
        )
        if vector is not None and len(self.sense):
            sensed = np.maximum(_logs(vector @ self.sense[:-1] + self.sense[-1]), LEAST)
            logs = (1 - SENSE_COUNTS) * logs + SENSE_COUNTS * sensed
        shares: NDArray[np.float32] = np.exp(_logs(logs)).astype(np.float32)
        return shares


def _logs(margins: NDArray[np.floating]) -> NDArray[np.floating]:
    """Margins as logarithms of probabilities."""
    above = margins - margins.max()
    logs: NDArray[np.floating] = above - np.log(np.exp(above).sum())
    return logs


def examples(model: Model) -> Iterator[Example]:
    """The model's samples, filled: evenly over the ids of a slot, and in turn over the forms of an id."""
    turns: dict[tuple[str, str], Iterator[str]] = {
        (type_, value.id): itertools.cycle(value.forms) for type_, values in model.types.items() for value in values
    }
    for intent in model.intents:
        for sample in intent.samples:
            slots = [slot for slot in _SLOT.findall(sample) if model.types.get(intent.slots.get(slot, ""))]
            if not slots:
                yield Example(
                    tokens(_SLOT.sub(" ", sample)), Meaning(intent.name, ()), sample, filled="{" not in sample
                )
                continue
            types = [intent.slots[slot] for slot in slots]
            combinations = list(itertools.product(*(model.types[type_] for type_ in types)))
            bare = not _SLOT.sub("", sample).strip()
            forms = max(len(value.forms) for values in combinations for value in values) if bare else 0
            for turn in range(max(FILLINGS, len(combinations), len(combinations) * forms if len(slots) == 1 else 0)):
                chosen = combinations[turn % len(combinations)]
                text = sample
                for slot, type_, value in zip(slots, types, chosen, strict=True):
                    text = text.replace(f"{{{slot}}}", next(turns[type_, value.id]))
                small = sorted(
                    (slot, value.id)
                    for slot, type_, value in zip(slots, types, chosen, strict=True)
                    if len(model.types[type_]) <= SMALL
                )
                yield Example(tokens(_SLOT.sub(" ", text)), Meaning(intent.name, tuple(small)), sample)
            if not bare and any(len(model.types[type_]) > SMALL for type_ in types):
                # Words that the type does not list come too: the words around them must be enough.
                yield Example(tokens(_SLOT.sub(" ", sample)), Meaning(intent.name, ()), sample, filled=False)


def features(words: tuple[str, ...], lexicon: Lexicon) -> dict[str, list[str]]:
    """The features of an utterance, block by block."""
    stemmed = stems(words)
    said: dict[str, set[str]] = {}
    for match in lexicon.find(words):
        said.setdefault(match.type, set()).add(match.id)
    values = [f"{type_}={'+'.join(sorted(ids))}" for type_, ids in sorted(said.items())]
    return {
        "words": [*words, *_runs((START, *words, END), 2)],
        "stems": [*stemmed, *_runs(stemmed, 2), *_runs(stemmed, 3)],
        "pieces": [
            f"<{word}>"[start : start + length]
            for word in words
            for length in (2, 3, 4, 5)
            for start in range(max(1, len(word) + 3 - length))
        ],
        "values": [*values, *(f"{one}&{other}" for one, other in itertools.combinations(values or ["none"], 2))]
        or ["none"],
    }


def _runs(words: Sequence[str], length: int) -> list[str]:
    return [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]


def _weigh(
    blocks: dict[str, list[str]], vocabulary: dict[str, int], idf: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The rows of the known features and their weights: TF-IDF, each block of length one."""
    rows: list[int] = []
    values: list[float] = []
    for block in BLOCKS:
        counts = Counter(blocks[block])
        known = [
            (vocabulary[f"{block} {each}"], count) for each, count in counts.items() if f"{block} {each}" in vocabulary
        ]
        weights = [(1 + math.log(count)) * float(idf[row]) for row, count in known]
        length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
        rows += [row for row, _ in known]
        values += [weight / length for weight in weights]
    return np.array(rows, dtype=np.intp), np.array(values, dtype=np.float32)


def learn(model: Model, lexicon: Lexicon, embed: sense.Embed | None = None) -> Learned:
    """Learns from the model's samples: half a minute or so (with the extra, minutes), and the only place that needs
    scikit-learn."""
    from scipy.sparse import csr_matrix  # heavy: loaded where it is used
    from sklearn.svm import LinearSVC

    lines = list(examples(model))
    blocks = [features(line.words, lexicon) for line in lines]
    frequency = Counter(f"{block} {each}" for line in blocks for block in BLOCKS for each in set(line[block]))
    kept = sorted(each for each, count in frequency.items() if count > 1 or not each.startswith("pieces"))
    vocabulary = {each: row for row, each in enumerate(kept)}
    idf = np.array([1 + math.log((1 + len(lines)) / (1 + frequency[each])) for each in kept], dtype=np.float32)
    indices: list[int] = []
    values: list[float] = []
    starts = [0]
    for line in blocks:
        rows, weights = _weigh(line, vocabulary, idf)
        indices += rows.tolist()
        values += weights.tolist()
        starts.append(len(indices))
    matrix = csr_matrix((values, indices, starts), shape=(len(lines), len(vocabulary)), dtype=np.float64)
    meanings = sorted({line.meaning for line in lines}, key=lambda each: (each.intent, each.values))
    number = {meaning: index for index, meaning in enumerate(meanings)}
    labels = np.array([number[line.meaning] for line in lines])

    def fit(rows: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """The weights, one column for each class that `rows` show, and those classes."""
        classes = np.unique(labels[rows])
        if len(classes) < 2:
            return np.zeros((len(vocabulary) + 1, len(classes))), classes  # there is nothing to tell it from
        learner = LinearSVC(C=REGULARITY, random_state=0).fit(matrix[rows], labels[rows])
        weights = np.vstack([learner.coef_.T, learner.intercept_])
        # scikit-learn keeps one column for two classes: how much the second is likelier than the first.
        return (np.hstack([-weights, weights]) if len(classes) == 2 else weights), classes

    everything = np.arange(len(lines))
    held_out = everything % 3 == 0
    trial, classes = fit(everything[~held_out])
    scale = _scale(matrix[held_out] @ trial[:-1] + trial[-1], labels[held_out], classes)
    # Rounded as they are kept, so that the first run answers as every later one.
    weights = fit(everything)[0].astype(np.float16).astype(np.float32)
    sensed = _learn_sense(lines, labels, len(meanings), embed) if embed else np.zeros((0, len(meanings)), np.float32)
    return Learned(vocabulary, idf, weights, scale, tuple(meanings), sensed)


def _learn_sense(
    lines: Sequence[Example], labels: NDArray[np.intp], meanings: int, embed: sense.Embed
) -> NDArray[np.float32]:
    """What the lines' vectors teach: a logistic regression, as one array."""
    from sklearn.linear_model import LogisticRegression

    if len(set(labels.tolist())) < 2:
        return np.zeros((0, meanings), np.float32)  # there is nothing to tell it from
    chosen: list[int] = []
    for label in np.unique(labels):
        (rows,) = np.nonzero(labels == label)
        most = SENSE_LINES * (SENSE_OUTSIDE if lines[rows[0]].meaning.intent == FALLBACK else 1)
        chosen += random.Random(0).sample(rows.tolist(), min(most, len(rows)))
    vectors = embed([" ".join(lines[row].words) for row in chosen])
    mean = vectors.mean(axis=0)
    # Vectors of one language lie close together: apart from their mean, and ten times as far, they are told apart.
    learner = LogisticRegression(C=10, max_iter=200).fit(10 * (vectors - mean), labels[chosen])
    coef, constant = 10 * learner.coef_.T, learner.intercept_
    if len(learner.classes_) == 2:
        coef, constant = np.hstack([-coef, coef]), np.concatenate([-constant, constant])
    made = np.zeros((sense.SIZE + 1, meanings), np.float32)
    made[-1] = LEAST
    made[:-1, learner.classes_] = coef
    made[-1, learner.classes_] = constant - mean @ coef
    return made


def _scale(margins: NDArray[np.float64], labels: NDArray[np.intp], classes: NDArray[np.intp]) -> float:
    """The factor under which held-out samples are least surprising: temperature scaling (Guo et al. 2017)."""
    column = {label: index for index, label in enumerate(classes)}
    known = np.array([label in column for label in labels])
    if not known.any():
        return 1.0  # too few samples to hold any out
    margins, right = margins[known], np.array([column[label] for label in labels[known]])

    def surprise(factor: float) -> float:
        scaled = factor * margins
        top = scaled.max(axis=1)
        total = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top
        return float((total - scaled[np.arange(len(right)), right]).mean())

    return min((0.5 * 1.25**step for step in range(24)), key=surprise)


# ── kept on this machine ─────────────────────────────────────────────────────────────────────────────────────────────


def load(model: Model, lexicon: Lexicon) -> Learned:
    """What the model teaches: from the cache, else learned now and kept there when the cache can be written."""
    place = cache_folder() / f"{_key(model)}.npz"
    kept = _read(place)
    if kept is not None:
        with contextlib.suppress(OSError):  # another's file, or one that was just cleared away
            os.utime(place)  # used now: it is cleared away after those that were used before
        return kept
    learned = learn(model, lexicon, sense.embedder())
    _keep(learned, place)
    return learned


def is_kept(model: Model) -> bool:
    """Whether the model was learned on this machine before."""
    return os.path.exists(cache_folder() / f"{_key(model)}.npz")  # Path.exists raises where a folder can't be searched


def cache_folder() -> Path:
    """Where what was learned is kept, by the XDG base directory rules."""
    places = (os.environ.get("XDG_CACHE_HOME", ""), os.path.expanduser("~/.cache"))
    # By those rules a relative folder counts as none; a user without a home has none either, and nothing is kept.
    return Path(next(filter(os.path.isabs, places), os.devnull)) / "sarcoma-treatment-guide"


def _key(model: Model) -> str:
    """The model's hash, and that of the code that learns from it and of the extra, where it is there."""
    code = hashlib.sha256()
    for name in ("guess.py", "hearing.py", "lexicon.py", "sense.py", "words.py"):
        code.update((Path(__file__).parent / name).read_bytes())
    code.update(sense.NAME.encode() if sense.embedder() else b"")
    return f"{model.digest[:16]}-{code.hexdigest()[:16]}"


def _read(place: Path) -> Learned | None:
    try:
        # Opened here: numpy leaves a file open that it can't read.
        with place.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            about = json.loads(str(kept["about"]))
            meanings = tuple(
                Meaning(intent, tuple((slot, each) for slot, each in values)) for intent, values in about["meanings"]
            )
            vocabulary = {each: row for row, each in enumerate(about["vocabulary"])}
            idf, weights = kept["idf"], kept["weights"].astype(np.float32)
            sensed = kept["sense"].astype(np.float32)
            columns = len(meanings)
            whole = idf.shape == (len(vocabulary),) and weights.shape == (len(vocabulary) + 1, columns)
            whole = whole and sensed.shape in ((0, columns), (sense.SIZE + 1, columns))
            if not whole or about["key"] != place.stem:
                return None  # another model's
            return Learned(vocabulary, idf, weights, float(about["scale"]), meanings, sensed)
    except Exception:  # never written, half written or damaged, and then numpy raises anything: it is learned again
        return None


def _keep(learned: Learned, place: Path) -> None:
    about = {
        "key": place.stem,
        "vocabulary": list(learned.vocabulary),
        "meanings": [(meaning.intent, meaning.values) for meaning in learned.meanings],
        "scale": learned.scale,
    }
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as beside:
            new = Path(beside) / place.name
            np.savez(
                new,
                about=json.dumps(about),
                idf=learned.idf,
                weights=learned.weights.astype(np.float16),
                sense=learned.sense,
            )
            new.replace(place)
        _clear_away(place)
    except OSError:
        pass  # a cache that can't be written only costs the learning next time


def _clear_away(new: Path) -> None:
    """Deletes what was learned, but for `new` and those used last. Another process may do the same, or be reading."""
    used: list[tuple[float, Path]] = []
    for place in new.parent.glob("*.npz"):
        with contextlib.suppress(FileNotFoundError):
            used.append((place.stat().st_mtime, place))
    others = (place for _, place in sorted(used, reverse=True) if place != new)
    for place in itertools.islice(others, KEPT - 1, None):
        with contextlib.suppress(OSError):  # it is gone already, or in use where a file in use can't be deleted
            place.unlink()
