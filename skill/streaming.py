"""AudioPlayer ↔ the dialogue. In: requests and what the device's player tells. Out: directives, as plain tables.

A recording's token is the edition's version and the section: "edition-1:local.surgery". A second try also has the
millisecond at which it begins: if the player has not gone past it and does not play, the second try failed, too.
Loaded only when a recording is asked for or at hand.
"""

import re
from typing import Any, NamedTuple

from ask_sdk_model import RequestEnvelope

from skill import recording
from skill.dialogue import playing
from skill.dialogue.player import Play, Playing
from skill.dialogue.playing import OFFER, PLAY
from skill.dialogue.turn import State, Turn
from skill.page import Page, Topic

Json = dict[str, Any]

_TOKEN = re.compile(r"edition-1:([a-z_.]{1,100})(?::([0-9]{1,9}))?")

HARDLY_MS = 1000
"""A second try that stops within this time has failed."""

BUTTONS = {
    "PlaybackController.NextCommandIssued": "AMAZON.NextIntent",
    "PlaybackController.PreviousCommandIssued": "AMAZON.PreviousIntent",
    "PlaybackController.PlayCommandIssued": "AMAZON.ResumeIntent",
    "PlaybackController.PauseCommandIssued": "AMAZON.PauseIntent",
}


class _Track(NamedTuple):
    topic: Topic
    again: int | None
    """Where a second try begins, in milliseconds."""


def heard(envelope: RequestEnvelope, page: Page, state: State, turn: Turn) -> Turn:
    """The turn with what matters to it of the device's player."""
    waits = state.offer is not None and state.offer.kind == OFFER
    plays = (turn.intent == PLAY or waits) and _has_player(envelope) and recording.base() is not None
    now = _playing(envelope, page)
    if now is not None and now.activity != "playing":
        new = bool(envelope.session and envelope.session.new)
        # In a conversation that goes on, "next" and "resume" are about what is read.
        if not new and (now.activity == "failed" or state.reading is not None):
            now = now._replace(activity="waiting")
    return turn._replace(plays=plays, playing=now)


def _has_player(envelope: RequestEnvelope) -> bool:
    system = getattr(envelope.context, "system", None)
    interfaces = getattr(getattr(system, "device", None), "supported_interfaces", None)
    return getattr(interfaces, "audio_player", None) is not None


def _playing(envelope: RequestEnvelope, page: Page) -> Playing | None:
    """Our recording on the device, playing or waiting."""
    player = getattr(envelope.context, "audio_player", None)
    track = _track(page, getattr(player, "token", None))
    if player is None or track is None:
        return None
    offset = _milliseconds(player.offset_in_milliseconds)
    match getattr(player.player_activity, "value", None):
        case "PLAYING" | "BUFFER_UNDERRUN":
            return Playing(track.topic, offset, "playing")
        case "PAUSED" | "STOPPED":
            failed = track.again is not None and offset <= track.again + HARDLY_MS
            return Playing(track.topic, offset, "failed" if failed else "paused")
        case "FINISHED" if following := page.after(track.topic):
            return Playing(following, 0, "failed")  # it was to go on
        case None:  # a word that is newer than the SDK: `skill.handlers` has read the token alone
            return Playing(track.topic, offset, "paused")
    return None


def _track(page: Page, token: object) -> _Track | None:
    match = _TOKEN.fullmatch(token) if isinstance(token, str) else None
    topic = page.topic(match[1]) if match else None
    return _Track(topic, int(match[2]) if match[2] else None) if match and topic else None


def _milliseconds(told: object) -> int:
    return max(0, told) if isinstance(told, int) else 0


def directives(page: Page, play: Play) -> list[Any]:
    """What the player is told. Nothing where no recording can be had, except to stop."""
    if play.action in ("pause", "stop"):
        clear = {"type": "AudioPlayer.ClearQueue", "clearBehavior": "CLEAR_ALL"}
        return [{"type": "AudioPlayer.Stop"}, *([clear] if play.action == "stop" else [])]
    base = recording.base()
    if base is None or play.topic is None:
        return []
    token = f"edition-1:{play.topic.id}" + (f":{play.offset}" if play.again else "")
    stream: Json = {
        "token": token, "url": recording.address(base, page, play.topic), "offsetInMilliseconds": play.offset,
    }  # fmt: skip
    if play.action == "enqueue":
        stream["expectedPreviousToken"] = play.after
    captions = recording.captions(page, play.topic)
    if captions:
        stream["captionData"] = {"type": "WEBVTT", "content": captions}
    return [
        {
            "type": "AudioPlayer.Play",
            "playBehavior": "ENQUEUE" if play.action == "enqueue" else "REPLACE_ALL",
            "audioItem": {"stream": stream, "metadata": {"title": play.topic.title, "subtitle": page.title}},
        }
    ]


def told(envelope: RequestEnvelope, page: Page) -> list[Any]:
    """The answer to an event of the player, or to a button: directives alone."""
    request: Any = envelope.request
    kind = request.object_type
    if kind in BUTTONS:
        now = _playing(envelope, page)
        play = playing.button(page, BUTTONS[kind], now) if now else None
        return directives(page, play) if play else []
    track = _track(page, getattr(request, "token", None))
    if track is None:
        return []
    play = None
    if kind == "AudioPlayer.PlaybackNearlyFinished":
        play = playing.nearly_finished(page, track.topic, request.token)
    if kind == "AudioPlayer.PlaybackFailed":
        play = _failed(request, track)
    return directives(page, play) if play else []


def _failed(request: Any, track: _Track) -> Play | None:
    now = getattr(request, "current_playback_state", None)
    present = getattr(now, "token", None)
    still = present != request.token and getattr(getattr(now, "player_activity", None), "value", None) == "PLAYING"
    offset = _milliseconds(getattr(now, "offset_in_milliseconds", None)) if present == request.token else 0
    return playing.failed(track.topic, offset, present if still else None, was_again=track.again is not None)
