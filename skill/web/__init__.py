"""The skill as a web service of one's own: POST /alexa, verified, and the pages.

In: a built skill and `Settings`. Out: a Flask application, for `skill.web.serve.serve` or any other WSGI server.
"""

from ask_sdk_core.skill import CustomSkill
from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from skill.web.alexa import create_alexa
from skill.web.errors import CannotListen, Refused, UnsafeSettings, WebError
from skill.web.headers import add_headers
from skill.web.quiet import without_messages
from skill.web.settings import Settings
from skill.web.signature import RequestVerifier

__all__ = ["CannotListen", "Refused", "RequestVerifier", "Settings", "UnsafeSettings", "WebError", "create_app"]


def create_app(
    skill: CustomSkill,
    settings: Settings,
    *,
    pages: tuple[Blueprint, ...] = (),
    verifier: RequestVerifier | None = None,
) -> Flask:
    """The application. `pages` are further blueprints (the player, the simulator); they get hosts, limits and headers
    from here. `verifier` replaces the one made from `settings` (tests bring their own roots).

    Raises TypeError if `skill` is not what `SkillBuilder.create()` makes.
    """
    app = Flask(__name__, static_folder=None)
    app.config["TRUSTED_HOSTS"] = settings.trusted_hosts
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_upload
    app.logger.addFilter(without_messages)
    app.after_request(add_headers)
    app.register_error_handler(HTTPException, _plain)
    app.register_blueprint(create_alexa(app, skill, settings, verifier))
    app.register_blueprint(_health())
    for blueprint in pages:
        app.register_blueprint(blueprint)
    return app


def _health() -> Blueprint:
    """GET /health: "ok" while the process answers. It tells nothing else."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health")
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})

    return blueprint


def _plain(error: HTTPException) -> Response:
    """An HTTP error as one short line, its headers (Allow) kept. A description can quote what was sent, so it is left
    out. A blueprint with pages may register its own handler, in its own words."""
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    return Response(f"{error.name}.\n", error.code, headers=kept, mimetype="text/plain")
