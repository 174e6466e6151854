"""A script → its speech. In: lines, engines to try in turn, a cache. Out: a `Speech` by one voice, or a `VoiceError`.

`auto` needs no separate probe: the first line that is not in the cache is one. So a build with nothing new asks
nothing of a service, and one new sentence costs one request.
"""

from collections.abc import Callable, Sequence

from audio.assemble import Speech
from audio.cache import Cache
from audio.script import Passage
from audio.voices import Maker, pace
from audio.voices.engine import Engine, VoiceError, VoiceUnavailable

Say = Callable[[str], None]
"""Takes one sentence for the person who builds."""

Progress = Callable[[int, int, str], None]
"""Takes how many lines are done, how many there are, and the one that comes next."""


def speak(
    passages: Sequence[Passage], makers: Sequence[tuple[str, Maker]], cache: Cache, say: Say, progress: Progress
) -> Speech:
    """All lines spoken by the first engine that can say every one. Raises the last one's `VoiceError`."""
    texts = [line.said for passage in passages for line in passage.lines]
    last: VoiceError = VoiceUnavailable("No voice was named.")
    for number, (name, make) in enumerate(makers, start=1):
        try:
            engine = make()
            speech = _all(engine, texts, cache, progress)
        except VoiceError as error:
            last = error
            if number < len(makers):
                say(f"{error} The {name} voice is left; {makers[number][0]} speaks the whole edition instead.")
            continue
        say(f"Spoken by {name} {engine.voice.version}, voice {engine.voice.voice}, {engine.voice.accent} accent.")
        return speech
    raise last


def _all(engine: Engine, texts: Sequence[str], cache: Cache, progress: Progress) -> Speech:
    sounds = []
    for number, text in enumerate(texts):
        progress(number, len(texts), text)
        sound = cache.get(engine.voice, engine.rate, text)
        if sound is None:
            spoken = engine.speak(text)
            # What is not the text must not get into the cache, where it would stay.
            pace.check(text, spoken, engine.rate)
            sound = cache.put(engine.voice, engine.rate, text, spoken)
        sounds.append(sound)
    progress(len(texts), len(texts), "")
    return Speech(engine.voice, engine.rate, tuple(sounds))
