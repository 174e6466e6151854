"""The player's pages as a server sends them: types, caching, ranges, and no file that is not the edition's."""

from functools import partial

import pytest
from flask import Flask

from skill.web.player import create_player


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "edition"
    (made / "player").mkdir(parents=True)
    (made / "index.html").write_text("<!DOCTYPE html><title>here</title>", encoding="utf-8")
    (made / "player" / "player.0123456789.js").write_text("1", encoding="utf-8")
    (made / "01 A section.mp3").write_bytes(bytes(range(100)))
    (made / ".hidden.json").write_text("{}", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return made


@pytest.fixture
def client(folder):
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(create_player(folder))
    app.add_url_rule("/alexa", "alexa", lambda: "", methods=["POST"])
    client = app.test_client()
    # Read at once, so that each file is closed.
    return partial(client.open, buffered=True)


def test_the_page_is_asked_for_again_each_time(client, folder):
    first = client("/")
    assert first.content_type == "text/html; charset=utf-8"
    assert first.headers["Cache-Control"] == "no-cache"
    assert client("/index.html").data == first.data
    assert client("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    (folder / "index.html").write_text("another, and longer than before, text", encoding="utf-8")
    assert client("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_is_named_by_its_hash_is_kept(client):
    script = client("/player/player.0123456789.js")
    assert "immutable" in script.headers["Cache-Control"]
    assert script.content_type == "text/javascript; charset=utf-8"
    sound = client("/01%20A%20section.mp3")
    assert sound.headers["Cache-Control"] == "no-cache"
    digest = sound.headers["ETag"].strip('"')
    assert "immutable" in client(f"/01%20A%20section.mp3?v={digest[:10]}").headers["Cache-Control"]
    assert client("/01%20A%20section.mp3?v=0000000000").headers["Cache-Control"] == "no-cache"
    assert client("/01%20A%20section.mp3?v=").headers["Cache-Control"] == "no-cache"


def test_a_part_of_a_recording(client):
    part = client("/01%20A%20section.mp3", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, bytes(range(10, 20)))
    assert part.content_type == "audio/mpeg"
    assert client("/01%20A%20section.mp3", headers={"Range": "bytes=500-"}).status_code == 416


OTHERS = (
    "/gone.mp3",
    "/.hidden.json",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/player/..%2f..%2fsecret.txt",
    "/a.exe",
)


@pytest.mark.parametrize("path", OTHERS)
def test_no_other_file(client, path):
    answer = client(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_other_routes_keep_their_answers(client):
    assert client("/alexa").status_code == 405
    assert client("/", method="POST").status_code == 405


def test_before_an_edition_is_built(client, folder):
    (folder / "index.html").unlink()
    answer = client("/")
    assert answer.status_code == 404
    assert "make audio" in answer.text
