"""POST /alexa: a verified request in, the skill's answer out.

In: an HTTP request. Out: 200 with the skill's JSON; 400 for whatever is not from Amazon for this skill, now; 413 for a
body that is too large; 405 for another method; 500 if the skill itself fails (it has a catch-all, so it should not).
Error bodies are one short line. The log gets one line per request (skill/journal.py), and nothing of what was said.
"""

import logging
from typing import Any

from ask_sdk_core.skill import CustomSkill
from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from skill import journal
from skill.web.errors import Refused
from skill.web.payload import check
from skill.web.sdk import AbstractVerifier, SkillAdapter
from skill.web.settings import ALEXA_BODY_LIMIT, Settings
from skill.web.signature import ApplicationVerifier, RequestVerifier

_log = logging.getLogger(__name__)


class _Passed(AbstractVerifier):
    """Comes last in the list: what fails after it is the skill's fault, what fails before is the request's."""

    def verify(self, headers: object, serialized_request_env: object, deserialized_request_env: object) -> None:
        g.alexa_passed = True
        g.alexa_entry.read(deserialized_request_env)


def create_alexa(
    app: Flask, skill: CustomSkill, settings: Settings, verifier: RequestVerifier | None = None
) -> Blueprint:
    """The blueprint with POST /alexa for `skill`. `verifier` replaces the default one (for tests: other roots)."""
    signed = (verifier or RequestVerifier(settings.skill_id)) if settings.verify else None
    adapter = _adapter(app, skill, [signed or ApplicationVerifier(settings.skill_id), _Passed()])
    blueprint = Blueprint("alexa", __name__)

    # OPTIONS is another method too: answering it would invite other sites' scripts.
    @blueprint.post("/alexa", provide_automatic_options=False)
    def alexa() -> Response:
        with journal.entry(_log) as g.alexa_entry:
            try:
                if not settings.skill_id:
                    raise Refused("no skill id configured")
                _gate(signed)
                answer: Response = adapter.dispatch_request()
            except RequestEntityTooLarge:
                return _told(413, "refused: size")
            except Refused as refused:
                return _told(400, f"refused: {refused.category}")
            except Exception as error:  # whatever the skill or the SDK raises, the caller sees no trace of it
                return _fault(error)
            answer.headers["Cache-Control"] = "no-store"
            return answer

    return blueprint


def _gate(verifier: RequestVerifier | None) -> None:
    """What is decided on the raw bytes: size, then signature, and only then is anything parsed."""
    request.max_content_length = ALEXA_BODY_LIMIT
    raw = request.get_data(cache=True)  # kept, because the adapter reads it again
    # A page of another site can post text/plain unasked, application/json only after a preflight that we refuse.
    if request.mimetype != "application/json":
        raise Refused("content type")
    if verifier is not None:
        verifier.verify_signature(request.headers, raw)
    check(raw)


def _adapter(app: Flask, skill: CustomSkill, verifiers: list[Any]) -> SkillAdapter:
    # Amazon's two verifiers off; ours does what both do, and more.
    app.config["ASK_SDK_VERIFY_SIGNATURE"] = False
    app.config["ASK_SDK_VERIFY_TIMESTAMP"] = False
    # The id is only a key in a dictionary to the adapter, whatever its name promises: it checks nothing.
    return SkillAdapter(skill=skill, skill_id="skill", verifiers=verifiers, app=app)


def _fault(error: Exception) -> Response:
    """Tell whose fault it is. The adapter turns the SDK's exceptions into HTTP ones, whose context they stay."""
    cause = error.__context__ if isinstance(error, HTTPException) else error
    if isinstance(cause, Refused):
        return _told(400, f"refused: {cause.category}")
    if not g.get("alexa_passed"):
        return _told(400, "refused: request not understood by the SDK")
    return _told(500, f"failed: {journal.place(cause)}")


def _told(status: int, outcome: str) -> Response:
    """An error's answer: the status in words, and the outcome for the log."""
    g.alexa_entry.ended(outcome, logging.ERROR if status >= 500 else logging.WARNING)
    words = {400: "Bad request.\n", 413: "Too large.\n", 500: "The skill failed.\n"}[status]
    return Response(words, status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
