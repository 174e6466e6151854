"""Many who mean no good at the same time as one who asks: who asks is answered. `make bench` does the same at size."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from abuse import HEAD, abused
from alexa_requests import SKILL_ID, as_bytes, envelope
from child import PATIENCE, Child, headers, verified
from fuzz import storm

from skill.web import serve

REQUESTS = 5000
"""Fuzzed requests here; `make bench` sends a hundred thousand."""


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    with verified(tmp_path_factory.mktemp("web"), "ours") as running:
        yield running


def test_real_requests_are_answered_beside_all_sorts_of_others(child: Child) -> None:
    with abused(child, silent=300, dripping=30, loud=3) as answered:
        for _ in range(50):
            body = as_bytes(envelope())
            status, text = child.ask("POST", "/alexa", body, headers=headers(body))
            assert (status, "Sarcoma Treatment Guide" in text) == (200, True)
    assert answered
    assert {line.split()[1] for line in answered if line} <= {b"400", b"413"}


def test_a_thousand_silent_connections_fit(child: Child) -> None:
    assert serve.CONNECTIONS > 1000 + 100


def test_descriptors_are_enough_for_the_connections_or_fewer_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(serve.resource, "setrlimit", lambda _, limits: asked.append(limits))
    infinity = serve.resource.RLIM_INFINITY
    for limits, raised, connections in (
        ((1024, 1_000_000), [(2 * serve.CONNECTIONS + serve.SPARE_DESCRIPTORS, 1_000_000)], serve.CONNECTIONS),
        ((1024, infinity), [(2 * serve.CONNECTIONS + serve.SPARE_DESCRIPTORS, infinity)], serve.CONNECTIONS),
        ((1024, 1024), [(1024, 1024)], (1024 - serve.SPARE_DESCRIPTORS) // 2),
        ((infinity, infinity), [], serve.CONNECTIONS),
        ((1_000_000, 1_000_000), [], serve.CONNECTIONS),
    ):
        asked.clear()
        monkeypatch.setattr(serve.resource, "getrlimit", lambda _, limits=limits: limits)
        assert (serve._connections(), asked) == (connections, raised)


def test_a_request_that_drips_is_given_up_and_a_silent_line_is_not(tmp_path: Path) -> None:
    with (
        Child(tmp_path, {"skill_id": SKILL_ID}, arrival_seconds=0.5) as child,
        socket.create_connection(("127.0.0.1", child.port), PATIENCE) as silent,
        socket.create_connection(("127.0.0.1", child.port), PATIENCE) as dripping,
    ):
        dripping.sendall(HEAD)
        dripping.settimeout(0.05)
        while True:
            try:
                dripping.sendall(b"X")
                if dripping.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        silent.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert silent.recv(100).startswith(b"HTTP/1.1 200")


def test_whatever_is_sent_is_answered_and_never_by_a_fault(tmp_path: Path) -> None:
    with Child(tmp_path, {"skill_id": SKILL_ID, "verify": False}, skill="ours") as child:
        came = storm(child, REQUESTS)
        assert came.statuses.total() >= REQUESTS * 0.9
        assert came.statuses[200] > REQUESTS / 10  # they got as far as the skill
        assert came.statuses[400] > REQUESTS / 10
        assert came.grown < 8_000_000
        child.process.terminate()
        assert child.ends() == 0
        assert "Traceback" not in "".join(child.lines)
