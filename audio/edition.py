"""An audio edition in memory: what voices make and what publications are made from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from skill import naming
from skill.page import Page, Topic

RATE = 24_000
"""Samples a second, mono: what Alexa, MPEG-2 layer III and every engine here have in common."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A heading or a sentence, and when it is heard."""

    text: str
    """As it is written, not as the engine was told to say it."""
    kind: Literal["heading", "sentence"]
    start: float
    """Seconds from the start of its section's audio."""
    end: float
    """Seconds; the pause that follows is not part of it."""


@dataclass(frozen=True, slots=True)
class Section:
    """One topic, spoken."""

    topic: Topic
    parent: Topic | None
    spoken: tuple[Spoken, ...]
    """Its heading, then its sentences."""
    samples: NDArray[np.float32]
    """Mono at `RATE`, -1 to 1, at the edition's loudness; ends with the pause that follows the section."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / RATE

    @property
    def title(self) -> str:
        """The title with its parent's: "Local recurrence - Surgery"."""
        return naming.title(self.topic, self.parent)

    @property
    def stem(self) -> str:
        """The file name without its ending: "03 Local recurrence - Surgery"."""
        return naming.stem(self.topic, self.parent)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who spoke."""

    engine: str
    version: str
    voice: str
    accent: str
    """As a listener would call it: "American", "Canadian"."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole page, spoken by one voice."""

    page: Page
    voice: Voice
    sections: tuple[Section, ...]
    """In page order."""
