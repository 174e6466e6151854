"""Is this long enough to be that text? In: text and sound. Out: nothing, or `SpokenBadly`.

A service that cuts an answer short, or gives a jingle instead, raises no error; a listener would never learn that a
sentence is missing. Speech that is too fast or too slow for its letters is the one sign that needs no recogniser.
The bounds were measured over the page's sentences: the engines here speak 8 to 18 letters a second.
"""

from audio.sound import trimmed
from audio.voices.engine import Samples, SpokenBadly

FASTEST = 30.0
"""Letters and digits a second: half as fast again as the fastest engine's fastest sentence."""

SLOWEST = 4.0
"""Letters and digits a second."""

GRACE = 2.5
"""Seconds that a text may take beyond its letters: digits, and an engine's pauses, have few letters and much sound."""


def check(text: str, samples: Samples, rate: int) -> None:
    """Raises `SpokenBadly` when `samples` can't be all of `text`, or are far more than it."""
    letters = sum(map(str.isalnum, text))
    seconds = len(trimmed(samples, rate)) / rate
    if seconds < letters / FASTEST:
        raise SpokenBadly(f"Only {seconds:.1f} seconds of sound came back for “{text}”, too short to be all of it.")
    if seconds > letters / SLOWEST + GRACE:
        raise SpokenBadly(f"{seconds:.1f} seconds of sound came back for “{text}”, too long to be it alone.")
