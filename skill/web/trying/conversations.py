"""The conversations on the page. In: the id that a page made up, and a locale. Out: a `Conversation`; none is kept."""

import functools
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ask_sdk_core.skill import CustomSkill

from skill import handlers, page
from skill.simulator import model
from skill.simulator.device import Device, Heard
from skill.simulator.resolver import Resolver

MOST = 50
"""Conversations at once; the one left alone longest makes room."""

MOST_TURNS = 200
"""Turns of one that are remembered, to be saved as a test."""

LEFT_ALONE = 30 * 60
"""Seconds after which a conversation is forgotten."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, and what the page says about it."""

    heard: Heard
    new: bool
    """Whether it opened a session."""
    why: tuple[str, ...]
    """Why it was understood so, a sentence each."""


class Conversation:
    """One page's conversation, a turn at a time. As on Alexa, a session that has closed leaves nothing behind."""

    def __init__(
        self, locale: str, start: Callable[[str], Device], explain: Callable[[Heard], tuple[str, ...]]
    ) -> None:
        self.locale = locale
        self.turns: list[Turn] = []
        self.touched = time.monotonic()
        self._start, self._explain = start, explain
        self._device: Device | None = None
        self._turn = threading.Lock()

    def launch(self) -> Turn:
        """The skill is opened by its name."""
        with self._turn:
            self._device = None
            return self._next(lambda device: device.launch())

    def say(self, utterance: str) -> Turn:
        """Something is said; outside a session, in one breath with the skill's name."""
        with self._turn:
            return self._next(lambda device: device.say(utterance))

    def _next(self, act: Callable[[Device], Heard]) -> Turn:
        new = self._device is None or not self._device.in_session
        if self._device is None or new:
            self._device = self._start(self.locale)
        heard = act(self._device)
        turn = Turn(heard, new, self._explain(heard))
        self.turns = [*self.turns, turn][-MOST_TURNS:]
        return turn


class Conversations:
    """Those that go on, by id. For many threads."""

    def __init__(self, skill: CustomSkill, clock: Callable[[], float] = time.monotonic) -> None:
        self._skill = skill
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], Conversation] = OrderedDict()
        self._lock = threading.Lock()
        self._resolvers: dict[str, Resolver] = {}
        self._learning = threading.Lock()

    def find(self, key: str, locale: str) -> Conversation | None:
        """The conversation of a page, begun if it is new; None where `key` is no UUID or the locale is unknown."""
        if not _is_uuid(key) or locale not in page.locales():
            return None
        with self._lock:
            now = self._clock()
            for each in [each for each, kept in self._known.items() if now - kept.touched > LEFT_ALONE]:
                del self._known[each]
            found = self._known.pop((key, locale), None)
            if found is None:
                found = Conversation(locale, self._device, functools.partial(self._why, locale))
            found.touched = now
            self._known[key, locale] = found
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return found

    def prepare(self, locale: str) -> None:
        """Learns, in the background, what people say in that locale: seconds, when it was never learned here."""
        if locale not in self._resolvers:
            threading.Thread(target=self._resolver, args=(locale,), daemon=True).start()

    def _device(self, locale: str) -> Device:
        return Device(self._resolver(locale), functools.partial(_answer, self._skill), locale)

    def _resolver(self, locale: str) -> Resolver:
        with self._learning:
            if locale not in self._resolvers:
                made = Resolver(model.committed(locale))
                made.learned  # noqa: B018 - learned by one thread, now
                self._resolvers[locale] = made
            return self._resolvers[locale]

    def _why(self, locale: str, heard: Heard) -> tuple[str, ...]:
        from skill.simulator.explaining import explanation  # its nearest sample needs rapidfuzz

        return tuple(explanation(heard.understanding, self._resolver(locale))) if heard.understanding else ()


def _answer(skill: CustomSkill, event: dict[str, object], context: None) -> dict[str, object]:
    return handlers.answer(skill, event, context)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
