"""One table, each row a ratio to a baseline measured in the same run: `make bench`.

`python -m bench answers growth` measures those alone. A module of figures is one entry in `SOURCES`: a function that
gives rows (rows.py).
"""

import argparse
import platform
import sys
import time
from collections.abc import Iterator
from functools import partial

from bench import answers, edition, growth, load, node, resolvers, web
from bench.processes import WORK
from bench.rows import Row, Source, text


def sources(seconds: int, requests: int) -> dict[str, Source]:
    """What is measured, in the order of the table."""
    return {
        "answers": answers.rows,
        "node": node.rows,
        "growth": growth.rows,
        "web": web.rows,
        "load": partial(load.full_speed, seconds),
        "abuse": load.beside_abuse,
        "fuzz": partial(load.fuzzed, requests),
        "resolvers": resolvers.rows,
        "edition": edition.rows,
    }


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 if a row is above what was promised."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = list(sources(0, 0))
    parser.add_argument("only", nargs="*", choices=[[], *names], metavar="SOURCE", help=f"of {', '.join(names)}")
    parser.add_argument("--seconds", type=int, default=load.SECONDS, help="at full speed (default: 60)")
    parser.add_argument("--requests", type=int, default=load.STORM, help="that are fuzzed (default: 100000)")
    told = parser.parse_args(arguments)
    WORK.mkdir(parents=True, exist_ok=True)
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}", file=sys.stderr)
    found: list[Row] = []
    for name, source in sources(told.seconds, told.requests).items():
        if not told.only or name in told.only:
            found += said(name, source)
    print(text(found))
    late = [row.what for row in found if row.ratio is not None and row.limit is not None and row.ratio > row.limit]
    print(f"Above what was promised: {'; '.join(late)}" if late else "Nothing is above what was promised.")
    return 1 if late else 0


def said(name: str, source: Source) -> Iterator[Row]:
    """The rows of one source, each told as soon as it is there: the whole takes half an hour."""
    start = time.monotonic()
    for row in source():
        print(f"{name}: {row.what}: {row.ours} {row.cells[3]}", file=sys.stderr, flush=True)
        yield row
    print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
