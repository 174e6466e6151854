"""The bundle for AWS with its memory on: nothing of this Python's own packages, a DynamoDB on loopback."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lambda_client import SKILL, envelope, plain, request

from deploy import package

CONVERSATION = """
import json, sys
from lambda_function import lambda_handler
kept, spoken = {}, []
for event in json.load(sys.stdin):
    event["session"]["attributes"] = kept
    answer = lambda_handler(event, None)
    kept = answer.get("sessionAttributes") or {}
    spoken.append(answer["response"]["outputSpeech"])
print(json.dumps(spoken))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task")
    package.build(folder / "lambda.zip")
    with zipfile.ZipFile(folder / "lambda.zip") as packed:
        packed.extractall(folder)
    return folder


def test_a_place_outlives_the_process(unpacked: Path, endpoint: str) -> None:
    """botocore is packed with one service's data (package.AWS_DATA): enough to keep a place and to find it again."""
    from stores import AWS, create_table  # late: boto3 looks at the environment when it is loaded

    where = {
        **AWS, "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "SKILL_ID": SKILL["applicationId"],
        "MEMORY_TABLE": create_table(endpoint), "MEMORY_KEY": "sixteen or more characters",
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
    }  # fmt: skip

    def heard(*asked: str) -> list[str]:
        events = [envelope(request(each), new=number == 0) for number, each in enumerate(asked)]
        command = [sys.executable, "-S", "-c", CONVERSATION]
        ran = subprocess.run(
            command, input=json.dumps(events), cwd=unpacked, env=where, capture_output=True, text=True, check=True
        )
        assert "memory:" not in ran.stderr
        return [plain(speech) for speech in json.loads(ran.stdout)]

    assert "Welcome back" not in heard("LaunchRequest", "AmputationIntent", "RememberIntent", "AMAZON.YesIntent")[0]
    assert "Welcome back" in heard("LaunchRequest")[0]
    heard("LaunchRequest", "ForgetIntent", "AMAZON.YesIntent")
    assert "Welcome back" not in heard("LaunchRequest")[0]
