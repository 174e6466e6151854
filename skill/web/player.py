"""The player's pages: an audio edition's folder at `/`.

In: the folder. Out: a blueprint. Hosts, headers and limits come from the application (`skill.web`). A file whose
address holds its content's hash is kept for a year; any other is asked for again each time, and answered by its hash
(304) when it is the same.
"""

import functools
import hashlib
import re
import stat
from html import escape
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter
from werkzeug.security import safe_join

from skill import page

TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".txt": "text/plain",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".mp3": "audio/mpeg",
    ".m4b": "audio/mp4",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".vtt": "text/vtt",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
}
"""Every kind of file that an edition has. Systems differ in what they know of them, and nosniff forbids a guess."""

_HASHED = re.compile(r"\.[0-9a-f]{10}\.(js|css)$")
_YEAR = "public, max-age=31536000, immutable"


class _FileName(BaseConverter):
    """A path whose last part has an ending: every file of an edition has one, and no other route of the service."""

    regex = r"[^.?][^?]*\.[a-z0-9]+"
    part_isolating = False


def is_built(folder: Path) -> bool:
    """Whether there is an edition with a page in `folder`."""
    return (folder / "index.html").is_file()


def create_player(folder: Path) -> Blueprint:
    """The blueprint for the edition in `folder`, which may be built, or built anew, while it serves."""
    blueprint = Blueprint("player", __name__)
    blueprint.record_once(lambda state: state.app.url_map.converters.update(edition_file=_FileName))

    @blueprint.get("/")
    def index() -> Response:
        if not is_built(folder):
            return Response(_not_built(), 404, headers={"Cache-Control": "no-store"})
        return _send(folder, "index.html")

    @blueprint.get("/<edition_file:name>")
    def file(name: str) -> Response:
        return _send(folder, name)

    return blueprint


def _not_built() -> str:
    here = page.load()
    return (
        f'<!DOCTYPE html>\n<html lang="{here.locale}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(here.title)}</title>\n"
        f"<main>\n<h1>{escape(here.title)}</h1>\n<p>{escape(here.controls.not_built.line())}</p>\n</main>\n"
    )


def _send(folder: Path, name: str) -> Response:
    kind = TYPES.get(Path(name).suffix)
    inside = safe_join(str(folder), name)
    if kind is None or inside is None:
        raise NotFound
    path = Path(inside)
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:  # not there; or a name that no file has: too long, or with a NUL
        raise NotFound from error
    if not stat.S_ISREG(facts.st_mode):
        raise NotFound
    digest = _digest(path, facts.st_mtime_ns, facts.st_size)
    answer = send_from_directory(folder.resolve(), name, mimetype=kind, etag=digest, conditional=True)
    named = _HASHED.search(name) or request.args.get("v") == digest[:10]
    answer.headers["Cache-Control"] = _YEAR if named else "no-cache"
    return answer


@functools.lru_cache(maxsize=256)
def _digest(path: Path, modified: int, size: int) -> str:
    """A file's SHA-256, read anew when its time or its size changed."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
