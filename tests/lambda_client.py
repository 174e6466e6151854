"""A device as the tests see one: intents in, what is heard out, through the `lambda_handler` that AWS calls.

It shares no code with the skill: plain speech is read off the SSML here, by an XML parser of the standard library.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import lambda_function

Json = dict[str, Any]
LAUNCH = "LaunchRequest"
LOCALES = ("en-CA", "en-US", "en-GB", "en-AU", "en-IN")
SKILL = {"applicationId": "amzn1.ask.skill.under-test"}
USER = {"userId": "amzn1.ask.account.under-test"}


def slot(name: str, value: str | None) -> Json:
    """One slot of a request: an id that entity resolution matched, or "?word", a word that it did not."""
    if value is None:
        return {"name": name, "confirmationStatus": "NONE"}
    matched = not value.startswith("?")
    authority: Json = {
        "authority": f"amzn1.er-authority.echo-sdk.under-test.{name}",
        "status": {"code": "ER_SUCCESS_MATCH" if matched else "ER_SUCCESS_NO_MATCH"},
    }
    if matched:
        authority["values"] = [{"value": {"name": value, "id": value}}]
    return {
        "name": name,
        "value": value.lstrip("?"),
        "confirmationStatus": "NONE",
        "source": "USER",
        "resolutions": {"resolutionsPerAuthority": [authority]},
    }


def request(asks: str, slots: Mapping[str, str | None] | None = None, locale: str | None = "en-CA") -> Json:
    """The `request` of an envelope: an intent, or a request type such as `LaunchRequest`."""
    made: Json = {"requestId": "amzn1.echo-api.request.1", "timestamp": "2026-11-23T10:00:00Z", "type": asks}
    if locale is not None:
        made["locale"] = locale
    if not asks.endswith("Request"):
        filled = {name: slot(name, value) for name, value in (slots or {}).items()}
        made |= {"type": "IntentRequest", "dialogState": "COMPLETED"}
        made["intent"] = {"name": asks, "confirmationStatus": "NONE", **({"slots": filled} if filled else {})}
    return made


def envelope(asked: Json, attributes: Json | None = None, *, new: bool = False) -> Json:
    """The whole of what Alexa posts."""
    device = {"deviceId": "amzn1.ask.device.under-test", "supportedInterfaces": {}}
    session = {"new": new, "sessionId": "amzn1.echo-api.session.1", "application": SKILL, "user": USER}
    return {
        "version": "1.0",
        "session": {**session, "attributes": attributes or {}},
        "context": {"System": {"application": SKILL, "user": USER, "device": device}},
        "request": asked,
    }


def plain(spoken: Json | None) -> str:
    """The words of an output speech; a break is a space. Raises `ParseError` when the SSML is not well formed."""
    if not spoken:
        return ""
    root = ElementTree.fromstring(spoken["ssml"])
    assert root.tag == "speak"
    for element in root.iter("break"):
        element.tail = " " + (element.tail or "")
    return re.sub(r"\s+", " ", "".join(root.itertext())).strip()


@dataclass(frozen=True)
class Heard:
    """What came back from one request."""

    response: Json
    """The whole envelope."""

    @property
    def body(self) -> Json:
        return self.response["response"]

    @property
    def attributes(self) -> Json:
        return self.response.get("sessionAttributes") or {}

    @property
    def ssml(self) -> str:
        return self.body["outputSpeech"]["ssml"]

    @property
    def speech(self) -> str:
        return plain(self.body.get("outputSpeech"))

    @property
    def reprompt(self) -> str:
        return plain((self.body.get("reprompt") or {}).get("outputSpeech"))

    @property
    def topic(self) -> str | None:
        return self.attributes.get("spoke")

    @property
    def open(self) -> bool:
        return self.body["shouldEndSession"] is False

    @property
    def card(self) -> str | None:
        """The card's title and text, or None."""
        card = self.body.get("card")
        return None if card is None else f"{card['title']}\n{card['content']}"


@dataclass
class Device:
    """Keeps a session's attributes while it is open and drops them when it closes, as an Echo does."""

    locale: str = "en-CA"
    attributes: Json = field(default_factory=dict)
    in_session: bool = False

    def ask(self, asks: str, **slots: str | None) -> Heard:
        """One turn."""
        asked = request(asks, slots, self.locale)
        heard = Heard(lambda_function.lambda_handler(envelope(asked, self.attributes, new=not self.in_session), None))
        self.in_session = heard.open
        self.attributes = heard.attributes if heard.open else {}
        return heard

    def hang_up(self) -> None:
        """The session ends without a word, as after a silence."""
        self.in_session, self.attributes = False, {}
