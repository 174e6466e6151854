"""Remember the signers of chains that were fetched and judged, for a bounded time and in a bounded number.

In: a path. Out: its `Signer`; or `Refused`.

Who posts to /alexa chooses the path, before anything is proved. So:
- one fetch at a time per path, and everybody who asks for it meanwhile waits for that one;
- few fetches at a time in all, so that made-up paths cannot occupy every thread; listeners whose chain is known do not
  notice, because those chains are answered from memory;
- a failure is kept apart from the good ones (made-up paths push no good chain out) and for a few seconds only: enough
  to stop a flood of fetches, short enough that a hiccup of the store is over with the listener's next try.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Thread

from skill.web.chain import Signer
from skill.web.errors import Refused

MOST_KEPT = 16
"""Amazon uses one chain at a time; a few more while it changes over."""
LONGEST_KEPT = timedelta(hours=24)
"""No revocation list is read, so a chain that Amazon has withdrawn must not live on here until it expires (a year):
after a day the store is asked again. One small fetch a day costs one listener a fifth of a second."""
FAILURE_KEPT = timedelta(seconds=5)
FETCHES_AT_ONCE = 2
PATIENCE_SECONDS = 5.0
"""Longest wait for a fetch, one's own or another's. It bounds name look-up too, which has no time-out of its own."""


@dataclass(frozen=True)
class _Kept:
    outcome: Signer | Refused
    until: datetime


class SignerCache:
    """Thread-safe. `load` makes a signer for a path or raises `Refused`; `clock` gives the aware time."""

    def __init__(
        self,
        load: Callable[[str], Signer],
        clock: Callable[[], datetime],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._load = load
        self._clock = clock
        self._patience = patience_seconds
        self._lock = Lock()
        self._good: OrderedDict[str, _Kept] = OrderedDict()
        self._bad: OrderedDict[str, _Kept] = OrderedDict()
        self._pending: dict[str, Future[Signer | Refused]] = {}

    def __len__(self) -> int:
        """How many outcomes are kept, good and bad."""
        with self._lock:
            return len(self._good) + len(self._bad)

    def get(self, path: str) -> Signer:
        """The signer of the chain at `path`, from memory or freshly made. Raises `Refused`."""
        outcome = self._remembered_or_pending(path)
        if isinstance(outcome, Future):
            try:
                outcome = outcome.result(self._patience)
            except TimeoutError:
                raise Refused("certificate fetch") from None
        if isinstance(outcome, Refused):
            raise Refused(outcome.category)  # a new one: an exception shared between threads mixes their traces
        return outcome

    def _remembered_or_pending(self, path: str) -> Signer | Refused | Future[Signer | Refused]:
        with self._lock:
            now = self._clock()
            for kept in (self._good, self._bad):
                if path in kept:
                    if now < kept[path].until:
                        kept.move_to_end(path)
                        return kept[path].outcome
                    del kept[path]
            if path in self._pending:
                return self._pending[path]
            if len(self._pending) >= FETCHES_AT_ONCE:
                return Refused("too many certificate fetches")
            # On a thread of its own, so that whoever waits can stop waiting. Started before it is registered: should
            # no thread be had, nothing stays pending; and it cannot finish before we let go of the lock.
            pending: Future[Signer | Refused] = Future()
            Thread(target=self._fill, args=(path, pending), name="certificate-chain", daemon=True).start()
            self._pending[path] = pending
            return pending

    def _fill(self, path: str, pending: "Future[Signer | Refused]") -> None:
        outcome: Signer | Refused
        try:
            outcome = self._load(path)
        except Refused as refused:
            outcome = refused
        except Exception:  # a fault of ours must end as a refusal too, never as a wait without end
            outcome = Refused("certificate chain")
        with self._lock:
            now = self._clock()
            if isinstance(outcome, Signer):
                self._keep(self._good, path, _Kept(outcome, min(outcome.expires, now + LONGEST_KEPT)))
            else:
                self._keep(self._bad, path, _Kept(outcome, now + FAILURE_KEPT))
            del self._pending[path]
        pending.set_result(outcome)

    @staticmethod
    def _keep(kept: "OrderedDict[str, _Kept]", path: str, entry: _Kept) -> None:
        kept[path] = entry
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
