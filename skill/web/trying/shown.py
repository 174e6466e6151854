"""A turn as the page takes it. In: a `Turn`. Out: an object for JSON."""

from typing import Any

from skill.web.trying.conversations import Turn


def shown(turn: Turn, heard: str | None = None) -> dict[str, Any]:
    """`heard`: the words that were recognised, when it was spoken."""
    said, understood = turn.heard, turn.heard.understanding
    return {
        "utterance": said.utterance,
        "heard": heard,
        "intent": said.intent,
        "slots": [
            {"name": name, "id": filled.id if filled else None, "heard": filled.heard if filled else None}
            for name, filled in (understood.slots.items() if understood else ())
        ],
        "runner_up": understood.runner_up if understood else None,
        "margin": round(understood.margin, 4) if understood and understood.runner_up else None,
        "why": turn.why,
        "topic": said.topic,
        "speech": said.speech,
        "lines": said.lines,
        "reprompt": said.reprompt,
        "card": said.card["title"] if said.card else None,
        "open": said.open,
        "new": turn.new,
        "request": said.request,
        "response": said.response,
    }
