"""The key: who a listener is, without their id; and seals on what a session says about consent.

In: a secret and a request. Out: HMAC-SHA-256 digests. Whoever has the stored table but not the key can't tell whose a
row is, nor whether somebody known to them is in it.
"""

import hmac

from ask_sdk_model import RequestEnvelope

SHORTEST = 16
"""Characters of a key. A shorter one could be found by trying."""


class Key:
    """One secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def listener(self, envelope: RequestEnvelope) -> str:
        """What stands for the listener in a store. Raises ValueError when the request does not say whose it is."""
        user = user_id(envelope)
        if user is None:
            raise ValueError("the request names no user")
        return self._digest("listener", user)

    def seal(self, word: str, envelope: RequestEnvelope) -> str:
        """`word` as this skill alone can write it, for this listener in this session."""
        found = getattr(envelope.session, "session_id", None)
        return f"{word} {self._digest('seal', word, user_id(envelope) or '', str(found))}"

    def unsealed(self, sealed: object, envelope: RequestEnvelope) -> str | None:
        """The word in a seal; None when it is not our seal, or was made for another listener or session."""
        if not isinstance(sealed, str):
            return None
        word = sealed.partition(" ")[0]
        # As bytes: compare_digest takes no other letters than ASCII in texts.
        same = hmac.compare_digest(sealed.encode(errors="replace"), self.seal(word, envelope).encode(errors="replace"))
        return word if same else None

    def _digest(self, *parts: str) -> str:
        told = "\0".join(parts).encode(errors="replace")
        return hmac.new(self._secret, told, "sha256").hexdigest()


def user_id(envelope: RequestEnvelope) -> str | None:
    """The id that Amazon gives a customer of this skill; a skill event has it in its context alone."""
    for holder in (getattr(envelope.context, "system", None), envelope.session):
        found = getattr(getattr(holder, "user", None), "user_id", None)
        if isinstance(found, str) and found:
            return found
    return None
