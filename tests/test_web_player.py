"""The player's pages as a server sends them: types, caching, ranges, and no file that is not the edition's."""

import http.client
import os
import re
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import partial

import pytest
from flask import Flask

from skill.web import player
from skill.web.player import create_player


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "edition"
    (made / "player").mkdir(parents=True)
    (made / "index.html").write_text("<!DOCTYPE html><title>here</title>", encoding="utf-8")
    (made / "player" / "player.0123456789.js").write_text("1", encoding="utf-8")
    (made / "01 A section.mp3").write_bytes(bytes(range(100)))
    (made / "player.js").mkdir()
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
    "/player.js",
    f"/{'a' * 300}.txt",
    "/a%00.txt",
)


@pytest.mark.parametrize("path", OTHERS)
def test_no_other_file(client, path):
    player._digest.cache_clear()
    answer = client(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.data
    assert player._digest.cache_info().misses == 0, "it was opened"


def test_other_routes_keep_their_answers(client):
    assert client("/alexa").status_code == 405
    assert client("/", method="POST").status_code == 405


def test_before_an_edition_is_built(client, folder):
    (folder / "index.html").unlink()
    answer = client("/")
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert '<html lang="en-CA">' in answer.text
    assert "<h1>Treatments for recurrent soft tissue sarcoma</h1>" in answer.text
    assert "make audio" in answer.text


@contextmanager
def serving(folder):
    """The command, without a skill's id, on a port that is free: (line, what it says at the start)."""
    command = [sys.executable, "-W", "error", "-m", "skill", "serve", "--port", "0", "--edition", str(folder)]
    env = {name: value for name, value in os.environ.items() if name not in ("SKILL_ID", "PUBLIC_HOST")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as server:
        try:
            said = ""
            while "SKILL_ID" not in said.rpartition("http://")[2]:
                said += (line := server.stderr.readline())
                assert line, said
            line = http.client.HTTPConnection("127.0.0.1", int(re.search(r":(\d+) ", said)[1]), timeout=30)
            with closing(line):
                yield line, said
        finally:
            server.terminate()


def asked(line, method, path, **how):
    line.request(method, path, **how)
    with line.getresponse() as answer:
        return answer.status, answer.read().decode("utf-8", "replace"), answer.headers


def test_the_command_serves_the_page_and_refuses_alexa_without_an_id(folder):
    with serving(folder) as (line, said):
        assert "make audio" not in said
        status, text, headers = asked(line, "GET", "/")
        assert (status, "<title>here</title>" in text) == (200, True)
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert asked(line, "GET", "/", headers={"Host": "localhost"})[0] == 200
        assert asked(line, "GET", "/", headers={"Host": "elsewhere.example"})[0] == 400
        assert asked(line, "POST", "/alexa", body="{}", headers={"Content-Type": "application/json"})[0] == 400
        assert asked(line, "GET", "/alexa")[0] == 405


def test_the_command_says_how_to_make_an_edition(folder):
    (folder / "index.html").unlink()
    with serving(folder) as (line, said):
        assert "make audio" in said
        assert "make audio" in asked(line, "GET", "/")[1]
