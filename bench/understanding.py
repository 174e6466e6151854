"""How well the project understands, and how its peers do on the same lines: `make understanding`.

Writes docs/understanding.md and docs/confusion.png. The frozen lines are judged, never listed: no sample may be written
from them. Of emergencies and crises alone each miss is listed, since those are never averaged away.
"""

import datetime
import os
import platform
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import peers
from bench.judging import OUTSIDE, URGENT, Line, figures, is_section, label_of, load, wilson
from skill.extras import how_to_add
from skill.simulator import guess, sense
from skill.simulator.model import Model, committed
from skill.simulator.resolver import Resolver

ROOT = Path(__file__).parents[1]
SETS = ("frozen", "development", "second")
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
ASKED = ("all", "sections", "out of scope, answered with a section", "others taken for an emergency or a crisis")


def ours(resolver: Resolver) -> Callable[[str], str]:
    """Our resolver as a function from text to a label."""

    def understand(text: str) -> str:
        found = resolver.resolve(text)
        return label_of(found.intent, {slot: filled.id if filled else None for slot, filled in found.slots.items()})

    return understand


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def timed(understand: Callable[[str], str], lines: list[Line]) -> tuple[list[str], float, float]:
    """The labels, and the median and the 99th percentile of a resolution in milliseconds."""
    labels, times = [], []
    for line in lines:
        start = time.perf_counter()
        labels.append(understand(line.say))
        times.append(1000 * (time.perf_counter() - start))
    return labels, statistics.median(times), sorted(times)[int(0.99 * len(times))]


def growth(model: Model, lines: list[Line]) -> list[list[str]]:
    """Accuracy with a random share of each intent's samples."""
    rows = []
    for share in SHARES:
        chance = random.Random(0)
        fewer = tuple(
            replace(intent, samples=tuple(chance.sample(intent.samples, max(1, round(share * len(intent.samples))))))
            for intent in model.intents
        )
        part = Resolver(replace(model, intents=fewer, digest=f"{share}-{model.digest}"))
        part.__dict__["learned"] = guess.learn(part.model, part.lexicon)
        found = figures(lines, map(ours(part), (line.say for line in lines)))
        count = sum(len(intent.samples) for intent in fewer)
        rows.append([f"{100 * share:.0f} %", str(count), found["all"], found["out of scope, answered with a section"]])
        print(f"{count} samples: {found['all']}", flush=True)
    return rows


def misses(lines: list[Line], labels: list[str]) -> list[str]:
    """Each call for help that was missed."""
    pairs = zip(lines, labels, strict=True)
    return [
        f"- “{line.say}” ({line.label}) was taken for {label}"
        for line, label in pairs
        if line.label in URGENT and not line.accepts(label)
    ]


def by_group(lines: list[Line], labels: list[str], group: Callable[[Line], str]) -> list[list[str]]:
    """Accuracy for each value of `group`."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line, label in zip(lines, labels, strict=True):
        total[group(line)] += 1
        right[group(line)] += line.accepts(label)
    return [[name, wilson(right[name], total[name])] for name in sorted(total)]


def confusion(
    lines: list[Line], labels: list[str]
) -> tuple[list[str], "np.ndarray[tuple[int, int], np.dtype[np.int_]]"]:
    """Expected (rows) against given (columns); an accepted answer counts as the expected one."""
    pairs = [
        (line.label, line.label if line.accepts(label) else label) for line, label in zip(lines, labels, strict=True)
    ]
    names = sorted({name for pair in pairs for name in pair}, key=lambda name: (not is_section(name), name))
    counts = np.zeros((len(names), len(names)), dtype=int)
    for expected, given in pairs:
        counts[names.index(expected), names.index(given)] += 1
    return names, counts


def draw(names: list[str], counts: NDArray[np.int_], path: Path) -> None:
    """The confusion matrix as a picture that can be read in greyscale: darker is more, every count is written."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(15, 15))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Greys", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    for row, column in zip(*counts.nonzero(), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=7, color=colour)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)


def slot_rows(resolver: Resolver, lines: list[Line]) -> list[list[str]]:
    """How often a slot that a line fills resolves to the right id."""
    rows = []
    for slot in ("treatment", "recurrence"):
        said = [line for line in lines if line.slots[slot] and is_section(line.label)]
        found = [resolver.resolve(line.say).slots for line in said]
        carrying = [(line, slots[slot]) for line, slots in zip(said, found, strict=True) if slot in slots]
        right = sum(filled is not None and filled.id == line.slots[slot] for line, filled in carrying)
        rows.append([slot, wilson(right, len(carrying))])
    return rows


def with_extra(model: Model) -> list[str]:
    """The figures with the extra `understanding`; why they are missing where it is not installed."""
    os.environ[sense.SWITCH] = "1"
    try:
        if not sense.embedder():
            return [f"The extra is not installed here: `{how_to_add('understanding')}`."]
        resolver = Resolver(model)
        _ = resolver.learned  # learned now, or read from the cache; it takes minutes, and is not to be timed
        found = {}
        for name in SETS:
            labels, median, slowest = timed(ours(resolver), load(name))
            found[name] = figures(load(name), labels)
    finally:
        del os.environ[sense.SWITCH]
    print(f"with the extra: {found['frozen']['all']}", flush=True)
    return [
        figures_table(found),
        f"One resolution: median {median:.1f} ms, 99th percentile {slowest:.1f} ms, on a machine busy with other work.",
    ]


def figures_table(every: dict[str, dict[str, str]]) -> str:
    """The figures of each set, a column each."""
    return table(["", *SETS], [[name, *(every[each][name] for each in SETS)] for name in every["frozen"]])


def main() -> None:
    """Measures everything and writes the report."""
    os.environ.pop(sense.SWITCH, None)  # what everybody has comes first
    model = committed("en-CA")
    resolver = Resolver(model)
    start = time.perf_counter()
    learned = guess.learn(model, resolver.lexicon)
    learning = time.perf_counter() - start
    guess.load(model, resolver.lexicon)
    start = time.perf_counter()
    resolver.__dict__["learned"] = guess.load(model, resolver.lexicon)
    loading = time.perf_counter() - start
    frozen = load("frozen")
    labels, median, slowest = timed(ours(resolver), frozen)
    parts = [
        "# How well the project understands",
        f"Made by `make understanding` on {datetime.date.today():%Y-%m-%d}; Python {platform.python_version()}, "
        f"model en-CA with {sum(len(intent.samples) for intent in model.intents)} samples, "
        f"{len(learned.meanings)} meanings. Intervals are Wilson 95 %.",
        "The lines were written by the **same team** that wrote the samples, by writers who had seen only the page and "
        "the labels ([data card](../tests/utterances/README.md)). Only strangers' lines are proof. `frozen` was never "
        "looked at, line by line; `development` and `second` taught what kinds of phrasing were missed.",
        "## Figures",
    ]
    every = {name: figures(load(name), map(ours(resolver), (line.say for line in load(name)))) for name in SETS}
    parts.append(figures_table(every))
    parts.append(
        f"Learning took {learning:.1f} s, once; loading from the cache {loading:.2f} s. "
        f"One resolution: median {median:.2f} ms, 99th percentile {slowest:.2f} ms."
    )
    parts += ["## With the extra `understanding`", *with_extra(model)]
    missed = [miss for name in SETS for miss in misses(load(name), [ours(resolver)(line.say) for line in load(name)])]
    parts += ["## Calls for help that were missed", "\n".join(missed) or "None."]
    parts += ["## Slots (frozen)", table(["slot", "right id"], slot_rows(resolver, frozen))]
    rows = []
    for name, understand in [("this project", ours(resolver)), *peers.installed(model)]:
        given, middle, _ = timed(understand, frozen)
        found = figures(frozen, given)
        rows.append([name, *(found[each] for each in ASKED), f"{middle:.2f}"])
        print(f"{name}: {found['all']}", flush=True)
    parts += ["## Peers, on the same frozen lines, from the same samples", table(["", *ASKED, "median ms"], rows)]
    parts += [
        "## How it grows with the samples (frozen)",
        "The samples of each row are drawn at random, so that a full row learns them in another order than above.",
    ]
    parts += [table(["share", "samples", "all", "out of scope, answered with a section"], growth(model, frozen))]
    parts += ["## By manner (frozen)", table(["manner", "right"], by_group(frozen, labels, lambda line: line.manner))]
    parts += ["## By label (frozen)", table(["label", "right"], by_group(frozen, labels, lambda line: line.label))]
    names, counts = confusion(frozen, labels)
    wrong = [
        [names[row], names[column], str(counts[row, column])]
        for row, column in zip(*counts.nonzero(), strict=True)
        if row != column
    ]
    parts += ["## What was taken for what (frozen)", "![The confusion matrix](confusion.png)"]
    parts += [table(["meant", "taken for", "lines"], sorted(wrong, key=lambda each: -int(each[2])))]
    draw(names, counts, ROOT / "docs" / "confusion.png")
    (ROOT / "docs" / "understanding.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"all (frozen): {every['frozen']['all']}; out of scope label: {OUTSIDE}")


if __name__ == "__main__":
    sys.exit(main())
