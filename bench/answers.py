"""Cold start and warm answer of the skill, against the smallest skill that ask-sdk-core makes (bare.py)."""

import json
from collections.abc import Iterator
from functools import partial

from bench.loopback import dynamodb
from bench.processes import COLD, ROOT, WARM, answer, environment, run, unpacked
from bench.rows import Row, compared, paired

PAIRS = 25
BARE = "a bare skill on ask-sdk-core"


def rows() -> Iterator[Row]:
    """From the repository with this Python's packages; as AWS has it: from the bundle alone."""
    alike = {"BARE_ANSWER": json.dumps(answer())}
    here, there = environment(ROOT), environment(unpacked())
    yield compared("cold start to first answer, repository", cold(here), BARE, 1.15)
    yield compared("cold start to first answer, bundle", cold(there, "-S"), BARE, 1.15)
    with dynamodb() as memory:
        found = cold(there | memory, "-S")
    yield compared("cold start to first answer, bundle and memory", found, f"{BARE}, with a memory", 1.15)
    warm = paired(
        lambda: float(run(WARM.format(module="lambda_function"), here)[1]),
        lambda: float(run(WARM.format(module="bare"), here | alike)[1]),
        7,
    )
    yield compared("warm answer", warm, f"{BARE}, as long an answer", 2.0)


def cold(env: dict[str, str], *options: str) -> tuple[float, float, float]:
    """Milliseconds of processor from a process's start to its first answer: ours, the bare skill's, and the ratio."""
    ours, bare = (partial(run, COLD.format(module=module), env, *options) for module in ("lambda_function", "bare"))
    ours(), bare()  # writes the byte code
    return paired(lambda: ours()[0], lambda: bare()[0], PAIRS)
