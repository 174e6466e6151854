"""How hearing is counted: the measures of `make hear`, by hand; and a few questions from a voice to an answer."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from clips import spoken, wav

from audio.voices import makers
from bench import heard_back
from bench.judging import is_section
from bench.spoken import noisy, questions
from skill.__main__ import main
from skill.voice import wav as reader

Printed = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("wanted", "got", "count"),
    [
        ("", "", 0),
        ("one two three", "one two three", 0),
        ("one two three", "one three", 1),
        ("one two", "one and two", 1),
        ("one two three", "one too three", 1),
        ("one two three", "", 3),
        ("", "you", 1),
        ("a b c d", "b c d e", 2),
    ],
)
def test_errors_are_counted_in_words(wanted: str, got: str, count: int) -> None:
    assert heard_back.errors(wanted.split(), got.split()) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Local recurrence: surgery.", "local recurrence surgery"),
        ("The tumour’s edge", "the tumors edge"),
        ("your healthcare team", "your healthcare team"),
        ("your health care team", "your healthcare team"),
        ("November 23rd, 2026", "november 23 2026"),
        ("well-known", "well known"),
        ("they don't work any more", "they dont work anymore"),
        ("any moreover", "any moreover"),
        ("the societies", "the societies"),
    ],
)
def test_spelling_is_forgiven_and_nothing_else(text: str, words: str) -> None:
    assert " ".join(heard_back.normalised(text)) == words


def test_the_questions_are_forty_and_twelve() -> None:
    inside, outside = questions()
    assert (len(inside), len(outside)) == (40, 12)
    assert all(is_section(line.label) for line in inside)
    assert len({line.say for line in (*inside, *outside)}) == 52


def test_noise_is_as_soft_as_it_is_said_to_be() -> None:
    clip = spoken("what about surgery", before=0, after=0).astype("float32")
    added = noisy(clip, 0) - clip
    speech = clip[abs(clip) > 0.01 * abs(clip).max()]
    assert (speech**2).mean() / (added**2).mean() == pytest.approx(10, rel=0.1)


def espeak(text: str) -> bytes:
    ((_, make),) = makers("espeak", "en-GB")
    engine = make()
    return reader.write(engine.speak(text), engine.rate)


@pytest.mark.parametrize(
    ("said", "says", "topic"),
    [
        ("tell me about clinical trials", lambda text: wav(spoken(text)), "clinical_trials"),
        ("what if I don't want any treatment", lambda text: wav(spoken(text, 48_000), 48_000, 24, 2), "no_treatment"),
        ("tell me about surgery", espeak, "surgery"),
        ("are there any clinical trials", espeak, "clinical_trials"),
        ("who won the hockey game last night", lambda text: wav(spoken(text)), None),
    ],
)
def test_a_spoken_question_gets_its_section(
    said: str, says: Callable[[str], bytes], topic: str | None, tmp_path: Path, capsys: Printed
) -> None:
    recording = tmp_path / "question.wav"
    recording.write_bytes(says(said))
    assert main(["ask", "--json", "--wav", str(recording)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["topic"] == topic, told["heard"]
