"""The dialogue's state as Alexa's session attributes, and back. In: JSON that a device sent. Out: a valid `State`.

Session attributes come back from outside, so anything in them may be missing, of another type, or made up: such an
entry is left out, and the listener merely starts afresh there.
"""

from collections.abc import Mapping
from typing import Any

from skill.dialogue.turn import TEXT_SIZES, Offer, State
from skill.topics import TREATMENTS

_LONGEST = 4000
"""Characters of one remembered line; ours are far shorter."""

_LARGEST = 1_000_000


def save(state: State) -> dict[str, Any]:
    """The attributes to send; entries that hold nothing are left out."""
    # By identity: the first sentence is number 0, which equals False.
    kept = {name: value for name, value in state._asdict().items() if value is not None and value is not False}
    if not state.said:
        del kept["said"]
    if state.offer is not None:
        kept["offer"] = state.offer._asdict()
    return kept


def restore(attributes: Mapping[str, Any] | None) -> State:
    """The state in `attributes`; what does not fit is left out."""
    kept = attributes if isinstance(attributes, Mapping) else {}
    said, asking = kept.get("said"), kept.get("asking")
    rate = _number(kept.get("rate"))
    return State(
        reading=_text(kept.get("reading")), part=_number(kept.get("part")) or 0,
        sentence=_number(kept.get("sentence")), following=kept.get("following") is True,
        asking=asking if asking in TREATMENTS else None, rate=rate if rate is not None and 20 <= rate <= 200 else 100,
        misses=_number(kept.get("misses")) or 0, introduced=kept.get("introduced") is True,
        size=size if (size := _number(kept.get("size"))) is not None and size < len(TEXT_SIZES) else None,
        offer=_offer(kept.get("offer")),
        said=tuple(filter(None, map(_text, said))) if isinstance(said, list | tuple) else (),
        question=_text(kept.get("question")), reprompt=_text(kept.get("reprompt")), spoke=_text(kept.get("spoke")),
    )  # fmt: skip


def _offer(value: object) -> Offer | None:
    if not isinstance(value, Mapping):
        return None
    kind = _text(value.get("kind"))
    return Offer(kind, _text(value.get("of")) or "") if kind else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else None
