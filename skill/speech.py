"""Plain text for the ear: sentences, and SSML. In: plain text. Out: plain text or `Ssml`.

Plain text is the currency of the whole skill. This is the only module that writes a tag or an escape, so a stray
`&` in the words can never make Alexa drop a session (malformed SSML ends it with INVALID_RESPONSE).
"""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import NewType

log = logging.getLogger(__name__)

Ssml = NewType("Ssml", str)
"""Speech with its tags, ready for Alexa."""

LIMIT = 8000
"""Characters of SSML that Alexa takes in one answer."""

PAUSE_MS = 400
"""Between paragraphs and between the lines of a list; Amazon's guide asks for 350 to 400 ms between options."""

BREAKS_LIMIT_MS = 10_000
"""All breaks of one answer together, by Alexa's rules."""

# Patterns are compiled when they are first used: a cold start does without them.
_SENTENCE_END = r"(?<=[.?!])\s+(?=[\"“‘]?[A-Z0-9])"
_ABBREVIATION = r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|e\.g|i\.e)\.$"
# White space, controls, and what JSON can carry but XML can't: lone surrogates and two non-characters.
_BLANKS = r"[\s\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+"
# What `skill.saying` may change: digits, signs, capitals in a row, and short forms, which these words may belong to.
# Three patterns and not one: a search for one of three is ten times as slow. (And [A-Z]{2} is twice as slow as this.)
_SIGNS = (r"[^A-Za-zÀ-ÿ\s,.;:?!'\"“”‘-]", r"[A-Z][A-Z]", r"\.[A-Za-z]")
_SHORT_FORMS = frozenset(
    "vs dr etc approx incl stage stages grade grades phase phases type types class level factor".split()
)
_NUMBER = r"[0-9]+(?: [0-9]+)*"
_BREAK = r"<break [^>]*/>"
_TAG_RATE = r"</?prosody[^>]*>"


def normalise(text: str) -> str:
    """`text` with every run of white space and control characters made one space, and typographic apostrophes plain."""
    plain_text = text.replace("’", "'")
    if plain_text.isprintable() and "  " not in plain_text:  # as nearly every text is
        return plain_text.strip()
    return re.sub(_BLANKS, " ", plain_text).strip()


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, normalised; a title such as "Dr" does not end one."""
    found: list[str] = []
    for piece in re.split(_SENTENCE_END, normalise(text)):
        if found and re.search(_ABBREVIATION, found[-1]):
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
    lines = list(filter(None, map(normalise, paragraphs)))
    if may_need_saying("\n".join(lines)):
        lines = list(map(_said, lines))
    texts = [_digits(_escaped(line), numbers) for line in lines]
    # More lines than the breaks allowed: shorter pauses, rather than an answer that Alexa refuses.
    pause = min(PAUSE_MS, BREAKS_LIMIT_MS // max(1, len(texts)))
    body = f'<break time="{pause}ms"/>'.join(texts)
    if rate != 100:
        body = f'<prosody rate="{rate}%">{body}</prosody>'
    return Ssml(f"<speak>{body}</speak>")


def may_need_saying(text: str) -> bool:
    """Whether `skill.saying` could change `text`; False is sure."""
    if any(re.search(sign, text) for sign in _SIGNS):
        return True
    lowered = text.lower()
    return any(map(lowered.__contains__, _SHORT_FORMS)) and not _SHORT_FORMS.isdisjoint(re.findall("[a-z]+", lowered))


def _said(text: str) -> str:
    """`text` as a voice should be told to say it: see `skill.saying`, which a cold start does without where it can."""
    if not may_need_saying(text):
        return text
    from skill.saying import said

    try:
        return said(text)
    except OSError:  # its table can't be read: an emergency number as it is written is better than an apology
        log.error("how signs are said can't be read: a text was spoken as it is written")
        return text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _digits(escaped: str, numbers: Iterable[str]) -> str:
    """`escaped` with each of `numbers` marked to be said digit by digit; "116 123" keeps its pause."""
    # Where the country is not known, words stand in place of a number: nothing to say digit by digit.
    spoken = {each for each in numbers if each in escaped and re.fullmatch(_NUMBER, each)}
    wanted = sorted(spoken, key=len, reverse=True)
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
    return tuple(heard(f"<speak>{re.sub(_TAG_RATE, '', piece)}</speak>") for piece in re.split(_BREAK, _inside(spoken)))


def rate(spoken: str) -> int:
    """The speed of our SSML, in per cent of the voice's own."""
    found = re.search(r'<prosody rate="(\d+)%">', spoken)
    return int(found[1]) if found else 100


def _inside(spoken: str) -> str:
    return spoken.removeprefix("<speak>").removesuffix("</speak>")
