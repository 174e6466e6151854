"""What a line of `tests/utterances` expects, and what an answer counts as. In: lines, answers. Out: labels, figures.

A label is the id of the section that answers, `unpaired` for a pair that the page does not have, or an intent's name.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from skill import dialogue, page
from skill.dialogue import Slot, State, Turn

UTTERANCES = Path(__file__).parents[1] / "tests" / "utterances"

URGENT = ("EmergencyIntent", "CrisisIntent")
OUTSIDE = "AMAZON.FallbackIntent"
SECTION_INTENTS = ("TopicIntent", "RecurrenceIntent")


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled utterance."""

    say: str
    label: str
    also: tuple[str, ...]
    manner: str
    slots: Mapping[str, str | None]

    def accepts(self, label: str) -> bool:
        """Whether an answer with that label is right."""
        return label == self.label or label in self.also


def load(name: str) -> list[Line]:
    """The lines of one file of the corpus."""
    rows = map(json.loads, (UTTERANCES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Line(
            row["say"], row["label"], tuple(row["also"]), row["manner"],
            {slot: row[slot] for slot in ("treatment", "recurrence")},
        )
        for row in rows
    ]  # fmt: skip


def label_of(intent: str, slots: Mapping[str, str | None]) -> str:
    """The label of what the skill answers to an intent said first of all."""
    here = page.load()
    turn = Turn(intent, {name: Slot(value, value) for name, value in slots.items() if value})
    reply = dialogue.respond(here, State(introduced=True), turn)
    if intent not in SECTION_INTENTS and here.of_intent(intent) is None:
        return intent
    if reply.topic is not None:
        return reply.topic
    return "unpaired" if reply.state.misses == 0 else OUTSIDE


def is_section(label: str) -> bool:
    """Whether a label is a section's, or a question about one."""
    return label == "unpaired" or "Intent" not in label


def wilson(right: int, total: int) -> str:
    """A share with its 95 % interval (Wilson 1927): "94.3 % [91.2–96.4], n=314"."""
    if total == 0:
        return "none"
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{100 * share:.1f} % [{100 * max(0.0, middle - half):.1f}–{100 * (middle + half):.1f}], n={total}"


def figures(lines: list[Line], labels: Iterable[str]) -> dict[str, str]:
    """The figures that the project is judged by, by their names."""
    pairs = list(zip(lines, labels, strict=True))

    def share(chosen: list[tuple[Line, str]]) -> str:
        return wilson(sum(line.accepts(label) for line, label in chosen), len(chosen))

    outside = [pair for pair in pairs if pair[0].label == OUTSIDE]
    calm = [pair for pair in pairs if pair[0].label not in URGENT]
    inside = [pair for pair in pairs if pair[0].label != OUTSIDE]
    return {
        "all": share(pairs),
        "sections": share([pair for pair in pairs if is_section(pair[0].label)]),
        "controls and others": share(
            [pair for pair in pairs if not is_section(pair[0].label) and pair[0].label not in (*URGENT, OUTSIDE)]
        ),
        "emergency": share([pair for pair in pairs if pair[0].label == URGENT[0]]),
        "crisis": share([pair for pair in pairs if pair[0].label == URGENT[1]]),
        "others taken for an emergency or a crisis": wilson(sum(label in URGENT for _, label in calm), len(calm)),
        "out of scope, rejected": share(outside),
        "out of scope, answered with a section": wilson(sum(is_section(label) for _, label in outside), len(outside)),
        "in scope, falsely rejected": wilson(sum(label == OUTSIDE for _, label in inside), len(inside)),
        "macro-F1": f"{100 * macro_f1(pairs):.1f} %",
    }


def macro_f1(pairs: list[tuple[Line, str]]) -> float:
    """The mean over labels of the harmonic mean of precision and recall; an accepted answer counts as the label."""
    truth = [(line.label, line.label if line.accepts(label) else label) for line, label in pairs]
    scores = []
    for each in {expected for expected, _ in truth}:
        right = sum(expected == got == each for expected, got in truth)
        wanted, given = sum(expected == each for expected, _ in truth), sum(got == each for _, got in truth)
        scores.append(2 * right / (wanted + given))
    return sum(scores) / len(scores)
