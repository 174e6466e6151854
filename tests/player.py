"""A device that plays: an Echo's AudioPlayer as Amazon's reference tells it, around the `Device` of the tests.

It keeps Alexa's rules, and fails the test that breaks one: tokens, queues, offsets, HTTPS, one Play an answer, and
directives alone for its events. Time passes when the test says so.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from lambda_client import SKILL, USER, Device, Heard, envelope, request

import lambda_function

Json = dict[str, Any]

LENGTH = 30_000
"""Milliseconds of every section's recording."""

NEARLY = 5_000
"""Milliseconds before its end that "nearly finished" is told."""


@dataclass
class Player(Device):
    """`activity`, `stream` and `queue` are what the device knows; `files` is what has been played, in order."""

    activity: str = "IDLE"
    stream: Json | None = None
    offset: int = 0
    queue: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Names of files that the server does not have."""
    told_nearly: bool = False
    ignored: int = 0
    """Streams that came for a queue that had gone on: the device leaves them out."""

    # ── what the listener does ──

    def ask(self, asks: str, **slots: str | None) -> Heard:
        """One turn by voice. While it lasts the player still says that it plays."""
        sent = envelope(request(asks, slots, self.locale), self.attributes, new=not self.in_session)
        heard = Heard(lambda_function.lambda_handler(self._with_player(sent), None))
        self.in_session = heard.open
        self.attributes = heard.attributes if heard.open else {}
        directives = heard.body.get("directives", [])
        if heard.open:
            assert not any(each["type"] == "AudioPlayer.Play" for each in directives), "a Play in an open session"
        self._obey(directives)
        return heard

    def press(self, command: str) -> list[Json]:
        """A button: `Next`, `Previous`, `Play` or `Pause`."""
        return self._event({"type": f"PlaybackController.{command}CommandIssued"})

    # ── what happens ──

    def passes(self, milliseconds: int) -> None:
        """Time, while it plays."""
        while milliseconds > 0 and self.activity == "PLAYING":
            step = min(milliseconds, LENGTH - self.offset)
            milliseconds -= step
            self.offset += step
            if self.offset >= LENGTH - NEARLY and not self.told_nearly:
                self.told_nearly = True
                self._tell("AudioPlayer.PlaybackNearlyFinished")
            if self.offset >= LENGTH:
                self.activity = "FINISHED"
                self._tell("AudioPlayer.PlaybackFinished")
                if self.queue:
                    self._begin(self.queue.pop(0))

    def stalls(self) -> None:
        """The network is slow."""
        if self.activity == "PLAYING":
            self.activity = "BUFFER_UNDERRUN"

    def recovers(self) -> None:
        if self.activity == "BUFFER_UNDERRUN":
            self.activity = "PLAYING"

    def fails(self) -> list[Json]:
        """The stream breaks off."""
        assert self.stream
        token, self.activity = self.stream["token"], "STOPPED"
        return self._failed(token)

    def nearly_again(self) -> None:
        """The event twice, as after a pause."""
        if self.activity == "PLAYING":
            self._tell("AudioPlayer.PlaybackNearlyFinished")

    @property
    def topic(self) -> str | None:
        return self.stream["token"].split(":")[1] if self.stream else None

    # ── the device ──

    def _with_player(self, sent: Json) -> Json:
        sent["context"]["System"]["device"]["supportedInterfaces"] = {"AudioPlayer": {}}
        state: Json = {"offsetInMilliseconds": self.offset, "playerActivity": self.activity}
        sent["context"]["AudioPlayer"] = state | ({"token": self.stream["token"]} if self.stream else {})
        return sent

    def _event(self, event: Json) -> list[Json]:
        made = {"requestId": "amzn1.echo-api.request.2", "timestamp": "2026-11-23T10:00:00Z", "locale": self.locale}
        sent = self._with_player({"version": "1.0", "context": {"System": {"application": SKILL, "user": USER,
               "device": {"deviceId": "amzn1.ask.device.under-test"}}}, "request": {**made, **event}})  # fmt: skip
        answer = lambda_function.lambda_handler(sent, None)
        body = answer["response"]
        assert body.keys() <= {"directives"}, f"more than directives for {event['type']}: {body}"
        assert not answer.get("sessionAttributes")
        directives: list[Json] = body.get("directives", [])
        assert all(each["type"].startswith("AudioPlayer.") for each in directives)
        self._obey(directives)
        return directives

    def _tell(self, kind: str) -> list[Json]:
        assert self.stream
        return self._event({"type": kind, "token": self.stream["token"], "offsetInMilliseconds": self.offset})

    def _failed(self, token: str) -> list[Json]:
        assert self.stream
        present = {"token": self.stream["token"], "offsetInMilliseconds": self.offset, "playerActivity": self.activity}
        error = {"type": "MEDIA_ERROR_INVALID_REQUEST", "message": "no such file"}
        kind = "AudioPlayer.PlaybackFailed"
        return self._event({"type": kind, "token": token, "currentPlaybackState": present, "error": error})

    def _obey(self, directives: list[Json]) -> None:
        assert sum(each["type"] == "AudioPlayer.Play" for each in directives) <= 1
        for each in directives:
            match each["type"]:
                case "AudioPlayer.Stop":
                    if self.activity in ("PLAYING", "BUFFER_UNDERRUN"):
                        self.activity = "STOPPED"
                        self._tell("AudioPlayer.PlaybackStopped")
                case "AudioPlayer.ClearQueue":
                    self.queue.clear()
                case "AudioPlayer.Play":
                    self._play(each["playBehavior"], each["audioItem"]["stream"])
                case other:
                    raise AssertionError(f"{other} is no directive of the player")

    def _play(self, behaviour: str, stream: Json) -> None:
        parts = urlsplit(stream["url"])
        assert parts.scheme == "https"
        assert parts.port in (None, 443)
        assert 0 < len(stream["token"]) <= 1024
        if behaviour == "ENQUEUE":
            assert self.stream
            assert stream["expectedPreviousToken"] == self.stream["token"], "it must follow what plays"
            last = self.queue[-1]["token"] if self.queue else self.stream and self.stream["token"]
            if stream["expectedPreviousToken"] != last:
                self.ignored += 1
            elif self._file(stream) in self.broken:
                self._failed(stream["token"])
            else:
                self.queue.append(stream)
        else:
            assert behaviour == "REPLACE_ALL"
            assert "expectedPreviousToken" not in stream
            self.queue.clear()
            self._begin(stream)

    def _begin(self, stream: Json) -> None:
        self.stream, self.offset, self.told_nearly = stream, stream["offsetInMilliseconds"], False
        if self._file(stream) in self.broken:
            self.activity = "STOPPED"
            self._failed(stream["token"])
            return
        self.activity = "PLAYING"
        self.files.append(self._file(stream))
        self._tell("AudioPlayer.PlaybackStarted")

    @staticmethod
    def _file(stream: Json) -> str:
        return unquote(urlsplit(stream["url"]).path.rsplit("/", 1)[1])
