"""A row of the table: a figure, a baseline measured in the same run, and their ratio. In: rows. Out: text."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

HEAD = ("what", "ours", "baseline", "ratio", "at most", "against")


class Row(NamedTuple):
    """One line of the table. Where nothing could be measured, `ours` says why and the rest is empty."""

    what: str
    ours: str
    baseline: str = ""
    ratio: float | None = None
    limit: float | None = None
    """The largest ratio that was promised; None where none was."""
    against: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        late = " !" if self.ratio is not None and self.limit is not None and self.ratio > self.limit else ""
        limit = "" if self.limit is None else f"{self.limit:.2f}"
        return self.what, self.ours, self.baseline, ratio + late, limit, self.against


Source = Callable[[], Iterable[Row]]


def paired(ours: Callable[[], float], baseline: Callable[[], float], pairs: int) -> tuple[float, float, float]:
    """The medians of both and of the ratios. They take turns, so that a machine that slows down slows both."""
    found = [(ours(), baseline()) for _ in range(pairs)]
    return (
        statistics.median(one for one, _ in found),
        statistics.median(other for _, other in found),
        statistics.median(one / other for one, other in found),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of `values` lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def compared(what: str, found: tuple[float, float, float], against: str, limit: float | None = None) -> Row:
    """A row of two times in milliseconds."""
    ours, baseline, ratio = found
    return Row(what, f"{ours:.2f} ms", f"{baseline:.2f} ms", ratio, limit, against)


def text(rows: Iterable[Row]) -> str:
    """The table, in columns that a screen reader reads cell by cell."""
    return "\n".join(
        "| " + " | ".join(cells) + " |" for cells in (HEAD, ("---",) * len(HEAD), *(r.cells for r in rows))
    )
