"""The audio edition, built from nothing, against a bare process that loads the engine and speaks the same text.

Both keep nothing from before: ours has an empty cache, and writes its publications, loudness and manifest besides.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.processes import ROOT, WORK
from bench.rows import Row

ENGINE = "hibari"
"""The voice that every machine has."""

BARE = """
import hibari
from audio.script import script
from skill import page
speaker = hibari.Hibari()
for passage in script(page.load()):
    for line in passage.lines:
        speaker(line.said, seed=0)
"""


def rows() -> Iterator[Row]:
    """One run of each, as each takes half a minute: seconds on the clock, and of the processor."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        env = os.environ | {"XDG_CACHE_HOME": folder}
        build = ("-m", "audio", "build", "--engine", ENGINE, "--out", str(Path(folder, "edition")))
        ours, bare = spent(build, env), spent(("-c", BARE), env)
    for what, mine, its in zip(("on the clock", "of the processor"), ours, bare, strict=True):
        yield Row(
            f"the whole edition, seconds {what}", f"{mine:.1f} s", f"{its:.1f} s", mine / its, 5.0,
            f"{ENGINE} alone, speaking the same text",
        )  # fmt: skip


def spent(arguments: tuple[str, ...], env: dict[str, str]) -> tuple[float, float]:
    """Seconds on the clock and of the processor that a Python takes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    clock, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
