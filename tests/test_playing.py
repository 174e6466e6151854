"""The recording on a device that plays: conversations as data (`playing/`), and any order of events.

A file of `playing/` has `about`, optionally `locale`, and `[[step]]`s. What happens in a step:

    says        an intent, with `slots` as in tests/conversations      presses   a button: Next, Previous, Play, Pause
    passes      seconds of time                                        hang_up   the session ended in silence
    stalls      the network is slow                                    fails     the stream breaks off
    missing     a file that the server does not have

and what must then be so: hears, not_hears, open, topic (as in tests/conversations), silent (no word at all), playing (a
topic id), at (seconds into it), activity, queued (topic ids), files (how many were played), last_file.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from lambda_client import Device, envelope, request
from player import LENGTH, Player

import lambda_function
from skill import handlers, page, recording, streaming
from skill.dialogue.player import Play

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "playing"
CASES = sorted(FOLDER.glob("*.toml"))
BASE = "https://audio.example.org/edition"
HAPPENS = {"says", "slots", "presses", "passes", "hang_up", "stalls", "fails", "missing"}
JUDGED = {"hears", "not_hears", "open", "topic", "silent", "playing", "at", "activity", "queued", "files", "last_file"}


@pytest.fixture(autouse=True)
def audio_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDIO_BASE_URL", BASE)
    monkeypatch.setattr(recording, "EDITION", tmp_path)


def test_the_folder_is_not_empty() -> None:
    assert len(CASES) >= 14


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_playing(file: Path) -> None:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    assert told.keys() <= {"about", "locale", "step"}
    player = Player(told.get("locale", "en-CA"))
    for number, step in enumerate(told["step"], start=1):
        assert step.keys() <= HAPPENS | JUDGED
        _happen(player, step)
        _judge(player, step, f"step {number}: {step}")


def _happen(player: Player, step: dict[str, Any]) -> None:
    if "says" in step:
        heard = player.ask(step["says"], **step.get("slots", {}))
        where = f"{step}: {heard.body}"
        assert all(re.search(pattern, heard.speech, re.IGNORECASE) for pattern in step.get("hears", [])), where
        assert not any(re.search(pattern, heard.speech, re.IGNORECASE) for pattern in step.get("not_hears", [])), where
        assert heard.open is step.get("open", heard.open), where
        assert (heard.topic or "none") == step.get("topic", heard.topic or "none"), where
        assert bool(heard.reprompt) is heard.open, where
        assert heard.speech.endswith("?") is heard.open, where
        if step.get("silent"):
            assert not {"outputSpeech", "reprompt", "card"} & heard.body.keys(), where
    if "presses" in step:
        player.press(step["presses"])
    player.passes(1000 * step.get("passes", 0))
    if step.get("hang_up"):
        player.hang_up()
    if step.get("stalls"):
        player.stalls()
    if step.get("fails"):
        player.fails()
    if "missing" in step:
        player.broken.add(step["missing"])


def _judge(player: Player, step: dict[str, Any], where: str) -> None:
    assert player.activity == step.get("activity", player.activity), where
    assert player.topic == step.get("playing", player.topic), where
    assert player.offset == 1000 * step.get("at", player.offset / 1000), where
    if "queued" in step:
        assert [each["token"].split(":")[1] for each in player.queue] == step["queued"], where
    assert len(player.files) == step.get("files", len(player.files)), where
    if "last_file" in step:
        assert player.files[-1] == step["last_file"], where


class AnyOrder(RuleBasedStateMachine):
    """A listener, a network and a clock in any order. `Player` fails on whatever Alexa would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.player = Player()
        self.order = [topic.id for topic in page.load().topics]

    @rule(asks=st.sampled_from([
        "AMAZON.PauseIntent", "AMAZON.ResumeIntent", "AMAZON.NextIntent", "AMAZON.PreviousIntent",
        "AMAZON.RepeatIntent", "AMAZON.StartOverIntent", "AMAZON.LoopOnIntent", "AMAZON.ShuffleOnIntent",
        "AMAZON.YesIntent", "AMAZON.HelpIntent", "WhereAmIIntent", "LaunchRequest", "OverviewIntent",
    ]))  # fmt: skip
    def says(self, asks: str) -> None:
        self.player.ask(asks)

    @rule(
        treatment=st.sampled_from([None, "surgery", "radiation", "chemotherapy"]),
        recurrence=st.sampled_from([None, "local", "distant", "both"]),
    )
    def plays(self, treatment: str | None, recurrence: str | None) -> None:
        self.player.ask("PlayEditionIntent", treatment=treatment, recurrence=recurrence)

    @rule(seconds=st.integers(1, 70))
    def time_passes(self, seconds: int) -> None:
        before, player = self.player.topic, self.player
        was_playing, played = player.activity == "PLAYING", len(player.files)
        player.passes(1000 * seconds)
        if was_playing and before:
            went = [before, *(self._topic(name) for name in player.files[played:])]
            first = self.order.index(before)
            assert went == self.order[first : first + len(went)], "sections follow each other in page order"

    @rule()
    @precondition(lambda self: self.player.activity == "PLAYING")
    def pauses_and_resumes(self) -> None:
        at = self.player.topic, self.player.offset
        self.player.hang_up()
        self.player.ask("AMAZON.PauseIntent")
        assert self.player.activity == "STOPPED"
        self.player.ask("AMAZON.ResumeIntent")
        if self.player.activity == "PLAYING":
            assert (self.player.topic, self.player.offset) == at
        else:  # it had failed before at this very place
            assert ":" in self.player.stream["token"].split(":", 1)[1]

    @rule(command=st.sampled_from(["Next", "Previous", "Play", "Pause"]))
    def presses(self, command: str) -> None:
        self.player.press(command)

    @rule(asks=st.sampled_from(["EmergencyIntent", "CrisisIntent", "AMAZON.StopIntent", "AMAZON.NavigateHomeIntent"]))
    def needs_quiet(self, asks: str) -> None:
        heard = self.player.ask(asks)
        assert self.player.activity not in ("PLAYING", "BUFFER_UNDERRUN")
        assert not self.player.queue
        assert asks != "EmergencyIntent" or heard.speech.startswith("Call 911 now")

    @rule()
    def network(self) -> None:
        self.player.stalls()

    @rule()
    def network_again(self) -> None:
        self.player.recovers()

    @rule()
    def nearly_finished_twice(self) -> None:
        self.player.nearly_again()

    @rule()
    @precondition(lambda self: self.player.activity == "PLAYING")
    def breaks_off(self) -> None:
        self.player.fails()

    @rule()
    def is_silent(self) -> None:
        self.player.hang_up()

    @invariant()
    def queue_is_short_and_in_order(self) -> None:
        tokens = [each["token"].split(":")[1] for each in self.player.queue]
        assert len(tokens) <= 1
        if tokens and self.player.topic and self.player.activity == "PLAYING":
            assert self.order.index(tokens[0]) == self.order.index(self.player.topic) + 1
        assert self.player.offset <= LENGTH

    def _topic(self, name: str) -> str:
        return self.order[int(name[:2]) - 1]


AnyOrder.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


class TestAnyOrder(AnyOrder.TestCase):
    @pytest.fixture(autouse=True)
    def audio(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AUDIO_BASE_URL", BASE)


@pytest.fixture(scope="module", params=["en-CA", "en-GB"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A locale, and its edition as `python -m audio build` makes it."""
    folder = tmp_path_factory.mktemp("built") / "edition"
    command = [sys.executable, "-m", "audio", "build", "--engine", "silent", "--locale", request.param]
    subprocess.run([*command, "--out", str(folder)], check=True, capture_output=True, cwd=ROOT)
    return request.param, folder


def test_every_address_is_a_file_of_a_built_edition(built: tuple[str, Path]) -> None:
    here = page.load(built[0])
    linked = {recording.address("", here, topic, ending) for topic in here.topics for ending in ("mp3", "vtt")}
    assert len(linked) == 20
    assert {*linked, recording.transcript("", here)} <= {quote(path.name) for path in built[1].iterdir()}


def test_captions_are_those_of_the_edition_that_was_built(
    built: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = page.load(built[0]), page.load("en-AU")
    assert recording.captions(here, here.topics[2]) is None
    monkeypatch.setattr(recording, "EDITION", built[1])
    (directive,) = streaming.directives(here, Play("start", here.topics[2]))
    captions = directive["audioItem"]["stream"]["captionData"]
    assert captions["type"] == "WEBVTT"
    assert captions["content"].startswith("WEBVTT")
    assert "may need to be amputated" in captions["content"]
    assert recording.captions(other, other.topics[0]) is None  # their times are not these


def test_captions_that_can_t_be_read_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "edition.json").write_text("[]")  # recording.EDITION, by the fixture above
    assert recording.captions(page.load(), page.load().topics[2]) is None


@pytest.mark.parametrize("locale", page.locales())
def test_a_topic_s_card_says_where_it_is_heard_and_read(locale: str) -> None:
    device = Device(locale)
    heard = device.ask("TopicIntent", treatment="surgery", recurrence="local")
    assert heard.card
    assert f"Listen: {BASE}/03%20Local%20recurrence%20-%20Surgery.mp3\n" in heard.card
    assert re.search(rf"as text: {BASE}/Whole%20page%20-%20Treatments.*\.txt$", heard.card)
    both = device.ask("TopicIntent", treatment="surgery", recurrence="both")
    assert both.card
    assert both.card.count("Listen: ") == 2
    assert "https" not in heard.speech
    for asks in ("EmergencyIntent", "CrisisIntent", "AskTeamIntent"):
        assert BASE not in (Device(locale).ask(asks).card or "")


def test_without_an_address_nothing_is_linked_and_the_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIO_BASE_URL")
    player = Player()
    heard = player.ask("PlayEditionIntent")
    assert "can't play the recording here" in heard.speech
    assert heard.topic == "overview"
    assert "directives" not in heard.body
    part = player.ask("PlayEditionIntent", treatment="radiation", recurrence="distant")
    assert part.topic == "distant.radiation"
    assert part.speech.startswith("I can't play the recording here")
    assert "audio" not in (part.card or "")


def test_a_device_without_a_player_is_read_to() -> None:
    heard = Device().ask("PlayEditionIntent")
    assert "can't play the recording here" in heard.speech
    assert "directives" not in heard.body


BAD = (
    "http://audio.example.org/", "audio.example.org", "https://", "https://audio.example.org:8443/", "ftp://a.org/",
    "https://me:secret@audio.example.org/", "https://audio.example.org/?a=b", "https://audio.example.org/#a",
    "https://[::1/", "https://audio.example.org/{country}/", "https://audio example.org/", "https://a.org:nine/",
    "https://a.org/\n", "https://a.org/e/?", "https://a.org/e/#", "https://{locale}.a.org/", "https://a.org:{locale}/",
)  # fmt: skip


@pytest.mark.parametrize("told", BAD)
def test_a_bad_address_is_logged_once_and_taken_as_unset(
    told: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recording._base_or_none.cache_clear()
    monkeypatch.setenv("AUDIO_BASE_URL", told)
    for _ in range(3):
        heard = Player().ask("PlayEditionIntent")
        assert "can't play the recording here" in heard.speech
        assert "Listen:" not in (heard.card or "")
    (line,) = [record.getMessage() for record in caplog.records if "AUDIO_BASE_URL" in record.getMessage()]
    assert "such as https://" in line
    assert "secret" not in line


@pytest.mark.parametrize("told", [BASE, BASE + "/", "HTTPS://audio.example.org", "https://audio.example.org:443/a/b"])
def test_a_good_address_has_one_slash_at_its_end(told: str) -> None:
    assert recording.checked(told).endswith(told.rstrip("/")[-1] + "/")


def test_an_edition_for_each_country() -> None:
    base, here = recording.checked("https://audio.example.org/{locale}"), page.load("en-GB")
    assert (
        recording.address(base, here, here.topics[1]) == "https://audio.example.org/en-GB/02%20Local%20recurrence.mp3"
    )


TOKENS = (None, "", "edition-1:", "edition-1:nowhere", "edition-2:local", "edition-1:local:x", "x" * 2000, 7, ["a"])


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("kind", ["AudioPlayer.PlaybackNearlyFinished", "AudioPlayer.PlaybackFailed"])
def test_a_token_that_is_not_ours_is_left_alone(token: object, kind: str) -> None:
    event = envelope({**request("OverviewIntent"), "type": kind, "token": token})
    answer = lambda_function.lambda_handler(event, None)
    assert not answer["response"].get("directives")
    spoken = envelope(request("AMAZON.NextIntent"), new=True)
    spoken["context"]["AudioPlayer"] = {"token": token, "playerActivity": "PLAYING", "offsetInMilliseconds": "x"}
    assert lambda_function.lambda_handler(spoken, None)["response"]["outputSpeech"]


def test_alexa_s_own_classes_know_every_directive() -> None:
    from ask_sdk_model import Directive

    here = page.load()
    plays = (Play("start", here.topics[0], 1), Play("enqueue", here.topics[1], after="t"), Play("pause"), Play("stop"))
    for directive in (each for play in plays for each in streaming.directives(here, play)):
        serializer = handlers.LenientSerializer()
        read = serializer.deserialize(json.dumps(directive), Directive)
        assert serializer.serialize(read) == directive


def test_the_web_service_does_not_start_with_a_bad_address() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "skill", "serve", "--port", "0"], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, "AUDIO_BASE_URL": "http://audio.example.org"},
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr.startswith("AUDIO_BASE_URL does not begin with https://")
    assert ran.stderr.count("\n") == 1


# ── what may not go on by itself ──

ENDED = [{"type": "AudioPlayer.Stop"}, {"type": "AudioPlayer.ClearQueue", "clearBehavior": "CLEAR_ALL"}]


def directives(asks: str, activity: str, attributes: dict[str, Any]) -> list[Any]:
    """What is told to a player that reports `activity`, within a conversation that goes on."""
    event = envelope(request(asks), attributes)
    player = {"token": "edition-1:local", "offsetInMilliseconds": 5, "playerActivity": activity}
    event["context"]["AudioPlayer"] = player
    found: list[Any] = lambda_function.lambda_handler(event, None)["response"].get("directives", [])
    return found


@pytest.mark.parametrize("reading", [{}, {"reading": "local", "part": 0}], ids=["before any section", "in one"])
@pytest.mark.parametrize("activity", ["PLAYING", "PAUSED", "STOPPED", "BUFFER_UNDERRUN", "A_WORD_OF_TOMORROW"])
@pytest.mark.parametrize("asks", ["EmergencyIntent", "CrisisIntent", "AMAZON.StopIntent"])
def test_nothing_plays_on_after_an_end(asks: str, activity: str, reading: dict[str, Any]) -> None:
    """Alexa goes on with a recording that it paused for a conversation, unless it is told to stop."""
    assert directives(asks, activity, reading) == ENDED


@pytest.mark.parametrize("activity", ["PLAYING", "PAUSED"])
def test_what_is_read_stops_a_recording_that_waits(activity: str) -> None:
    assert directives("ClinicalTrialsIntent", activity, {"reading": "local", "part": 0}) == ENDED
    assert directives("AMAZON.HelpIntent", activity, {"reading": "local", "part": 0}) == []
