"""The real server, in a process of its own: start lines, answers, limits, and how it stops."""

import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alexa_requests import SKILL_ID, as_bytes, envelope
from child import JSON, PATIENCE, Child, headers, verified, wait_until


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    with verified(tmp_path_factory.mktemp("web")) as running:
        yield running


# --- answers ---------------------------------------------------------------------------------------------------------


def test_it_answers_a_signed_request(child: Child) -> None:
    body = as_bytes(envelope())
    status, text = child.ask("POST", "/alexa", body, headers=headers(body))
    assert (status, "Hello." in text) == (200, True)


def test_it_answers_many_at_once(child: Child) -> None:
    body = as_bytes(envelope())
    good, bad = headers(body), headers(body + b" ")
    with ThreadPoolExecutor(16) as pool:
        found = [pool.submit(child.ask, "POST", "/alexa", body, headers=bad if n % 3 else good) for n in range(48)]
        assert [each.result()[0] for each in found] == [400 if n % 3 else 200 for n in range(48)]


def test_it_refuses(child: Child) -> None:
    assert child.ask("POST", "/alexa", as_bytes(envelope()), headers=JSON) == (400, "Bad request.\n")
    assert child.ask("GET", "/alexa") == (405, "Method Not Allowed.\n")
    assert child.ask("GET", "/health") == (200, "ok\n")
    assert child.ask("GET", "/health", headers={"Host": "evil.example"})[0] == 400
    assert child.raw(b"GET /health HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 400")


def test_a_large_body_is_refused_by_its_length(child: Child) -> None:
    for size in (65_537, 1_000_000, 2_000_000):
        assert child.ask("POST", "/alexa", b" " * size, headers=JSON) == (413, "Too large.\n")
    announced = b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
    assert child.raw(announced).startswith(b"HTTP/1.1 413")


def test_a_large_body_in_chunks_is_refused(child: Child) -> None:
    lines = ("POST /alexa HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Transfer-Encoding: chunked")
    start = "\r\n".join((*lines, "", "")).encode()
    piece = b"4000\r\n" + 0x4000 * b" " + b"\r\n"
    assert child.raw(start + 8 * piece + b"0\r\n\r\n").startswith(b"HTTP/1.1 413")
    assert child.raw(start + 4 * piece + b"1\r\n \r\n0\r\n\r\n").startswith(b"HTTP/1.1 413")
    assert child.raw(start + 4 * piece + b"0\r\n\r\n").startswith(b"HTTP/1.1 400")  # just small enough, and not signed


def test_a_signed_request_in_chunks_is_answered(child: Child) -> None:
    body = as_bytes(envelope())
    pieces = iter([body[:100], body[100:]])
    assert child.ask("POST", "/alexa", pieces, headers=headers(body), encode_chunked=True)[0] == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}",
        b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n{}",
        b"POST /alexa HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
        b"nonsense\r\n\r\n",
    ],
)
def test_broken_http_is_the_callers_fault(child: Child, request_bytes: bytes) -> None:
    assert child.raw(request_bytes).split()[1] in {b"400", b"413"}


def test_large_headers_are_refused(child: Child) -> None:
    assert child.ask("GET", "/health", headers={"X": 20_000 * "x"})[0] == 431


# --- start lines -----------------------------------------------------------------------------------------------------


def test_the_start_lines_say_what_holds(tmp_path: Path) -> None:
    with Child(tmp_path, {"verify": False}) as child:
        assert child.lines[0] == f"Serving on http://127.0.0.1:{child.port} (Ctrl-C stops).\n"
        assert child.read_line().startswith("/alexa refuses every request: SKILL_ID is not set")
        assert child.read_line().startswith("WARNING: VERIFICATION IS OFF.")
        assert child.ask("POST", "/alexa", as_bytes(envelope()), headers=JSON)[0] == 400
        child.process.send_signal(signal.SIGINT)
        assert child.ends() == 130


def test_an_address_that_is_taken_is_one_sentence(tmp_path: Path, child: Child) -> None:
    second = Child(tmp_path, {"port": child.port})
    assert second.ends() == 2
    assert "".join(second.lines).startswith(f"Cannot listen on 127.0.0.1 port {child.port} (")
    assert len(second.lines) == 1


# --- the end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_what_has_begun_is_finished(tmp_path: Path, number: int, status: int) -> None:
    with Child(tmp_path, {"skill_id": SKILL_ID, "verify": False}) as child, ThreadPoolExecutor(2) as pool:
        body = as_bytes(envelope(intent="WaitIntent"))
        idle = socket.create_connection(("127.0.0.1", child.port), PATIENCE)  # an open line must not hold up the end
        waiting = [pool.submit(child.ask, "POST", "/alexa", body, headers=JSON) for _ in range(2)]
        wait_until(lambda: len(list(tmp_path.glob("begun-*"))) == len(waiting))
        child.process.send_signal(number)
        wait_until(lambda: not child.hears())
        (tmp_path / "go").touch()
        assert [(found.result()[0], "Waited." in found.result()[1]) for found in waiting] == 2 * [(200, True)]
        assert child.ends() == status
        idle.close()
        assert child.lines[-1] == "Stopped.\n"
        assert "Traceback" not in "".join(child.lines)


def test_idle_it_ends_at_once(tmp_path: Path) -> None:
    with Child(tmp_path, {"skill_id": SKILL_ID}) as child:
        child.process.terminate()
        assert child.ends() == 0


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    with Child(tmp_path, {"skill_id": SKILL_ID, "verify": False}) as child:
        body = as_bytes(envelope(intent="WaitIntent"))

        def ask() -> None:
            with pytest.raises((OSError, EOFError)):
                child.ask("POST", "/alexa", body, headers=JSON)

        asking = threading.Thread(target=ask)
        asking.start()
        wait_until(lambda: any(tmp_path.glob("begun-*")))
        child.process.terminate()
        wait_until(lambda: not child.hears())
        child.process.terminate()
        assert child.ends() == -signal.SIGTERM
        asking.join(PATIENCE)
