"""The voices: which there are, and which are tried in turn. In: an engine's name and a locale. Out: engines to try.

An edition has one voice. So a voice that fails, at its start or half-way, is replaced by the next for all of it.
Each engine stands in its own module and is loaded when it is tried.
"""

from collections.abc import Callable

from audio.voices.engine import Engine, VoiceUnavailable
from skill.extras import how_to_add

Maker = Callable[[], Engine]
"""Starts an engine. Raises `VoiceUnavailable`."""

NAMES = ("gtts", "hibari", "espeak", "piper", "silent")

AUTO = ("gtts", "hibari", "espeak")
"""The order of `auto`: the voice with each country's accent first, if the network has it; then what is on the disk."""


def makers(engine: str, locale: str) -> tuple[tuple[str, Maker], ...]:
    """The engines to try in turn, by name. `engine`: "auto" or one of `NAMES`."""
    names = AUTO if engine == "auto" else (engine,)
    return tuple((name, lambda name=name: _make(name, locale)) for name in names)


def _make(name: str, locale: str) -> Engine:
    try:
        return _start(name, locale)
    except ImportError as error:
        extras = "audio,piper" if name == "piper" else "audio"
        raise VoiceUnavailable(f"The {name} voice is not installed: run {how_to_add(extras)}.") from error


def _start(name: str, locale: str) -> Engine:

    match name:
        case "gtts":
            from audio.voices.gtts import Gtts

            return Gtts(locale)
        case "hibari":
            from audio.voices.hibari import Hibari

            return Hibari()
        case "espeak":
            from audio.voices.espeak import Espeak

            return Espeak(locale)
        case "piper":
            from audio.voices.piper import Piper

            return Piper()
        case _:
            from audio.voices.silent import Silent

            return Silent()
