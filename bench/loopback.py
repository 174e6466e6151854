"""The tests' own servers, certificates and callers, for the bench. What Amazon signs is signed here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))

from abuse import abused
from alexa_requests import SKILL_ID, as_bytes, envelope
from child import JSON, Child, headers, verified
from fuzz import storm

__all__ = ["JSON", "SKILL_ID", "Child", "abused", "asking", "headers", "storm", "verified"]


def asking(intent: str) -> bytes:
    """The body of a request for an intent, sent now."""
    return as_bytes(envelope(intent=intent))
