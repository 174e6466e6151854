"""Where the audio edition is heard: `AUDIO_BASE_URL`. In: that address and a section. Out: the files' addresses.

The files' names are the builder's own (`skill.naming`). "{locale}" in the address stands for the listener's ("en-GB"),
for operators who keep an edition for each country.

    BadAddress      AUDIO_BASE_URL is set and can't be used: one sentence that says what to do
"""

import functools
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from skill import naming
from skill.page import Page, Topic

log = logging.getLogger(__name__)

VARIABLE = "AUDIO_BASE_URL"

EDITION = Path(__file__).parents[1] / "audio" / "edition"
"""The edition that was built here, whose captions go with its recordings; the bundle for AWS holds them, if it was."""


class BadAddress(ValueError):
    """AUDIO_BASE_URL is not an address that Alexa plays from."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            f"{VARIABLE} {fault}: set it to the HTTPS address of the edition's folder, such as"
            " https://audio.example.org/edition/, or leave it out."
        )


def base(environ: Mapping[str, str] = os.environ) -> str | None:
    """The address under which the files are, with its last slash; None when none is set, or a bad one (logged once)."""
    told = environ.get(VARIABLE)
    return _base_or_none(told) if told else None


@functools.cache  # so that a bad one is logged once
def _base_or_none(told: str) -> str | None:
    try:
        return checked(told)
    except BadAddress as error:
        log.error("%s", error)
        return None


def checked(told: str) -> str:
    """`told` with its last slash. Raises `BadAddress`; Alexa plays over HTTPS from port 443 alone."""
    if not told.isascii() or not told.isprintable() or " " in told:
        raise BadAddress("holds signs that no address has")
    try:
        parts = urlsplit(told)
        port = parts.port
    except ValueError as error:
        raise BadAddress("is not an address") from error
    if parts.scheme != "https" or not parts.hostname:
        raise BadAddress("does not begin with https:// and a host's name")
    if port not in (None, 443) or parts.username is not None or set("?#") & set(told):
        raise BadAddress("has a port, a user, a question mark or a number sign")
    if set("{}") & set(parts.netloc + parts.path.replace("{locale}", "")):
        raise BadAddress("has braces other than {locale} in its path")
    return told.rstrip("/") + "/"


def address(base: str, page: Page, topic: Topic, ending: str = "mp3") -> str:
    """The address of a section's file."""
    return _address(base, page, f"{naming.stem(topic, page.topic(topic.parent))}.{ending}")


def transcript(base: str, page: Page) -> str:
    """The address of the transcript: everything that the recordings say."""
    return _address(base, page, f"{naming.whole(page.edition.labels.whole_page.line(), page.title)}.txt")


def _address(base: str, page: Page, name: str) -> str:
    return base.replace("{locale}", page.locale) + quote(name)


def links(base: str, page: Page, topics: tuple[Topic, ...]) -> str:
    """What a card on these sections says of their recordings."""
    prompts = page.prompts
    lines = [prompts.card_listen.line(address=address(base, page, topic)) for topic in topics]
    return "\n".join((*lines, prompts.card_transcript.line(address=transcript(base, page))))


def captions(page: Page, topic: Topic) -> str | None:
    """A section's text with its times (WebVTT), if the edition that was built here speaks the listener's English."""
    try:
        if json.loads((EDITION / "edition.json").read_text(encoding="utf-8"))["locale"] != page.locale:
            return None
        return (EDITION / f"{naming.stem(topic, page.topic(topic.parent))}.vtt").read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError):
        return None  # captions are a help; the recording plays without
