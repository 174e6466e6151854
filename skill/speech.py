"""Plain text for the ear: sentences, and SSML. In: plain text. Out: plain text or `Ssml`.

Plain text is the currency of the whole skill. This is the only module that writes a tag or an escape, so a stray
`&` in the words can never make Alexa drop a session (malformed SSML ends it with INVALID_RESPONSE).
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import NewType

Ssml = NewType("Ssml", str)
"""Speech with its tags, ready for Alexa."""

LIMIT = 8000
"""Characters of SSML that Alexa takes in one answer."""

PAUSE_MS = 400
"""Between paragraphs and between the lines of a list; Amazon's guide asks for 350 to 400 ms between options."""

BREAKS_LIMIT_MS = 10_000
"""All breaks of one answer together, by Alexa's rules."""

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[\"“‘]?[A-Z0-9])")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|e\.g|i\.e)\.$")
# White space, controls, and what JSON can carry but XML can't: lone surrogates and two non-characters.
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
# What `skill.saying` may change: digits, signs, capitals in a row, Roman numbers, short forms.
_SIGNS = re.compile(
    r"[^A-Za-zÀ-ÿ\s,.;:?!'\"“”‘-]|[A-Z]{2}|\.[A-Za-z]|\b(?:vs|Dr|etc|approx|incl|[VX])\b"
    r"|\b(?i:stages?|grades?|phases?|types?|class|level|factor) I\b"
)
_NUMBER = re.compile(r"[0-9]+(?: [0-9]+)*")
_BREAK = re.compile(r"<break [^>]*/>")
_TAG_RATE = re.compile(r"</?prosody[^>]*>")


def normalise(text: str) -> str:
    """`text` with every run of white space and control characters made one space, and typographic apostrophes plain."""
    return _BLANKS.sub(" ", text.replace("’", "'")).strip()


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, normalised; a title such as "Dr" does not end one."""
    found: list[str] = []
    for piece in _SENTENCE_END.split(normalise(text)):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] += " " + piece
        elif piece:
            found.append(piece)
    return tuple(found)


def plain(paragraphs: Iterable[str]) -> str:
    """Paragraphs as one line of plain text."""
    return " ".join(filter(None, map(normalise, paragraphs)))


def ssml(paragraphs: Sequence[str], *, rate: int = 100, numbers: Iterable[str] = ()) -> Ssml:
    """Paragraphs as SSML, a pause between each two.

    rate: per cent of the voice's own speed. numbers: telephone numbers that are said digit by digit.
    Only `break`, `prosody rate` and `say-as` are used: `emphasis` and `pitch` would switch to a legacy voice.
    """
    texts = [
        _digits(html.escape(_said(normalise(text)), quote=False), numbers) for text in paragraphs if normalise(text)
    ]
    # More lines than the breaks allowed: shorter pauses, rather than an answer that Alexa refuses.
    pause = min(PAUSE_MS, BREAKS_LIMIT_MS // max(1, len(texts)))
    body = f'<break time="{pause}ms"/>'.join(texts)
    if rate != 100:
        body = f'<prosody rate="{rate}%">{body}</prosody>'
    return Ssml(f"<speak>{body}</speak>")


def _said(text: str) -> str:
    """`text` as a voice should be told to say it: see `skill.saying`, which a cold start does without where it can."""
    if not _SIGNS.search(text):
        return text
    from skill.saying import said

    return said(text)


def _digits(escaped: str, numbers: Iterable[str]) -> str:
    """`escaped` with each of `numbers` marked to be said digit by digit; "116 123" keeps its pause."""
    # Where the country is not known, words stand in place of a number: nothing to say digit by digit.
    wanted = sorted(filter(_NUMBER.fullmatch, set(numbers)), key=len, reverse=True)
    if not wanted:
        return escaped
    pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)"

    def mark(match: re.Match[str]) -> str:
        return " ".join(f'<say-as interpret-as="digits">{group}</say-as>' for group in match[0].split())

    return re.sub(pattern, mark, escaped)


def heard(spoken: str) -> str:
    """What a listener hears of SSML, as plain text: tags gone, escapes undone, a break heard as a space.

    Raises `xml.etree.ElementTree.ParseError` when the SSML is not well formed.
    """
    from xml.etree import ElementTree  # for listeners on one's own machine; a Lambda cold start does without

    root = ElementTree.fromstring(spoken)  # noqa: S314 - our own output, never a stranger's XML
    for element in root.iter("break"):
        element.tail = " " + (element.tail or "")
    return normalise("".join(root.itertext()))


def heard_lines(spoken: str) -> tuple[str, ...]:
    """What a listener hears of our SSML, a new line at each pause. Raises `ParseError` as `heard` does."""
    return tuple(heard(f"<speak>{_TAG_RATE.sub('', piece)}</speak>") for piece in _BREAK.split(_inside(spoken)))


def _inside(spoken: str) -> str:
    return spoken.removeprefix("<speak>").removesuffix("</speak>")
