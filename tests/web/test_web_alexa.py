"""POST /alexa as a caller sees it: status, body, headers; and what the log holds."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from alexa_requests import CHAIN_PATH, CHAIN_URL, SKILL_ID, as_bytes, envelope, skill
from ask_sdk_core.skill_builder import SkillBuilder
from certificates import DAY, NOW, Authority, ChainServer, pem, sends, signed
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from skill.web import RequestVerifier, Settings, UnsafeSettings, WebError, create_app
from skill.web.fetch import Fetcher
from skill.web.payload import DEEPEST
from skill.web.quiet import place
from skill.web.settings import ALEXA_BODY_LIMIT

BODY = as_bytes(envelope(sent=NOW))
HEADERS = {"SignatureCertChainUrl": CHAIN_URL, "Signature-256": signed(BODY), "Content-Type": "application/json"}
DEEP = b"[" * 30_000 + b"]" * 30_000


@dataclass
class Door:
    """An application with a verified door, and its server of chains."""

    app: Flask
    client: FlaskClient
    server: ChainServer

    def post(self, body: bytes, **changed: str) -> TestResponse:
        return self.client.post("/alexa", data=body, headers=HEADERS | changed)

    def post_signed(self, body: bytes) -> TestResponse:
        return self.client.post("/alexa", data=body, headers=HEADERS | {"Signature-256": signed(body)})


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    root = Authority.root()
    middle = root.intermediate()
    with ChainServer({CHAIN_PATH: sends(pem(middle.leaf(), middle.certificate))}) as server:
        fetcher = Fetcher(server.dial, server.trust())
        verifier = RequestVerifier(SKILL_ID, fetch=fetcher, roots=root.store, clock=lambda: NOW)
        app = create_app(skill(), Settings(skill_id=SKILL_ID), verifier=verifier)
        yield Door(app, app.test_client(), server)


@pytest.fixture
def unverified() -> FlaskClient:
    return create_app(skill(), Settings(skill_id=SKILL_ID, verify=False)).test_client()


def assert_told(answer: TestResponse, status: int) -> None:
    """A plain line: no page, no trace, nothing of what was sent."""
    assert answer.status_code == status
    assert answer.mimetype == "text/plain"
    assert answer.text in {"Bad request.\n", "Too large.\n", "The skill failed.\n"}


# --- what is answered ------------------------------------------------------------------------------------------------


def test_a_signed_request_is_answered_by_the_skill(door: Door) -> None:
    answer = door.post(BODY)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.text)["response"]["outputSpeech"]["ssml"] == "<speak>Hello.</speak>"


def test_the_charset_may_be_named(door: Door) -> None:
    assert door.post(BODY, **{"Content-Type": "application/json;charset=utf-8"}).status_code == 200


def test_words_outside_ascii_are_signed_as_they_are(door: Door) -> None:
    assert (
        door.post_signed(json.dumps(envelope(sent=NOW) | {"x": "é 😀"}, ensure_ascii=False).encode()).status_code == 200
    )


def test_a_body_may_be_as_deep_as_the_limit(door: Door) -> None:
    assert door.post_signed(nested(DEEPEST - 1)).status_code == 200


def test_a_body_may_be_as_large_as_the_limit(door: Door) -> None:
    padded = BODY[:-1] + b" " * (ALEXA_BODY_LIMIT - len(BODY)) + b"}"
    assert len(padded) == ALEXA_BODY_LIMIT
    assert door.post_signed(padded).status_code == 200


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_changed_body_is_refused(door: Door) -> None:
    assert_told(door.post(BODY + b" "), 400)


@pytest.mark.parametrize(
    "changed",
    [
        {"Signature-256": signed(BODY, "somebody else")},
        {"Signature-256": "not base64!"},
        {"Signature-256": ""},
        {"SignatureCertChainUrl": "https://evil.example/echo.api/x.pem"},
        {"SignatureCertChainUrl": "https://s3.amazonaws.com/echo.api/not-there.pem"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json, application/json"},
        {"Content-Type": ""},
    ],
)
def test_bad_headers_are_refused(door: Door, changed: dict[str, str]) -> None:
    assert_told(door.post(BODY, **changed), 400)


@pytest.mark.parametrize("name", ["SignatureCertChainUrl", "Signature-256"])
def test_missing_and_repeated_headers_are_refused(door: Door, name: str) -> None:
    missing = {key: value for key, value in HEADERS.items() if key != name}
    assert_told(door.client.post("/alexa", data=BODY, headers=missing), 400)
    assert_told(door.client.post("/alexa", data=BODY, headers=[*HEADERS.items(), (name, HEADERS[name])]), 400)


@pytest.mark.parametrize("seconds", [151, -151])
def test_old_and_future_requests_are_refused(door: Door, seconds: int) -> None:
    assert_told(door.post_signed(as_bytes(envelope(sent=NOW + timedelta(seconds=seconds)))), 400)


def test_a_skill_event_may_be_an_hour_old(door: Door) -> None:
    def event(age: timedelta) -> int:
        return door.post_signed(as_bytes(envelope("AlexaSkillEvent.SkillDisabled", sent=NOW - age))).status_code

    assert (event(timedelta(hours=1)), event(timedelta(hours=1, seconds=1))) == (200, 400)


def test_another_skills_request_is_refused(door: Door) -> None:
    assert_told(door.post_signed(as_bytes(envelope(sent=NOW, skill_id="amzn1.ask.skill.another"))), 400)
    value = envelope(sent=NOW)
    del value["session"], value["context"]
    assert_told(door.post_signed(as_bytes(value)), 400)


def nested(levels: int) -> bytes:
    return BODY[:-1] + b',"x":' + b"[" * levels + b"]" * levels + b"}"


def with_request(**changed: object) -> bytes:
    value = envelope(sent=NOW)
    value["request"] |= changed
    return as_bytes(value)


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "not JSON": b"hello",
    "cut short": BODY[:-1],
    "two values": BODY + BODY,
    "not UTF-8": BODY.replace(b"en-US", b"en-\xff\xff"),
    "UTF-16": BODY.decode().encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + BODY,
    "list": b"[]",
    "object": b"{}",
    "null": b"null",
    "number": b"5",
    "text": b'"request"',
    "list of requests": b"[" + BODY + b"]",
    "request is null": b'{"request":null}',
    "request is a text": b'{"request":"type"}',
    "request is a list": b'{"request":["type"]}',
    "no type": as_bytes(envelope() | {"request": {"timestamp": "2026-06-01T12:00:00Z"}}),
    "type is null": with_request(type=None),
    "type is a number": with_request(type=5),
    "type is unknown": with_request(type="No.Such.Request"),
    "type is another class": with_request(type="ask_sdk_model.application.Application"),
    "time is nonsense": with_request(timestamp="yesterday"),
    "time is a list": with_request(timestamp=[]),
    "time out of range": with_request(timestamp="99999-99-99T99:99:99Z"),
    "context is a text": as_bytes(envelope(sent=NOW) | {"context": "x"}),
    "session is a number": as_bytes(envelope(sent=NOW) | {"session": 5}),
    "slots are a text": with_request(type="IntentRequest", intent={"name": "X", "slots": "x"}),
    "deep": DEEP,
    "deep object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "just too deep": nested(DEEPEST),
    "rather deep": nested(200),
    "NaN": BODY[:-1] + b',"x":NaN}',
    "Infinity": BODY[:-1] + b',"x":-Infinity}',
    "beyond a float": BODY[:-1] + b',"x":1e999}',
    "number of many digits": BODY[:-1] + b',"x":' + 5000 * b"9" + b"}",
    "half a surrogate pair": BODY[:-1] + b',"x":"\\ud800"}',
    "compressed": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_refused_though_signed(door: Door, name: str) -> None:
    assert_told(door.post_signed(MALFORMED[name]), 400)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_refused_without_verification_too(unverified: FlaskClient, name: str) -> None:
    assert_told(unverified.post("/alexa", data=MALFORMED[name], content_type="application/json"), 400)


def test_what_is_not_signed_is_not_parsed(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    assert_told(door.post(DEEP), 400)
    assert caplog.messages == ["alexa refused: signature"]


def test_a_body_that_is_too_large_is_refused_first(door: Door) -> None:
    assert_told(door.post_signed(b" " * (ALEXA_BODY_LIMIT + 1)), 413)
    assert_told(door.post(b" " * (ALEXA_BODY_LIMIT + 1)), 413)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_refused(door: Door, method: str) -> None:
    answer = door.client.open("/alexa", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.text == ("" if method == "HEAD" else "Method Not Allowed.\n")


@trying(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_is_always_refused(door: Door, data: st.DataObject) -> None:
    what = data.draw(st.sampled_from(["body", "Signature-256", "SignatureCertChainUrl", "Content-Type"]))
    whole = BODY if what == "body" else HEADERS[what].encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 3)))
    new = data.draw(st.binary(max_size=4))
    damaged = whole[:start] + new + whole[end:]
    text = damaged.decode("latin-1")
    if what == "body":
        answer = door.post(damaged)
    elif set("\r\n\x00") & set(text):
        return  # no HTTP server lets these through in a header
    else:
        answer = door.post(BODY, **{what: text})
    # Other spellings of the same thing remain good: HTTPS://, application/json;x
    if what == "SignatureCertChainUrl" and text.lower() == CHAIN_URL and text.endswith(CHAIN_PATH):
        assert answer.status_code == 200
    elif what == "Content-Type" and text.partition(";")[0].strip().lower() == "application/json":
        assert answer.status_code in {200, 400}
    else:
        assert answer.status_code in ({200} if damaged == whole else {400, 413})


# --- the skill's own failure, and what is logged ----------------------------------------------------------------------


def test_a_failing_skill_tells_the_caller_nothing(unverified: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = unverified.post("/alexa", json=envelope(intent="BreakIntent"))
    assert_told(answer, 500)
    assert caplog.messages[0].startswith("alexa failed: ValueError at alexa_requests.py:")
    assert len(caplog.records) == 1
    assert "private" not in caplog.text + answer.text


def test_a_skill_without_an_answer_is_a_failure_of_the_skill(caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(SkillBuilder().create(), Settings(skill_id=SKILL_ID, verify=False)).test_client()
    assert_told(client.post("/alexa", json=envelope()), 500)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "Traceback" not in caplog.text


def test_the_log_holds_one_line_and_no_words(
    door: Door, unverified: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    words = envelope(sent=NOW) | {"x": "sarcoma"}
    door.post_signed(as_bytes(words))
    door.post(as_bytes(words))
    unverified.post("/alexa", data=as_bytes(words)[:-1], content_type="application/json")
    unverified.post("/alexa", json=words | {"context": "sarcoma"})
    unverified.post("/alexa", json=words | {"request": {"type": "sarcoma"}})
    assert caplog.messages == [
        "alexa answered",
        "alexa refused: signature",
        "alexa refused: body",
        "alexa refused: request not understood by the SDK",
        "alexa refused: request not understood by the SDK",
    ]
    assert "sarcoma" not in caplog.text


def test_a_failing_page_leaves_no_words_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    pages = Blueprint("pages", __name__)

    @pages.get("/breaks/<name>")
    def breaks(name: str) -> str:
        raise ValueError("private words")

    answer = create_app(skill(), Settings(), pages=(pages,)).test_client().get("/breaks/private")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error.\n")
    assert caplog.messages[0].startswith("failed in pages.breaks: ValueError at test_web_alexa.py:")
    assert "private" not in caplog.text + answer.text


def test_a_line_without_a_trace_is_logged_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    create_app(skill(), Settings()).logger.warning("the edition is %d days old", 3)
    assert caplog.messages == ["the edition is 3 days old"]


def test_the_place_of_an_exception() -> None:
    assert (place(None), place(ValueError("private words"))) == ("unknown", "ValueError")


# --- settings, hosts, headers ----------------------------------------------------------------------------------------


def test_without_a_skill_id_everything_is_refused_and_pages_work() -> None:
    for verify in (True, False):
        client = create_app(skill(), Settings(verify=verify)).test_client()
        for body in (BODY, b"", b" " * 100_000):
            assert_told(client.post("/alexa", data=body, headers=HEADERS), 400)
        assert (client.get("/health").status_code, client.get("/health").text) == (200, "ok\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"])
def test_verification_can_be_off_on_loopback(host: str) -> None:
    assert not Settings(host=host, verify=False).verify


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "localhost.example.org", "skill.example.org"])
def test_verification_cannot_be_off_elsewhere(host: str) -> None:
    with pytest.raises(UnsafeSettings, match=r"^Verification can be switched off only on a loopback address .*\.$"):
        Settings(host=host, verify=False)
    assert issubclass(UnsafeSettings, WebError)
    assert issubclass(UnsafeSettings, ValueError)


def test_with_verification_off_the_application_id_still_counts(unverified: FlaskClient) -> None:
    assert unverified.post("/alexa", json=envelope()).status_code == 200
    assert unverified.post("/alexa", json=envelope(sent=NOW - 400 * DAY)).status_code == 200
    assert_told(unverified.post("/alexa", json=envelope(skill_id="another")), 400)


@pytest.mark.parametrize(
    "public", ["", "https://skill.example.org", ".example.org", "a b", "skill.example.org/", "[::1]"]
)
def test_a_public_host_is_a_bare_name(public: str) -> None:
    with pytest.raises(UnsafeSettings, match="bare host name"):
        Settings(public_host=public)


@pytest.mark.parametrize("changed", [{"port": -1}, {"port": 65536}, {"largest_upload": 10}])
def test_impossible_numbers_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(UnsafeSettings):
        Settings(**changed)


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        (Settings(), "localhost", 200),
        (Settings(), "localhost:8080", 200),
        (Settings(), "127.0.0.1:8080", 200),
        (Settings(), "evil.example", 400),
        (Settings(), "localhost.evil.example", 400),
        (Settings(), "", 400),
        (Settings(), "a b", 400),
        (Settings(host="0.0.0.0"), "0.0.0.0", 400),
        (Settings(host="192.0.2.1"), "192.0.2.1", 200),
        (Settings(public_host="skill.example.org"), "skill.example.org", 200),
        (Settings(public_host="skill.example.org"), "sub.skill.example.org", 400),
        (Settings(public_host="skill.example.org", verify=False), "skill.example.org", 400),
    ],
)
def test_only_known_hosts_are_answered(settings: Settings, host: str, status: int) -> None:
    client = create_app(skill(), settings).test_client()
    answer = client.get("/health", headers={"Host": host})
    assert (answer.status_code, answer.text) == (status, "ok\n" if status == 200 else "Bad Request.\n")


@pytest.mark.parametrize("path", ["/health", "/not-there", "/alexa"])
def test_every_answer_has_the_headers(door: Door, path: str) -> None:
    found = door.client.get(path).headers
    assert "default-src 'none'" in found["Content-Security-Policy"]
    assert "trusted-types sw" in found["Content-Security-Policy"]
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Referrer-Policy"] == "no-referrer"
    assert found["Cross-Origin-Opener-Policy"] == found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert found["Permissions-Policy"] == "microphone=(self), camera=(), geolocation=()"


def test_a_page_may_take_more_than_alexa_does() -> None:
    pages = Blueprint("pages", __name__)

    @pages.post("/hear")
    def hear() -> str:
        from flask import request

        return str(len(request.get_data()))

    settings = Settings(skill_id=SKILL_ID, verify=False, largest_upload=200_000)
    client = create_app(skill(), settings, pages=(pages,)).test_client()
    assert client.post("/hear", data=b" " * 200_000).text == "200000"
    assert client.post("/hear", data=b" " * 200_001).status_code == 413
    assert_told(client.post("/alexa", data=b" " * 100_000, content_type="application/json"), 413)
