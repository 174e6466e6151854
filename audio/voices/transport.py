"""Requests to a speech service that can be trusted. In: a prepared request. Out: its answer's body, or `VoiceError`.

gTTS turns the check of certificates off, waits for ever and never tries again. Its requests are therefore only
prepared by it, and sent from here. Refused: to substitute `requests.Session` inside gTTS while it runs (it changes a
module for every thread, and leaves gTTS's reading of the answer, which takes a consent page for an empty sound).

- TLS is checked against the system's authorities or `REQUESTS_CA_BUNDLE`; proxies are the environment's.
- A redirect is not followed: the service has none, so it leads to a consent page or to somebody else.
- Every wait ends: connecting, each read, the whole answer, the wait that the service asks for.
- Tried again, after a wait that doubles, with jitter: lost connections, time-outs, 429, 5xx and answers that
  `read` finds damaged. Not tried again: what a second try can't mend (a bad certificate, 403, a redirect).
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from audio.voices.engine import SpokenBadly, VoiceError, VoiceRefused, VoiceUnreachable

Answer = TypeVar("Answer")

CONNECT, READ, WHOLE = 5.0, 15.0, 30.0
"""Seconds for connecting, for each read and for a whole answer."""

LARGEST = 2_000_000
"""Bytes of an answer: a hundred characters of speech are about 60,000."""

TRIES = 4

FIRST_WAIT = 1.0
"""Seconds before the second try, at most; then twice that, and so on."""

LONGEST_WAIT = 60.0
"""Seconds that we let the service ask us to wait; if it asks for more, another voice is quicker."""

BETWEEN = 0.5
"""Seconds from one request to the next: nobody promised us this service, and a page is done in half a minute."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, the waiting and the chance that a transport uses; a test brings its own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class _Again(Exception):
    """A try failed in a way that another may not. `wait`: seconds that the service asks for, or None."""

    def __init__(self, error: VoiceError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


class Transport:
    """One connection, kept. `authorities`: a file of certificates to trust instead of the system's."""

    def __init__(self, authorities: str | None = None, clock: Clock | None = None) -> None:
        self._session = requests.Session()
        if authorities:
            self._session.verify = authorities
            self._session.trust_env = False
        self._clock = clock or Clock()
        self._next = -float("inf")
        self._answered = False

    def fetch(self, request: requests.PreparedRequest, read: Callable[[bytes], Answer]) -> Answer:
        """What `read` makes of the answer. `read` raises `SpokenBadly` for a damaged one. Raises `VoiceError`."""
        for number in range(1, TRIES + 1):
            try:
                answer = self._try(request, read)
            except _Again as again:
                # Where nothing ever answered there is most likely no network, and another voice waits.
                hopeless = isinstance(again.error, VoiceUnreachable) and not self._answered and number > 1
                if number == TRIES or hopeless:
                    raise again.error from again
                backoff = FIRST_WAIT * 2 ** (number - 1) * (0.5 + self._clock.chance() / 2)
                self._clock.sleep(backoff if again.wait is None else max(backoff, again.wait))
            else:
                self._answered = True
                return answer
        raise AssertionError("the last try returns or raises")

    def _try(self, request: requests.PreparedRequest, read: Callable[[bytes], Answer]) -> Answer:
        self._clock.sleep(max(0.0, self._next - self._clock.now()))
        self._next = self._clock.now() + BETWEEN
        host = urlsplit(request.url or "").hostname
        try:
            # Sending what was prepared elsewhere skips the environment's proxies and authorities unless asked for.
            how = self._session.merge_environment_settings(request.url, {}, True, None, None)
            with self._session.send(
                request, stream=True, timeout=(CONNECT, READ), allow_redirects=False,
                verify=how["verify"], cert=how["cert"], proxies=how["proxies"],
            ) as response:  # fmt: skip
                self._judge(response, host)
                body = self._body(response, host)
        except requests.exceptions.SSLError as error:
            raise VoiceRefused(f"{host} could not prove who it is, so nothing that it says is used.") from error
        except (requests.exceptions.RequestException, HTTPError) as error:
            raise _Again(VoiceUnreachable(f"{host} could not be reached: check the network.")) from error
        try:
            return read(body)
        except SpokenBadly as error:
            raise _Again(error) from error

    def _judge(self, response: requests.Response, host: str | None) -> None:
        status = response.status_code
        if status == requests.codes.ok:
            return
        if status == requests.codes.too_many_requests or status >= requests.codes.internal_server_error:
            wait = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
            if wait is not None and wait > LONGEST_WAIT:
                raise VoiceRefused(f"{host} asks to wait for {wait:.0f} seconds (status {status}).")
            raise _Again(VoiceRefused(f"{host} is too busy for us (status {status})."), wait)
        if response.is_redirect:
            raise VoiceRefused(f"{host} sends us elsewhere instead of speaking (status {status}).")
        raise VoiceRefused(f"{host} does not speak for us (status {status}).")

    def _body(self, response: requests.Response, host: str | None) -> bytes:
        late = self._clock.now() + WHOLE
        body = b""
        # What has come, not a full block of it: a service that drips would keep us waiting for every byte.
        while chunk := response.raw.read1(16_384, decode_content=True):
            body += chunk
            if len(body) > LARGEST:
                raise VoiceRefused(f"{host} answers with far more than speech.")
            if self._clock.now() > late:
                raise _Again(VoiceUnreachable(f"{host} took longer than {WHOLE:.0f} seconds to answer."))
        return body


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, in either of its two forms; None when it says nothing usable."""
    if header.strip().isascii() and header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - now).total_seconds())
    except (TypeError, ValueError):
        return None
