"""The rules of one reply: what was asked, and what came back."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from interaction_model.certify import spoken
from interaction_model.certify.spoken import Spoken

SPEAKING = ("LaunchRequest", "IntentRequest")

SILENT = (
    "SessionEndedRequest", "CanFulfillIntentRequest", "AudioPlayer.", "PlaybackController.", "System.",
    "AlexaSkillEvent.",
)  # fmt: skip
"""Requests, by the start of their type, that are answered by directives alone, or by nothing."""

LONGEST_SPEECH = 8000
"""Characters of speech, tags counted, from which Alexa refuses it."""
LONGEST_CARD = 8000
LARGEST = 24 * 1024
"""Bytes of a response."""
LONGEST_BREATH = 20
"""Words that are said in one breath: about eight seconds."""
MOST_OPTIONS = 3
PAUSES = (350, 400)
"""Milliseconds between two options, from and to."""
LONGEST_BREAKS = 10_000
"""Milliseconds of all breaks of a reply."""
MOST_CLIPS = 5

TAGS = frozenset(
    "speak break prosody say-as audio p s w phoneme sub lang voice emphasis amazon:effect amazon:emotion "
    "amazon:domain alexa:name".split()
)
NUMBERS = "no one two three four five six seven eight nine ten".split()


@dataclass(frozen=True)
class Exchange:
    """A request and its response."""

    place: str
    """The locale, and what was said to get there."""
    kind: str
    """The type of the request."""
    intent: str
    """Its intent; empty for any other request."""
    response: Any
    """What came back, whatever that is."""
    failure: str
    """Why nothing came back; empty when something did."""

    @cached_property
    def body(self) -> dict[str, Any]:
        """What is under `response`."""
        found = self.response.get("response") if isinstance(self.response, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def speaks(self) -> bool:
        """Whether it is a request that is answered by speech."""
        return self.kind in SPEAKING

    @property
    def answered(self) -> bool:
        """Whether something came back that can be looked at; an event may be answered by nothing."""
        return not self.failure and bool(self.body or not self.speaks)

    @property
    def open(self) -> bool:
        """Whether the session goes on."""
        return self.body.get("shouldEndSession") is False

    @property
    def attributes(self) -> Any:
        """What is kept in the session."""
        return self.response.get("sessionAttributes") if isinstance(self.response, dict) else None

    @cached_property
    def speech(self) -> Spoken:
        """What is heard."""
        return spoken.read(self.body.get("outputSpeech"))

    @cached_property
    def reprompt(self) -> Spoken:
        """What is heard after a silence."""
        told = self.body.get("reprompt")
        return spoken.read(told.get("outputSpeech") if isinstance(told, dict) else None)

    @property
    def asks(self) -> bool:
        """Whether it ends with a question."""
        return self.speech.asks

    @property
    def directives(self) -> list[dict[str, Any]]:
        """What the device is told to do: to play, to show."""
        found = self.body.get("directives")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def plays(self) -> list[dict[str, Any]]:
        """The directives that start a stream."""
        return [each for each in self.directives if each.get("type") == "AudioPlayer.Play"]

    @property
    def streams(self) -> list[dict[str, Any]]:
        """The streams that they start."""
        items = [each.get("audioItem") for each in self.plays]
        found = [item.get("stream") if isinstance(item, dict) else None for item in items]
        return [each if isinstance(each, dict) else {} for each in found]


Check = Callable[[Exchange], Iterable[str]]
"""Gives what is wrong with one reply; its place is known."""

CHECKS: dict[str, Check] = {}
"""Rule → its check, on every reply."""


def on_reply(rule: str) -> Callable[[Check], Check]:
    """Registers the check of a rule on one reply."""
    return lambda check: CHECKS.setdefault(rule, check)


@on_reply("reply.answered")
def answered(told: Exchange) -> Iterator[str]:
    if not told.answered:
        yield told.failure or "what came back has no table under response"


@on_reply("reply.speaks")
def speaks(told: Exchange) -> Iterator[str]:
    if told.speaks and not told.speech.raw.strip() and not told.directives:
        yield "nothing is said"


# ── The session ──


@on_reply("session.stated")
def stated(told: Exchange) -> Iterator[str]:
    if told.speaks and not isinstance(told.body.get("shouldEndSession"), bool):
        yield f"shouldEndSession is {told.body.get('shouldEndSession')}"


@on_reply("session.open")
def asks_stays_open(told: Exchange) -> Iterator[str]:
    if told.speaks and told.asks and told.body.get("shouldEndSession") is True:
        yield f"it closes after: {told.speech.sentences[-1]}"


@on_reply("session.closed")
def asks_nothing_closes(told: Exchange) -> Iterator[str]:
    if told.speaks and told.open and told.speech.pieces and not told.asks:
        yield f"it stays open after: {told.speech.sentences[-1]}"


@on_reply("session.reprompt")
def reprompted(told: Exchange) -> Iterator[str]:
    if told.speaks and told.open and not told.reprompt.asks:
        yield "it is open, and its reprompt asks nothing"
    if told.body.get("shouldEndSession") is True and told.reprompt.raw:
        yield "it is closed, and has a reprompt"


def _goes_on(told: Exchange) -> Iterator[str]:
    if not (told.open and told.asks):
        yield f"it {'asks nothing' if told.open else 'does not stay open'}"


@on_reply("launch.asks")
def launch(told: Exchange) -> Iterator[str]:
    if told.kind == "LaunchRequest":
        yield from _goes_on(told)


@on_reply("help.tells")
def help_tells(told: Exchange) -> Iterator[str]:
    if told.intent == "AMAZON.HelpIntent" and not re.search(r"\b(?:say|ask|tell)\b", told.speech.text, re.IGNORECASE):
        yield "it names nothing to say"


@on_reply("help.stays")
def help_stays(told: Exchange) -> Iterator[str]:
    if told.intent == "AMAZON.HelpIntent":
        yield from _goes_on(told)


@on_reply("stop.leaves")
def stop(told: Exchange) -> Iterator[str]:
    if told.intent in ("AMAZON.StopIntent", "AMAZON.CancelIntent") and told.open:
        yield f"{told.intent} stays open"


@on_reply("home.leaves")
def home(told: Exchange) -> Iterator[str]:
    if told.intent == "AMAZON.NavigateHomeIntent" and told.open:
        yield "it stays open"


@on_reply("fallback.goes-on")
def fallback(told: Exchange) -> Iterator[str]:
    if told.intent == "AMAZON.FallbackIntent":
        yield from _goes_on(told)


@on_reply("silent.requests")
def silent(told: Exchange) -> Iterator[str]:
    if told.kind.startswith(SILENT):
        for key in ("outputSpeech", "card", "reprompt"):
            if told.body.get(key) is not None:
                yield f"{told.kind} has {key}"
        if told.open:
            yield f"{told.kind} leaves the session open"


# ── SSML ──


@on_reply("ssml.well-formed")
def well_formed(told: Exchange) -> Iterator[str]:
    for speech in (told.speech, told.reprompt):
        if not speech.well_formed:
            yield f"it can't be read: {speech.raw[:60]}"


@on_reply("ssml.tags")
def tags(told: Exchange) -> Iterator[str]:
    for speech in (told.speech, told.reprompt):
        yield from (tag.name for tag in speech.tags if tag.name not in TAGS)


@on_reply("ssml.voice")
def voice(told: Exchange) -> Iterator[str]:
    for speech in (told.speech, told.reprompt):
        for tag in speech.tags:
            if tag.name == "emphasis" or (tag.name == "prosody" and "pitch" in tag.attributes):
                yield tag.name


@on_reply("ssml.breaks")
def breaks(told: Exchange) -> Iterator[str]:
    total = sum(
        spoken.pause(tag) for speech in (told.speech, told.reprompt) for tag in speech.tags if tag.name == "break"
    )
    if total > LONGEST_BREAKS:
        yield f"they are {total / 1000:.1f} seconds"


@on_reply("ssml.audio")
def clips(told: Exchange) -> Iterator[str]:
    sources = [tag.attributes.get("src", "") for tag in told.speech.tags if tag.name == "audio"]
    if len(sources) > MOST_CLIPS:
        yield f"there are {len(sources)}"
    yield from (
        f"{source[:80]} is not https" for source in sources if not source.startswith(("https://", "soundbank:"))
    )


# ── How much, and how it is said ──


@on_reply("reply.length")
def length(told: Exchange) -> Iterator[str]:
    for called, speech in (("the speech", told.speech), ("the reprompt", told.reprompt)):
        if len(speech.raw) >= LONGEST_SPEECH:
            yield f"{called} has {len(speech.raw):,} characters"


@on_reply("reply.card")
def card(told: Exchange) -> Iterator[str]:
    if (count := _characters(told.body.get("card"))) > LONGEST_CARD:
        yield f"it has {count:,} characters"


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_characters(each) for key, each in value.items() if key != "type")
    return len(value) if isinstance(value, str) else 0


@on_reply("reply.size")
def size(told: Exchange) -> Iterator[str]:
    if (count := len(json.dumps(told.response, ensure_ascii=False).encode(errors="replace"))) > LARGEST:
        yield f"it has {count:,} bytes"


@on_reply("reply.breath")
def breath(told: Exchange) -> Iterator[str]:
    for sentence in (*told.speech.sentences, *told.reprompt.sentences):
        if len(sentence.split()) > LONGEST_BREATH:
            yield f"{len(sentence.split())} words: {sentence}"


def _lists(speech: Spoken) -> Iterator[tuple[str, list[spoken.Piece]]]:
    """The lists of a speech: what is said before one, and its options."""
    options: list[spoken.Piece] = []
    for at, piece in enumerate(speech.pieces):
        if piece.text.endswith(","):
            options.append(piece)
        elif options:
            start = at - len(options)
            yield " ".join(each.text for each in speech.pieces[:start]), [*options, piece]
            options = []


@on_reply("options.three")
def three_options(told: Exchange) -> Iterator[str]:
    for _, options in _lists(told.speech):
        if len(options) > MOST_OPTIONS:
            yield f"there are {len(options)}"


@on_reply("options.counted")
def counted_options(told: Exchange) -> Iterator[str]:
    for before, options in _lists(told.speech):
        count = len(options)
        if count < len(NUMBERS) and not re.search(rf"\b(?:{NUMBERS[count]}|{count})\b", before, re.IGNORECASE):
            yield f"the number {NUMBERS[count]} is not said before {options[0].text}"


@on_reply("options.pause")
def paused_options(told: Exchange) -> Iterator[str]:
    for _, options in _lists(told.speech):
        for option in options[:-1]:
            if not PAUSES[0] <= option.pause <= PAUSES[1]:
                yield f"there are {option.pause:.0f} milliseconds after {option.text}"


@on_reply("reply.addresses")
def addresses(told: Exchange) -> Iterator[str]:
    for speech in (told.speech, told.reprompt):
        found = re.search(r"https?:|\bwww\.|\b\w+\.(?:com|org|net|ca|gov)\b", speech.text, re.IGNORECASE)
        number = re.search(r"\d(?:[ ().-]{0,2}\d){6,}", speech.text)
        yield from (match[0] for match in (found, number) if match)


# ── The player ──


@on_reply("audio.one-play")
def one_play(told: Exchange) -> Iterator[str]:
    if len(told.plays) > 1:
        yield f"there are {len(told.plays)}"


@on_reply("audio.stream")
def stream(told: Exchange) -> Iterator[str]:
    for each in told.streams:
        token, address = each.get("token"), each.get("url")
        if not isinstance(token, str) or not 0 < len(token) <= 1024:
            yield "it has no token of 1 to 1,024 characters"
        if not isinstance(address, str) or not re.match(r"https://[^/:]+(?::443)?/", address):
            yield f"its address is {str(address)[:80]}"


@on_reply("audio.previous")
def previous(told: Exchange) -> Iterator[str]:
    for play, each in zip(told.plays, told.streams, strict=True):
        behaviour, named = play.get("playBehavior"), each.get("expectedPreviousToken") is not None
        if named is not (behaviour == "ENQUEUE"):
            yield f"{behaviour} {'names' if named else 'does not name'} a token before it"
