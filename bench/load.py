"""Load and abuse of the web service, over loopback alone: `python -m bench.load [--seconds 60] [--requests 100000]`.

Full speed: signed requests from autocannon (node.py says why that one). Abuse: real requests beside a thousand silent
connections, slow ones, and rubbish. A storm: fuzzed requests in the shapes of Amazon's own classes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.loopback import JSON, SKILL_ID, Child, abused, asking, headers, storm, verified
from bench.node import NoNode, modules
from bench.rows import Row, percentile, text
from bench.web import bare_adapter

CONNECTIONS = 16
SECONDS = 60
LONGEST_SECONDS = 140
"""A signature holds for 150."""
BASELINE_SECONDS = 15
STORM = 100_000
PACE = 300
"""Real requests, one after the other, without abuse and with it."""


def full_speed(seconds: int = SECONDS) -> Iterator[Row]:
    """Signed requests as fast as they are answered. Beside it, the bare adapter."""
    try:
        tool = modules() / "autocannon" / "autocannon.js"
    except NoNode as error:
        yield Row("web service at full speed", str(error))
        return
    body = asking("AmputationIntent")
    with bare_adapter() as port:
        cannon(tool, port, body, JSON, 2)
        bare = cannon(tool, port, body, JSON, min(seconds, BASELINE_SECONDS))
    with tempfile.TemporaryDirectory() as folder, verified(Path(folder), "ours") as child:
        cannon(tool, child.port, body, headers(body), 2)  # fetches the chain, fills the caches
        before = child.memory
        body = asking("AmputationIntent")
        told = cannon(tool, child.port, body, headers(body), min(seconds, LONGEST_SECONDS))
        after = child.memory
    yield Row(
        f"web service at full speed, {seconds} s, {CONNECTIONS} connections: time a request",
        speed(told), speed(bare), bare["requests"]["average"] / told["requests"]["average"],
        None, "flask-ask-sdk's adapter, a bare skill, nothing verified",
    )  # fmt: skip
    yield Row(
        "its memory after, and before", f"{after / 1e6:.1f} MB", f"{before / 1e6:.1f} MB", after / before, 1.1, "itself"
    )


def speed(told: dict[str, Any]) -> str:
    """What autocannon counted, in a line."""
    late, failed = told["latency"], told["errors"] + told["timeouts"] + told["non2xx"]
    return (
        f"{told['requests']['average']:.0f} requests a second; p50 {late['p50']} ms, p99 {late['p99']} ms; "
        f"{failed} errors of {told['requests']['total']:,}"
    )


def cannon(tool: Path, port: int, body: bytes, sent: dict[str, str], seconds: int) -> dict[str, Any]:
    """What autocannon tells of that many seconds of one request."""
    command = ["node", tool, "--json", "--no-progress", "-c", CONNECTIONS, "-d", seconds, "-m", "POST"]
    command += [part for name, value in sent.items() for part in ("-H", f"{name}={value}")]
    command += ["-b", body.decode(), f"http://127.0.0.1:{port}/alexa"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def beside_abuse() -> Iterator[Row]:
    """Real requests alone, and then beside a thousand silent connections, a hundred slow ones and four that shout."""

    def pace(child: Child) -> list[float]:
        times = []
        for _ in range(PACE):
            body = asking("AmputationIntent")
            sent = headers(body)
            start = time.perf_counter()
            status, _ = child.ask("POST", "/alexa", body, headers=sent)
            times.append(1000 * (time.perf_counter() - start))
            assert status == 200, status
        return times

    with tempfile.TemporaryDirectory() as folder, verified(Path(folder), "ours") as child:
        calm = pace(child)
        before = child.memory
        with abused(child, silent=1000, dripping=100, loud=4) as answered:
            rough = pace(child)
            after = child.memory
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        one, other = percentile(rough, share), percentile(calm, share)
        what = f"real request beside 1,000 silent, 100 slow, {len(answered)} bad ones, {name}"
        yield Row(
            what, f"{one:.1f} ms", f"{other:.1f} ms", one / other, None, "the same without them; all were answered"
        )
    yield Row("memory with them, and without", f"{after / 1e6:.1f} MB", f"{before / 1e6:.1f} MB", after / before)


def fuzzed(requests: int = STORM) -> Iterator[Row]:
    """A storm of fuzzed requests. A fault of the server ends the bench with the request that did it."""
    settings = {"skill_id": SKILL_ID, "verify": False}
    with tempfile.TemporaryDirectory() as folder, Child(Path(folder), settings, skill="ours") as child:
        came = storm(child, requests)
        now = child.memory
    told = ", ".join(f"{count:,} answered {status}" for status, count in sorted(came.statuses.items()))
    yield Row(f"{came.statuses.total():,} fuzzed requests", f"{told}; none by a fault, none hung")
    yield Row(
        "memory after them, and after a fifth",
        f"{now / 1e6:.1f} MB", f"{(now - came.grown) / 1e6:.1f} MB", now / (now - came.grown), 1.1, "itself",
    )  # fmt: skip


def main() -> None:
    """The rows of load and abuse alone."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description="Load and abuse, over loopback alone.")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="at full speed; at most 140 (default: 60)")
    parser.add_argument("--requests", type=int, default=STORM, help="that are fuzzed (default: 100000)")
    told = parser.parse_args()
    print(text([*full_speed(told.seconds), *beside_abuse(), *fuzzed(told.requests)]))


if __name__ == "__main__":
    sys.exit(main())
