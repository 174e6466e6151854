"""`python -m audio play`, with a sink that records what it is given and a clock that the test moves."""

import io
import queue
import subprocess
import sys
import types

import numpy as np
import pytest

from audio import play
from audio.__main__ import main
from audio.catalogue import CatalogueError, load
from audio.play import deck, player, sinks, sound
from audio.play.deck import State
from audio.publications import publish
from skill import page
from tests.editions import PAUSE, TONE, edition

LABELS = page.load("en-CA").edition.labels
SENTENCE = TONE + PAUSE


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    made = tmp_path_factory.mktemp("edition")
    publish(edition(), made)
    return load(made)


class Recorder:
    """A sink that plays nothing: each sentence ends as soon as it is asked about, or is `at` seconds in."""

    def __init__(self, at: float | None = None) -> None:
        self.at = at
        self.given: list[np.ndarray] = []
        self.stops = 0

    def start(self, samples) -> None:
        self.given.append(samples)

    def stop(self) -> None:
        self.stops += 1

    def played(self) -> float | None:
        return self.at

    @property
    def seconds(self) -> list[float]:
        return [round(len(each) / sound.RATE, 1) for each in self.given]


def played(catalogue, *words, at=None, state=None, to_the_end=False):
    """What is printed, and the sink, after those words are typed."""
    typed: queue.Queue = queue.Queue()
    for word in (*words, None):
        typed.put(word)
    said: list[str] = []
    sink = Recorder(at)
    made = player.Player(catalogue, LABELS, sink, said.append, state or State())
    made.run(typed, to_the_end=to_the_end)
    return said, sink, made.state


# ── the deck: where the listener is ──


def do(state, *words, catalogue):
    for word in words:
        step = deck.act(state, word, catalogue, LABELS)
        state = step.state
    return step


def test_next_and_previous_go_by_section_and_say_where(catalogue):
    step = do(State(), "n", "NEXT ", catalogue=catalogue)
    assert (step.state.section, step.state.line) == (2, 0)
    assert step.say == ("3 of 11: Local recurrence.",)
    assert do(step.state, "p", catalogue=catalogue).state.section == 1


def test_the_edges_are_told(catalogue):
    assert do(State(), "p", catalogue=catalogue).say[0] == "This is the first section."
    last = State(section=10)
    step = do(last, "n", catalogue=catalogue)
    assert step.say == ("This is the last section.",)
    assert not step.moves


def test_back_goes_by_sentence_into_the_section_before(catalogue):
    assert do(State(section=2, line=2), "b", catalogue=catalogue).state.line == 1
    step = do(State(section=2), "back", catalogue=catalogue)
    assert (step.state.section, step.state.line) == (1, 6)
    assert do(State(offset=2), "b", catalogue=catalogue).state == State()


def test_speed_has_two_ends_and_keeps_the_place(catalogue):
    here = State(section=3, line=2, offset=1.5)
    step = do(here, "f", catalogue=catalogue)
    assert (step.state.speed, step.state.offset, step.say) == (110, 1.5, ("Speed 110 per cent.",))
    assert do(here, *["f"] * 20, catalogue=catalogue).say == ("That is the fastest.",)
    assert do(here, *["s"] * 20, catalogue=catalogue).say == ("That is the slowest.",)
    assert do(here, "s", catalogue=catalogue).state.speed == 90


def test_where_am_i_answers_and_the_sound_goes_on(catalogue):
    step = do(State(section=3, line=1), "where am i", catalogue=catalogue)
    assert step.say[0] == "Section 4 of 11: Local recurrence - Surgery. Sentence 2 of 6. Speed 100 per cent."
    assert step.say[1].startswith("Surgery is sometimes used")
    assert not step.moves


def test_every_word_of_the_help_is_known(catalogue):
    for line in LABELS.play_help.lines[1:]:
        letter = line.partition(":")[0]
        assert letter in deck.typed(LABELS), line


def test_no_word_means_two_things():
    prompts = [getattr(LABELS, name) for name in LABELS._fields if name.startswith("type_")]
    words = [line for prompt in prompts for line in prompt.lines]
    assert words
    assert len(words) == len(set(words))


def test_another_word_is_said_back(catalogue):
    step = do(State(), "xyz\n", catalogue=catalogue)
    assert step.say == ("I don't know 'xyz'. Type h for help.",)


def test_the_end_is_said(catalogue):
    step = deck.go_on(State(section=10, line=len(catalogue.entries[10].lines) - 1), catalogue, LABELS)
    assert step.state.ended
    assert step.say == ("That was the end of the edition.",)


# ── the player: what is heard ──


def test_without_typing_everything_is_heard_once(catalogue, monkeypatch):
    monkeypatch.setattr(player, "_TICK", 0.001)
    said, sink, _ = played(catalogue, to_the_end=True, state=State(section=9))
    assert said == ["That was the end of the edition."]
    assert len(sink.given) == sum(len(entry.lines) for entry in catalogue.entries[9:])
    assert all(abs(each - SENTENCE) < 0.15 for each in sink.seconds)


def test_repeat_gives_the_same_sentence_from_its_start(catalogue):
    _, sink, _ = played(catalogue, "r", at=0.35)
    assert np.array_equal(sink.given[0], sink.given[1])


def test_pause_keeps_the_place_and_goes_back_a_little(catalogue):
    said, sink, _ = played(catalogue, "", "", at=0.5)
    assert said == ["Paused. Press Enter to play on."]
    first, again = sink.given
    assert len(again) == pytest.approx(len(first) - 0.2 * sound.RATE, abs=2)
    assert np.array_equal(first[-len(again) :], again)


def test_pause_and_play_by_their_words(catalogue):
    _, sink, state = played(catalogue, "pause", "play", "pause", at=0.1)
    assert len(sink.given) == 2
    assert not state.playing


def test_a_question_leaves_the_sound_alone(catalogue):
    said, sink, _ = played(catalogue, "w", "h", "what?", at=0.4)
    assert len(sink.given) == 1
    assert len(said) == 2 + len(LABELS.play_help.lines) + 1


@pytest.mark.parametrize(("words", "speed"), [(["f"] * 4, 175), (["s"] * 5, 50)])
def test_another_speed_keeps_the_pitch(catalogue, words, speed):
    _, sink, state = played(catalogue, *words, "r", at=0.0)
    assert state.speed == speed
    heard = sink.given[-1].astype(float)
    assert len(heard) / sound.RATE == pytest.approx(SENTENCE * 100 / speed, abs=0.06)
    spectrum = np.abs(np.fft.rfft(heard))
    assert np.argmax(spectrum) * sound.RATE / len(heard) == pytest.approx(1000, abs=15)


def test_stop_stops(catalogue):
    said, sink, state = played(catalogue, "q", "n", at=0.1)
    assert said == ["Stopped."]
    assert state.ended
    assert sink.stops == 2


def test_nothing_is_stretched_to_nothing():
    assert len(sound.stretched(np.zeros(0, np.int16), 200)) == 0
    samples = np.ones(100, np.int16)
    assert sound.stretched(samples, 100) is samples


def test_a_damaged_recording_is_told(tmp_path):
    (tmp_path / "x.mp3").write_bytes(b"nothing")
    with pytest.raises(CatalogueError, match="can't be played"):
        sound.decoded(tmp_path / "x.mp3")


# ── the command ──


def test_without_a_sound_device_the_text_is_printed(catalogue, monkeypatch, capsys):
    monkeypatch.setattr(sinks, "find", lambda: None)
    assert main(["play", "--out", str(catalogue.folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "No sound device was found, so here is the text."
    assert [line for line in lines[1:] if line] == [line.text for entry in catalogue.entries for line in entry.lines]


@pytest.mark.parametrize(
    ("asked", "section"),
    [("3", 3), ("local.surgery", 3), ("Local recurrence", 2), ("trials", 10), ("distant surgery", 7), ("", 0)],
)
def test_a_topic_is_found(catalogue, asked, section):
    assert play.find(catalogue, asked) == section


def test_a_topic_that_is_not_there_is_told(catalogue, capsys):
    assert main(["play", "brain", "--out", str(catalogue.folder)]) == 2
    assert "No topic is called 'brain': use one of 0 About this recording;" in capsys.readouterr().err


def test_no_edition_is_told(tmp_path, capsys):
    assert main(["play", "--out", str(tmp_path)]) == 2
    assert "make one with python -m audio build" in capsys.readouterr().err


def test_typed_lines_reach_the_player(catalogue, monkeypatch, capsys):
    sink = Recorder(at=0.1)
    monkeypatch.setattr(sinks, "find", lambda: sink)
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nw\nq\n"))
    assert main(["play", "local", "--out", str(catalogue.folder)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 of 11: Local recurrence.\nType a letter and press Enter.")
    assert "4 of 11: Local recurrence - Surgery." in out
    assert out.endswith("Stopped.\n")


def test_a_device_that_fails_is_told(catalogue, monkeypatch, capsys):
    class Broken(Recorder):
        def start(self, samples) -> None:
            raise OSError("unplugged")

    monkeypatch.setattr(sinks, "find", Broken)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["play", "--out", str(catalogue.folder)]) == 2
    assert "The sound device failed (unplugged)" in capsys.readouterr().err


# ── the sinks ──


def waited(sink, seconds=3.0):
    import time

    end = time.monotonic() + seconds
    while sink.played() is not None and time.monotonic() < end:
        time.sleep(0.01)
    return sink.played()


def program(tmp_path, code):
    """A player that is a Python program: it gets the WAV on its standard input."""
    path = tmp_path / "player.py"
    path.write_text(code, encoding="utf-8")
    return sinks.Command((sys.executable, str(path)))


def test_a_program_is_given_a_wav(tmp_path):
    got = tmp_path / "got.wav"
    sink = program(tmp_path, f"import sys; open({str(got)!r}, 'wb').write(sys.stdin.buffer.read())")
    samples = np.arange(30_000, dtype=np.int16)
    sink.start(samples)
    assert waited(sink) is None
    assert got.read_bytes() == sinks.wav(samples)
    assert got.read_bytes()[:4] == b"RIFF"
    sink.stop()


def test_a_program_is_ended_to_stop_it(tmp_path):
    sink = program(tmp_path, "import time; time.sleep(60)")
    sink.start(np.zeros(200_000, np.int16))
    process = sink._process
    assert sink.played() is not None
    sink.stop()
    assert process.returncode is not None
    assert sink.played() is None


def test_a_program_that_can_not_play_is_passed_over(tmp_path, monkeypatch):
    assert program(tmp_path, "import sys; sys.stdin.buffer.read(); sys.exit(1)").failed()
    assert not program(tmp_path, "import sys; sys.stdin.buffer.read()").failed()
    monkeypatch.setattr(sinks, "_PATIENCE", 0.1)
    assert program(tmp_path, "import time; time.sleep(60)").failed()


def portaudio(works: bool):
    library = types.ModuleType("sounddevice")
    library.PortAudioError = type("PortAudioError", (Exception,), {})
    library.active, library.given = True, []

    def check_output_settings(**_):
        if not works:
            raise library.PortAudioError("no device")

    library.check_output_settings = check_output_settings
    library.play = lambda samples, rate: library.given.append((samples, rate))
    library.stop = lambda: setattr(library, "active", False)
    library.get_stream = lambda: types.SimpleNamespace(active=library.active)
    return library


def test_the_sound_device_is_used_where_there_is_no_program(monkeypatch):
    library = portaudio(works=True)
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    monkeypatch.setattr(sinks.shutil, "which", lambda _: None)
    sink = sinks.find()
    sink.start(np.zeros(10, np.int16))
    assert library.given[0][1] == 24_000
    assert sink.played() >= 0
    sink.stop()
    assert sink.played() is None

    def unplugged(samples, rate):
        raise library.PortAudioError("unplugged")

    library.play = unplugged
    with pytest.raises(OSError, match="unplugged"):
        sink.start(np.zeros(10, np.int16))


def test_no_device_at_all_is_no_sink(monkeypatch):
    monkeypatch.setattr(sinks.shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "sounddevice", portaudio(works=False))
    assert sinks.find() is None
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    assert sinks.find() is None


def test_a_program_that_works_is_taken_first(monkeypatch, tmp_path):
    path = tmp_path / "aplay"
    path.write_text(f"#!{sys.executable}\nimport sys; sys.stdin.buffer.read()\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(sinks.shutil, "which", lambda name: str(path) if name == "aplay" else None)
    assert isinstance(sinks.find(), sinks.Command)


def test_a_program_that_went_away_is_no_crash(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, bufsize=0)
    process.wait()
    sinks._feed(process.stdin, b"x" * 1_000_000)
    assert process.stdin.closed
