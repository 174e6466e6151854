"""Everything that CI checks, stage by stage, with the time that each took: `make test`."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]

STAGES = {
    "style": ["ruff", "check", "--quiet", "."],
    "layout": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy"],
    "interaction model": ["interaction_model", "build", "--check"],
    "ambiguity": ["interaction_model", "ambiguity"],
    "certification": ["interaction_model", "certify"],
    "tests": ["pytest", "--quiet", "--cov", "--cov-report=term"],
}


def main() -> int:
    """Runs every stage, even after one has failed; 1 if any did."""
    failed = []
    print(f"── Python {platform.python_version()}", flush=True)
    for name, command in STAGES.items():
        print(f"── {name}: {' '.join(command)}", flush=True)
        start = time.monotonic()
        status = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=os.environ).returncode
        print(f"── {name}: {'fine' if status == 0 else 'FAILED'}, {time.monotonic() - start:.0f} seconds", flush=True)
        if status:
            failed.append(name)
    print(f"── failed: {', '.join(failed)}" if failed else "── all stages are fine", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
