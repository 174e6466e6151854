"""Requests in the shapes that devices send (`data/envelopes`), each answered as is written beside it by hand."""

import json
import logging
import tomllib
from pathlib import Path

import pytest
from lambda_client import Heard

import lambda_function
from interaction_model.certify import reply

FOLDER = Path(__file__).parent / "data" / "envelopes"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))


def test_each_envelope_has_an_expectation() -> None:
    assert sorted(EXPECTED) == NAMES
    assert len(NAMES) >= 40


def test_each_kind_of_request_and_device_is_there() -> None:
    sent = [json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES]
    kinds = {envelope["request"]["type"].partition(".")[0] for envelope in sent}
    assert kinds == {
        "LaunchRequest", "IntentRequest", "SessionEndedRequest", "CanFulfillIntentRequest", "Connections",
        "AudioPlayer", "PlaybackController", "System", "AlexaSkillEvent", "Alexa",
    }  # fmt: skip
    contexts = [envelope["context"] for envelope in sent]
    assert {"Geolocation", "Viewport", "Viewports", "Alexa.Presentation.APL", "AudioPlayer", "Extensions"} <= {
        key for context in contexts for key in context
    }
    assert {"person", "unit"} <= {key for context in contexts for key in context["System"]}
    assert {context["Viewport"]["mode"] for context in contexts if "Viewport" in context} == {"HUB", "TV", "MOBILE"}


@pytest.mark.parametrize("name", NAMES)
def test_an_envelope_is_answered_as_is_written(name: str, caplog: pytest.LogCaptureFixture) -> None:
    event, expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")), EXPECTED[name]
    with caplog.at_level(logging.WARNING):
        heard = Heard(lambda_function.lambda_handler(event, None))
    assert "bare bones" not in caplog.text, "the SDK itself reads a shape that is documented"
    kind = event["request"]["type"]
    exchange = reply.Exchange(name, kind, event["request"].get("intent", {}).get("name", ""), heard.response, "")
    assert {rule: list(check(exchange)) for rule, check in reply.CHECKS.items() if list(check(exchange))} == {}
    assert "went wrong" not in heard.speech, "the catch-all spoke"
    if "session" not in event:
        assert heard.attributes == {}
    if expected.get("silent"):
        assert not {"outputSpeech", "card", "reprompt"} & heard.body.keys()
        assert heard.body.get("shouldEndSession") is not False
    assert expected.get("says", "") in heard.speech
    assert expected.get("shows", "") in json.dumps(heard.body.get("directives", []), ensure_ascii=False)
    if "open" in expected:
        assert heard.open is expected["open"]
        assert heard.topic == expected.get("topic")
