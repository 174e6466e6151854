"""For test_sqlite_faults.py: a remembered listener whose file then belongs to somebody else."""

import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "memory")]

from listener import FORGET, KEY, LAUNCH, NEXT, REMEMBER, YES, Listener, remembering  # noqa: E402

from skill.memory.sqlite import SqliteStore  # noqa: E402

NOBODY = 65534


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    folder = Path(tempfile.mkdtemp())
    file = folder / "memory.sqlite3"
    told = {}
    try:
        anna = Listener(remembering(SqliteStore(file, KEY.listener)))
        anna.asks([LAUNCH, "OverviewIntent", REMEMBER, YES])
        file.chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(NOBODY)
        try:
            file.open("ab")
        except OSError as error:
            told["plain write"] = type(error).__name__
        told["next"] = anna.ask(NEXT).topic
        told["forget"] = anna.ask(FORGET).speech
        if root:
            os.seteuid(0)
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
