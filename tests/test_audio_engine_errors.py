"""No engine's own error passes its border: each becomes a `VoiceError`."""

import pytest

from audio import voices
from audio.voices import mp3
from audio.voices.engine import SpokenBadly, VoiceUnavailable
from tests.speech_service import tone


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("broken")


@pytest.mark.parametrize(("name", "loads"), [("hibari", "hibari.Hibari"), ("piper", "piper.PiperVoice.load")])
def test_a_model_that_does_not_start(name: str, loads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(name, reason="an optional extra that is not installed")
    ((_, make),) = voices.makers(name, "en-CA")
    working = make()
    monkeypatch.setattr(working, "_speaker", broken)
    if name == "hibari":
        with pytest.raises(SpokenBadly, match="broken"):
            working.speak("Yes.")
    monkeypatch.setattr(loads, broken)
    with pytest.raises(VoiceUnavailable, match="did not start"):
        make()


def test_mp3_that_a_decoder_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tone(0.5)
    with pytest.raises(SpokenBadly):
        mp3.decoded(b"".join((whole[:4], bytes(len(whole) - 4))))
    # Right headers, nothing in them that is as long as they say.
    monkeypatch.setattr(mp3, "duration", lambda data: 5.0)
    with pytest.raises(SpokenBadly, match="not all of it"):
        mp3.decoded(whole)
