"""Text for the eye → text for any voice: one normaliser for Alexa and for every engine of the audio edition.

In: plain text. Out: plain text that engines read alike, without the signs that they drop or misread: one says
"stage zero I-I-B" for "stage IIB", another forgets the "≥" of "≥ 38 °C". Words come from `words/said.toml`. What is
not known is left as it is: a wrong guess would change what a patient is told. Saying it twice changes nothing.
"""

import functools
import re
from collections.abc import Iterable, Mapping

from skill.measures import measured
from skill.said import one_of, table

_ROMAN: Mapping[str, int] = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10,
}  # fmt: skip
_LOOKALIKES = str.maketrans("μº\u2010\u2011\u2009\u202f\xa0", "µ°--   ")
"""The Greek mu, the ordinal sign, and the hyphens and spaces that don't break."""

_CITATION = re.compile(r"\s*\[\d+(?:[,–-] ?\d+)*\]")
_PLURAL = re.compile(r"(?<=[a-z])\((e?s)\)")
_BRACKETS = re.compile(r"(\s*)[(\[]([^()\[\]]*[^\W\d_][^()\[\]]*)[)\]](?=(\s*)(.?))")
_TNM = re.compile(r"\b([cp]?)T([0-4X])([a-d]?) ?N([0-3X])([a-c]?) ?M([01X])\b")
_STEP = re.compile(rf"({one_of(_ROMAN)}|\d)([A-Da-d]?)(\d?)")


def clause_starts() -> tuple[str, ...]:
    """The words before which a long sentence may be cut."""
    return tuple(table()["clause_starts"])


def said(text: str) -> str:
    """`text` as a voice should be told to say it. Idempotent; sentences without signs stay as they are."""
    text = _PLURAL.sub(r"\1", _CITATION.sub("", text.translate(_LOOKALIKES)))
    text = _short_forms().sub(_short_form, text)
    text = _drips().sub("I V", text)
    text = _TNM.sub(_tnm, _numbered().sub(_numbered_words, text))
    return re.sub(r"  +", " ", _BRACKETS.sub(_commas, measured(text))).strip()


def digit_by_digit(text: str, numbers: Iterable[str]) -> str:
    """`text` with each of `numbers`, and each "9-8-8", in words: "nine one one"; "116 123" keeps its pause."""
    wanted = [number for number in numbers if number[:1].isdigit()]
    either = "|".join(filter(None, (one_of(wanted), r"[0-9](?:-[0-9]){2,}")))
    return re.sub(rf"(?<![\w-])(?:{either})(?![\w-])", _digits, text)


def _digits(match: re.Match[str]) -> str:
    names = table()["digits"]
    groups = match[0].replace("-", "").split()
    return ", ".join(" ".join(names[int(digit)] for digit in group) for group in groups)


@functools.cache
def _short_forms() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-])({one_of(table()['abbreviations'])})(?![\w/])(?=\s*(.?))")


def _short_form(match: re.Match[str]) -> str:
    short, following = match.groups()
    long: str = table()["abbreviations"][short]
    # A short form's own full stop ends the sentence too; "Dr. Lee" and "e.g. Canada" go on.
    ends = short in table()["may_end"] and (not following or following.isupper())
    return f"{long}." if ends else long


@functools.cache
def _drips() -> re.Pattern[str]:
    before = "|".join(rf"(?<=\b{word} )" for word in table()["iv_before"])
    return re.compile(rf"(?:{before})IV\b(?! ?[–-])|\bIV(?= (?:{one_of(table()['iv_after'])})\b)")


@functools.cache
def _numbered() -> re.Pattern[str]:
    step = rf"(?:{one_of(_ROMAN)}|\d)(?:[A-Da-d]\d?)?(?!\w)"
    steps = rf"{step}(?:(?:, | ?[–/-] ?| (?:and|or|to) ){step})*"
    return re.compile(rf"\b((?i:{one_of(table()['numbered'])})) ({steps})(?= ?([\w']*))")


def _numbered_words(match: re.Match[str]) -> str:
    word, steps, following = match.groups()
    if steps == "I" and following and following not in table()["after_one"]:
        return match[0]  # "at that stage I felt": a person speaks
    steps = re.sub(r" ?[–-] ?", f" {table()['to']} ", steps)
    steps = re.sub(r" ?/ ?", f" {table()['and']} ", steps)
    return f"{word} {_STEP.sub(_step, steps)}"


def _step(match: re.Match[str]) -> str:
    number, letter, digit = match.groups()
    return " ".join(filter(None, (str(_ROMAN.get(number, number)), letter.upper(), digit)))


def _tnm(match: re.Match[str]) -> str:
    kind, tumour, letter, nodes, nodes_letter, metastases = match.groups()
    parts = [f"T {tumour} {letter.upper()}", f"N {nodes} {nodes_letter.upper()}", f"M {metastases}"]
    return " ".join(filter(None, (kind.upper(), ", ".join(part.strip() for part in parts))))


def _commas(match: re.Match[str]) -> str:
    """What stood in brackets, between commas; the last one only where the sentence goes on."""
    before, inside, space, following = match.groups()
    if not before and match.start():
        return match[0]  # "neo(adjuvant)": part of a word
    opening = "" if not match.start() else ", "
    if match.string[: match.start()].endswith((",", ".", ";", ":", "?", "!")):
        opening = " "
    inside = inside.strip().rstrip(".") if following in ".,;:?!" and following else inside.strip()
    closing = "" if not following or following in ".,;:?!)" or inside.endswith((".", "?", "!")) else ","
    return f"{opening}{inside}{closing}{'' if space or not following or following in '.,;:?!)' else ' '}"
