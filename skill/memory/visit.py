"""One request, as the memory sees it: what it adds before the dialogue, and what it keeps after it.

The store is read once a session, and not before the answer to a question asked in one breath; and it is written when
the place changes, for those who said yes. Between requests the session says how things stand, by one of these words;
those that say something about consent are sealed for this listener and this session.

    given     said yes, and all is written          asked     was asked, so that "yes" is consent
    unsaved   said yes, and the last write failed   none      has not said yes
                                                    away      the memory did not answer
"""

from typing import Any

from ask_sdk_model import RequestEnvelope

from skill.dialogue import remembering
from skill.dialogue.turn import Memory as Standing
from skill.dialogue.turn import Reply, State, Turn
from skill.memory.kept import Kept
from skill.memory.keys import user_id
from skill.memory.memory import Away, Memory

ATTRIBUTE = "memory"
"""The session attribute that holds the word."""

SEALED = ("given", "unsaved", "asked")

NEVER = ("EmergencyIntent", "CrisisIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
"""Whoever says these waits for nothing."""

AT_ONCE = ("LaunchRequest", "AMAZON.ResumeIntent", "RememberIntent")
"""Read even for the first request of a session."""

AGAIN = ("AMAZON.ResumeIntent", "RememberIntent")
"""Ask for what is kept: it is read even when the memory did not answer a moment ago."""


class Visit:
    """One request of one listener."""

    def __init__(self, memory: Memory, envelope: RequestEnvelope) -> None:
        self._memory = memory
        self._envelope = envelope
        self._before: Kept | None = None
        self._word = self._told()

    @property
    def attributes(self) -> dict[str, Any]:
        """What the session is to be told."""
        word = self._word
        if word is None:
            return {}
        return {ATTRIBUTE: self._memory.key.seal(word, self._envelope) if word in SEALED else word}

    def enter(self, state: State, turn: Turn) -> tuple[State, Turn]:
        """The state with what was kept, and the turn with what the memory says of the listener."""
        if user_id(self._envelope) is None:
            self._word = None
            return state, turn
        standing: Standing = "new"
        if state.offer and state.offer.kind == remembering.OFFER and self._word != "asked":
            state = state._replace(offer=None)
        if self._word in ("given", "unsaved"):
            standing, self._before = "kept", Kept.of(state)
        elif self._reads(turn.intent):
            try:
                self._before = self._memory.recall(self._envelope, insist=turn.intent in AGAIN)
            except Away:
                standing, self._word = "away", "away"
            else:
                self._word = "given" if self._before else "none"
                if self._before:
                    standing, state = "kept", self._before.into(state)
        return state, turn._replace(memory=standing)

    def leave(self, reply: Reply) -> Reply:
        """Does what the reply says of keeping; gives the reply to speak."""
        if reply.keep is not None:
            reply = self._done(reply)
        elif self._word in ("given", "unsaved") and reply.open:
            self._follow(Kept.of(reply.state))
        elif self._word == "asked":
            self._word = "none"
        if reply.state.offer and reply.state.offer.kind == remembering.OFFER:
            self._word = "asked"
        return reply

    def _told(self) -> str | None:
        attributes = getattr(self._envelope.session, "attributes", None)
        told = attributes.get(ATTRIBUTE) if isinstance(attributes, dict) else None
        return told if told in ("none", "away") else self._memory.key.unsealed(told, self._envelope)

    def _reads(self, intent: str) -> bool:
        if intent in NEVER or intent == "ForgetIntent" or self._word == "asked":
            return False
        if self._word is not None:
            return intent in AGAIN and (self._word == "away" or intent == "RememberIntent")
        return intent in AT_ONCE or not getattr(self._envelope.session, "new", True)

    def _done(self, reply: Reply) -> Reply:
        try:
            if reply.keep == "yes":
                self._memory.keep(self._envelope, Kept.of(reply.state))
                self._word = "given"
            else:
                self._word = "none"  # whatever happens, no more is written
                self._memory.forget(self._envelope)
        except Away:
            self._word = "none" if self._word == "asked" else self._word
            return reply.otherwise or reply
        return reply

    def _follow(self, kept: Kept) -> None:
        if kept == self._before and self._word == "given":
            return
        try:
            self._word = "given" if self._memory.follow(self._envelope, kept) else "none"
        except Away:
            self._word = "unsaved"
