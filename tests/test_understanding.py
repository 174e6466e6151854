"""How many spoken questions are understood: each line of `utterances/` in a fresh session, against its label.

`utterances/README.md` tells what the lines are, and what they can't prove. The figures are printed (`pytest -s`), and
floors are asserted for each half on its own. Nothing here prints a line of the frozen half.
"""

import functools
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from simulated import device, resolver

from skill.simulator.device import Heard
from skill.simulator.words import tokens

FOLDER = Path(__file__).parent / "utterances"
HALVES = ("development", "frozen")

FROZEN = "391d4c4142d1df9bc10a98f2099de10b6b32487a54e30740366d7f1283a73e72"

SECTIONS = (
    "overview", "local", "local.surgery", "local.radiation", "distant", "distant.chemotherapy", "distant.surgery",
    "distant.radiation", "no_treatment", "clinical_trials", "surgery", "radiation",
)  # fmt: skip
"""The labels that are judged by the reply's topic; the last two are the clarifying questions."""

URGENT = ("EmergencyIntent", "CrisisIntent")
FALLBACK = "AMAZON.FallbackIntent"
MANNERS = ("plain", "lay", "indirect", "relative", "nonnative", "misheard", "polite", "elliptical")


@dataclass(frozen=True)
class Judged:
    """A line, and what became of it."""

    label: str
    also: tuple[str, ...]
    manner: str
    intent: str
    topic: str | None
    slots: dict[str, str | None]

    def is_(self, label: str) -> bool:
        """Whether it was answered as `label` asks."""
        if label in SECTIONS:
            return self.topic == label
        if label == "unpaired":  # a pair that the page does not have
            pair = {"treatment": "chemotherapy", "recurrence": "local"}
            return (self.intent, self.slots, self.topic) == ("TopicIntent", pair, None)
        return self.intent == label

    @property
    def right(self) -> bool:
        return any(map(self.is_, (self.label, *self.also)))


def read(half: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()]


def hear(said: str) -> Heard:
    """The answer to a line in a fresh session."""
    echo = device()
    echo.launch()
    return echo.say(said)


@functools.cache
def judged(half: str) -> tuple[Judged, ...]:
    """Every line of a half, answered."""
    lines = [(line, hear(line["say"])) for line in read(half)]
    return tuple(
        Judged(line["label"], tuple(line["also"]), line["manner"], heard.intent, heard.topic, heard.slots)
        for line, heard in lines
    )


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        return self.hits / self.total

    def interval(self) -> tuple[float, float]:
        """The 95 per cent interval of Wilson (1927)."""
        z = 1.959964
        middle = (self.hits + z * z / 2) / (self.total + z * z)
        half = z * math.sqrt(self.hits * (self.total - self.hits) / self.total + z * z / 4) / (self.total + z * z)
        return middle - half, middle + half

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.hits:4} of {self.total:3}  {self.value:6.1%}  ({low:.1%} to {high:.1%})"


def share(lines: tuple[Judged, ...], of: Callable[[Judged], bool], hit: Callable[[Judged], bool]) -> Share:
    chosen = [line for line in lines if of(line)]
    return Share(sum(map(hit, chosen)), len(chosen))


def understood(half: str) -> Share:
    return share(judged(half), lambda line: True, lambda line: line.right)


def sections(half: str) -> Share:
    return share(judged(half), lambda line: line.label in SECTIONS, lambda line: line.right)


def urgent(half: str) -> Share:
    return share(judged(half), lambda line: line.label in URGENT, lambda line: line.right)


def false_alarms(half: str) -> Share:
    return share(
        judged(half),
        lambda line: not {line.label, *line.also} & set(URGENT),
        lambda line: line.intent in URGENT,
    )


def wrongly_answered(half: str) -> Share:
    return share(
        judged(half),
        lambda line: line.label == FALLBACK,
        lambda line: line.topic is not None and not line.right,
    )


FLOORS: list[tuple[str, Callable[[str], Share], Callable[[Share], bool]]] = [
    ("all understood, at least 85 %", understood, lambda found: found.value >= 0.85),
    ("sections answered, at least 80 %", sections, lambda found: found.value >= 0.80),
    ("emergency and crisis heard, at least 28 of 30", urgent, lambda found: found.value >= 28 / 30),
    ("others taken for them, at most 2 %", false_alarms, lambda found: found.value <= 0.02),
    ("out of scope, answered with a section, below 15 %", wrongly_answered, lambda found: found.value < 0.15),
]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(("about", "figure", "holds"), FLOORS, ids=[about for about, *_ in FLOORS])
def test_floor(half: str, about: str, figure: Callable[[str], Share], holds: Callable[[Share], bool]) -> None:
    found = figure(half)
    assert holds(found), f"{half}: {about}: {found}"


def test_figures(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for half in HALVES:
            print(f"\nSpoken questions understood, {half} half, with 95 % intervals:")
            for about, figure, _ in FLOORS:
                print(f"  {about:50} {figure(half)}")
            for manner in MANNERS:
                found = share(judged(half), lambda line, of=manner: line.manner == of, lambda line: line.right)  # type: ignore[misc]
                print(f"  {manner:50} {found}")


def test_the_interval() -> None:
    """Against figures by hand from the formula: 8 of 10, and all of 10."""
    assert Share(8, 10).interval() == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(10, 10).interval() == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_the_frozen_half_is_as_it_was() -> None:
    assert hashlib.sha256((FOLDER / "frozen.jsonl").read_bytes()).hexdigest() == FROZEN


@pytest.mark.parametrize("half", HALVES)
def test_the_lines_are_whole(half: str) -> None:
    known = {*SECTIONS, "unpaired", *resolver().model.by_name}
    for line in read(half):
        assert tuple(line) == ("say", "label", "also", "treatment", "recurrence", "manner")
        assert line["say"].strip() == line["say"] != ""
        assert {line["label"], *line["also"]} <= known
        assert line["treatment"] in (None, "surgery", "radiation", "chemotherapy")
        assert line["recurrence"] in (None, "local", "distant", "both")
        assert line["manner"] in MANNERS


def test_no_line_is_in_both_halves() -> None:
    development, frozen = ([line["say"] for line in read(half)] for half in HALVES)
    assert len({*development, *frozen}) == len(development) + len(frozen)


# ── the data card ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_data_card_counts_right() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    files = {name: read(name) for name in (*HALVES, "second")}
    samples = {tokens(sample) for intent in resolver().model.intents for sample in intent.samples if "{" not in sample}
    named = {
        "the twelve sections and clarifying questions": lambda line: line["label"] in SECTIONS,
        "a pair that the page does not have": lambda line: line["label"] == "unpaired",
        "emergency or crisis": lambda line: line["label"] in URGENT,
        "what the page does not answer (Fallback)": lambda line: line["label"] == FALLBACK,
        "everything else: steering, advice, about": lambda line: (
            line["label"] not in (*SECTIONS, *URGENT, "unpaired", FALLBACK)
        ),
        "all": lambda line: True,
        **{manner: lambda line, of=manner: line["manner"] == of for manner in MANNERS},
    }
    for row, counted in named.items():
        counts = (str(sum(map(counted, lines))) for lines in files.values())
        assert f"\n| {row} | {' | '.join(counts)} |" in card
    for name, lines in files.items():
        assert f"| `{name}.jsonl` | {len(lines)} |" in card
    assert f"\n{sum(map(len, files.values()))} English lines" in card
    development, frozen = (sum(tokens(line["say"]) in samples for line in files[half]) for half in HALVES)
    assert f"{development} lines of the development half and {frozen} of the frozen\n" in card
