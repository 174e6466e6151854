"""Against Amazon's SDK for Node, and the programs from npm that the bench uses. They are put into build/bench alone."""

import functools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.processes import COLD, EVENT, ROOT, WARM, WORK, answer, environment, run
from bench.rows import Row, compared, paired

PACKAGES = ("ask-sdk-core@2", "ask-sdk-model@1", "autocannon@8")
"""Amazon's SDK; and the load tool: it counts latencies in a histogram, bounds itself by count and time, speaks JSON, is
small (8 MB) and kept up. wrk is as good but not on a registry of packages; locust brings gevent; molotov rests."""


class NoNode(Exception):
    """Node or npm, or a package of theirs, is not to be had; the message says which."""


@functools.cache
def modules() -> Path:
    """The folder with the packages. Raises `NoNode`."""
    folder = WORK / "node"
    if not (shutil.which("node") and shutil.which("npm")):
        raise NoNode("not measured: node and npm are not installed")
    wanted = ("ask-sdk-core", "ask-sdk-model", "autocannon")
    if not all((folder / "node_modules" / each).is_dir() for each in wanted):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder]
        if subprocess.run([*command, *PACKAGES], capture_output=True, check=False).returncode:
            raise NoNode("not measured: npm could not bring its packages")
    return folder / "node_modules"


def rows() -> Iterator[Row]:
    """By the clock: Node works on several processors at once, and a processor's time would be held against it."""
    try:
        env = environment(ROOT, NODE_PATH=str(modules()))
    except NoNode as error:
        yield Row("against Node", str(error))
        return
    command = ["node", ROOT / "bench" / "bare.js", json.dumps(EVENT), json.dumps(answer())]

    def start(command: list[str | Path]) -> float:
        begun = time.perf_counter()
        subprocess.run(command, env=env, check=True, capture_output=True)
        return 1000 * (time.perf_counter() - begun)

    def cold() -> float:
        begun = time.perf_counter()
        run(COLD.format(module="lambda_function"), env)
        return 1000 * (time.perf_counter() - begun)

    against = "a bare skill on Node's ask-sdk-core, as long an answer"
    yield compared("cold start to first answer, by the clock", paired(cold, lambda: start(command), 11), against)
    warm = paired(
        lambda: float(run(WARM.format(module="lambda_function"), env)[1]),
        lambda: float(subprocess.run([*command, "1000"], env=env, check=True, capture_output=True).stdout),
        5,
    )
    yield compared("warm answer", warm, against)
