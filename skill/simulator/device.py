"""An Echo on one's own machine: sessions, the request JSON that it sends, and the reply that it gets.

In: utterances. Out: `Heard` turns. Every request goes to the skill as from AWS (`handlers.answer`).
"""

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from skill import speech
from skill.simulator import invocation
from skill.simulator.model import FALLBACK
from skill.simulator.resolver import Filled, Resolver, Understanding
from skill.simulator.words import tokens

LAUNCH = "LaunchRequest"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn: what was said to the skill, what it was taken for, and what came back."""

    utterance: str | None
    """As typed; None for the launch that opens a session."""
    understanding: Understanding | None
    """None for a launch."""
    request: Json
    response: Json

    @property
    def intent(self) -> str:
        """The intent of the request; `LaunchRequest` for a launch."""
        intent: str = self.request["request"].get("intent", {}).get("name", LAUNCH)
        return intent

    @property
    def slots(self) -> dict[str, str | None]:
        """Every slot of the request, with the id that it resolved to."""
        if self.understanding is None:
            return {}
        return {name: filled.id if filled else None for name, filled in self.understanding.slots.items()}

    @property
    def topic(self) -> str | None:
        """The topic id of the section that the reply belongs to."""
        topic: str | None = self.response.get("sessionAttributes", {}).get("spoke")
        return topic

    @property
    def speech(self) -> str:
        """What is heard, as plain text."""
        return _heard(self.response["response"].get("outputSpeech"))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is heard, line by line: a new line where the voice pauses."""
        spoken = self.response["response"].get("outputSpeech", {}).get("ssml", "")
        return tuple(filter(None, speech.heard_lines(spoken))) if spoken else ()

    @property
    def rate(self) -> int:
        """How fast it is said, in per cent of the voice's own speed."""
        return speech.rate(self.response["response"].get("outputSpeech", {}).get("ssml", ""))

    @property
    def reprompt(self) -> str | None:
        """What is asked once more after a silence, or None."""
        reprompt = self.response["response"].get("reprompt")
        return _heard(reprompt["outputSpeech"]) if reprompt else None

    @property
    def open(self) -> bool:
        """Whether the microphone is open."""
        return self.response["response"].get("shouldEndSession") is False

    @property
    def card(self) -> Mapping[str, str] | None:
        """The card in the Alexa app, or None."""
        card: Mapping[str, str] | None = self.response["response"].get("card")
        return card


def _heard(spoken: Mapping[str, str] | None) -> str:
    return speech.heard(spoken["ssml"]) if spoken else ""


class Device:
    """One Echo with one user, on which the skill is enabled."""

    def __init__(self, resolver: Resolver, handler: Callable[[Json, None], Json], locale: str) -> None:
        self._resolver = resolver
        self._handler = handler
        self._locale = locale
        self._session: str | None = None
        self._attributes: Json = {}

    @property
    def in_session(self) -> bool:
        """Whether a session is open."""
        return self._session is not None

    def launch(self) -> Heard:
        """Opens the skill by its name alone; a session that is open ends first."""
        if self.in_session:
            self.hang_up()
        return self._send(None, None, {"type": LAUNCH})

    def say(self, utterance: str) -> Heard:
        """Says something; outside a session it is a one-shot request, which opens one."""
        named, words = invocation.one_shot(tokens(utterance), self._resolver.model.invocation)
        if named and not words:
            heard = self.launch()
            return Heard(utterance, None, heard.request, heard.response)
        understanding = self._resolver.resolve(" ".join(words))
        return self._send(utterance, understanding, intent_request(understanding))

    def hang_up(self) -> None:
        """Ends the session without a word, as a silence does; the skill is told."""
        if self._session is not None:
            self._handler(self._envelope({"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"}), None)
        self._session, self._attributes = None, {}

    def _send(self, utterance: str | None, understanding: Understanding | None, request: Json) -> Heard:
        envelope = self._envelope(request)
        response = self._handler(envelope, None)
        if response["response"].get("shouldEndSession") is False:
            self._session, self._attributes = envelope["session"]["sessionId"], response.get("sessionAttributes", {})
        else:
            # A place that a closing reply keeps (an emergency does, "stop" does not) is there when the skill is opened
            # again. Alexa itself drops it; there it comes back for those alone who let the skill remember their place.
            self._session, self._attributes = None, response.get("sessionAttributes", {})
        return Heard(utterance, understanding, envelope, response)

    def _envelope(self, request: Json) -> Json:
        new = self._session is None
        application = {"applicationId": "amzn1.ask.skill.on-this-machine"}
        user = {"userId": "amzn1.ask.account.on-this-machine"}
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "version": "1.0",
            "session": {
                "new": new,
                "sessionId": self._session or f"amzn1.echo-api.session.{uuid.uuid4()}",
                "application": application,
                "attributes": self._attributes,
                "user": user,
            },
            "context": {
                "System": {
                    "application": application,
                    "user": user,
                    "device": {"deviceId": "amzn1.ask.device.on-this-machine", "supportedInterfaces": {}},
                    "apiEndpoint": "https://api.amazonalexa.com",
                }
            },
            "request": {
                "requestId": f"amzn1.echo-api.request.{uuid.uuid4()}",
                "timestamp": now,
                "locale": self._locale,
                **request,
            },
        }


def intent_request(understanding: Understanding) -> Json:
    """The request that a device causes for what was understood: every slot, with its entity resolution."""
    slots = {name: _slot(name, filled) for name, filled in understanding.slots.items()}
    intent: Json = {"name": understanding.intent, "confirmationStatus": "NONE"}
    if slots:
        intent["slots"] = slots
    request: Json = {"type": "IntentRequest", "intent": intent}
    if understanding.intent != FALLBACK:
        request["dialogState"] = "COMPLETED"
    return request


def _slot(name: str, filled: Filled | None) -> Json:
    if filled is None:
        return {"name": name, "confirmationStatus": "NONE"}
    authority: Json = {
        "authority": f"amzn1.er-authority.echo-sdk.on-this-machine.{name}",
        "status": {"code": "ER_SUCCESS_MATCH" if filled.id else "ER_SUCCESS_NO_MATCH"},
    }
    if filled.id:
        authority["values"] = [{"value": {"name": filled.heard, "id": filled.id}}]
    return {
        "name": name,
        "value": filled.heard,
        "confirmationStatus": "NONE",
        "source": "USER",
        "resolutions": {"resolutionsPerAuthority": [authority]},
    }
