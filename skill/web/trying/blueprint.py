"""The routes of /try. In: HTTP. Out: the page, JSON, WAV or TOML; a refusal is JSON with one sentence, "error"."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ask_sdk_core.skill import CustomSkill
from flask import Blueprint, Response, jsonify, render_template, request, send_from_directory
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.exceptions import UnsupportedMediaType as WrongType

from skill import page
from skill.extras import how_to_add
from skill.simulator import saving, words
from skill.simulator.device import Heard
from skill.voice import HOW_TO_ADD, BadRecording, HearingError, NoRecogniser, Recogniser, TooBusy, wav
from skill.web.errors import UnsafeSettings
from skill.web.settings import Settings, is_loopback
from skill.web.trying.conversations import Conversation, Conversations
from skill.web.trying.shown import shown

PAGES = Path(__file__).with_name("pages")

RECORDING_LIMIT = 1024 * 1024
"""Largest recording, in bytes: the longest question at the page's 16 kHz and 16 bits has 960 KB."""

JSON_LIMIT = 16 * 1024
"""Largest JSON body, in bytes."""

HOW_TO_ADD_SPEECH = how_to_add("audio")

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")
"""Headers that only a proxy sends: whoever asks through one is not at this machine, whatever Host it names."""

Speak = Callable[[str, Heard], bytes]
"""A locale and a turn → a WAV file of its reply, spoken."""


def create_try(
    settings: Settings, skill: CustomSkill, *, hears: Recogniser | None = None, speaks: Speak | None = None
) -> Blueprint:
    """The blueprint of /try. `hears` must be fit for many threads; without it, or `speaks`, the page says what to add.

    Raises `UnsafeSettings` where others could reach the page: it is not made for strangers.
    """
    if not is_loopback(settings.host) or settings.public_host:
        raise UnsafeSettings(
            "The page /try is only for this machine: listen on 127.0.0.1, without a public host, to have it."
        )
    told: Mapping[str, Any] = tomllib.loads((PAGES / "try.toml").read_text(encoding="utf-8"))
    refused = told["refused"]
    conversations = Conversations(skill)
    blueprint = Blueprint("try", __name__, template_folder="pages")

    @blueprint.before_request
    def gate() -> None:
        if any(name in request.headers for name in FORWARDED) or not is_loopback(_name(request.host)):
            raise NotFound
        if request.method != "POST":
            return
        request.max_content_length = RECORDING_LIMIT if request.mimetype == "audio/wav" else JSON_LIMIT
        # A page of another site could otherwise have a listener's own browser talk to this server.
        origin = request.headers.get("Origin", request.host_url.rstrip("/"))
        if origin != request.host_url.rstrip("/") or request.headers.get("Sec-Fetch-Site", "none") not in _OURS:
            raise Forbidden(refused["origin"])

    @blueprint.errorhandler(HTTPException)
    def told_off(error: HTTPException) -> tuple[Response, int]:
        own = {RequestEntityTooLarge: refused["size"], WrongType: refused["type"]}
        return jsonify(error=own.get(type(error), error.description)), error.code or 500

    @blueprint.errorhandler(HearingError)
    def unheard(error: HearingError) -> tuple[Response, int]:
        return jsonify(error=str(error)), next(
            (code for kind, code in _HEARING.items() if isinstance(error, kind)), 500
        )

    @blueprint.get("/try")
    def show() -> Response:
        conversations.prepare(page.DEFAULT_LOCALE)
        text = render_template(
            "try.html", words=told, voice=hears is not None, speech=speaks is not None, add_voice=HOW_TO_ADD,
            add_speech=HOW_TO_ADD_SPEECH, longest=words.LONGEST, locales=page.locales(), default=page.DEFAULT_LOCALE,
        )  # fmt: skip
        return Response(text, mimetype="text/html", headers={"Cache-Control": "no-cache"})

    @blueprint.get("/try/<any('try.js', 'try.css', 'icon.svg'):name>")
    def part(name: str) -> Response:
        return send_from_directory(PAGES, name, max_age=0)

    @blueprint.post("/try/say")
    def say() -> Response:
        recorded = request.mimetype == "audio/wav"
        asked = {} if recorded else _json(refused)
        conversation = _conversation(conversations, refused)
        if recorded:
            heard = _heard(hears, told)
            return jsonify(shown(conversation.say(heard), heard=heard))
        if asked.get("launch") is True:
            return jsonify(shown(conversation.launch()))
        utterance = asked.get("utterance")
        if not isinstance(utterance, str) or not words.clean(utterance):
            raise BadRequest(refused["body"])
        return jsonify(shown(conversation.say(utterance)))

    @blueprint.post("/try/speech")
    def speech() -> Response:
        _json(refused)
        conversation = _conversation(conversations, refused)
        if speaks is None:
            raise NotFound(refused["voice"])
        if not conversation.turns:
            raise BadRequest(refused["conversation"])
        spoken = speaks(conversation.locale, conversation.turns[-1].heard)
        return Response(spoken, mimetype="audio/wav", headers=_NOT_KEPT)

    @blueprint.post("/try/test")
    def test() -> Response:
        _json(refused)
        conversation = _conversation(conversations, refused)
        if not conversation.turns:
            raise BadRequest(refused["conversation"])
        saved = saving.as_test([turn.heard for turn in conversation.turns], conversation.locale)
        return Response(saved, mimetype="application/toml", headers=_NOT_KEPT)

    return blueprint


_OURS = ("same-origin", "none")
_HEARING = {BadRecording: 400, TooBusy: 503, NoRecogniser: 501}
_NOT_KEPT = {"Cache-Control": "no-store"}


def _name(host: str) -> str:
    """The name in a Host header: "[::1]:8080" → "::1"."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _json(refused: Mapping[str, str]) -> Mapping[str, Any]:
    """The body, a JSON object. Another content type is refused by Flask with 415."""
    try:
        asked = request.get_json()
    except (BadRequest, RecursionError) as error:
        raise BadRequest(refused["body"]) from error
    if not isinstance(asked, dict):
        raise BadRequest(refused["body"])
    return asked


def _conversation(conversations: Conversations, refused: Mapping[str, str]) -> Conversation:
    found = conversations.find(request.headers.get("X-Conversation", ""), request.headers.get("X-Locale", ""))
    if found is None:
        raise BadRequest(refused["conversation"])
    return found


def _heard(hears: Recogniser | None, told: Mapping[str, Any]) -> str:
    if hears is None:
        raise NoRecogniser(f"{told['speak']['missing']} {HOW_TO_ADD}")
    heard = hears.hear(wav.read(request.get_data()))
    if not words.clean(heard):
        raise BadRecording(told["trouble"]["no_words"])
    return heard
