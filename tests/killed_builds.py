"""Run as a program: kills builds at random points, many times, and looks at what is left. In: a folder, how often.

Prints what it saw; exits with 1 at the first edition that is not whole.
"""

import io
import os
import random
import signal
import sys
import time
from pathlib import Path

import audio.assemble
import audio.speaking  # noqa: F401 - loaded before the fork
from audio import build, manifest
from audio.progress import Bar
from tests.standin import page, publish

WORDS = ("surgery", "radiation therapy")


def main() -> int:
    """Kills, and looks."""
    out, times = Path(sys.argv[1]), int(sys.argv[2])
    one(out, WORDS[0])
    seen: dict[str, int] = {}
    for number in range(times):
        child = os.fork()
        if not child:
            while True:
                for word in WORDS:
                    one(out, word)
        time.sleep(random.uniform(0, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        papers = manifest.read(out)
        if papers is None or not manifest.is_whole(out, papers):
            print(f"After kill {number} the edition was not whole: {sorted(path.name for path in out.iterdir())}")
            return 1
        text = (out / "00 About this recording.txt").read_text(encoding="utf-8")
        other = (out / "01 Treatments for recurrent soft tissue sarcoma.txt").read_text(encoding="utf-8")
        word = next(word for word in WORDS if word in text)
        if word not in other:
            print(f"After kill {number} the edition was mixed.")
            return 1
        left = "beside" if any(path.name.endswith(".next") for path in out.parent.iterdir()) else "clean"
        seen[f"{word}, {left}"] = seen.get(f"{word}, {left}", 0) + 1
    one(out, WORDS[1])
    one(out, WORDS[0])
    print(seen, sorted(path.name for path in out.parent.iterdir()))
    return 0


def one(out: Path, word: str) -> None:
    """One build of one text."""
    build.build("silent", page(word), out, Bar(io.StringIO()), publish)


if __name__ == "__main__":
    sys.exit(main())
