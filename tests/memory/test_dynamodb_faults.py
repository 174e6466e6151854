"""A DynamoDB that is slow, throttles, fails, talks garbage or is not there: a stand-in on loopback."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from listener import BEN, FORGET, KEY, LAUNCH, NEXT, REMEMBER, RESUME, YES, Listener, remembering

OVERVIEW = "OverviewIntent"

THROTTLED = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "MARKED"}).encode()
FINE = b'{"ConsumedCapacity": {"TableName": "memory", "CapacityUnits": 1}}'
FAULTS: dict[str, tuple[int, bytes, str]] = {
    "throttled": (400, THROTTLED, "ThrottlingException"),
    "500": (500, b'{"__type": "InternalServerError", "message": "MARKED"}', "InternalServerError"),
    "503 of a proxy": (503, b"<html>MARKED</html>", "503"),
    "garbage": (200, b"\x00\xffMARKED", "UnicodeDecodeError"),
    "cut off": (200, b'{"Item": {"id": {"S": "MAR', "without its receipt"),
    "another shape": (200, b'{"Item": ["MARKED"]}', "Error"),
    "nothing": (200, b"", "without its receipt"),
    "no such table": (
        400,
        b'{"__type": "ResourceNotFoundException", "message": "MARKED"}',
        "ResourceNotFoundException",
    ),
    "no rights": (400, b'{"__type": "AccessDeniedException", "message": "MARKED"}', "AccessDeniedException"),
}


class StandIn(ThreadingHTTPServer):
    """Answers everything with one status and body, after `seconds`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.answer: tuple[int, bytes] = (200, FINE)
        self.seconds = 0.0
        self.asked = 0


class Answers(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        status, body = self.server.answer
        time.sleep(self.server.seconds)
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def memory(aws: pytest.MonkeyPatch, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> Any:
    import stores

    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{stand_in.server_port}")
    return remembering(stores.table_store(KEY, "memory"))


def told(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR)


def converses(memory: Any) -> None:
    """A visit, all of whose answers are there, and in which nothing is said to be kept, gone or deleted."""
    anna = Listener(memory)
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    assert anna.ask(OVERVIEW).topic == "overview"
    assert "memory does not answer" in anna.ask(REMEMBER).speech
    assert "can't be sure that everything is deleted" in anna.ask(FORGET).speech
    assert anna.ask(NEXT).topic == "local"
    again = Listener(memory, BEN).ask(RESUME)
    assert "memory does not answer" in again.speech
    assert again.open


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_that_answers_badly(
    memory: Any, stand_in: StandIn, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    status, body, named = FAULTS[fault]
    stand_in.answer = status, body
    converses(memory)
    assert "memory: reading failed: DynamoDB: " in told(caplog)
    assert named in told(caplog)
    assert "MARKED" not in caplog.text


def test_a_yes_that_is_throttled_is_not_told_as_kept(memory: Any, stand_in: StandIn) -> None:
    anna = Listener(memory)
    anna.asks([LAUNCH, REMEMBER])
    stand_in.answer = 400, THROTTLED
    assert "can't be sure that your place is kept" in anna.ask(YES).speech
    stand_in.answer = 200, FINE
    assert "From now on I keep your place" in anna.asks([REMEMBER, YES]).speech


def test_a_slow_store_slows_down_one_answer_and_not_all(
    memory: Any, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.seconds = 5
    anna = Listener(memory)
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    asked = stand_in.asked
    assert asked == 2, "one retry"
    for listener in (anna, Listener(memory, BEN)):
        assert listener.asks([OVERVIEW, NEXT, LAUNCH]).speech
    assert stand_in.asked == asked, "it is left alone for a while"
    assert "memory: reading failed: DynamoDB: ReadTimeoutError" in told(caplog)


def test_a_store_that_drips_is_not_waited_for(aws: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Time-outs of the network start anew with every byte; the memory's own limit does not."""
    from listener import Shelf

    begun, go = threading.Event(), threading.Event()

    class Drips(Shelf):
        def get_attributes(self, request_envelope: Any) -> dict[str, Any]:
            begun.set()
            go.wait(60)
            return {}

    anna = Listener(remembering(Drips(), limit=0.05))
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    assert begun.is_set()
    assert not go.is_set(), "answered while the store still works"
    assert "memory: reading failed: no answer in 0.05 s" in told(caplog)
    go.set()


def test_nobody_listens_there(aws: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    import stores

    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{stores.free_port()}")
    converses(remembering(stores.table_store(KEY, "memory")))
    assert "DynamoDB: EndpointConnectionError" in told(caplog)


def test_no_credentials(memory: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    import boto3
    from botocore.credentials import Credentials

    # What a role without its rights looks like: boto3 finds nothing to sign with.
    signer = memory._store._table.meta.client._request_signer
    assert isinstance(signer._credentials, Credentials)
    monkeypatch.setattr(signer, "_credentials", None)
    assert boto3.DEFAULT_SESSION is not None
    converses(memory)
    assert "DynamoDB: NoCredentialsError" in told(caplog)


def test_a_row_that_is_none_of_ours(endpoint: str) -> None:
    import boto3
    import stores
    from listener import ANNA, asked_by, parsed

    table = stores.create_table(endpoint)
    key = {"id": KEY.listener(parsed(asked_by(ANNA)))}
    far = 10**11
    for row in ({}, {"expires": far}, {"expires": far, "attributes": "text"}, {"expires": far, "attributes": {"x": 1}}):
        boto3.resource("dynamodb", endpoint_url=endpoint).Table(table).put_item(Item={**key, **row})
        anna = Listener(remembering(stores.table_store(KEY, table)))
        assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
        assert "From now on" in anna.asks([REMEMBER, YES]).speech
