"""The routes of /try on the real server: what they answer, what they refuse, and that strangers can't reach them."""

import contextlib
import json
import threading
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from clips import spoken, wav
from served import serving
from simulated import PATIENCE, resolver

from skill import handlers
from skill.simulator.device import Json
from skill.voice import Samples
from skill.voice.turns import InTurn
from skill.web import Settings, UnsafeSettings, create_app
from skill.web.trying import RECORDING_LIMIT, create_try
from skill.web.trying.conversations import LEFT_ALONE, MOST, Conversations

JSON = "application/json"
WAV = "audio/wav"


class Line:
    """Whoever asks the server; each has a conversation of their own."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.headers = {"X-Conversation": str(uuid.uuid4()), "X-Locale": "en-CA"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        connection = HTTPConnection(self.host, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, headers=self.headers | named)
            with connection.getresponse() as answer:
                content = answer.read()
                told = json.loads(content) if answer.headers.get_content_type() == JSON else content
                return answer.status, told, dict(answer.headers)
        finally:
            connection.close()

    def post(self, path: str, value: Any, content_type: str = JSON, **headers: str) -> tuple[int, Any]:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask("POST", path, body, Content_Type=content_type, **headers)[:2]

    def say(self, value: Any, content_type: str = JSON, **headers: str) -> tuple[int, Any]:
        return self.post("/try/say", value, content_type, **headers)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    for locale in ("en-CA", "en-GB"):
        _ = resolver(locale).learned
    with serving() as served:
        yield served


@pytest.fixture
def line(address: str) -> Line:
    return Line(address)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_typed_turn(line: Line) -> None:
    status, told = line.say({"utterance": "what about surgery"})
    assert status == 200
    assert (told["intent"], told["topic"], told["open"], told["new"], told["heard"]) == (
        "TopicIntent", "surgery", True, True, None,
    )  # fmt: skip
    assert {slot["name"]: slot["id"] for slot in told["slots"]} == {"treatment": "surgery", "recurrence": None}
    assert told["request"]["request"]["intent"]["name"] == "TopicIntent"
    assert told["response"]["response"]["shouldEndSession"] is False
    assert told["why"][0].startswith("Understood as TopicIntent")
    status, told = line.say({"utterance": "in the same place"})
    assert (status, told["topic"], told["new"]) == (200, "local.surgery", False)


def test_a_recorded_turn(line: Line) -> None:
    status, told = line.say(wav(spoken("what about surgery", 48_000), 48_000, 24), WAV)
    assert (status, told["heard"], told["topic"]) == (200, "What about surgery?", "surgery")


def test_conversations_do_not_mix(address: str) -> None:
    one, other = Line(address), Line(address)
    assert one.say({"utterance": "chemotherapy for my lung"})[1]["topic"] == "distant.chemotherapy"
    assert other.say({"utterance": "where am i"})[1]["topic"] is None
    assert one.say({"utterance": "where am i"})[1]["topic"] == "distant.chemotherapy"
    one.headers["X-Locale"] = "en-GB"
    assert one.say({"utterance": "where am i"})[1]["topic"] is None


def test_a_closed_session_leaves_nothing_behind(line: Line) -> None:
    line.say({"utterance": "chemotherapy for my lung"})
    assert line.say({"utterance": "i can't breathe"})[1]["open"] is False
    assert line.say({"utterance": "resume"})[1]["topic"] is None


def test_a_launch(line: Line) -> None:
    status, told = line.say({"launch": True})
    assert (status, told["intent"], told["utterance"], told["margin"]) == (200, "LaunchRequest", None, None)


def test_the_reply_aloud(line: Line) -> None:
    line.say({"utterance": "what about surgery"})
    status, sound, headers = line.ask("POST", "/try/speech", b"{}", Content_Type=JSON)
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, WAV, "no-store")
    seconds = (len(sound) - 44) / 2 / 24_000
    assert 5 < seconds < 40


def test_the_parts_of_the_page(line: Line) -> None:
    for path, kind in (("/try", "text/html"), ("/try/try.js", "javascript"), ("/try/try.css", "text/css")):
        status, content, headers = line.ask("GET", path)
        assert (status, kind in headers["Content-Type"]) == (200, True)
        assert "no-cache" in headers["Cache-Control"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert b"onclick" not in content
        if "ETag" in headers:
            assert line.ask("GET", path, If_None_Match=headers["ETag"])[0] == 304


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"utterance": "surgery"}', "text/plain", 415),
        (b"utterance=surgery", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
        (b"not JSON", JSON, 400),
        (b"[]", JSON, 400),
        (b"null", JSON, 400),
        (b"{}", JSON, 400),
        (b'{"utterance": 7}', JSON, 400),
        (b'{"utterance": " "}', JSON, 400),
        (b'{"utterance": "\\u0000"}', JSON, 400),
        (b'{"utterance": "' + b"x" * 20_000 + b'"}', JSON, 413),
        (b"[" * 5_000, JSON, 400),
        (b"", WAV, 400),
        (b"garbage" * 1_000, WAV, 400),
        (wav(np.zeros(16_000))[:9_000], WAV, 400),
        (wav(np.zeros(100)), WAV, 400),
        (wav(np.zeros(16_000)), WAV, 400),
        (wav(np.zeros(31 * 16_000)), WAV, 400),
        (bytes(RECORDING_LIMIT + 1), WAV, 413),
    ],
)  # fmt: skip
def test_what_is_refused(line: Line, body: bytes, kind: str, status: int) -> None:
    found, told = line.say(body, kind)
    assert found == status
    assert tuple(told) == ("error",)
    assert told["error"].endswith((".", "]'"))
    assert line.say({"utterance": "surgery"})[0] == 200


def test_ten_minutes(line: Line) -> None:
    """Far beyond the limit the server need not read to the end: the sender may find the line closed."""
    with contextlib.suppress(OSError):
        assert line.say(wav(np.zeros(600 * 16_000)), WAV)[0] == 413
    assert line.say({"utterance": "surgery"})[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_site_is_refused(line: Line, headers: dict[str, str]) -> None:
    for path in ("/try/say", "/try/speech", "/try/test"):
        assert line.post(path, {"utterance": "surgery"}, **headers)[0] == 403
    assert line.ask("OPTIONS", "/try/say", **headers)[2].get("Access-Control-Allow-Origin") is None


def test_our_own_page_is_not(line: Line) -> None:
    own = {"Origin": f"http://{line.host}", "Sec_Fetch_Site": "same-origin"}
    assert line.say({"utterance": "surgery"}, **own)[0] == 200


@pytest.mark.parametrize("name", ["Forwarded", "Via", "X_Forwarded_For", "X_Forwarded_Host", "X_Real_Ip"])
def test_nobody_comes_through_a_proxy(line: Line, name: str) -> None:
    assert line.ask("GET", "/try", **{name: "203.0.113.7"})[0] == 404
    assert line.say({"utterance": "surgery"}, **{name: "203.0.113.7"})[0] == 404


def test_a_name_that_is_not_ours_is_refused(line: Line) -> None:
    assert line.ask("GET", "/try", Host="evil.example")[0] == 400


@pytest.mark.parametrize("name", ["", "1", "../../etc", "x" * 500, str(uuid.uuid4()) + "0"])
def test_a_conversation_without_a_name(line: Line, name: str) -> None:
    assert line.say({"utterance": "surgery"}, X_Conversation=name)[0] == 400
    assert line.say({"utterance": "surgery"}, X_Locale="fr-CA")[0] == 400


def test_nothing_to_speak_or_to_save(line: Line) -> None:
    assert line.post("/try/speech", {})[0] == 400
    assert line.post("/try/test", {})[0] == 400


def test_other_methods_and_files(line: Line) -> None:
    assert line.ask("GET", "/try/say")[0] == 405
    assert line.ask("POST", "/try", b"{}", Content_Type=JSON)[0] == 405
    for path in ("/try/try.toml", "/try/try.html", "/try/../blueprint.py", "/try/"):
        assert line.ask("GET", path)[0] == 404


@pytest.mark.parametrize("how", [{"host": "0.0.0.0"}, {"host": "192.0.2.1"}, {"public_host": "skill.example.org"}])
def test_it_is_not_made_where_others_could_reach_it(how: dict[str, str]) -> None:
    with pytest.raises(UnsafeSettings, match="only for this machine"):
        create_try(Settings(skill_id="a", **how), handlers.build_skill())  # type: ignore[arg-type]


# ── many at once, and what is not there ──────────────────────────────────────────────────────────────────────────────


class Slow:
    """A recogniser that waits until it may answer."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Event()

    def hear(self, samples: Samples) -> str:
        self.begun.set()
        assert self.go.wait(PATIENCE)
        return "surgery"


def client(**how: Any) -> Any:
    settings = Settings(largest_upload=RECORDING_LIMIT)
    app = create_app(handlers.build_skill(), settings, pages=(create_try(settings, handlers.build_skill(), **how),))
    return app.test_client()


def sent(asked: Any, path: str, body: Any, kind: str) -> tuple[int, Json]:
    headers = {"X-Conversation": str(uuid.uuid4()), "X-Locale": "en-CA"}
    answer = asked.post(path, data=body, content_type=kind, headers=headers, base_url="http://127.0.0.1")
    return answer.status_code, answer.get_json()


def test_a_full_queue_is_a_clear_answer() -> None:
    slow = Slow()
    asked = client(hears=InTurn(lambda: slow, waiting=0))
    found: list[tuple[int, Json]] = []
    clip = wav(np.zeros(16_000))
    first = threading.Thread(target=lambda: found.append(sent(asked, "/try/say", clip, WAV)))
    first.start()
    assert slow.begun.wait(PATIENCE)
    assert sent(asked, "/try/say", clip, WAV) == (
        503, {"error": "Too many recordings wait to be recognised: try again in a few seconds."},
    )  # fmt: skip
    slow.go.set()
    first.join(PATIENCE)
    assert [(status, told["topic"]) for status, told in found] == [(200, "surgery")]


def test_without_recogniser_or_voice() -> None:
    asked = client()
    status, told = sent(asked, "/try/say", wav(np.zeros(16_000)), WAV)
    assert (status, told["error"].endswith("pip install '.[voice]'")) == (501, True)
    assert sent(asked, "/try/speech", "{}", JSON) == (404, {"error": "The voice is not installed here."})


def test_conversations_are_forgotten() -> None:
    now = 0.0
    kept = Conversations(handlers.build_skill(), clock=lambda: now)
    key = str(uuid.uuid4())
    first = kept.find(key, "en-CA")
    assert kept.find(key, "en-CA") is first
    now += LEFT_ALONE + 1
    again = kept.find(key, "en-CA")
    assert again is not first
    for _ in range(MOST):
        kept.find(str(uuid.uuid4()), "en-CA")
    assert kept.find(key, "en-CA") is not again
