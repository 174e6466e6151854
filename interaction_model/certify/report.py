"""What was found, line by line for an ear or an eye, and as JSON for a program."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interaction_model.certify.rules import Fault, Rule

SHOWN = 5
"""Faults of one rule that are told in full; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one rule."""

    rule: Rule
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    """Why it could not be checked; empty when it was."""

    @property
    def status(self) -> str:
        """`pass`, `fail`, `to be filled in` or `not checked`."""
        if self.reason:
            return "not checked"
        if not self.faults:
            return "pass"
        return "to be filled in" if self.rule.kind == "fill in" else "fail"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every rule."""

    folder: Path
    results: tuple[Result, ...]
    left_out: tuple[str, ...] = ()
    """What was not asked of the running skill, in sentences."""

    def of(self, status: str) -> list[Result]:
        """The results of one status."""
        return [result for result in self.results if result.status == status]

    def lines(self) -> Iterator[str]:
        """The report as text: the counts, then what needs doing, then what was not checked, then what passed."""
        yield f"Certification checklist of {self.folder}."
        yield self._counts()
        for status, heading in (("fail", "Failed"), ("to be filled in", "To be filled in before submission")):
            for number, result in enumerate(self.of(status), 1):
                yield ""
                yield f"{heading}, {number} of {len(self.of(status))}: {result.rule.id}. {result.rule.rule}"
                yield from (f"Found: {each.place}: {_stopped(each.what)}" for each in result.faults[:SHOWN])
                if (more := len(result.faults) - SHOWN) > 0:
                    yield f"Found: {more} more."
                yield f"To mend: {result.rule.mend}"
                yield f"Source: {result.rule.document}, {result.rule.url}"
        for status, heading in (("not checked", "Not checked"), ("pass", "Passed")):
            if self.of(status):
                yield ""
            for result in self.of(status):
                yield f"{heading}: {result.rule.id}. {result.rule.rule}{self._because(result)}"
        yield ""
        yield from (f"Left out: {each}" for each in self.left_out)
        yield self._verdict()

    def _counts(self) -> str:
        counts = {status: len(self.of(status)) for status in ("pass", "fail", "to be filled in", "not checked")}
        return (
            f"{len(self.results)} rules: {counts['pass']} passed, {counts['fail']} failed, "
            f"{counts['to be filled in']} to be filled in before submission, {counts['not checked']} not checked."
        )

    def _verdict(self) -> str:
        unchecked = f" {len(self.of('not checked'))} rules were not checked." if self.of("not checked") else ""
        if self.of("fail"):
            return f"Not ready: {len(self.of('fail'))} rules failed.{unchecked}"
        if waiting := self.of("to be filled in"):
            return f"Not ready to submit: nothing failed, and {len(waiting)} are still to be filled in.{unchecked}"
        return f"Nothing failed, and nothing is left to be filled in.{unchecked}"

    @staticmethod
    def _because(result: Result) -> str:
        return f" Because {_stopped(result.reason)}" if result.reason else ""

    def json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "package": str(self.folder),
            "rules": [
                {
                    "id": result.rule.id,
                    "status": result.status,
                    "rule": result.rule.rule,
                    "source": {"document": result.rule.document, "url": result.rule.url},
                    "note": result.rule.note or None,
                    "mend": result.rule.mend,
                    "reason": result.reason or None,
                    "found": len(result.faults),
                    "faults": [each._asdict() for each in result.faults[: 20 * SHOWN]],
                }
                for result in self.results
            ],
            "left_out": list(self.left_out),
        }


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
