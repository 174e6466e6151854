"""The log: one JSON line a request; of what was said, and by whom, not a letter, on Lambda and on the web."""

import http.client
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lambda_client import Json, envelope, request

from skill import dialogue, handlers, journal, page

ROOT = Path(__file__).parents[1]
MARK = "MARKED"
SKILL_ID = "amzn1.ask.skill.ours"
KEYS = {"at", "level", "message", "id", "type", "intent", "locale", "ms", "cold"}

INTENTS = sorted({intent for topic in page.load().topics for intent in topic.intents} | set(dialogue.ANSWERS))
SLOTS = ("treatment", "recurrence", "word", "term")

LAMBDA = """
import json, sys
import lambda_function
for line in sys.stdin:
    try:
        lambda_function.lambda_handler(json.loads(line), None)
    except Exception:
        pass
"""


def marked(asked: Json, **changes: Any) -> Json:
    """A request in which everything that somebody could be known by, or could have said, is marked."""
    event = envelope(asked, **changes)
    session, system = event["session"], event["context"]["System"]
    event["request"]["requestId"] = f"amzn1.echo-api.request.{MARK}"
    session["sessionId"] = f"amzn1.echo-api.session.{MARK}"
    for holder in (session, system):
        holder["application"] = {"applicationId": SKILL_ID}
        holder["user"] = {"userId": f"amzn1.ask.account.{MARK}", "accessToken": MARK}
    system["device"]["deviceId"] = f"amzn1.ask.device.{MARK}"
    system["person"] = {"personId": f"amzn1.ask.person.{MARK}"}
    system["apiAccessToken"] = MARK
    return event


def every_intent() -> Iterator[Json]:
    """Each intent with marked values in every slot, matched and unmatched, and marked attributes."""
    held = {"reading": MARK, "said": [MARK], "question": MARK, "reprompt": MARK, "memory": MARK, MARK: MARK}
    for intent in INTENTS:
        kind = intent if intent == "LaunchRequest" else None
        for value in (MARK, f"?{MARK}"):
            yield marked(request(kind or intent, dict.fromkeys(SLOTS, value)), attributes=held)
    for intent in ("OverviewIntent", "RememberIntent", "AMAZON.YesIntent", "AMAZON.ResumeIntent", "ForgetIntent"):
        yield marked(request(intent), new=intent == "OverviewIntent")


def odd_requests() -> Iterator[Json]:
    """Requests that are none of ours, or damaged, or tell of somebody else's failure."""
    yield marked(request(f"{MARK}Intent"))
    yield marked(request("LaunchRequest", locale=MARK))
    yield marked(request("LaunchRequest") | {"type": f"{MARK}.Happened"})
    yield marked(request("LaunchRequest") | {"type": f"AudioPlayer.{MARK}", "token": MARK})
    yield marked(request("SessionEndedRequest") | {"reason": "ERROR", "error": {"type": MARK, "message": MARK}})
    yield marked(
        request("LaunchRequest")
        | {"type": "System.ExceptionEncountered", "error": {"type": "INVALID_RESPONSE", "message": MARK}}
    )
    yield marked(request("LaunchRequest") | {"type": "AlexaSkillEvent.SkillDisabled"})
    yield marked(request("OverviewIntent") | {"timestamp": MARK, "dialogState": MARK})
    damaged = marked(request("OverviewIntent"))
    damaged["request"]["intent"]["slots"] = [MARK]
    yield damaged
    other = marked(request("OverviewIntent"))
    other["session"]["application"] = other["context"]["System"]["application"] = {"applicationId": MARK}
    yield other


EVENTS = [*every_intent(), *odd_requests()]


def lines(logged: str) -> list[Json]:
    """The lines of the log, each one of JSON; those of requests."""
    told = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    return [line for line in told if "id" in line]


@pytest.fixture(params=["no memory", "a memory", "a memory that fails"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "memory.sqlite3"
    if request.param == "a memory that fails":
        file.write_text(f"{MARK} is no database " * 100)
    memory = {"MEMORY_FILE": str(file), "MEMORY_KEY": f"{MARK} is the key"}
    return {**os.environ, "SKILL_ID": SKILL_ID, **({} if request.param == "no memory" else memory)}


def test_lambda_logs_one_line_a_request_and_nothing_of_it(environment: dict[str, str]) -> None:
    told = "".join(f"{json.dumps(event)}\n" for event in EVENTS)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", LAMBDA], cwd=ROOT, env=environment, input=told, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert MARK not in ran.stdout + ran.stderr
    _judge(lines(ran.stderr), len(EVENTS))
    assert "refused: another skill" in ran.stderr


def test_the_web_service_logs_one_line_a_request_and_nothing_of_it(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "skill", "serve", "--port", "0", "--no-verify"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        heard = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", heard)):
            heard += server.stderr.readline()
        line = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
        for body in [*map(json.dumps, EVENTS), f"{MARK} is no JSON", f'{{"request": "{MARK}"}}']:
            line.request("POST", "/alexa", body, {"Content-Type": "application/json", "User-Agent": MARK})
            line.getresponse().read()
        line.close()
        server.terminate()
        heard += server.stderr.read()
    assert MARK not in heard.replace(f"{MARK} is the key", "")
    _judge(lines(heard), len(EVENTS) + 2)
    assert "refused: body" in heard


def _judge(told: list[Json], requests: int) -> None:
    assert len(told) == requests
    assert all(line.keys() <= KEYS for line in told)
    assert len({line["id"] for line in told}) == requests
    assert [line["cold"] for line in told] == [True] + [False] * (requests - 1)
    assert all(isinstance(line["ms"], float) and line["ms"] >= 0 for line in told)
    assert {line.get("intent") for line in told} >= set(INTENTS) - {"LaunchRequest"} | {"other"}
    assert {line.get("type") for line in told} >= {"LaunchRequest", "IntentRequest", "AudioPlayer", "other"}
    assert {line.get("locale") for line in told} >= {"en-CA", "other"}


def test_an_apology_is_an_error_with_its_place(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ValueError(MARK)

    monkeypatch.setattr(dialogue, "respond", fails)
    handlers.answer(handlers.build_skill(), marked(request("OverviewIntent")))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert re.fullmatch(r"alexa apologised: ValueError at test_journal\.py:\d+", caplog.messages[0])


def test_what_fails_before_the_skill_is_an_error_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TypeError):
        handlers.answer(handlers.build_skill(), {MARK: {MARK}})
    assert re.fullmatch(r"alexa failed: TypeError at encoder\.py:\d+", caplog.messages[0])
    assert MARK not in caplog.text


def test_a_line_with_a_trace_back_keeps_the_type_and_the_place() -> None:
    try:
        raise LookupError(MARK)
    except LookupError:
        record = logging.LogRecord("skill", logging.ERROR, __file__, 1, "it %s", ("broke",), sys.exc_info())
    line = json.loads(journal.JsonLines().format(record))
    assert line.keys() == {"at", "level", "message", "error"}
    assert line["message"] == "it broke"
    assert line["error"].startswith("LookupError at test_journal.py:")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"])
    assert journal.place(None) == "unknown"


def test_starting_twice_writes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("skill")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logging.NOTSET)
    journal.start()
    journal.start()
    assert len(logger.handlers) == 1
