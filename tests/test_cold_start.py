"""A process that starts as Lambda does: what it loads, and whose requests it takes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lambda_client import SKILL, envelope, request

ROOT = Path(__file__).parents[1]
HEAVY = (
    "flask", "flask_ask_sdk", "waitress", "cryptography", "gtts", "sklearn", "numpy", "scipy", "rapidfuzz",
    "snowballstemmer", "jellyfish", "boto3", "sqlite3", "hmac",
    "skill.recording", "skill.streaming", "skill.naming", "skill.dialogue.playing", "skill.dialogue.player",
    "skill.screen",
    "skill.memory", "skill.simulator", "skill.web", "interaction_model", "audio",
)  # fmt: skip
ANSWERS = """
import json, sys
import lambda_function
try:
    answer = lambda_function.lambda_handler(json.load(sys.stdin), None)
except Exception as error:
    answer = {"refused": type(error).__name__}
print(json.dumps({"answer": answer, "modules": sorted(sys.modules)}))
"""


def start(event: object, skill_id: str | None = None) -> tuple[dict, list[str], str]:
    """The answer of a new process, the modules that it loaded, and what it logged."""
    # Not measured for coverage, which would load modules of its own (sqlite3 among them).
    env = {key: value for key, value in os.environ.items() if key != "SKILL_ID" and not key.startswith("COVERAGE")}
    if skill_id is not None:
        env["SKILL_ID"] = skill_id
    ran = subprocess.run(
        [sys.executable, "-c", ANSWERS], input=json.dumps(event), capture_output=True, text=True, cwd=ROOT, env=env
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    return told["answer"], told["modules"], ran.stderr


def test_a_cold_start_loads_nothing_that_the_skill_does_not_need() -> None:
    answer, modules, _ = start(envelope(request("LaunchRequest"), new=True))
    assert "Sarcoma Treatment Guide" in answer["response"]["outputSpeech"]["ssml"]
    loaded = [name for name in modules if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)]
    assert not loaded


def test_without_an_id_any_skill_s_request_is_taken_and_a_warning_says_so() -> None:
    answer, _, logged = start(envelope(request("OverviewIntent")))
    assert answer["response"]["shouldEndSession"] is False
    assert "SKILL_ID" in logged


def test_an_empty_id_is_none() -> None:
    answer, _, logged = start(envelope(request("OverviewIntent")), "")
    assert answer["response"]["shouldEndSession"] is False
    assert "SKILL_ID" in logged


def test_with_an_id_ours_is_taken() -> None:
    answer, _, logged = start(envelope(request("OverviewIntent")), SKILL["applicationId"])
    assert answer["response"]["shouldEndSession"] is False
    assert "SKILL_ID" not in logged


def test_with_an_id_a_newer_kind_of_request_is_taken_too() -> None:
    event = envelope(request("LaunchRequest") | {"type": "OfTomorrow.Happened"})
    answer, _, _ = start(event, SKILL["applicationId"])
    assert answer["response"]["shouldEndSession"] is False


def test_a_section_that_is_read_loads_nothing_for_a_player_or_a_screen() -> None:
    _, modules, _ = start(envelope(request("TopicIntent", {"recurrence": "local"}), new=True))
    assert not {name for name in modules if name in HEAVY}


@pytest.mark.parametrize("context", [{}, {"System": {"application": {"applicationId": "amzn1.ask.skill.other"}}}, None])
def test_with_an_id_another_skill_s_request_is_refused(context: object) -> None:
    event = envelope(request("OverviewIntent"))
    event["context"] = context
    answer, _, _ = start(event, SKILL["applicationId"])
    assert answer == {"refused": "AskSdkException"}
