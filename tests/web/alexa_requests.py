"""Requests as Alexa sends them, and a skill of three lines to answer them."""

import json
from datetime import UTC, datetime
from typing import Any

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name
from ask_sdk_model import Response

SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
CHAIN_PATH = "/echo.api/echo-api-cert-12.pem"
CHAIN_URL = f"https://s3.amazonaws.com{CHAIN_PATH}"


class Hello(AbstractRequestHandler):
    """Says hello to everything, whose words must not be found in any log."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        return handler_input.response_builder.speak("Hello.").set_should_end_session(True).response


class Breaks(AbstractRequestHandler):
    """A skill's own fault, with words in its message that must not be found in any log."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("BreakIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        raise ValueError("private words")


def skill(*handlers: AbstractRequestHandler) -> CustomSkill:
    """A skill with these handlers, and Hello for the rest."""
    builder = SkillBuilder()
    for handler in (*handlers, Breaks(), Hello()):
        builder.add_request_handler(handler)
    return builder.create()


def envelope(
    kind: str = "LaunchRequest",
    *,
    sent: datetime | None = None,
    skill_id: str = SKILL_ID,
    intent: str | None = None,
) -> dict[str, Any]:
    """A request envelope, sent now."""
    request: dict[str, Any] = {
        "type": kind,
        "requestId": "amzn1.echo-api.request.1",
        "timestamp": (sent or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": "en-US",
    }
    if intent:
        request |= {"type": "IntentRequest", "intent": {"name": intent, "confirmationStatus": "NONE", "slots": {}}}
    application = {"applicationId": skill_id}
    return {
        "version": "1.0",
        "session": {"new": True, "sessionId": "s", "application": application, "user": {"userId": "u"}},
        "context": {
            "System": {"application": application, "user": {"userId": "u"}, "apiEndpoint": "https://x.invalid"}
        },
        "request": request,
    }


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()
