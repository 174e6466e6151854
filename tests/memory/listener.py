"""Listeners with a memory behind the skill: requests in, what is heard out, sessions as Alexa keeps them."""

import itertools
from collections.abc import Sequence
from typing import Any

from ask_sdk_model import RequestEnvelope
from lambda_client import Heard, Json, envelope, request

from skill import handlers
from skill.memory import Key, Memory, Store, Unavailable
from skill.memory.store import SECONDS

SECRET = "a secret of this test"
ANNA, BEN = "amzn1.ask.account.ANNA", "amzn1.ask.account.BEN"
UNREADABLE: Any = object()

_sessions = itertools.count(1)


def remembering(*stores: Store, **options: Any) -> Memory:
    """A memory on stores that were made with `KEY.listener`."""
    return Memory(KEY, stores, **options)


KEY = Key(SECRET)


def asked_by(user: str, asked: Json | None = None, session: str = "s", **changes: Any) -> Json:
    """A request of one user, in one session."""
    made = envelope(asked or request("LaunchRequest"), **changes)
    for holder in (made["session"], made["context"]["System"]):
        holder["user"] = {"userId": user}
    made["session"]["sessionId"] = session
    return made


def parsed(event: Json) -> RequestEnvelope:
    return handlers.LenientSerializer().deserialize(handlers.json.dumps(event), RequestEnvelope)


class Shelf(Store):
    """A store in this process that counts how often it was asked, and breaks when it is told to."""

    def __init__(self, key: Key = KEY) -> None:
        self.rows: dict[str, Any] = {}
        self.asked: list[str] = []
        self.broken: Exception | None = None
        self.key = key

    def _ask(self, what: str, envelope: RequestEnvelope) -> str:
        self.asked.append(what)
        if self.broken:
            raise self.broken
        return self.key.listener(envelope)

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, Any]:
        return self.rows.get(self._ask("get", request_envelope), {})

    def save_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> None:
        self.rows[self._ask("save", request_envelope)] = attributes

    def update_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> bool:
        listener = self._ask("update", request_envelope)
        if listener in self.rows:
            self.rows[listener] = attributes
        return listener in self.rows

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        self.rows.pop(self._ask("delete", request_envelope), None)


class Listener:
    """One user at one device; as Alexa does, it drops all attributes when a session ends."""

    def __init__(self, memory: Memory, user: str = ANNA) -> None:
        self.skill = handlers.build_skill(memory)
        self.user = user
        self.session: str | None = None
        self.attributes: Json = {}

    def ask(self, asks: str, **slots: str | None) -> Heard:
        new = self.session is None
        self.session = self.session or f"session-{next(_sessions)}"
        event = asked_by(
            self.user, request(asks, slots), self.session, attributes=self.attributes if not new else {}, new=new
        )
        heard = Heard(handlers.answer(self.skill, event))
        if heard.open:
            self.attributes = heard.attributes
        else:
            self.hang_up()
        return heard

    def asks(self, intents: Sequence[str]) -> Heard:
        """Several turns; what the last one got."""
        return [self.ask(intent) for intent in intents][-1]

    def hang_up(self) -> None:
        """The session ends without a word."""
        self.session, self.attributes = None, {}

    def disables(self) -> Json:
        """The customer disables the skill in the Alexa app: an event without a session."""
        event = asked_by(self.user, request("LaunchRequest") | {"type": "AlexaSkillEvent.SkillDisabled"})
        del event["session"]
        return handlers.answer(self.skill, event)


NINETY_DAYS = 90 * 24 * 60 * 60
assert SECONDS == NINETY_DAYS

FULL_DISK = Unavailable("memory.sqlite3: the disk is full")
YES, NO, NEXT, RESUME = "AMAZON.YesIntent", "AMAZON.NoIntent", "AMAZON.NextIntent", "AMAZON.ResumeIntent"
LAUNCH, REMEMBER, FORGET = "LaunchRequest", "RememberIntent", "ForgetIntent"
