"""gTTS: Google Translate's voices, over the network, with each country's accent.

The service is undocumented and promises nothing, so every answer is checked before it counts: that it is the service's
own form, base64, MP3 frames to the last byte, and long enough to be the text. gTTS prepares the requests; `transport`
sends them and says why.
"""

import base64
import json
import re
from collections.abc import Mapping
from importlib.metadata import version

import gtts
import numpy as np
import requests

from audio.edition import Voice
from audio.sound import silence, trimmed
from audio.voices import mp3, pace
from audio.voices.clauses import pieces
from audio.voices.engine import Samples, SpokenBadly, VoiceRefused
from audio.voices.transport import Transport
from skill.saying import clause_starts

ACCENTS: Mapping[str, tuple[str, str]] = {
    "en-CA": ("ca", "Canadian"),
    "en-US": ("com", "American"),
    "en-GB": ("co.uk", "British"),
    "en-AU": ("com.au", "Australian"),
    "en-IN": ("co.in", "Indian"),
}
"""The accent is the domain that is asked. It becomes part of an address, so it never comes from anywhere else."""

LIMIT = 100
"""Characters that the service takes at once."""

CLAUSE_PAUSE = 0.15
"""Seconds between two pieces of one sentence."""

_MARK = '"jQ1olc"'
"""The name of the service's call; only its own answers have it."""

_SOUND = re.compile(r'"jQ1olc","\[\\"(.*?)\\"')


class Gtts:
    """Speaks with gTTS. The network is first used by `speak`."""

    rate = mp3.RATE

    def __init__(self, locale: str, transport: Transport | None = None) -> None:
        self._tld, accent = ACCENTS[locale]
        self.voice = Voice("gtts", version("gtts"), f"translate.google.{self._tld}", accent)
        self._transport = transport or Transport()

    def speak(self, text: str) -> Samples:
        parts: list[Samples] = []
        for piece in pieces(text, LIMIT, clause_starts()):
            spoken = self._piece(piece)
            parts += [silence(CLAUSE_PAUSE, self.rate), trimmed(spoken, self.rate)] if parts else [spoken]
        if not parts:
            raise SpokenBadly("The gtts voice was given nothing to say.")
        return np.concatenate(parts)

    def _piece(self, piece: str) -> Samples:
        def read(body: bytes) -> Samples:
            samples = mp3.decoded(sound_in(body))
            pace.check(piece, samples, self.rate)
            return samples

        return self._transport.fetch(self._request(piece), read)

    def _request(self, piece: str) -> requests.PreparedRequest:
        # lang_check would ask the network; the steps on the text are ours, done before.
        steps = {"pre_processor_funcs": [], "tokenizer_func": lambda text: [text]}
        speech = gtts.gTTS(piece, tld=self._tld, lang="en", lang_check=False, **steps)
        try:
            (request,) = speech._prepare_requests()
        except (AssertionError, ValueError) as error:
            raise SpokenBadly(f"The gtts voice has nothing to say for “{piece}”.") from error
        prepared: requests.PreparedRequest = request
        return prepared


def sound_in(body: bytes) -> bytes:
    """The MP3 in an answer. Raises `VoiceRefused` for a page of something else, `SpokenBadly` for a damaged answer."""
    try:
        text = body.decode("utf-8")
        if _MARK not in text:
            raise VoiceRefused("The gtts voice's service answers with a page instead of speech.")
        found = _SOUND.search(text)
        if found is None:
            raise SpokenBadly("The gtts voice's service answers without any sound.")
        # A string inside a string: base64's slash may come escaped.
        return base64.b64decode(json.loads(f'"{found[1]}"').replace("\\", ""), validate=True)
    except ValueError as error:
        raise SpokenBadly("The gtts voice's service answers with damaged sound.") from error
