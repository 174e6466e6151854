"""Is this request from Amazon, for this skill, and sent now?

In: the request's headers, its raw body, its envelope. Out: nothing; or `Refused` with a category.

Amazon's own verifier (ask_sdk_webservice_support) is switched off and this one passed in its place: that one cannot be
imported on some OpenSSL versions (see `sdk.py`), fetches without a time-out, keeps chains for ever, answers 500 to a
signature it cannot decode, and compares no application id.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ask_sdk_model import RequestEnvelope
from cryptography.x509.verification import Store

from skill.web.cache import SignerCache
from skill.web.chain import Signer, public_roots, signer_of
from skill.web.chain_url import path_of
from skill.web.errors import Refused
from skill.web.fetch import Fetcher
from skill.web.sdk import AbstractVerifier

CHAIN_URL_HEADER = "SignatureCertChainUrl"
SIGNATURE_HEADER = "Signature-256"
TOLERANCE = timedelta(seconds=150)
EVENT_TOLERANCE = timedelta(seconds=3600)
EVENT_PREFIX = "AlexaSkillEvent."
_LONGEST_SIGNATURE = 1024  # characters; a key of 4,096 bits needs 684


class Headers(Protocol):
    """Headers as Werkzeug gives them (a repeated one comes twice), or any mapping."""

    def items(self) -> Iterable[tuple[str, object]]:
        """Names and values."""


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class RequestVerifier(AbstractVerifier):
    """Every rule of Amazon's for a skill that is a web service, for `SkillAdapter(verifiers=[…])`. Thread-safe.

    `skill_id`: ours; None refuses everything. `fetch`: path → PEM bytes. `roots`: whom chains must lead to.
    `clock`: gives the aware time.
    """

    def __init__(
        self,
        skill_id: str | None,
        *,
        fetch: Callable[[str], bytes] | None = None,
        roots: Store | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._application = ApplicationVerifier(skill_id)
        self._fetch = fetch or Fetcher()
        self._roots = roots or public_roots()
        self._clock = clock
        self._signers = SignerCache(self._load, clock)

    def verify(
        self,
        headers: Headers,
        serialized_request_env: str,
        deserialized_request_env: RequestEnvelope,
    ) -> None:
        """All checks, as `SkillAdapter` calls them. Raises `Refused`."""
        self.verify_signature(headers, serialized_request_env.encode("utf-8"))
        self.verify_timestamp(deserialized_request_env)
        self._application.verify(headers, serialized_request_env, deserialized_request_env)

    def verify_signature(self, headers: Headers, body: bytes) -> None:
        """Only what needs no parsing: is `body` signed by Amazon? Raises `Refused`.

        Cheap checks come first: a signature that cannot be one must not make us fetch anything.
        """
        path = path_of(_only(headers, CHAIN_URL_HEADER))
        signature = _decoded(_only(headers, SIGNATURE_HEADER))
        self._signers.get(path).check(signature, body)

    def verify_timestamp(self, envelope: RequestEnvelope | None) -> None:
        """Was it sent now (150 s either way; an hour for skill events, which Amazon sends again)? Raises `Refused`."""
        request = envelope.request if envelope is not None else None
        sent = request.timestamp if request is not None else None
        if request is None or not isinstance(sent, datetime) or sent.tzinfo is None:
            raise Refused("timestamp")
        event = str(request.object_type).startswith(EVENT_PREFIX)
        if abs(self._clock() - sent) > (EVENT_TOLERANCE if event else TOLERANCE):
            raise Refused("timestamp")

    def _load(self, path: str) -> Signer:
        return signer_of(self._fetch(path), self._roots, self._clock())


class ApplicationVerifier(AbstractVerifier):
    """Is the request for our skill? On its own where signatures are switched off for development."""

    def __init__(self, skill_id: str | None) -> None:
        self._skill_id = skill_id

    def verify(
        self,
        headers: Headers,
        serialized_request_env: str,
        deserialized_request_env: RequestEnvelope,
    ) -> None:
        """Every application id in the request is ours, and there is one. Raises `Refused`."""
        ids = _application_ids(deserialized_request_env)
        if not self._skill_id or not ids or any(found != self._skill_id for found in ids):
            raise Refused("application id")


def _application_ids(envelope: RequestEnvelope | None) -> list[object]:
    """The ids that the session and the context name; a part that is missing names none."""
    system = getattr(getattr(envelope, "context", None), "system", None)
    holders = (system, getattr(envelope, "session", None))
    applications = [getattr(holder, "application", None) for holder in holders if holder is not None]
    return [getattr(application, "application_id", None) for application in applications]


def _only(headers: Headers, name: str) -> str:
    """The one value of a header, whatever the case of its name. None, two or an empty one: `Refused`."""
    values = [value for key, value in headers.items() if key.lower() == name.lower()]
    if len(values) != 1 or not isinstance(values[0], str) or not values[0]:
        raise Refused("signature headers")
    return values[0]


def _decoded(signature: str) -> bytes:
    """The bytes of a base64 text in its one canonical spelling. Raises `Refused`."""
    if len(signature) > _LONGEST_SIGNATURE:
        raise Refused("signature")
    try:
        decoded = b64decode(signature, validate=True)
    except ValueError:  # binascii.Error, and text that is not ASCII
        raise Refused("signature") from None
    if b64encode(decoded).decode("ascii") != signature:
        raise Refused("signature")
    return decoded
