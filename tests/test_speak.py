"""Replies heard: the edition's recordings where it has them, the voice elsewhere, and `chat --speak` with a player."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from editions import TONE, edition
from simulated import ROOT, command, device, environment, resolver, run

from audio import aloud
from audio.aloud import Aloud
from audio.play import reply, sinks
from audio.play.sound import RATE
from audio.publications import publish
from audio.sound import loudness
from skill import page, voice
from skill.extras import how_to_add
from skill.simulator import terminal
from skill.voice import wav as reader

CANADA = page.load("en-CA")
SECTION = CANADA.topic("distant")
Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition whose every sentence is a tone: what comes from it can be told from a voice."""
    made = tmp_path_factory.mktemp("edition")
    publish(edition(), made)
    return made


def hum(samples: np.ndarray) -> float:
    """The share of a sound's power that lies at the tone of the test edition, 1 kHz."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(spectrum[(hertz > 950) & (hertz < 1050)].sum() / spectrum.sum())


# ── where each sentence comes from ──


def test_a_section_is_heard_from_the_edition(tones: Path) -> None:
    sentence = SECTION.parts[0][0]
    heard = Aloud(CANADA, tones).say([sentence], topic="distant")
    assert hum(heard) > 0.9
    assert len(heard) / RATE == pytest.approx(TONE + aloud.LINE, abs=0.01)


@pytest.mark.parametrize(
    ("locale", "topic", "sentence"),
    [
        ("en-CA", "distant", "Shall I go on?"),  # not in the edition
        ("en-CA", "distant", SECTION.parts[0][0].replace(".", " indeed.")),  # a recording of other words
        ("en-CA", None, SECTION.parts[0][0]),  # not a section
        ("en-GB", "distant", SECTION.parts[0][0]),  # an edition for another country
    ],
)
def test_the_rest_is_spoken_by_the_voice(tones: Path, locale: str, topic: str | None, sentence: str) -> None:
    assert hum(Aloud(page.load(locale), tones).say([sentence], topic=topic)) < 0.5


def test_without_an_edition_the_voice_says_it_all(tmp_path: Path) -> None:
    made = Aloud(CANADA, tmp_path)
    assert made.reader == "hibari"
    assert hum(made.say([SECTION.parts[0][0]], topic="distant")) < 0.5


def test_an_edition_that_is_built_meanwhile_is_heard(tmp_path: Path) -> None:
    made = Aloud(CANADA, tmp_path / "edition")
    assert made.reader == "hibari"
    (tmp_path / "edition").mkdir()
    publish(edition(), tmp_path / "edition")
    assert made.reader == "tones"
    assert hum(made.say([SECTION.parts[0][0]], topic="distant")) > 0.9


def test_both_sections_are_found(tones: Path) -> None:
    """A reply to "both" names the treatment, which no section of the edition is called."""
    sentence = CANADA.topic("local.surgery").parts[0][0]
    assert hum(Aloud(CANADA, tones).say([sentence], topic="surgery")) > 0.9


def test_half_as_fast_takes_twice_as_long(tones: Path) -> None:
    says, section = Aloud(CANADA, tones).say, SECTION.parts[0]
    slow, normal = says(section, topic="distant", rate=50), says(section, topic="distant")
    assert len(slow) == pytest.approx(2 * len(normal), rel=0.05)


def test_the_voice_is_as_loud_as_an_edition(tones: Path) -> None:
    spoken = Aloud(CANADA, tones).say(["Shall I go on to chemotherapy for a distant recurrence?"])
    assert loudness(spoken.astype(np.float32) / 32768, RATE) == pytest.approx(-16, abs=1)


def test_a_number_is_said_digit_by_digit(tmp_path: Path) -> None:
    said = Aloud(CANADA, tmp_path).say(["Call 911 now."])
    heard = voice.recogniser().hear(reader.read(sinks.wav(said)))
    assert "9-1-1" in heard or "911" in heard.replace(" ", ""), heard


# ── beside a conversation ──


class Sink:
    """Plays nothing; a reply lasts for some looks."""

    def __init__(self, looks: int = 2) -> None:
        self.looks, self.left, self.did = looks, 0, list[str]()

    def start(self, samples: np.ndarray) -> None:
        self.left = self.looks
        self.did.append("start")

    def stop(self) -> None:
        self.left = 0
        self.did.append("stop")

    def played(self) -> float | None:
        self.left -= 1
        if self.left >= 0:
            return 1.0
        self.did.append("heard")
        return None


def conversation(monkeypatch: pytest.MonkeyPatch, edition: Path, sink: object, *, cut_in: bool) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(sinks, "find", lambda: sink)
    replies = reply.Replies(Aloud(CANADA, edition), said.append, cut_in=cut_in)
    for line in replies.after_each(["one", "two"]):
        said.append(line)
        replies.play(["Yes."], topic=None, rate=100)
    return said


def test_what_is_typed_cuts_a_reply_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sink = Sink()
    assert conversation(monkeypatch, tmp_path, sink, cut_in=True) == ["one", "two"]
    assert sink.did == ["stop", "start", "stop", "start", "stop"]


def test_lines_of_a_file_wait_for_the_reply(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sink = Sink()
    conversation(monkeypatch, tmp_path, sink, cut_in=False)
    assert sink.did == ["heard", "stop", "start", "heard", "stop", "start", "heard", "stop"]


def test_another_voice_is_told_of_once(monkeypatch: pytest.MonkeyPatch, tones: Path) -> None:
    assert conversation(monkeypatch, tones, Sink(), cut_in=True) == [
        "Sections are read by the audio edition's voice, tones; the rest by another, hibari.", "one", "two",
    ]  # fmt: skip


def test_without_a_device_it_says_so_once_and_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert conversation(monkeypatch, tmp_path, None, cut_in=False) == [
        "This machine has no sound device that can be used. You can read the replies.", "one", "two",
    ]  # fmt: skip


class Broken(Sink):
    def start(self, samples: np.ndarray) -> None:
        raise OSError("it was unplugged")


def test_a_device_that_fails_is_told_of_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert conversation(monkeypatch, tmp_path, Broken(), cut_in=False) == [
        "one", "Replies can't be played (it was unplugged). You can read them.", "two",
    ]  # fmt: skip


# ── chat --speak ──


def test_a_conversation_is_heard(tmp_path: Path) -> None:
    """A player that keeps what it is given: what comes out of it is what is printed."""
    player = tmp_path / "pw-play"
    keeps = "import pathlib, sys, time; data = sys.stdin.buffer.read()"
    writes = f"pathlib.Path({str(tmp_path)!r}, f'{{time.monotonic_ns()}}.wav').write_bytes(data)"
    player.write_text(f"#!{sys.executable}\n{keeps}; {writes}\n")
    player.chmod(0o755)
    done = run("chat", "--speak", given=b"what does recurrent mean\nstop\n", PATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, b"")
    recordings = sorted(tmp_path.glob("*.wav"))
    assert len(recordings) == 4, "a moment of silence to see whether it plays, the greeting, an answer, the farewell"
    hears = voice.recogniser()
    heard = [hears.hear(reader.read(path.read_bytes())).lower() for path in recordings[2:]]
    assert "recurrent" in heard[0]
    assert "come back" in heard[0]


def test_without_a_voice_one_sentence_says_how_to_add_it() -> None:
    missing = "import sys; sys.modules['hibari'] = sys.modules['av'] = None"
    program = f"{missing}; from skill.__main__ import main; sys.exit(main())"
    resolver()
    asks = [sys.executable, "-W", "error", "-c", program, "chat", "--speak"]
    done = subprocess.run(asks, input=b"stop\n", capture_output=True, cwd=ROOT, env=environment(), timeout=60)
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[0] == f"Replies can't be spoken, because no voice is installed: run {how_to_add('audio')}."
    assert lines[-1] == "The conversation has ended."


def test_slower_is_heard_slower() -> None:
    rates: list[int] = []
    lines = ["what happens if it has spread", "slower"]
    terminal.chat(device(), lines, resolver(), play=lambda heard: rates.append(heard.rate))
    assert rates[:2] == [100, 100]
    assert rates[2] < 100


# ── what is closed, and what goes together ──


def shell(line: str) -> "subprocess.CompletedProcess[str]":
    """A line for bash, in which $skill is our program; its exit status is that of the program."""
    resolver()
    told = f"skill='{' '.join(command())}'; {line}"
    return subprocess.run(["bash", "-c", told], capture_output=True, text=True, cwd=ROOT, env=environment(), timeout=60)


@pytest.mark.parametrize("options", ["", "--json", "--speak"])
def test_a_closed_input_is_an_empty_one(options: str) -> None:
    done = shell(f"$skill chat {options} <&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_output_is_none() -> None:
    done = shell("$skill ask surgery >&-")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", ["--help", "chat --help", "ask surgery", "chat"])
def test_a_reader_that_goes_away(arguments: str) -> None:
    done = shell(f"printf 'surgery\\nsurgery\\n' | $skill {arguments} | true; exit ${{PIPESTATUS[1]}}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_program_is_told_why_on_standard_error() -> None:
    done = run("chat", "--json", "--explain", given=b"surgery\n")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr.decode().startswith("Understood as TopicIntent")


@pytest.mark.parametrize("option", ["--listen", "--speak"])
def test_sound_is_for_people(option: str) -> None:
    done = run("chat", "--json", option)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        "A program writes and reads what is said: leave out --json, or --listen and --speak.\n"
    )
