"""Which memory the environment gives: a table, a file, or none, and what the operator is told."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lambda_client import Json, request
from listener import ANNA, LAUNCH, REMEMBER, RESUME, SECRET, YES, Listener, asked_by

from skill.__main__ import _memory
from skill.memory import NoMemory, configured, on_this_machine

ROOT = Path(__file__).parents[2]

NOWHERE = {"AWS_DEFAULT_REGION": "", "AWS_REGION": "", "AWS_ENDPOINT_URL_DYNAMODB": ""}
"""No region: an empty variable is taken away."""

LAMBDA = """
import json, sys
import lambda_function
for line in sys.stdin:
    print(json.dumps(lambda_function.lambda_handler(json.loads(line), None)), flush=True)
"""


def heard(environment: dict[str, str], *intents: str) -> tuple[list[str], str]:
    """What a new process that starts as Lambda does answers, in one session, and what it logs."""
    with subprocess.Popen(
        [sys.executable, "-c", LAMBDA],
        cwd=ROOT,
        env={name: value for name, value in {**os.environ, **environment}.items() if value},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        said: list[str] = []
        attributes: Json = {}
        for number, intent in enumerate(intents):
            event = asked_by(ANNA, request(intent), attributes=attributes, new=number == 0)
            print(json.dumps(event), file=process.stdin, flush=True)
            answer = json.loads(process.stdout.readline())
            attributes = answer.get("sessionAttributes", {})
            said.append(answer["response"]["outputSpeech"]["ssml"])
        process.stdin.close()
        return said, process.stderr.read()


def test_lambda_with_a_table_keeps_a_place_from_one_process_to_the_next(endpoint: str) -> None:
    import stores

    environment = {"MEMORY_TABLE": stores.create_table(endpoint), "MEMORY_KEY": SECRET}
    said, logged = heard(environment, LAUNCH, "ClinicalTrialsIntent", REMEMBER, YES)
    assert "From now on I keep your place" in said[-1]
    assert "ERROR" not in logged
    said, _ = heard(environment, LAUNCH, RESUME, "ForgetIntent")
    assert "Welcome back" in said[0]
    assert "Clinical trials" in said[1]
    said, _ = heard(environment, LAUNCH)
    assert "Hello, this is" in said[0]


def test_lambda_with_a_file(tmp_path: Path) -> None:
    environment = {"MEMORY_FILE": str(tmp_path / "memory.sqlite3"), "MEMORY_KEY": SECRET}
    heard(environment, LAUNCH, "OverviewIntent", REMEMBER, YES)
    assert "Welcome back" in heard(environment, LAUNCH)[0][0]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"MEMORY_TABLE": "t"}, "MEMORY_KEY is not set"),
        ({"MEMORY_TABLE": "t", "MEMORY_KEY": "short"}, "MEMORY_KEY is shorter than 16 characters"),
        ({"MEMORY_FILE": "f", "MEMORY_KEY": SECRET, "MEMORY_KEY_BEFORE": "x"}, "MEMORY_KEY_BEFORE is shorter"),
        ({"MEMORY_TABLE": "t", "MEMORY_KEY": SECRET, **NOWHERE}, "MEMORY_TABLE can't be used: NoRegion"),
    ],
)
def test_without_a_key_or_a_region_nothing_is_kept_and_the_log_says_so(environment: dict[str, str], told: str) -> None:
    said, logged = heard({"AWS_CONFIG_FILE": os.devnull, **environment}, LAUNCH, REMEMBER)
    assert "Hello, this is" in said[0]
    assert "can't keep your place between visits here" in said[1]
    assert told in logged
    assert "Traceback" not in logged


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "skill.memory.dynamodb", raising=False)
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(NoMemory, match="needs the extra aws \\(boto3 is missing\\)"):
        configured({"MEMORY_TABLE": "t", "MEMORY_KEY": SECRET})


def test_serve_takes_a_file_of_the_user_s_own_where_none_is_named(data_home: Path) -> None:
    memory = configured({"MEMORY_KEY": SECRET, "XDG_DATA_HOME": str(data_home / "serve")})
    Listener(memory).asks([LAUNCH, REMEMBER, YES])
    assert (data_home / "serve" / "sarcoma-treatment-guide" / "memory.sqlite3").exists()


def test_serve_without_a_key_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert _memory() is None
    assert caplog.messages == ["MEMORY_KEY is not set: nobody's place can be kept."]


def test_this_machine_s_memory_is_in_the_user_s_folder_for_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    Listener(on_this_machine({})).asks([LAUNCH, REMEMBER, YES])
    assert (tmp_path / ".local" / "share" / "sarcoma-treatment-guide" / "memory.sqlite3").exists()


def test_chat_remembers_from_one_run_to_the_next_after_a_yes_and_not_before(tmp_path: Path) -> None:
    def chat(*lines: str) -> list[str]:
        ran = subprocess.run(
            [sys.executable, "-m", "skill", "chat", "--json"],
            cwd=ROOT,
            env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            check=True,
        )
        assert "alexa answered" not in ran.stderr, "the log is off in a conversation"
        return [json.loads(line)["speech"] for line in ran.stdout.splitlines()]

    chat("clinical trials", "remember my place", "no", "what is a clinical trial")
    assert not list(tmp_path.iterdir())
    assert chat("clinical trials", "remember my place", "yes")[0].startswith("Hello")
    again = chat("yes", "forget me")
    assert again[0].startswith("Welcome back")
    assert again[1].startswith("Clinical trials.")
    assert chat("help")[0].startswith("Hello")


def test_a_file_holds_no_id(tmp_path: Path) -> None:
    memory = configured({"MEMORY_FILE": str(tmp_path / "m"), "MEMORY_KEY": SECRET})
    Listener(memory).asks([LAUNCH, "OverviewIntent", REMEMBER, YES])
    held = (tmp_path / "m").read_bytes()
    assert ANNA.encode() not in held
    assert re.search(rb"[0-9a-f]{64}", held)
