"""gTTS behind our transport: each fault ends in a try that succeeds or in another voice, never in less sound."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from audio import script, speaking
from audio.cache import Cache
from audio.voices import gtts, mp3, transport
from audio.voices.clauses import pieces
from audio.voices.engine import SpokenBadly, VoiceError, VoiceRefused, VoiceUnreachable
from audio.voices.gtts import Gtts
from audio.voices.silent import Silent
from audio.voices.transport import Clock, Transport, retry_after
from skill.page import load
from skill.saying import clause_starts
from tests.speech_service import FAULTS, REFUSALS, Service, spoken_answer, tone

TEXT = "Surgery is sometimes used when the cancer has come back in the same area."


class Waits:
    """A clock that waits for nothing, and remembers."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.time = 0.0
        self.clock = Clock(now=self.now, sleep=self.sleep, chance=lambda: 1.0)

    def now(self) -> float:
        self.time += 0.01
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        if seconds > transport.BETWEEN:
            self.slept.append(seconds)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("service")).serving() as service:
        yield service


@pytest.fixture
def service(serving: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    serving.asked.clear()
    serving.faults.clear()
    serving.always = ""
    monkeypatch.setattr("gtts.tts._translate_url", serving.url)
    monkeypatch.setattr(transport, "READ", 0.3)
    return serving


def voice(service: Service, waits: Waits | None = None) -> Gtts:
    return Gtts("en-CA", Transport(str(service.authority), (waits or Waits()).clock))


def test_a_sentence_is_one_request_and_its_sound(service: Service) -> None:
    samples = voice(service).speak(TEXT)
    assert service.asked == [TEXT]
    assert len(samples) / mp3.RATE == pytest.approx(0.3 + len(TEXT) / 15, abs=0.15)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_is_tried_again(service: Service, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "WHOLE", 0.3)
    speaker, waits = voice(service), Waits()
    whole = speaker.speak(TEXT)
    service.faults = [fault]
    speaker = voice(service, waits)
    assert np.array_equal(speaker.speak(TEXT), whole)
    assert len(service.asked) == 3
    assert waits.slept == [3.0 if "after" in fault else transport.FIRST_WAIT]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_ends_in_a_voice_error(
    service: Service, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "WHOLE", 0.3)
    service.always = fault
    waits = Waits()
    with pytest.raises(VoiceError, match=r"\.$"):
        voice(service, waits).speak(TEXT)
    assert len(service.asked) <= transport.TRIES
    assert sum(waits.slept) <= 10


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_refusal_is_not_tried_again(service: Service, fault: str) -> None:
    service.always = fault
    waits = Waits()
    with pytest.raises(VoiceRefused):
        voice(service, waits).speak(TEXT)
    assert service.asked == [TEXT]
    assert not waits.slept


def test_waits_double_up_to_the_last_try(service: Service) -> None:
    service.always = "503"
    waits = Waits()
    with pytest.raises(VoiceRefused, match="503"):
        voice(service, waits).speak(TEXT)
    assert waits.slept == [1.0, 2.0, 4.0]


def test_requests_keep_their_distance(service: Service) -> None:
    waits = Waits()
    speaker = voice(service, waits)
    started = waits.time
    for _ in range(5):
        speaker.speak(TEXT)
    assert waits.time - started >= 4 * transport.BETWEEN


def test_a_certificate_of_no_authority_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Service(tmp_path, self_signed=True).serving() as service:
        monkeypatch.setattr("gtts.tts._translate_url", service.url)
        for authorities in (str(service.authority), None):
            with pytest.raises(VoiceRefused, match="prove who it is"):
                Gtts("en-CA", Transport(authorities, Waits().clock)).speak(TEXT)
        assert service.asked == []


def test_without_a_network_there_is_one_more_try(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        monkeypatch.setattr("gtts.tts._translate_url", lambda tld, path: f"https://localhost:{port}/{path}")
        waits = Waits()
        with pytest.raises(VoiceUnreachable, match="check the network"):
            voice(service, waits).speak(TEXT)
        assert len(waits.slept) == 1


# ── an edition ──


def spoken(service: Service, cache: Cache) -> tuple[speaking.Speech, list[str]]:
    told: list[str] = []
    passages = script.script(load())[2:3]
    makers = (("gtts", lambda: voice(service)), ("silent", Silent))
    return speaking.speak(passages, makers, cache, told.append, lambda *_: None), told


@pytest.mark.parametrize("fault", [*FAULTS, *REFUSALS])
@pytest.mark.parametrize("after", [0, 2])
def test_an_edition_has_one_voice_and_every_line(
    service: Service, fault: str, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "WHOLE", 0.3)
    # Half-way, then for good.
    service.faults = [""] * after + [fault] * 9
    speech, told = spoken(service, Cache(tmp_path))
    lines = sum(len(passage.lines) for passage in script.script(load())[2:3])
    assert speech.voice == Silent.voice
    assert len(speech.sounds) == lines
    assert not any(sound.any() for sound in speech.sounds)
    assert "silent speaks the whole edition instead" in told[0]
    # The next time, only what is missing is asked for.
    service.faults.clear()
    service.asked.clear()
    speech, told = spoken(service, Cache(tmp_path))
    assert speech.voice.engine == "gtts"
    assert all(sound.any() for sound in speech.sounds)
    assert len(service.asked) <= lines + 2 - after
    # And then nothing.
    service.asked.clear()
    again, _ = spoken(service, Cache(tmp_path))
    assert service.asked == []
    assert all(map(np.array_equal, again.sounds, speech.sounds))


# ── the parts ──


def test_no_piece_is_too_long_or_breaks_a_clause_needlessly() -> None:
    said = [line.said for passage in script.script(load()) for line in passage.lines]
    for text in [*said, " ".join(said)]:
        cut = pieces(text, gtts.LIMIT, clause_starts())
        assert " ".join(cut) == text
        assert all(0 < len(piece) <= gtts.LIMIT for piece in cut)
    long = (
        "When recurrent soft tissue sarcoma is advanced, "
        "external radiation therapy may be offered to you to relieve your symptoms and pain."
    )
    assert pieces(long, 100, clause_starts()) == (long[:47], long[48:])
    assert pieces("a" * 30, 12, ()) == ("a" * 12, "a" * 12, "a" * 6)
    assert pieces("one two three four five six", 14, ()) == ("one two three", "four five six")
    assert pieces("they had surgery because it had come back", 30, ("because",))[0] == "they had surgery"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0), (" 0 ", 0.0), ("", None), ("soon", None), ("-1", None), ("٣", None),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0), ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0), ("Mon, 23 Nov 2026", None),
    ],
)  # fmt: skip
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 11, 23, 12, tzinfo=UTC)) == seconds


def test_mp3_frames_are_counted_to_the_last_byte() -> None:
    whole = tone(1.0)
    assert mp3.duration(whole) == pytest.approx(1.0, abs=0.1)
    assert len(mp3.decoded(whole)) / mp3.RATE == pytest.approx(mp3.duration(whole), abs=0.05)
    for damaged in (b"", whole[:-1], whole + b"\0", b"<html>", whole[5:], b"\xff\xf3\x04"):
        with pytest.raises(SpokenBadly):
            mp3.duration(damaged)


def test_escaped_sound_is_read() -> None:
    answer = spoken_answer("Yes.").replace(b"/", b"\\\\/")
    assert gtts.sound_in(answer) == gtts.sound_in(spoken_answer("Yes."))


def test_nothing_to_say_is_an_error_of_ours(service: Service) -> None:
    for text in ("", " ", "…"):
        with pytest.raises(VoiceError):
            voice(service).speak(text)


def test_the_environments_authorities_and_no_others_are_trusted(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Gtts("en-GB", Transport(clock=Waits().clock))
    with pytest.raises(VoiceRefused, match="prove who it is"):
        speaker.speak(TEXT)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(service.authority))
    assert len(speaker.speak(TEXT))
    assert speaker.voice.accent == "British"


def test_each_accent_is_asked_of_its_own_domain() -> None:
    for locale, (tld, _) in gtts.ACCENTS.items():
        request = Gtts(locale)._request(TEXT)
        assert (request.url or "").startswith(f"https://translate.google.{tld}/")
