"""The seam between the skill and a store: four questions, each with a time limit; no fault of a store gets through."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ask_sdk_model import RequestEnvelope

from skill.memory.kept import Kept
from skill.memory.keys import Key
from skill.memory.store import Store, Unavailable

log = logging.getLogger(__name__)

LIMIT = 1.0
"""Seconds that a store has. A listener waits at most twice that; Alexa gives up after 8."""

REST = 10.0
"""Seconds for which a store that failed is left alone, so that a slow one slows down one answer and not all."""

Answer = TypeVar("Answer")


class Away(Exception):
    """The memory does not answer now."""


class Memory:
    """What is kept of listeners. `stores`: the one in use first; others hold what was kept under an earlier key."""

    def __init__(
        self, key: Key, stores: Sequence[Store], *, limit: float = LIMIT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.key = key
        self._store, *self._earlier = stores
        self._limit = limit
        self._clock = clock
        self._rests_until = float("-inf")

    def recall(self, envelope: RequestEnvelope, *, insist: bool = False) -> Kept | None:
        """What is kept of the listener, or None. Raises `Away`."""
        return self._within("reading", lambda: self._recall(envelope), insist=insist)

    def keep(self, envelope: RequestEnvelope, kept: Kept) -> None:
        """Keeps it from now on: the listener has just said yes. Raises `Away`."""
        self._within("keeping", lambda: self._store.save_attributes(envelope, kept.attributes()), insist=True)

    def follow(self, envelope: RequestEnvelope, kept: Kept) -> bool:
        """Keeps it if something is kept already; else gives False. Raises `Away`."""
        return self._within("writing", lambda: self._store.update_attributes(envelope, kept.attributes()))

    def forget(self, envelope: RequestEnvelope) -> None:
        """Deletes all that is kept of the listener. Raises `Away`."""

        def delete() -> None:
            for store in (self._store, *self._earlier):
                store.delete_attributes(envelope)

        self._within("deleting", delete, insist=True)

    def _recall(self, envelope: RequestEnvelope) -> Kept | None:
        found = self._store.get_attributes(envelope)
        for store in self._earlier:
            earlier = {} if found else store.get_attributes(envelope)
            if earlier:  # the key was changed since: it moves to the new one
                self._store.save_attributes(envelope, earlier)
                store.delete_attributes(envelope)
                found = earlier
        kept = Kept.restored(found) if found else None
        if found and kept is None:
            log.warning("memory: what was read is nothing of ours; it is taken for nothing")
        return kept

    def _within(self, doing: str, call: Callable[[], Answer], *, insist: bool = False) -> Answer:
        """The call's answer, if it comes in time. `insist`: the listener asked for it, so a resting store is tried."""
        if self._clock() < self._rests_until and not insist:
            raise Away
        done: list[Answer] = []
        failed: list[Exception] = []

        def work() -> None:
            try:
                done.append(call())
            except Exception as error:  # whatever a store raises, the listener is answered
                failed.append(error)

        # A thread of its own for each: one that hangs for ever must not hold up the next, nor the end of the process.
        worker = threading.Thread(target=work, name=f"memory {doing}", daemon=True)
        worker.start()
        worker.join(self._limit)
        if done:
            self._rests_until = float("-inf")
            return done[0]
        self._rests_until = self._clock() + REST
        log.error("memory: %s failed: %s", doing, _reason(failed[0]) if failed else f"no answer in {self._limit:g} s")
        raise Away


def _reason(error: Exception) -> Any:
    # The message of any other error than ours can quote what was read.
    return error if isinstance(error, Unavailable) else type(error).__name__
