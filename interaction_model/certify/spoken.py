"""What a response says: its SSML taken apart, whoever wrote it. In: an `outputSpeech`. Out: `Spoken`."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

PREFIXES = ("amazon", "alexa")
"""Of Amazon's own tags; Amazon binds them to no namespace."""

STRENGTHS = {"none": 0, "x-weak": 0, "weak": 100, "medium": 250, "strong": 500, "x-strong": 1000}
"""Break strength → milliseconds, about; Amazon gives none but orders them."""

_SENTENCE_END = r"(?<=[.?!:;])\s+"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the SSML."""

    name: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is said between two breaks."""

    text: str
    pause: float
    """The break after it, milliseconds."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A speech."""

    raw: str
    """As it was sent, tags and all."""
    well_formed: bool
    pieces: tuple[Piece, ...]
    tags: tuple[Tag, ...]

    @property
    def text(self) -> str:
        """What is heard."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def asks(self) -> bool:
        """Whether it ends with a question."""
        return self.text.endswith("?")

    @property
    def sentences(self) -> list[str]:
        """What is said in one breath each: a break ends a sentence too."""
        return [each for piece in self.pieces for each in re.split(_SENTENCE_END, piece.text) if each]


NOTHING = Spoken("", True, (), ())


def read(speech: Any) -> Spoken:
    """The speech; `NOTHING` for none, or for something that is no speech at all."""
    if not isinstance(speech, dict):
        return NOTHING
    if isinstance(text := speech.get("text"), str):
        return Spoken(text, True, (Piece(_plain(text), 0),), ())
    ssml = speech.get("ssml")
    return _ssml(ssml) if isinstance(ssml, str) else NOTHING


@lru_cache(maxsize=10_000)
def _ssml(ssml: str) -> Spoken:
    bound = "".join(f' xmlns:{each}="{each}"' for each in PREFIXES)
    try:
        if "<!" in ssml:  # a comment or an entity, which Amazon's reader does not know
            raise ElementTree.ParseError
        root = ElementTree.fromstring(re.sub(r"^\s*<speak", f"<speak{bound}", ssml, count=1))  # noqa: S314 - no entities
    except ElementTree.ParseError:
        return Spoken(ssml, False, (), ())
    tags = tuple(Tag(_name(each), dict(each.attrib)) for each in root.iter())
    return Spoken(ssml, root.tag == "speak", tuple(_pieces(root)), tags)


def pause(tag: Tag) -> float:
    """The length of a break, milliseconds."""
    told = re.fullmatch(r"\+?(\d+(?:\.\d+)?)(ms|s)", tag.attributes.get("time", ""))
    if told:
        return float(told[1]) * (1000 if told[2] == "s" else 1)
    return STRENGTHS.get(tag.attributes.get("strength", "medium"), 250)


def _pieces(root: ElementTree.Element) -> list[Piece]:
    made: list[Piece] = []
    said = ""
    ahead: list[ElementTree.Element | str] = [root]
    while ahead:  # no recursion: another skill's tags may be nested as deeply as they like
        here = ahead.pop()
        if isinstance(here, str):
            said += here
            continue
        if _name(here) == "break":
            made.append(Piece(_plain(said), pause(Tag("break", dict(here.attrib)))))
            said = ""
        said += here.text or ""
        for child in here[::-1]:
            ahead += (child.tail or "", child)
    made.append(Piece(_plain(said), 0))
    return [piece for piece in made if piece.text]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _name(element: ElementTree.Element) -> str:
    return element.tag.replace("{", "").replace("}", ":")
