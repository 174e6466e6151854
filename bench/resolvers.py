"""The resolver against the best libraries of its kind (peers.py), on the same samples and the same lines.

The development lines taught what kinds of phrasing were missed, so they flatter ours; `make understanding` judges by
lines that taught nothing, and says how sure each figure is.
"""

import time
from collections.abc import Callable, Iterator

from bench import peers
from bench.judging import Line, load
from bench.rows import Row, percentile
from bench.understanding import ours
from skill.simulator.model import committed
from skill.simulator.resolver import Resolver


def measured(understand: Callable[[str], str], lines: list[Line]) -> tuple[float, float, float]:
    """The share of right answers, and the median and the 99th percentile of the processor's time in milliseconds."""
    right, times = 0, []
    for line in lines:
        start = time.process_time()
        label = understand(line.say)
        times.append(1000 * (time.process_time() - start))
        right += line.accepts(label)
    return right / len(lines), percentile(times, 0.5), percentile(times, 0.99)


def rows() -> Iterator[Row]:
    """A ratio below one: ours is quicker. Accuracy stands beside it, since a quick guess is cheap."""
    model = committed("en-CA")
    lines = load("development")
    resolver = ours(Resolver(model))
    resolver(lines[0].say)  # learns, or reads what was learned
    share, middle, slowest = measured(resolver, lines)
    told = f"{100 * share:.0f} % right; p50 {middle:.2f} ms, p99 {slowest:.2f} ms"
    yield Row(f"resolver, {len(lines)} lines", told)
    for name, understand in peers.installed(model):
        understand(lines[0].say)
        other_share, other_middle, other_slowest = measured(understand, lines)
        other = f"{100 * other_share:.0f} % right; p50 {other_middle:.2f} ms, p99 {other_slowest:.2f} ms"
        yield Row("resolver", told, other, middle / other_middle, None, f"{name} (ratio of p50)")
