"""Speech to text on this machine: reading recordings, the recogniser itself, `ask --wav` and `chat --listen`."""

import itertools
import json
import shlex
import struct
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from clips import file, spoken, wav
from moonshine_voice.errors import MoonshineError
from simulated import KEYS, PATIENCE, ROOT, environment, run

from skill import voice
from skill.__main__ import main
from skill.simulator import listening
from skill.voice import microphone, turns
from skill.voice import wav as reader

QUESTION = "what happens if it comes back in my lung"
Printed = pytest.CaptureFixture[str]

LAYOUTS = [
    (rate, bits, channels, code)
    for rate, (bits, code), channels in itertools.product(
        (8_000, 44_100, 48_000),
        ((8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3), (16, 0xFFFE), (24, 0xFFFE)),
        (1, 2),
    )
]


# ── recordings ───────────────────────────────────────────────────────────────────────────────────────────────────────


def tone(rate: int, hertz: float, seconds: float = 0.5) -> Any:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize(("rate", "bits", "channels", "code"), LAYOUTS)
def test_every_layout_gives_the_same_sound(rate: int, bits: int, channels: int, code: int) -> None:
    read = reader.read(wav(tone(rate, 440), rate, bits, channels, code=code))
    assert read.dtype == np.float32
    assert abs(len(read) - 8_000) <= 1
    middle = slice(800, 7_000)
    assert np.abs(read[middle] - tone(16_000, 440)[: len(read)][middle]).max() < 0.02


def test_what_is_too_high_does_not_fold_back() -> None:
    assert np.abs(reader.read(wav(tone(48_000, 11_000), 48_000))[800:7_000]).max() < 0.005


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_length_that_was_not_known_when_it_was_written(size: int) -> None:
    layout = struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16)
    assert len(reader.read(file(layout, bytes(32_000), size))) == 16_000


def test_numbers_that_are_none() -> None:
    layout = struct.pack("<HHIIHH", 3, 1, 16_000, 64_000, 4, 32)
    odd = np.array([np.nan, np.inf, -np.inf, 7.0, 0.25] * 1_000, "<f4").tobytes()
    assert reader.read(file(layout, odd)).tolist()[:5] == [0.0, 1.0, -1.0, 1.0, 0.25]


def test_what_is_written_is_read() -> None:
    sound = tone(16_000, 440).astype(np.float32)
    assert np.abs(reader.read(reader.write(sound, 16_000)) - sound).max() < 0.001


PLAIN = wav(np.zeros(16_000))
FAULTS = {
    "empty": (b"", "empty"),
    "garbage": (b"\x00\xff garbage " * 400, "not a WAV file"),
    "an MP3": (b"ID3\x04" + bytes(4_000), "not a WAV file"),
    "another RIFF": (b"RIFF\x10\0\0\0AVI " + bytes(64), "not a WAV file"),
    "only a header": (PLAIN[:12], "no sound that can be found"),
    "no samples": (PLAIN[:-32_008], "no sound that can be found"),
    "samples before their format": (b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd", "no sound that can be found"),
    "a chunk beyond the end": (b"RIFF\0\0\0\0WAVELIST\xff\xff\xff\xffabcd", "no sound that can be found"),
    "half a format": (b"RIFF\0\0\0\0WAVEfmt \x08\0\0\0" + bytes(8), "header is damaged"),
    "no channel": (file(struct.pack("<HHIIHH", 1, 0, 16_000, 0, 0, 16), bytes(400)), "header is damaged"),
    "no rate": (file(struct.pack("<HHIIHH", 1, 1, 0, 0, 2, 16), bytes(400)), "header is damaged"),
    "compressed": (file(struct.pack("<HHIIHH", 0x55, 1, 16_000, 0, 1, 0), bytes(400)), "compressed"),
    "a click": (wav(np.zeros(100)), "too short"),
    "truncated": (PLAIN[:20_000], "cut off, 0.6 of its 1.0 seconds"),
    "ten minutes": (wav(np.zeros(600 * 8_000), 8_000, 8), "600 seconds long"),
    "too large": (bytes(reader.LARGEST + 1), "larger than 24 MB"),
}


@pytest.mark.parametrize(("content", "says"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_read(content: bytes, says: str, tmp_path: Path, capsys: Printed) -> None:
    recording = tmp_path / "question.wav"
    recording.write_bytes(content)
    assert main(["ask", "--wav", str(recording)]) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.endswith(".\n")


@pytest.mark.parametrize("length", range(0, 60, 3))
def test_a_header_cut_anywhere(length: int) -> None:
    with pytest.raises(voice.BadRecording):
        reader.read(PLAIN[:length])


# ── the recogniser ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def recogniser() -> voice.Recogniser:
    return voice.recogniser()


def words(text: str) -> list[str]:
    return "".join(each for each in text.lower() if each.isalpha() or each == " ").split()


@pytest.mark.parametrize("said", ["what about surgery", QUESTION, "repeat that", "slower please"])
def test_it_hears(recogniser: voice.Recogniser, said: str) -> None:
    assert words(recogniser.hear(spoken(said).astype(np.float32))) == words(said)


def test_nothing_of_a_recording_is_left_for_the_next(recogniser: voice.Recogniser) -> None:
    """The library keeps the end of what it heard, and heard it again in the next call."""
    for said in ["next", "yes", "stop", QUESTION, "next", "stop"]:
        heard = recogniser.hear(spoken(said, before=0, after=0).astype(np.float32))
        assert words(heard) == words(said)


def test_nothing_is_left_of_a_recording_that_failed(
    recogniser: voice.Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcriber = recogniser._transcriber  # type: ignore[attr-defined]
    given: list[float] = []

    def transcribe(samples: list[float], rate: int) -> Any:
        given.append(max(samples))
        if any(samples):
            raise MoonshineError("what somebody said")
        return SimpleNamespace(lines=[])

    monkeypatch.setattr(transcriber, "transcribe_without_streaming", transcribe)
    with pytest.raises(voice.HearingError, match="record your question again"):
        recogniser.hear(np.ones(1_600, np.float32))
    assert given == [1.0, 0.0]


def test_what_cannot_be_wiped_is_thrown_away(recogniser: voice.Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    transcriber = recogniser._transcriber  # type: ignore[attr-defined]

    def transcribe(samples: list[float], rate: int) -> Any:
        raise MoonshineError("what somebody said")

    monkeypatch.setattr(transcriber, "transcribe_without_streaming", transcribe)
    with pytest.raises(voice.HearingError, match="record your question again"):
        recogniser.hear(np.ones(1_600, np.float32))
    assert words(recogniser.hear(spoken("repeat that").astype(np.float32))) == ["repeat", "that"]


@pytest.mark.parametrize("count", [0, 1, 1_600, 32_000])
def test_silence_has_no_words(recogniser: voice.Recogniser, count: int) -> None:
    assert recogniser.hear(np.zeros(count, np.float32)) == ""


def test_noise_has_no_words(recogniser: voice.Recogniser) -> None:
    assert recogniser.hear(np.random.default_rng(0).normal(0, 0.05, 32_000).astype(np.float32)) == ""


def test_without_it_one_sentence_says_how_to_add_it(tmp_path: Path) -> None:
    (tmp_path / "question.wav").write_bytes(PLAIN)
    program = "import sys; sys.modules['moonshine_voice'] = None; from skill.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-W", "error", "-c", program, "ask", "--wav", str(tmp_path / "question.wav")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment(), timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"run {shlex.quote(sys.executable)} -m pip install '.[voice]'." in done.stderr
    assert done.stderr.count("\n") == 1


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Slow:
    """A recogniser that waits until it may answer."""

    def __init__(self) -> None:
        self.go, self.begun, self.at_once = threading.Event(), threading.Semaphore(0), 0

    def hear(self, samples: voice.Samples) -> str:
        self.at_once += 1
        self.begun.release()
        assert self.go.wait(30)
        assert self.at_once == 1
        self.at_once -= 1
        return "surgery"


def test_one_at_a_time_a_few_wait_the_rest_are_told() -> None:
    slow = Slow()
    queue = turns.InTurn(lambda: slow, waiting=2)
    heard: list[str] = []
    waiting = [threading.Thread(target=lambda: heard.append(queue.hear(np.zeros(1, np.float32)))) for _ in range(3)]
    for thread in waiting:
        thread.start()
    assert slow.begun.acquire(timeout=30)
    # The places are taken before anybody's turn comes: wait until all three have one.
    while queue._places._value:
        assert any(thread.is_alive() for thread in waiting)
    with pytest.raises(voice.TooBusy, match="try again"):
        queue.hear(np.zeros(1, np.float32))
    slow.go.set()
    for thread in waiting:
        thread.join(30)
    assert heard == ["surgery"] * 3
    assert queue.hear(np.zeros(1, np.float32)) == "surgery"


def test_a_recogniser_that_does_not_start_frees_its_place() -> None:
    def missing() -> voice.Recogniser:
        raise voice.NoRecogniser("There is none.")

    queue = turns.InTurn(missing, waiting=0)
    for _ in range(3):
        with pytest.raises(voice.NoRecogniser):
            queue.hear(np.zeros(1, np.float32))


# ── ask --wav ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "question.wav"
    path.write_bytes(wav(spoken(QUESTION, 48_000), 48_000, 24, 2))
    return path


def test_a_recorded_question_is_answered(question: Path) -> None:
    done = run("ask", "--wav", str(question))
    first, second, *_ = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert first == "Heard: What happens if it comes back in my lung?"
    assert second == "Guide: Distant recurrence."


def test_a_recorded_question_is_answered_for_programs(question: Path) -> None:
    done = run("ask", "--json", "--wav", str(question))
    told = json.loads(done.stdout)
    assert tuple(told) == (*KEYS, "heard")
    assert told["heard"] == told["utterance"] == "What happens if it comes back in my lung?"
    assert told["topic"] == "distant"


@pytest.mark.parametrize("arguments", [[], ["surgery", "--wav", "x.wav"]])
def test_one_question_is_given(arguments: list[str], capsys: Printed) -> None:
    assert main(["ask", *arguments]) == 2
    assert capsys.readouterr().err == "Give one question: typed between quotes, or recorded with --wav FILE.\n"


def test_a_file_that_is_not_there(capsys: Printed) -> None:
    assert main(["ask", "--wav", "nowhere.wav"]) == 2
    assert capsys.readouterr().err == (
        "nowhere.wav can't be read (No such file or directory): give the path of a WAV file.\n"
    )


def test_a_recording_without_words(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "silence.wav").write_bytes(PLAIN)
    assert main(["ask", "--wav", str(tmp_path / "silence.wav")]) == 2
    assert "No words were heard" in capsys.readouterr().err


# ── chat --listen ────────────────────────────────────────────────────────────────────────────────────────────────────


class Recorded:
    """A microphone that gives a clip."""

    def __init__(self, *clips: Any) -> None:
        self.clips = list(clips)
        self.on = False

    def start(self) -> None:
        self.on = True

    def stop(self) -> voice.Samples:
        assert self.on
        self.on = False
        clip = self.clips.pop(0)
        if isinstance(clip, Exception):
            raise clip
        return np.asarray(clip, np.float32)


def test_push_to_talk_in_the_terminal(recogniser: voice.Recogniser, capsys: Printed) -> None:
    recorder = Recorded(spoken("what about surgery"), np.zeros(16_000), voice.BadRecording("It gave no sound."))
    lines = listening.listen(["", "", "typed", " ", "", "", "", "stop"], recorder, recogniser)
    assert list(lines) == ["What about surgery?", "typed", "stop"]
    assert capsys.readouterr().out.splitlines() == [
        "Press Enter, speak, and press Enter again. Or type. Nothing that you say is kept.",
        "Listening. Press Enter when you have spoken.",
        "Heard: What about surgery?",
        "Listening. Press Enter when you have spoken.",
        "Heard no words. Press Enter to try again, or type.",
        "Listening. Press Enter when you have spoken.",
        "It gave no sound.",
    ]


def test_without_a_microphone_it_types_on() -> None:
    done = run("chat", "--listen", given=b"what about surgery\nstop\n")
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[0].endswith("You can type.")
    assert any("two kinds of recurrence" in line for line in lines)


class Device:
    """What of sounddevice is used: an input that gives half a second of a tone at 48 kHz, again and again."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.closed = False

    def query_devices(self, kind: str) -> dict[str, float]:
        assert kind == "input"
        return {"default_samplerate": 48_000.0}

    def InputStream(self, *, samplerate: int, channels: int, dtype: str, callback: Any) -> Any:  # noqa: N802
        assert (samplerate, channels, dtype) == (48_000, 1, "float32")

        def start() -> None:
            for _ in range(self.times):
                callback(tone(48_000, 440).astype(np.float32)[:, None], 24_000, None, None)

        def close() -> None:
            self.closed = True

        return SimpleNamespace(start=start, close=close)


def test_the_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(3)
    monkeypatch.setitem(sys.modules, "sounddevice", device)
    recorder = microphone.Microphone()
    recorder.start()
    assert len(recorder.stop()) == 24_000
    assert device.closed
    assert recorder._pieces == [], "what was recorded is forgotten"


def test_the_microphone_stops_at_the_longest_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Device(100))
    recorder = microphone.Microphone()
    recorder.start()
    assert len(recorder.stop()) == 30 * 16_000


def test_a_microphone_that_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Device(0))
    recorder = microphone.Microphone()
    recorder.start()
    with pytest.raises(voice.BadRecording, match="switched on"):
        recorder.stop()


def test_no_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(voice.HearingError, match="not installed"):
        microphone.Microphone()
    broken = SimpleNamespace(query_devices=lambda kind: {"default_samplerate": 8_000}, InputStream=None)
    monkeypatch.setitem(sys.modules, "sounddevice", broken)
    with pytest.raises(voice.HearingError, match="can't be opened"):
        microphone.Microphone().start()
