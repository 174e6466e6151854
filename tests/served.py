"""`python -m skill serve` in a process of its own, as a person starts it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulated import PATIENCE, ROOT

HERE = "Serving on "


@contextmanager
def serving(*before: str, edition: Path | None = None) -> Iterator[str]:
    """Its address. before: Python that is run first in its process. edition: the edition's folder; none by default."""
    program = "; ".join(["import sys", *before, "from skill.__main__ import main", "sys.exit(main())"])
    arguments = ["serve", "--port", "0", "--edition", str(edition or ROOT / "no-edition")]
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ | {"SKILL_ID": "", "PUBLIC_HOST": ""},
    )  # fmt: skip
    assert process.stderr
    try:
        lines = []
        while not lines or not lines[-1].startswith(HERE):
            lines.append(process.stderr.readline())
            assert lines[-1], lines
        yield lines[-1].split()[2]
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
