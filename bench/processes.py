"""Python processes that are started, warmed and measured: the skill from the repository or the bundle, and bare ones.

Times are of the processor, not of the clock: what else the machine does hardly shows. Byte code is kept beside, in a
folder of the bench, for all alike.
"""

import functools
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from deploy import package

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build" / "bench"

EVENT = {
    "version": "1.0",
    "session": {"new": True, "sessionId": "s", "application": {"applicationId": "a"}, "user": {"userId": "u"}},
    "context": {"System": {"application": {"applicationId": "a"}, "user": {"userId": "u"}}},
    "request": {
        "type": "IntentRequest", "requestId": "r", "timestamp": "2026-11-23T12:00:00Z", "locale": "en-US",
        "intent": {"name": "AmputationIntent", "confirmationStatus": "NONE"},
    },
}  # fmt: skip

# Amazon's runtime client has loaded json, logging and traceback before it loads any skill.
COLD = """
import json, logging, sys, traceback
from {module} import lambda_handler
lambda_handler(json.loads(sys.argv[1]), None)
"""

SAYS = """
import json, sys
from lambda_function import lambda_handler
print(json.dumps(lambda_handler(json.loads(sys.argv[1]), None)))
"""

WARM = """
import json, sys, time
from {module} import lambda_handler
event = json.loads(sys.argv[1])
for _ in range(200):
    lambda_handler(event, None)
times = []
for _ in range(1000):
    start = time.process_time_ns()
    lambda_handler(event, None)
    times.append(time.process_time_ns() - start)
times.sort()
print(times[len(times) // 2] / 1e6)
"""


@functools.cache
def unpacked() -> Path:
    """The bundle for AWS, unpacked."""
    package.build()
    folder = WORK / "task"
    with zipfile.ZipFile(package.BUNDLE) as packed:
        packed.extractall(folder)
    return folder


def environment(*folders: Path, **more: str) -> dict[str, str]:
    """What a measured process gets: the modules in `folders`, and byte code that is kept."""
    path = os.pathsep.join(map(str, (*folders, ROOT / "bench")))
    cache = str(WORK / "bytecode")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": path, "PYTHONPYCACHEPREFIX": cache, "SKILL_ID": "a"} | more


def run(program: str, env: Mapping[str, str], *options: str) -> tuple[float, str]:
    """Milliseconds of processor from a process's start to its end, and what it printed."""
    command = [sys.executable, *options, "-c", program, json.dumps(EVENT)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=WORK, env=env, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * spent, done.stdout


@functools.cache
def answer() -> dict[str, str]:
    """An answer as long as ours to `EVENT`, of nothing but the letter a."""
    response = json.loads(run(SAYS, environment(ROOT))[1])["response"]
    return {
        "speech": "a" * len(response["outputSpeech"]["ssml"]),
        "reprompt": "a" * len(response["reprompt"]["outputSpeech"]["ssml"]),
        "card": "a" * len(response["card"]["content"]),
    }
