"""One signed request to the web service, against flask-ask-sdk's own adapter on the same server with nothing verified.

(Its own verifier is no baseline: it can't be imported on today's OpenSSL, see skill/web/sdk.py.)
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from bench.loopback import JSON, asking, headers, verified
from bench.processes import EVENT, ROOT, answer, environment
from bench.rows import Row, compared, paired

REQUESTS = 300

BARE = """
import waitress
from flask import Flask
from skill.web.sdk import SkillAdapter
import bare
app = Flask(__name__)
app.config["ASK_SDK_VERIFY_SIGNATURE"] = app.config["ASK_SDK_VERIFY_TIMESTAMP"] = False
adapter = SkillAdapter(skill=bare._builder.create(), skill_id="skill", app=app)
app.add_url_rule("/alexa", view_func=adapter.dispatch_request, methods=["POST"])
server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
print(server.effective_port, flush=True)
server.run()
"""


@contextmanager
def bare_adapter() -> Iterator[int]:
    """The port of a server with a bare skill behind the adapter, that answers as long as ours."""
    env = environment(ROOT, BARE_ANSWER=json.dumps(answer()))
    process = subprocess.Popen(
        [sys.executable, "-c", BARE],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # waitress's line for each request that waits for a thread
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def median(port: int, body: bytes, sent: dict[str, str]) -> float:
    """The median of so many answers, one after the other on one line, in milliseconds."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        line.request("POST", "/alexa", body, headers=sent)
        with line.getresponse() as found:
            text = found.read()
        times.append(time.perf_counter() - start)
        assert found.status == 200, text
    line.close()
    return 1000 * sorted(times)[REQUESTS // 2]


def rows() -> Iterator[Row]:
    """By the clock, since two processes take part."""
    with tempfile.TemporaryDirectory() as folder, verified(Path(folder), "ours") as ours, bare_adapter() as bare:
        body = asking("AmputationIntent")
        found = paired(
            lambda: median(ours.port, body, headers(body)),
            lambda: median(bare, json.dumps(EVENT).encode(), JSON),
            9,
        )
    yield compared("web service, one signed request", found, "flask-ask-sdk's adapter, a bare skill, nothing verified")
