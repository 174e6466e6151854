"""Who may speak to /alexa: the address of the chain, the chain, the signature, the time, the application id."""

import ssl
import subprocess
import sys
import threading
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from socket import socket
from typing import Any

import certifi
import pytest
from alexa_requests import CHAIN_PATH, CHAIN_URL, SKILL_ID, as_bytes, envelope
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import RequestEnvelope
from certificates import DAY, NOW, Authority, ChainServer, ec_key, pem, rsa_key, sends, signed
from cryptography import x509
from werkzeug.datastructures import Headers

from skill.web import Refused, RequestVerifier, cache, chain, fetch
from skill.web.cache import SignerCache
from skill.web.chain import Signer, public_roots, signer_of
from skill.web.chain_url import path_of
from skill.web.fetch import Fetcher

ROOT = Authority.root()
MIDDLE = ROOT.intermediate()
LEAF = MIDDLE.leaf()
GOOD_CHAIN = pem(LEAF, MIDDLE.certificate)
BODY = as_bytes(envelope(sent=NOW))


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def server() -> Iterator[ChainServer]:
    with ChainServer({CHAIN_PATH: sends(GOOD_CHAIN)}) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(server: ChainServer, clock: Clock) -> RequestVerifier:
    fetcher = Fetcher(server.dial, server.trust())
    return RequestVerifier(SKILL_ID, fetch=fetcher, roots=ROOT.store, clock=clock)


def headers(url: str = CHAIN_URL, signature: str | None = None) -> dict[str, str]:
    return {"SignatureCertChainUrl": url, "Signature-256": signed(BODY) if signature is None else signature}


def parsed(value: object) -> RequestEnvelope:
    found = DefaultSerializer().deserialize(as_bytes(value).decode(), RequestEnvelope)
    assert isinstance(found, RequestEnvelope)
    return found


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        action()
    return refused.value.category


# --- the whole -------------------------------------------------------------------------------------------------------


def test_a_request_from_amazon_is_accepted(verifier: RequestVerifier, server: ChainServer) -> None:
    for _ in range(3):
        verifier.verify(headers(), BODY.decode(), parsed(envelope(sent=NOW)))
    assert server.asked == [CHAIN_PATH]


def test_verify_checks_signature_time_and_application_together(verifier: RequestVerifier) -> None:
    def check(body: bytes, value: object) -> str:
        return refusal(lambda: verifier.verify(headers(), body.decode(), parsed(value)))

    assert check(BODY + b" ", envelope(sent=NOW)) == "signature"
    assert check(BODY, envelope(sent=NOW - DAY)) == "timestamp"
    assert check(BODY, envelope(sent=NOW, skill_id="another")) == "application id"


# --- the address of the chain ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        CHAIN_URL,
        CHAIN_URL.replace("s3.amazonaws.com", "s3.amazonaws.com:443"),
        CHAIN_URL.replace("https://s3.amazonaws.com", "HTTPS://S3.AmazonAWS.com"),
        CHAIN_URL.replace("/echo.api/", "/echo.api/../echo.api/"),
        CHAIN_URL.replace("/echo.api/", "/echo.api/./"),
        CHAIN_URL.replace("/echo.api/", "/other/../echo.api/"),
    ],
)
def test_amazons_place_is_accepted_however_it_is_spelled(url: str) -> None:
    assert path_of(url) == CHAIN_PATH


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/echo.api/x.pem",
        "http://s3.amazonaws.com/echo.api/x.pem",
        "ftp://s3.amazonaws.com/echo.api/x.pem",
        "file:///echo.api/x.pem",
        "https:/s3.amazonaws.com/echo.api/x.pem",
        "https://notamazon.com/echo.api/x.pem",
        "https://s3.amazonaws.com.evil.example/echo.api/x.pem",
        "https://evil-s3.amazonaws.com/echo.api/x.pem",
        "https://s3-amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com./echo.api/x.pem",
        "https://\u017f3.amazonaws.com/echo.api/x.pem",
        "https://127.0.0.1/echo.api/x.pem",
        "https://s3.amazonaws.com:563/echo.api/x.pem",
        "https://s3.amazonaws.com:80/echo.api/x.pem",
        "https://s3.amazonaws.com:/echo.api/x.pem",
        "https://s3.amazonaws.com:0443/echo.api/x.pem",
        "https://s3.amazonaws.com:443x/echo.api/x.pem",
        "https://user@s3.amazonaws.com/echo.api/x.pem",
        "https://user:word@s3.amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com@evil.example/echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/x.pem?a=b",
        "https://s3.amazonaws.com/echo.api/x.pem?",
        "https://s3.amazonaws.com/echo.api/x.pem#a",
        "https://s3.amazonaws.com/echo.api/x.pem;a",
        "https://s3.amazonaws.com",
        "https://s3.amazonaws.com/",
        "https://s3.amazonaws.com/echo.api",
        "https://s3.amazonaws.com/echo.api/",
        "https://s3.amazonaws.com/echo.api/.",
        "https://s3.amazonaws.com/echo.apis/x.pem",
        "https://s3.amazonaws.com/EcHo.aPi/x.pem",
        "https://s3.amazonaws.com/invalid.path/x.pem",
        "https://s3.amazonaws.com/echo.api/../x.pem",
        "https://s3.amazonaws.com/echo.api/a/../../evil/x.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/evil/x.pem",
        "https://s3.amazonaws.com/echo.api/%2E%2E%2fevil/x.pem",
        "https://s3.amazonaws.com/%65cho.api/x.pem",
        "https://s3.amazonaws.com/echo.api/..\\evil\\x.pem",
        "https://s3.amazonaws.com\\echo.api\\x.pem",
        "https://s3.amazonaws.com//echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api//x.pem",
        "https://s3.amazonaws.com/echo.api/x.pem\n",
        "https://s3.amazonaws.com/echo.api/x\t.pem",
        " https://s3.amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/x.pem\x00",
        "https://s3.amazonaws.com/echo.api/x.pem, https://s3.amazonaws.com/echo.api/x.pem",
        "https://s3.amazonaws.com/echo.api/" + 600 * "x",
    ],
)
def test_another_place_is_refused_and_never_asked(url: str, verifier: RequestVerifier, server: ChainServer) -> None:
    assert refusal(lambda: verifier.verify_signature(headers(url), BODY)) in {
        "certificate address",
        "signature headers",
    }
    assert server.asked == []


# --- the fetch -------------------------------------------------------------------------------------------------------


def fetching(server: ChainServer, path: str = CHAIN_PATH, **times: float) -> str:
    return refusal(lambda: Fetcher(server.dial, server.trust(), **times)(path))


def test_a_redirect_is_not_followed(server: ChainServer) -> None:
    for status in (301, 302, 303, 307, 308):
        server.paths["/echo.api/moved.pem"] = sends(b"", status, Location=CHAIN_URL)
        assert fetching(server, "/echo.api/moved.pem") == "certificate fetch"
    assert set(server.asked) == {"/echo.api/moved.pem"}


@pytest.mark.parametrize("status", [204, 206, 403, 404, 500])
def test_only_a_plain_yes_counts(server: ChainServer, status: int) -> None:
    server.paths[CHAIN_PATH] = sends(GOOD_CHAIN, status)
    assert fetching(server) == "certificate fetch"


def test_a_chain_may_be_as_large_as_the_limit_and_no_larger(server: ChainServer) -> None:
    server.paths[CHAIN_PATH] = sends(fetch.LARGEST * b"x")
    assert len(Fetcher(server.dial, server.trust())(CHAIN_PATH)) == fetch.LARGEST
    server.paths[CHAIN_PATH] = sends(200 * fetch.LARGEST * b"x")
    assert fetching(server) == "certificate fetch"


def test_a_silent_server_is_left(server: ChainServer) -> None:
    server.paths[CHAIN_PATH] = server.waits
    assert fetching(server, step_seconds=0.1) == "certificate fetch"


def test_a_dripping_server_is_left(server: ChainServer) -> None:
    server.paths[CHAIN_PATH] = server.drips
    assert fetching(server, total_seconds=0.3) == "certificate fetch"


def test_a_server_that_is_not_there() -> None:
    def nobody(host: str, port: int, timeout: float) -> socket:
        raise ConnectionRefusedError

    assert refusal(lambda: Fetcher(nobody)(CHAIN_PATH)) == "certificate fetch"


def test_a_line_that_is_closed_before_tls(server: ChainServer) -> None:
    def closed(host: str, port: int, timeout: float) -> socket:
        line = server.dial(host, port, timeout)
        line.close()
        return line

    assert refusal(lambda: Fetcher(closed)(CHAIN_PATH)) == "certificate fetch"


def test_the_usual_dial_opens_a_line_with_a_time_limit(server: ChainServer) -> None:
    with fetch.dial("127.0.0.1", server.port, 5.0) as line:
        assert (line.getpeername()[1], line.gettimeout()) == (server.port, 5.0)


def test_the_server_must_prove_its_name() -> None:
    with ChainServer({CHAIN_PATH: sends(GOOD_CHAIN)}, name="evil.example") as other:
        assert fetching(other) == "certificate fetch"
        assert other.asked == []


def test_the_server_must_be_vouched_for(server: ChainServer) -> None:
    assert refusal(lambda: Fetcher(server.dial)(CHAIN_PATH)) == "certificate fetch"  # production's own roots
    assert server.asked == []


def test_production_defaults_are_strict() -> None:
    tls = fetch._public_roots()
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert tls.cert_store_stats()["x509_ca"] > 50
    assert isinstance(RequestVerifier(SKILL_ID), RequestVerifier)


# --- the chain -------------------------------------------------------------------------------------------------------


def test_the_chain_gives_the_leafs_key_and_its_earliest_end() -> None:
    signer = signer_of(GOOD_CHAIN, ROOT.store, NOW)
    assert signer.key.public_numbers() == rsa_key("amazon").public_key().public_numbers()
    assert signer.expires == NOW + 30 * DAY
    early = ROOT.intermediate("Early", end=NOW + 2 * DAY)
    assert signer_of(pem(early.leaf(), early.certificate), ROOT.store, NOW).expires == NOW + 2 * DAY


def test_a_key_without_stated_uses_may_sign() -> None:
    leaf = MIDDLE.leaf(may_sign=None)
    assert signer_of(pem(leaf, MIDDLE.certificate), ROOT.store, NOW).expires == NOW + 30 * DAY


def test_certificates_that_the_chain_does_not_need_do_no_harm() -> None:
    others = (MIDDLE.certificate, ROOT.certificate, Authority.root("Other").certificate)
    assert signer_of(pem(LEAF, *others), ROOT.store, NOW).expires == NOW + 30 * DAY


def self_signed() -> x509.Certificate:
    return Authority(LEAF, ec_key("nobody")).leaf()


BAD_CHAINS: dict[str, Callable[[], bytes]] = {
    "expired": lambda: pem(MIDDLE.leaf(end=NOW - timedelta(seconds=1)), MIDDLE.certificate),
    "not yet valid": lambda: pem(MIDDLE.leaf(start=NOW + timedelta(seconds=1)), MIDDLE.certificate),
    "intermediate expired": lambda: pem((old := ROOT.intermediate("Old", end=NOW - DAY)).leaf(), old.certificate),
    "another name": lambda: pem(MIDDLE.leaf(("echo-api.amazon.com.evil.example",)), MIDDLE.certificate),
    "sister name": lambda: pem(MIDDLE.leaf(("s3.amazon.com",)), MIDDLE.certificate),
    "wildcard": lambda: pem(MIDDLE.leaf(("*.amazon.com",)), MIDDLE.certificate),
    "no name": lambda: pem(MIDDLE.certificate, ROOT.certificate),
    "unknown root": lambda: pem((o := Authority.root("Other").intermediate("O")).leaf(), o.certificate),
    "unknown root sent along": lambda: pem((o := Authority.root("Other")).leaf(), o.certificate),
    "intermediate missing": lambda: pem(LEAF),
    "leaf not first": lambda: pem(MIDDLE.certificate, LEAF),
    "issued by a leaf": lambda: pem(self_signed(), LEAF, MIDDLE.certificate),
    "elliptic key": lambda: pem(MIDDLE.leaf(key=ec_key("leaf")), MIDDLE.certificate),
    "key that may not sign": lambda: pem(MIDDLE.leaf(may_sign=False), MIDDLE.certificate),
    "too many": lambda: pem(LEAF, *(8 * [MIDDLE.certificate])),
    "nothing": lambda: b"",
    "garbage": lambda: b"\xff\x00garbage",
    "garbage in PEM": lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "cut short": lambda: GOOD_CHAIN[:700],
    "a page": lambda: b"<html>not found</html>",
}


@pytest.mark.parametrize("name", BAD_CHAINS)
def test_a_bad_chain_is_refused(name: str, verifier: RequestVerifier, server: ChainServer) -> None:
    server.paths[CHAIN_PATH] = sends(BAD_CHAINS[name]())
    assert refusal(lambda: verifier.verify_signature(headers(), BODY)) == "certificate chain"


def test_no_public_root_is_lost() -> None:
    with warnings.catch_warnings(action="ignore"):
        roots = chain._certificates(Path(certifi.where()).read_bytes())
    assert len(roots) == Path(certifi.where()).read_bytes().count(b"BEGIN CERTIFICATE") > 100
    assert {f"CN=Amazon Root CA {number},O=Amazon,C=US" for number in (1, 2, 3, 4)} <= {
        root.subject.rfc4514_string() for root in roots
    }


def test_an_unreadable_certificate_beside_the_chain_does_no_harm() -> None:
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    assert signer_of(GOOD_CHAIN + broken, ROOT.store, NOW).expires == NOW + 30 * DAY


def test_the_public_roots_are_certifis() -> None:
    assert refusal(lambda: signer_of(GOOD_CHAIN, public_roots(), NOW)) == "certificate chain"


# --- the signature ---------------------------------------------------------------------------------------------------


def respelled(signature: str) -> str:
    """The same 256 bytes in another spelling: base64's last letter has four bits that count for nothing."""
    other = signature[:-3] + {"A": "B", "Q": "R", "g": "h", "w": "x"}[signature[-3]] + "=="
    assert b64decode(other, validate=True) == b64decode(signature)
    return other


@pytest.mark.parametrize(
    ("signature", "category"),
    [
        ("", "signature headers"),
        ("not base64!", "signature"),
        ("AAA", "signature"),
        ("é", "signature"),
        (signed(BODY) + "\n", "signature"),
        (signed(BODY).rstrip("="), "signature"),
        (signed(BODY) + ", " + signed(BODY), "signature"),
        (respelled(signed(BODY)), "signature"),
        (2000 * "A", "signature"),
        ("AAAA", "signature"),
        (signed(BODY, "somebody else"), "signature"),
        (signed(BODY + b" "), "signature"),
    ],
)
def test_a_bad_signature_is_refused(verifier: RequestVerifier, signature: str, category: str) -> None:
    assert refusal(lambda: verifier.verify_signature(headers(signature=signature), BODY)) == category


def test_what_cannot_be_a_signature_makes_us_fetch_nothing(verifier: RequestVerifier, server: ChainServer) -> None:
    assert refusal(lambda: verifier.verify_signature(headers(signature="not base64!"), BODY)) == "signature"
    assert server.asked == []


@pytest.mark.parametrize("body", [BODY + b"\n", BODY[:-1], BODY.replace(b"en-US", b"en-GB"), b"", BODY.upper()])
def test_a_changed_body_is_refused(verifier: RequestVerifier, body: bytes) -> None:
    assert refusal(lambda: verifier.verify_signature(headers(), body)) == "signature"


def test_headers_may_be_written_in_any_case(verifier: RequestVerifier) -> None:
    verifier.verify_signature({name.lower(): value for name, value in headers().items()}, BODY)


@pytest.mark.parametrize("name", ["SignatureCertChainUrl", "Signature-256"])
def test_each_header_is_there_once(verifier: RequestVerifier, name: str) -> None:
    missing = {key: value for key, value in headers().items() if key != name}
    twice = Headers([*headers().items(), (name, headers()[name])])
    assert refusal(lambda: verifier.verify_signature(missing, BODY)) == "signature headers"
    assert refusal(lambda: verifier.verify_signature(twice, BODY)) == "signature headers"


def test_the_old_signature_header_counts_for_nothing(verifier: RequestVerifier) -> None:
    old = {"SignatureCertChainUrl": CHAIN_URL, "Signature": signed(BODY)}
    assert refusal(lambda: verifier.verify_signature(old, BODY)) == "signature headers"


# --- the time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seconds", "accepted"),
    [
        ("LaunchRequest", 0, True),
        ("LaunchRequest", 150, True),
        ("LaunchRequest", 151, False),
        ("LaunchRequest", -150, True),
        ("LaunchRequest", -151, False),
        ("LaunchRequest", 3600, False),
        ("AlexaSkillEvent.SkillDisabled", 151, True),
        ("AlexaSkillEvent.SkillDisabled", 3600, True),
        ("AlexaSkillEvent.SkillDisabled", 3601, False),
        ("AlexaSkillEvent.SkillDisabled", -3601, False),
    ],
)
def test_the_window_of_time(verifier: RequestVerifier, kind: str, seconds: int, accepted: bool) -> None:
    found = parsed(envelope(kind, sent=NOW - timedelta(seconds=seconds)))
    if accepted:
        verifier.verify_timestamp(found)
    else:
        assert refusal(lambda: verifier.verify_timestamp(found)) == "timestamp"


def test_a_replay_is_refused_once_the_window_is_past(verifier: RequestVerifier, clock: Clock) -> None:
    request = parsed(envelope(sent=NOW))
    verifier.verify(headers(), BODY.decode(), request)
    clock.now += timedelta(seconds=151)
    assert refusal(lambda: verifier.verify(headers(), BODY.decode(), request)) == "timestamp"


@pytest.mark.parametrize("stamp", [None, "2026-06-01T12:00:00", "12:00", "2026-06-01"])
def test_a_time_without_a_zone_is_no_time(verifier: RequestVerifier, stamp: str | None) -> None:
    value = envelope()
    value["request"]["timestamp"] = stamp
    assert refusal(lambda: verifier.verify_timestamp(parsed(value))) == "timestamp"


def test_no_request_has_no_time(verifier: RequestVerifier) -> None:
    assert refusal(lambda: verifier.verify_timestamp(None)) == "timestamp"
    assert refusal(lambda: verifier.verify_timestamp(parsed({}))) == "timestamp"


# --- the application id ----------------------------------------------------------------------------------------------


def in_both(where: str, value: object) -> dict[str, Any]:
    found = envelope(sent=NOW)
    if where in {"session", "both"}:
        found["session"] = value and {"application": value}
    if where in {"context", "both"}:
        found["context"] = value and {"System": {"application": value}}
    return found


@pytest.mark.parametrize("where", ["session", "context"])
def test_one_place_is_enough(verifier: RequestVerifier, where: str) -> None:
    verifier.verify(headers(), BODY.decode(), parsed(in_both(where, None)))


@pytest.mark.parametrize("where", ["session", "context", "both"])
@pytest.mark.parametrize(
    "value", [{"applicationId": "other"}, {"applicationId": None}, {}, {"applicationId": [SKILL_ID]}]
)
def test_another_skills_request_is_refused(verifier: RequestVerifier, where: str, value: object) -> None:
    found = parsed(in_both(where, value or {"x": 1}))
    assert refusal(lambda: verifier.verify(headers(), BODY.decode(), found)) == "application id"


def test_no_application_id_is_refused(verifier: RequestVerifier) -> None:
    found = parsed(in_both("both", None))
    assert refusal(lambda: verifier.verify(headers(), BODY.decode(), found)) == "application id"


@pytest.mark.parametrize("ours", [None, ""])
def test_without_an_id_of_ours_all_is_refused(server: ChainServer, clock: Clock, ours: str | None) -> None:
    verifier = RequestVerifier(ours, fetch=Fetcher(server.dial, server.trust()), roots=ROOT.store, clock=clock)
    for theirs in (SKILL_ID, "", "None"):
        found = parsed(envelope(sent=NOW, skill_id=theirs))
        assert refusal(lambda found=found: verifier.verify(headers(), BODY.decode(), found)) == "application id"  # type: ignore[misc]


# --- the cache -------------------------------------------------------------------------------------------------------


@dataclass
class Loader:
    """Makes signers as the verifier does, counts, and can be held up."""

    clock: Clock
    end: datetime = NOW + 300 * DAY
    loaded: list[str] = field(default_factory=list)
    fails: bool = False
    may_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, path: str) -> Signer:
        self.loaded.append(path)
        assert self.may_go.wait(20)
        if self.fails:
            raise Refused("certificate fetch")
        if path == "fault":
            raise RuntimeError("a fault of ours")
        return Signer(rsa_key("amazon").public_key(), self.end)


@pytest.fixture
def loader(clock: Clock) -> Iterator[Loader]:
    made = Loader(clock)
    made.may_go.set()
    yield made
    made.may_go.set()


def test_the_cache_is_bounded(loader: Loader, clock: Clock) -> None:
    kept = SignerCache(loader, clock)
    for number in range(3 * cache.MOST_KEPT):
        kept.get(f"/{number}")
    assert len(kept) == cache.MOST_KEPT
    loader.fails = True
    for number in range(3 * cache.MOST_KEPT):
        refusal(lambda number=number: kept.get(f"/bad{number}"))  # type: ignore[misc]
    assert len(kept) == 2 * cache.MOST_KEPT
    loaded = len(loader.loaded)
    kept.get(f"/{3 * cache.MOST_KEPT - 1}")  # made-up paths have pushed no good one out
    assert len(loader.loaded) == loaded


def test_a_chain_is_asked_for_again_after_a_day(loader: Loader, clock: Clock) -> None:
    kept = SignerCache(loader, clock)
    for hours, loads in ((0, 1), (23, 1), (1, 2), (1, 2)):
        clock.now += timedelta(hours=hours)
        kept.get("/a")
        assert len(loader.loaded) == loads


def test_a_chain_is_kept_no_longer_than_it_is_valid(loader: Loader, clock: Clock) -> None:
    loader.end = NOW + timedelta(minutes=10)
    kept = SignerCache(loader, clock)
    for minutes, loads in ((0, 1), (9, 1), (1, 2)):
        clock.now += timedelta(minutes=minutes)
        kept.get("/a")
        assert len(loader.loaded) == loads


def test_the_verifier_notices_that_its_chain_has_expired(
    verifier: RequestVerifier, server: ChainServer, clock: Clock
) -> None:
    verifier.verify_signature(headers(), BODY)
    clock.now = NOW + 31 * DAY
    assert refusal(lambda: verifier.verify_signature(headers(), BODY)) == "certificate chain"
    assert len(server.asked) == 2


def test_a_failure_is_soon_forgotten(loader: Loader, clock: Clock) -> None:
    loader.fails = True
    kept = SignerCache(loader, clock)
    for _ in range(3):
        assert refusal(lambda: kept.get("/a")) == "certificate fetch"
    assert len(loader.loaded) == 1
    loader.fails = False
    clock.now += cache.FAILURE_KEPT
    kept.get("/a")
    assert len(loader.loaded) == 2


def test_a_fault_of_ours_is_a_refusal(loader: Loader, clock: Clock) -> None:
    assert refusal(lambda: SignerCache(loader, clock).get("fault")) == "certificate chain"


def test_who_asks_at_the_same_time_shares_one_fetch(loader: Loader, clock: Clock) -> None:
    loader.may_go.clear()
    kept = SignerCache(loader, clock, patience_seconds=20)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(kept.get, "/a") for _ in range(6)]
        loader.may_go.set()
        assert len({id(waiter.result(20)) for waiter in waiting}) == 1
    assert loader.loaded == ["/a"]


def test_few_fetches_at_a_time_and_known_chains_are_not_held_up(loader: Loader, clock: Clock) -> None:
    kept = SignerCache(loader, clock, patience_seconds=0.05)
    kept.get("/known")
    loader.may_go.clear()
    for number in range(cache.FETCHES_AT_ONCE):
        assert refusal(lambda number=number: kept.get(f"/slow{number}")) == "certificate fetch"  # type: ignore[misc]
    assert refusal(lambda: kept.get("/one-more")) == "too many certificate fetches"
    assert "/one-more" not in loader.loaded
    kept.get("/known")


# --- the import ------------------------------------------------------------------------------------------------------


def test_the_stand_in_is_gone_and_verifies_nothing() -> None:
    from ask_sdk_webservice_support import verifier as amazons

    assert getattr(sys.modules.get("certvalidator"), "CertificateValidator", None) is not amazons.CertificateValidator
    with pytest.raises(RuntimeError, match="verifies nothing"):
        amazons.RequestVerifier()._validate_cert_chain(GOOD_CHAIN)


def test_the_real_certvalidator_is_put_back_where_it_was_loaded() -> None:
    program = (
        "import sys, types; real = sys.modules['certvalidator'] = types.ModuleType('certvalidator'); "
        "import skill.web.sdk; now = sys.modules; "
        "sys.exit(now['certvalidator'] is not real or 'certvalidator.errors' in now)"
    )
    root = Path(__file__).parent.parent
    assert subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=root, check=False).returncode == 0
