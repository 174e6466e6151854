"""Alexa requests ↔ the dialogue, on ask-sdk-core. In: request JSON. Out: response JSON.

`build_skill` is the table of contents: handlers are asked in its order. Every door (Lambda, web service, simulator)
calls the skill that it builds.

    AskSdkException     (the SDK's) a request was made for another skill than ours
"""

import contextlib
import json
import logging
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.exceptions import AskSdkException, SerializationException
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import Application, Context, Intent, IntentRequest, Request, RequestEnvelope, Response, Session
from ask_sdk_model import Slot as SlotAsSent
from ask_sdk_model.interfaces.system import SystemState
from ask_sdk_model.ui import SimpleCard

from skill import dialogue, journal, page, session, speech
from skill.dialogue import Reply, Slot, State, Turn, reading
from skill.page import Page

if TYPE_CHECKING:
    from skill.memory import Memory

log = logging.getLogger(__name__)

SPEAKING_REQUESTS = ("LaunchRequest", "IntentRequest")

SCREEN_REQUESTS = "Alexa.Presentation.APL."
TOUCH = SCREEN_REQUESTS + "UserEvent"

PLAYER_REQUESTS = ("AudioPlayer.", "PlaybackController.")

MATCHED = "ER_SUCCESS_MATCH"
"""How entity resolution says that a slot's value is one of the model's."""

SILENT_REQUESTS = (
    "SessionEndedRequest",
    "CanFulfillIntentRequest",
    "System.",
    "AlexaSkillEvent.",
    SCREEN_REQUESTS,
    *PLAYER_REQUESTS,
)
"""Requests, by the start of their type, whose answer must hold no speech, card or reprompt."""


def build_skill(memory: "Memory | None" = None) -> CustomSkill:
    """The skill, ready to be called by `answer` or by an adapter that has verified whose request it is.

    `memory` keeps the place of those who say yes; without one nothing outlives a session.
    """
    builder = SkillBuilder()
    builder.add_request_handler(SilentHandler(memory))
    builder.add_request_handler(SpeakingHandler(memory))
    builder.add_request_handler(UnknownRequestHandler())
    builder.add_exception_handler(CatchAllHandler())
    skill = builder.create()
    skill.serializer = LenientSerializer()
    return skill


def answer(skill: CustomSkill, event: Any, context: Any = None, *, skill_id: str | None = None) -> dict[str, Any]:
    """Request JSON in, response JSON out, both as Python objects.

    Raises `AskSdkException` when `skill_id` is given and the request was made for another skill, or names none.
    """
    with journal.entry() as entry:
        envelope = skill.serializer.deserialize(json.dumps(event), RequestEnvelope)
        entry.read(envelope)
        if skill_id is not None and _application_id(envelope) != skill_id:
            entry.ended("refused: another skill", logging.WARNING)
            raise AskSdkException("the request was made for another skill")
        return cast("dict[str, Any]", skill.serializer.serialize(skill.invoke(envelope, context)))


def _application_id(envelope: RequestEnvelope) -> str | None:
    system = getattr(envelope.context, "system", None)
    found: str | None = getattr(getattr(system, "application", None), "application_id", None)
    return found


class LenientSerializer(DefaultSerializer):
    """Reads what the SDK's model refuses, such as a kind of request that is newer than it, by its bare bones.

    Without this, one unknown field value is an exception before any handler is asked, and the listener hears nothing.
    """

    def deserialize(self, payload: Any, obj_type: Any) -> Any:
        try:
            read = super().deserialize(payload, obj_type)
        except SerializationException as error:
            if obj_type is not RequestEnvelope:
                raise
            # Never its message: it quotes the request, and with it what the listener said.
            log.warning("a request was read by its bare bones: %s", type(error).__name__)
            return _bare_bones(json.loads(payload))
        if obj_type is RequestEnvelope and not isinstance(getattr(read, "request", None), Request):
            return _bare_bones(read)
        return read


def _bare_bones(event: Any) -> RequestEnvelope:
    """An envelope with the request's type, locale, time and intent, the session, the skill that it was made for, and
    which recording is at hand: an emergency must silence it."""
    from ask_sdk_model.interfaces.audioplayer import AudioPlayerState

    event = _table(event)
    request, kept = _table(event.get("request")), _table(event.get("session"))
    kind, locale, sent = request.get("type"), request.get("locale"), request.get("timestamp")
    bare = IntentRequest(locale=locale if isinstance(locale, str) else None, timestamp=_time(sent))
    bare.object_type = kind if isinstance(kind, str) else "Unknown"
    bare.intent = _bare_intent(_table(request.get("intent")))
    system = _table(_table(event.get("context")).get("System"))
    token = _table(_table(event.get("context")).get("AudioPlayer")).get("token")
    player = AudioPlayerState(token=token) if isinstance(token, str) else None
    context = Context(system=SystemState(application=_application(system)), audio_player=player)
    opened = Session(new=kept.get("new") is True, application=_application(kept), attributes=kept.get("attributes"))
    return RequestEnvelope(version="1.0", session=opened if kept else None, context=context, request=bare)


def _bare_intent(told: dict[str, Any]) -> Intent:
    """The intent's name and its slots. An emergency must not be lost over a detail of the request."""
    name = told.get("name")
    slots = {each: _bare_slot(each, _table(slot)) for each, slot in _table(told.get("slots")).items()}
    return Intent(name=name if isinstance(name, str) else None, slots=slots)


def _bare_slot(name: str, told: dict[str, Any]) -> SlotAsSent:
    """The words that filled a slot, and the first value that entity resolution matched."""
    from ask_sdk_model.slu.entityresolution import Resolution, Resolutions, Status, StatusCode, Value, ValueWrapper

    said = told.get("value")
    authorities = _table(told.get("resolutions")).get("resolutionsPerAuthority")
    matched: list[Resolution] = []
    for authority in map(_table, authorities if isinstance(authorities, list) else ()):
        values = authority.get("values")
        first = _table(_table(values[0]).get("value")) if isinstance(values, list) and values else {}
        code = _table(authority.get("status")).get("code")
        if code == MATCHED and isinstance(first.get("id"), str):
            value = ValueWrapper(value=Value(name=first.get("name"), id=first["id"]))
            matched.append(Resolution(status=Status(code=StatusCode.ER_SUCCESS_MATCH), values=[value]))
    value_said = said if isinstance(said, str) else None
    return SlotAsSent(name=name, value=value_said, resolutions=Resolutions(resolutions_per_authority=matched))


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _application(holder: dict[str, Any]) -> Application:
    named = _table(holder.get("application")).get("applicationId")
    return Application(application_id=named if isinstance(named, str) else None)


def _time(sent: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(sent) if isinstance(sent, str) else None
    except ValueError:
        return None


class SilentHandler(AbstractRequestHandler):
    """Says nothing where Alexa lets nothing be said: the session is over, or an event merely tells us something.

    Whoever disables the skill is forgotten.
    """

    def __init__(self, memory: "Memory | None" = None) -> None:
        self._memory = memory

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return kind_of(handler_input).startswith(SILENT_REQUESTS) and kind_of(handler_input) != TOUCH

    def handle(self, handler_input: HandlerInput) -> Response:
        if kind_of(handler_input) == "AlexaSkillEvent.SkillDisabled" and self._memory is not None:
            self._forget(self._memory, handler_input.request_envelope)
        if kind_of(handler_input) == "System.ExceptionEncountered":
            error = getattr(handler_input.request_envelope.request, "error", None)
            log.warning("alexa refused an answer: %s", getattr(error, "object_type", None))
        if kind_of(handler_input).startswith(PLAYER_REQUESTS):
            from skill import streaming

            envelope = handler_input.request_envelope
            handler_input.response_builder.response.directives = streaming.told(envelope, page_of(envelope)) or None
        return handler_input.response_builder.response

    def _forget(self, memory: "Memory", envelope: RequestEnvelope) -> None:
        from skill.memory import Away

        with contextlib.suppress(Away):  # told in the log; what is kept ends by itself after its 90 days
            memory.forget(envelope)


class SpeakingHandler(AbstractRequestHandler):
    """Answers whoever opens the skill or asks it something."""

    def __init__(self, memory: "Memory | None" = None) -> None:
        self._memory = memory

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return kind_of(handler_input) in (*SPEAKING_REQUESTS, TOUCH)

    def handle(self, handler_input: HandlerInput) -> Response:
        envelope = handler_input.request_envelope
        here, state = page_of(envelope), state_of(handler_input)
        if kind_of(handler_input) == TOUCH:
            from skill import screen

            touched = screen.touched(envelope, here)
            if touched is None:
                return handler_input.response_builder.response
            turn = touched
        else:
            turn = turn_of(envelope)
        turn = turn._replace(screen=has_screen(envelope))
        if _has_to_do_with_playing(envelope, state, turn):
            from skill import streaming

            turn = streaming.heard(envelope, here, state, turn)
        if self._memory is None:
            return respond(handler_input, here, dialogue.respond(here, state, turn), turn.intent)
        from skill.memory import Visit

        visit = Visit(self._memory, envelope)
        reply = visit.leave(dialogue.respond(here, *visit.enter(state, turn)))
        return respond(handler_input, here, reply, turn.intent, visit.attributes)


class UnknownRequestHandler(AbstractRequestHandler):
    """Any other request that may be answered by speech: the listener is told what can be asked."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        here = page_of(handler_input.request_envelope)
        reply = dialogue.respond(here, state_of(handler_input), Turn("AMAZON.HelpIntent"))
        return respond(handler_input, here, reply)


class CatchAllHandler(AbstractExceptionHandler):
    """Whatever failed: one kind sentence, and the session stays open. Its type is logged, never its words."""

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        journal.apologised(exception)
        if SilentHandler().can_handle(handler_input):
            return handler_input.response_builder.response
        here = page_of(handler_input.request_envelope)
        return respond(handler_input, here, dialogue.sorry(here, state_of(handler_input)))


def has_screen(envelope: RequestEnvelope) -> bool:
    """Whether the device has a screen that takes APL."""
    device = getattr(getattr(envelope.context, "system", None), "device", None)
    interfaces = getattr(device, "supported_interfaces", None)
    return getattr(interfaces, "alexa_presentation_apl", None) is not None


def _has_to_do_with_playing(envelope: RequestEnvelope, state: State, turn: Turn) -> bool:
    """Whether a recording is asked for or at hand: all other requests load nothing for it."""
    asked = turn.intent == "PlayEditionIntent" or (state.offer is not None and state.offer.kind == "play")
    return asked or bool(getattr(getattr(envelope.context, "audio_player", None), "token", None))


def kind_of(handler_input: HandlerInput) -> str:
    """The type of the request: "IntentRequest", "AudioPlayer.PlaybackStarted"."""
    return str(getattr(handler_input.request_envelope.request, "object_type", ""))


def page_of(envelope: RequestEnvelope) -> Page:
    """The page in the words of the listener's country."""
    return page.load_nearest(getattr(envelope.request, "locale", None))


def state_of(handler_input: HandlerInput) -> State:
    """The session's state; a fresh one where there is no session or it holds nothing."""
    kept = handler_input.request_envelope.session
    return session.restore(kept.attributes if kept else None)


def turn_of(envelope: RequestEnvelope) -> Turn:
    """What was asked for, from a launch or an intent request."""
    request = envelope.request
    if not isinstance(request, IntentRequest) or request.object_type == "LaunchRequest":
        return Turn("LaunchRequest")
    intent = request.intent
    slots = {}
    for name, slot in ((intent and intent.slots) or {}).items():
        if slot is not None and slot.value:
            slots[name] = Slot(str(slot.value), _matched_id(slot.resolutions))
    return Turn(str(intent and intent.name), slots)


def _matched_id(resolutions: Any) -> str | None:
    """The id of the first value that entity resolution matched."""
    for authority in (resolutions and resolutions.resolutions_per_authority) or ():
        if authority.status and getattr(authority.status.code, "value", None) == MATCHED and authority.values:
            found: str | None = authority.values[0].value.id
            return found
    return None


def respond(
    handler_input: HandlerInput,
    here: Page,
    reply: Reply,
    intent: str = "",
    attributes: dict[str, Any] | None = None,
) -> Response:
    """The dialogue's reply as Alexa's response; the session's attributes are set on the way.

    `intent` is what it answers.
    `attributes` are more of them, for as long as the session lives.
    """
    if handler_input.request_envelope.session is not None:
        more = attributes if attributes and reply.open else {}
        handler_input.attributes_manager.session_attributes = session.save(reply.state) | more
    rate, numbers = reply.rate or reply.state.rate, here.country.numbers
    builder = handler_input.response_builder
    said, directives = _shown(handler_input, here, reply, intent)
    if reply.play is not None:
        from skill import streaming

        directives = [*directives, *streaming.directives(here, reply.play)]
    if said:
        builder.speak(speech.ssml(said, rate=rate, numbers=numbers))
    if reply.reprompt is not None:
        builder.ask(speech.ssml((reply.reprompt,), rate=rate, numbers=numbers))
    if reply.card is not None:
        builder.set_card(SimpleCard(title=reply.card.title, content=reply.card.text + _links(here, reply)))
    # Always set: without it Alexa waits, or not, by rules of its own; `ask` alone would decide for us.
    builder.set_should_end_session(not reply.open)
    if directives:
        builder.response.directives = directives  # plain tables, which the SDK's builder can't read
    return builder.response


def _shown(handler_input: HandlerInput, here: Page, reply: Reply, intent: str) -> tuple[tuple[str, ...], list[Any]]:
    """What the voice says, and what a screen does, if there is one."""
    if has_screen(handler_input.request_envelope):
        try:
            from skill import screen

            return screen.show(here, reply, intent)
        except Exception as error:  # whatever failed: an emergency number must be heard without a picture
            log.error("nothing was shown: %s", journal.place(error))
    return reply.speech, []


def _links(here: Page, reply: Reply) -> str:
    """For the card of a section: where its recording is heard and read, if the operator has put it anywhere."""
    if reply.topic is None or not os.environ.get("AUDIO_BASE_URL"):
        return ""
    from skill import recording

    base, at = recording.base(), reading.place(here, reply.state)
    if base is None or at is None:
        return ""
    return "\n\n" + recording.links(base, here, tuple(each.topic for each in at.stretches))
