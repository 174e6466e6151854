"""Cold start and warm answer of the skill, against the smallest skill that ask-sdk-core makes (bare.py)."""

import json
from collections.abc import Iterator

from bench.processes import COLD, ROOT, WARM, answer, environment, run, unpacked
from bench.rows import Row, compared, paired

PAIRS = 25
BARE = "a bare skill on ask-sdk-core"


def rows() -> Iterator[Row]:
    """From the repository with this Python's packages; as AWS has it: from the bundle alone."""
    alike = {"BARE_ANSWER": json.dumps(answer())}
    here, there = environment(ROOT), environment(unpacked())
    for where, env, options in (("repository", here, ()), ("bundle", there, ("-S",))):
        for module in ("lambda_function", "bare"):
            run(COLD.format(module=module), env, *options)  # writes the byte code
        found = paired(
            lambda env=env, options=options: run(COLD.format(module="lambda_function"), env, *options)[0],  # type: ignore[misc]
            lambda env=env, options=options: run(COLD.format(module="bare"), env, *options)[0],  # type: ignore[misc]
            PAIRS,
        )
        yield compared(f"cold start to first answer, {where}", found, BARE, 1.15)
    warm = paired(
        lambda: float(run(WARM.format(module="lambda_function"), here)[1]),
        lambda: float(run(WARM.format(module="bare"), here | alike)[1]),
        7,
    )
    yield compared("warm answer", warm, f"{BARE}, as long an answer", 2.0)
