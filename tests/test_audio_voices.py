"""What every voice promises, asked of each that is installed; and which is chosen."""

import shutil
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from audio import speaking, voices
from audio.cache import Cache
from audio.edition import Voice
from audio.script import script
from audio.voices import pace
from audio.voices.engine import Engine, Samples, SpokenBadly, VoiceError, VoiceUnavailable
from audio.voices.espeak import VOICES, Espeak
from audio.voices.gtts import ACCENTS
from audio.voices.silent import Silent
from skill import page

SHORT = "Clinical trials."
LONG = "The operation takes out all of the tumour, with some of the normal tissue around it."
HARD = ["A.", "Call nine one one.", "stage 2 B", "Yes!", "l'œil & <b> “it” – 50 gray…"]


@pytest.fixture(scope="module", params=["hibari", "espeak", "espeak library", "piper", "silent"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each voice that works without a network; `test_audio_gtts` asks the other."""
    name = request.param
    with pytest.MonkeyPatch.context() as patch:
        if name == "espeak library":
            patch.setattr("audio.voices.espeak.shutil.which", lambda program: None)
        if name == "espeak" and shutil.which("espeak-ng") is None:
            pytest.skip("the espeak-ng program is not installed; its library is tested")
        if name == "piper":
            pytest.importorskip("piper", reason="the optional extra piper is not installed")
        ((_, make),) = voices.makers(name.partition(" ")[0], "en-CA")
        yield make()


def test_it_says_who_it_is(engine: Engine) -> None:
    assert all((engine.voice.engine, engine.voice.version, engine.voice.voice, engine.voice.accent))
    assert engine.voice.version != "unknown"
    assert engine.voice.engine in voices.NAMES
    assert 8_000 <= engine.rate <= 48_000


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_it_speaks(engine: Engine, text: str) -> None:
    samples = engine.speak(text)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert np.abs(samples).max() <= 1
    assert samples.any() or engine.voice == Silent.voice
    pace.check(text, samples, engine.rate)


def test_more_text_takes_longer(engine: Engine) -> None:
    assert len(engine.speak(LONG)) > 2 * len(engine.speak(SHORT))


def test_the_same_text_gives_the_same_sound(engine: Engine) -> None:
    assert np.array_equal(engine.speak(LONG), engine.speak(LONG))


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_are_spoken_or_refused(engine: Engine, text: str) -> None:
    assert len(engine.speak(text))


@pytest.mark.parametrize("text", ["", " "])
def test_nothing_gives_no_speech(engine: Engine, text: str) -> None:
    try:
        samples = engine.speak(text)
    except VoiceError:
        return
    assert len(samples) < 2 * engine.rate


# ── pace ──


def test_too_little_and_too_much_sound_are_refused() -> None:
    rate = 24_000
    loud = np.sin(np.arange(20 * rate)).astype(np.float32)
    pace.check(LONG, loud[: 5 * rate], rate)
    with pytest.raises(SpokenBadly, match="too short"):
        pace.check(LONG, loud[:rate], rate)
    with pytest.raises(SpokenBadly, match="too short"):
        pace.check(LONG, np.concatenate([loud[:rate], np.zeros(9 * rate, np.float32)]), rate)
    with pytest.raises(SpokenBadly, match="too long"):
        pace.check(SHORT, loud, rate)
    with pytest.raises(SpokenBadly):
        pace.check(SHORT, loud[:0], rate)


# ── the choice ──


class Stub:
    """A voice that fails at one text."""

    rate = 24_000

    def __init__(self, name: str, fails_at: int | None = None) -> None:
        self.voice = Voice(name, "1", "stub", "no")
        self.fails_at = fails_at
        self.said: list[str] = []

    def speak(self, text: str) -> Samples:
        if len(self.said) == self.fails_at:
            raise SpokenBadly(f"{self.voice.engine} failed.")
        self.said.append(text)
        return Silent().speak(text)


def unavailable() -> Engine:
    raise VoiceUnavailable("Not installed.")


def speech(*stubs: Callable[[], Engine] | Stub) -> tuple[speaking.Speech, list[str]]:
    told: list[str] = []
    makers = [(f"voice{n}", (lambda s=stub: s) if isinstance(stub, Stub) else stub) for n, stub in enumerate(stubs)]
    return speaking.speak(script(page.load())[:2], makers, Cache(None), told.append, lambda *_: None), told


def test_one_voice_speaks_everything() -> None:
    first = Stub("first")
    made, told = speech(first, unavailable)
    assert made.voice.engine == "first"
    assert told == ["Spoken by voice0 1, voice stub, no accent."]


@pytest.mark.parametrize("fails_at", [0, 3])
def test_a_voice_that_fails_is_replaced_for_all(fails_at: int) -> None:
    second = Stub("second")
    made, told = speech(Stub("first", fails_at), unavailable, second)
    assert made.voice.engine == "second"
    assert len(made.sounds) == len(second.said) == sum(len(passage.lines) for passage in script(page.load())[:2])
    assert told[:2] == [
        "first failed. The voice0 voice is left; voice1 speaks the whole edition instead.",
        "Not installed. The voice1 voice is left; voice2 speaks the whole edition instead.",
    ]


def test_no_voice_left_is_the_last_ones_error() -> None:
    with pytest.raises(VoiceUnavailable, match="Not installed"):
        speech(Stub("first", 1), unavailable)
    with pytest.raises(VoiceUnavailable, match="No voice"):
        speech()


def test_every_locale_has_an_accent() -> None:
    assert set(ACCENTS) == set(VOICES) == set(page.locales())
    assert {Espeak(locale).voice.accent for locale in page.locales()} == {"American", "British"}


def test_auto_tries_the_network_first() -> None:
    assert [name for name, _ in voices.makers("auto", "en-CA")] == ["gtts", "hibari", "espeak"]


@pytest.mark.parametrize(("name", "package"), [("hibari", "hibari"), ("gtts", "gtts"), ("piper", "piper")])
def test_a_voice_that_is_not_installed_says_how_to(name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    monkeypatch.delitem(__import__("sys").modules, f"audio.voices.{name}", raising=False)
    ((_, make),) = voices.makers(name, "en-CA")
    with pytest.raises(VoiceUnavailable, match="pip install"):
        make()


def test_espeak_that_is_nowhere_says_how_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.voices.espeak.shutil.which", lambda program: "/nonexistent/espeak-ng")
    with pytest.raises(VoiceUnavailable, match=r"pip install"):
        Espeak("en-CA")
