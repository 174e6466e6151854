"""Cold start and warm answer of the skill, each as a ratio to a bare ask-sdk-core skill, measured in turn.

    python bench/answers.py

Cold: a new process from its start to its first answer. Warm: one answer in a process that has given others; the bare
skill then answers with speech, reprompt and card of the same length. Medians; the pairs alternate, so that a machine
that slows down slows both.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAIRS = 15

EVENT = {
    "version": "1.0",
    "session": {"new": True, "sessionId": "s", "application": {"applicationId": "a"}, "user": {"userId": "u"}},
    "context": {"System": {"application": {"applicationId": "a"}, "user": {"userId": "u"}}},
    "request": {
        "type": "IntentRequest", "requestId": "r", "timestamp": "2026-11-23T12:00:00Z", "locale": "en-US",
        "intent": {"name": "AmputationIntent", "confirmationStatus": "NONE"},
    },
}  # fmt: skip

COLD = "import json, sys; from {module} import lambda_handler; lambda_handler(json.loads(sys.argv[1]), None)"

WARM = """
import json, sys, time
from {module} import lambda_handler
event = json.loads(sys.argv[1])
for _ in range(300):
    lambda_handler(event, None)
times = []
for _ in range(1500):
    start = time.perf_counter()
    lambda_handler(event, None)
    times.append(time.perf_counter() - start)
times.sort()
print(times[len(times) // 2])
"""


def run(program: str, module: str, environment: dict[str, str]) -> tuple[float, str]:
    """Seconds from process start to its end, and what it printed."""
    command = [sys.executable, "-c", program.format(module=module), json.dumps(EVENT)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}", "SKILL_ID": "a"}
    sys.path.insert(0, str(ROOT))
    os.environ["SKILL_ID"] = "a"
    from lambda_function import lambda_handler

    response = lambda_handler(EVENT, None)["response"]
    alike = {
        "speech": "a" * len(response["outputSpeech"]["ssml"]),
        "reprompt": "a" * len(response["reprompt"]["outputSpeech"]["ssml"]),
        "card": "a" * len(response["card"]["content"]),
    }
    same_length = {**environment, "BARE_ANSWER": json.dumps(alike)}
    for module in ("lambda_function", "bare"):
        run(COLD, module, environment)  # writes the byte code
    cold = [(run(COLD, "lambda_function", environment)[0], run(COLD, "bare", environment)[0]) for _ in range(PAIRS)]
    warm = [
        (float(run(WARM, "lambda_function", environment)[1]), float(run(WARM, "bare", same_length)[1]))
        for _ in range(5)
    ]
    for name, pairs, limit in (("cold start", cold, 1.3), ("warm answer", warm, 3.0)):
        ours, bare = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        print(f"{name}: {ours:.2f} ms, bare skill {bare:.2f} ms, ratio {ratio:.2f} (asked: at most {limit})")


if __name__ == "__main__":
    main()
