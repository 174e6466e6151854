"""What a check reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault."""

    file: str
    """Its path in the edition; a file inside a zip after an exclamation mark."""
    place: str
    """Where in it: a frame, a line, a time."""
    fault: str
    """What is wrong, and the mend."""

    def __str__(self) -> str:
        return f"{self.file}, at {self.place}: {self.fault}."


AGAIN = "build the edition again"
"""The mend of whatever only a build can mend."""
