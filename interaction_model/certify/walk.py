"""Everything that can be said to a skill, in every order up to a depth, and what it answers: the dialogue walked
breadth-first through its handler. In: a handler and a model. Out: `Exchange`s.

    depth 1     whatever is said first
    depth 2     whatever is said first, and whatever is said next
"""

import itertools
import json
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from interaction_model.certify.package import Intent, Model
from interaction_model.certify.reply import Exchange

Json = dict[str, Any]
Handler = Callable[[Any, Any], Any]
Filled = tuple[str | None, ...]
"""A value for each slot, or values for one; None for none."""

MOST_VALUES = 4
"""Values of one slot that are tried, beside none and one that the model does not list: a type can have thousands."""

MOST_WAYS = 64
"""Ways to fill an intent's slots up to which every one is tried; beyond, one slot is changed at a time."""

UNLISTED = "zebra"

APL = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.3"}}}


class Device(NamedTuple):
    """What a request comes from."""

    name: str
    interfaces: Json
    playing: str = ""
    """The token of the stream that it plays; empty when it is silent."""


SPEAKER = Device("a speaker", {"AudioPlayer": {}})
SCREEN = Device("a screen", {"AudioPlayer": {}, **APL})
MUTE = Device("a device without a player", {})

EVENTS: tuple[Json, ...] = (
    {"type": "SessionEndedRequest", "reason": "USER_INITIATED"},
    {"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"},
    {
        "type": "SessionEndedRequest",
        "reason": "ERROR",
        "error": {"type": "INVALID_RESPONSE", "message": "An exception occurred while dispatching the request"},
    },
    {
        "type": "System.ExceptionEncountered",
        "error": {"type": "INVALID_RESPONSE", "message": "An exception occurred while dispatching the request"},
        "cause": {"requestId": "amzn1.echo-api.request.certify"},
    },
)
"""Requests that tell of something, and are answered by silence."""


class Said(NamedTuple):
    """One thing that can be said, or opened."""

    words: str
    """How a report names it."""
    request: Json


def _player_events(token: str) -> Iterator[Said]:
    """What the player tells, outside of any session."""
    for name in ("PlaybackStarted", "PlaybackNearlyFinished", "PlaybackFinished", "PlaybackStopped"):
        yield Said(f"AudioPlayer.{name}", {"type": f"AudioPlayer.{name}", "token": token, "offsetInMilliseconds": 0})
    failed = {
        "type": "AudioPlayer.PlaybackFailed",
        "token": token,
        "error": {"type": "MEDIA_ERROR_SERVICE_UNAVAILABLE", "message": "unavailable"},
        "currentPlaybackState": {"token": token, "offsetInMilliseconds": 0, "playerActivity": "STOPPED"},
    }
    yield Said("AudioPlayer.PlaybackFailed", failed)


def walk(handler: Handler, model: Model, *, depth: int, on: Device = SPEAKER) -> Iterator[Exchange]:
    """Every exchange from each distinct state that is fewer than `depth` turns from the start, on a kind of device."""
    turns = [Said("open", {"type": "LaunchRequest"}), *_turns(model)]
    events = [Said(each["type"], each) for each in EVENTS]
    reached = {_key({})}
    frontier: list[tuple[tuple[str, ...], Json]] = [((), {})]
    for _ in range(depth):
        beyond = []
        for said, attributes in frontier:
            for turn in turns if not said else turns[1:]:
                path = (*said, turn.words)
                told = _ask(handler, model.locale, on, turn, attributes, path, new=not said)
                yield told
                kept = told.attributes or {}
                if told.open and (key := _key(kept)) not in reached:
                    reached.add(key)
                    beyond.append((path, kept))
            for event in events:
                yield _ask(handler, model.locale, on, event, attributes, (*said, event.words), new=False)
        frontier = beyond
    if "AudioPlayer" in on.interfaces:
        for event in _player_events(on.playing or "certify"):
            yield _ask(handler, model.locale, on, event, None, (event.words,), new=False)


def _key(attributes: Any) -> str:
    return json.dumps(attributes, sort_keys=True, default=str)


def left_out(model: Model) -> Iterator[str]:
    """What is not asked of a model, a sentence for each intent."""
    for intent, choices in _choices(model):
        if math.prod(map(len, choices)) > MOST_WAYS:
            yield f"{intent.name} has more than {MOST_WAYS} ways to fill its slots; one slot was changed at a time."


def _turns(model: Model) -> Iterator[Said]:
    for intent, choices in _choices(model):
        for filled in _ways(choices):
            words = " ".join((intent.name, *(each for each in filled if each)))
            yield Said(words, _intent(intent, filled))


def _choices(model: Model) -> Iterator[tuple[Intent, list[Filled]]]:
    """Each intent, and for each of its slots what may fill it; first nothing."""
    values = {type_.name: [value.id or value.forms[0] for value in type_.values] for type_ in model.types}
    for intent in model.intents:
        yield intent, [(None, *values.get(slot.type, [])[:MOST_VALUES], f"?{UNLISTED}") for slot in intent.slots]


def _ways(choices: list[Filled]) -> Iterable[Filled]:
    """Every way to fill the slots; of too many, those where all slots but one are empty, or hold their first value."""
    if math.prod(map(len, choices)) <= MOST_WAYS:
        return itertools.product(*choices)
    bases = [tuple(each[first] for each in choices) for first in (0, 1)]
    changed = (
        (*base[:at], value, *base[at + 1 :]) for base in bases for at, each in enumerate(choices) for value in each
    )
    return dict.fromkeys(changed)


def _intent(intent: Intent, filled: Filled) -> Json:
    told: Json = {"name": intent.name, "confirmationStatus": "NONE"}
    if intent.slots:
        told["slots"] = {
            slot.name: _slot(slot.name, slot.type, value) for slot, value in zip(intent.slots, filled, strict=True)
        }
    return {"type": "IntentRequest", "intent": told, "dialogState": "COMPLETED"}


def _slot(name: str, type_: str, value: str | None) -> Json:
    if value is None:
        return {"name": name, "confirmationStatus": "NONE"}
    said = value.removeprefix("?")
    matched: Json = {"status": {"code": "ER_SUCCESS_NO_MATCH"}}
    if said == value:
        matched = {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": said, "id": said}}]}
    authority = {"authority": f"amzn1.er-authority.echo-sdk.certify.{type_}", **matched}
    return {
        "name": name,
        "value": said,
        "confirmationStatus": "NONE",
        "source": "USER",
        "resolutions": {"resolutionsPerAuthority": [authority]},
    }


def _ask(
    handler: Handler, locale: str, on: Device, said: Said, attributes: Json | None, path: tuple[str, ...], *, new: bool
) -> Exchange:
    """One request, and what comes of it. `attributes` of None is a request outside of any session."""
    place = f"{locale}, on {on.name}: {', then '.join(path)}"
    try:
        response = handler(_envelope(said.request, locale, on, attributes, new), None)
        # As Lambda does with what a handler gives back: what is no JSON fails, and nothing in it is shared.
        response, failure = json.loads(json.dumps(response)), ""
    except Exception as error:  # whatever a skill raises is a finding, and the walk goes on
        response, failure = {}, f"{type(error).__name__} was raised"
    kind, intent = said.request["type"], said.request.get("intent", {}).get("name", "")
    return Exchange(place, kind, intent, response, failure)


def _envelope(request: Json, locale: str, on: Device, attributes: Json | None, new: bool) -> Json:
    skill = {"applicationId": "amzn1.ask.skill.certify"}
    user = {"userId": "amzn1.ask.account.certify"}
    device = {"deviceId": "amzn1.ask.device.certify", "supportedInterfaces": on.interfaces}
    told: Json = {
        "version": "1.0",
        "context": {
            "System": {
                "application": skill,
                "user": user,
                "device": device,
                "apiEndpoint": "https://api.amazonalexa.com",
                "apiAccessToken": "certify",
            }
        },
        "request": {
            "requestId": "amzn1.echo-api.request.certify",
            "timestamp": "2026-11-23T10:00:00Z",
            "locale": locale,
            **request,
        },
    }
    if "AudioPlayer" in on.interfaces:
        playing = {"token": on.playing, "offsetInMilliseconds": 4200, "playerActivity": "PLAYING"}
        told["context"]["AudioPlayer"] = playing if on.playing else {"playerActivity": "IDLE"}
    if attributes is not None:
        told["session"] = {
            "new": new,
            "sessionId": "amzn1.echo-api.session.certify",
            "application": skill,
            "user": user,
            "attributes": attributes,
        }
    return told
