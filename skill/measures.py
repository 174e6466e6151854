"""Numbers and what is counted: ranges, signs, units, fractions. In and out: plain text; `saying` puts it together.

A hyphen between two numbers may be a telephone number, a date or a score, so it is said as "to" only before a unit.
"""

import functools
import re
from collections.abc import Callable

from skill.said import one_of, table

_NUMBER = r"\d+(?:[.,]\d+)*"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def measured(text: str) -> str:
    """`text` with its measures in words."""
    for pattern, words in _rules():
        text = pattern.sub(words, text)
    return text


@functools.cache
def _rules() -> tuple[Rule, ...]:
    """In the order that they are used: a range before the sign in front of it, and units last."""
    words = table()
    unit = rf"(?:{one_of(words['units'])})(?![\w²³])"
    counted = rf"(?=[ -]?(?:{unit}|(?:{one_of(words['counted'])})\b))"
    same = rf"(?: ?{unit})?"  # "10 cm – 15 cm" says its unit once
    start = r"(?<![\w.,/–-])"
    end = r"(?![\d–-])"
    return (
        (re.compile(rf"(\d ?)?({one_of(words['fractions'])})"), _fraction),
        (re.compile(r"(\d) ?[×x] ?10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)"), _power),
        (re.compile(r"(?<![\d/])(\d{2,3})/(\d{2,3})(?= ?mm ?Hg\b)"), _joined("over")),
        (re.compile(rf"({_NUMBER}){same} ?[×x] ?(?=({_NUMBER}))"), _by),
        (re.compile(rf"{start}({_NUMBER}){same} ?– ?({_NUMBER}){counted}"), _joined("to")),
        (re.compile(rf"{start}({_NUMBER}) ?– ?({_NUMBER}){end}"), _dash),
        (re.compile(rf"{start}({_NUMBER}){same} ?- ?({_NUMBER}){counted}"), _joined("to")),
        (re.compile(rf"(?:(?<![\w)])−|(?:^|(?<=\s))-)(?={_NUMBER} ?{unit})|(?<![\w)])−(?=\d)"), _minus),
        (re.compile(rf"({one_of(words['signs'])}) ?(?=[.\d]|minus )"), _sign),
        (re.compile(rf"(?<![\w.,$£€])({_NUMBER}|\.\d+)[ -]?({unit})((?:/{_per()})*)"), _unit),
        (re.compile(rf"(?<![\w/])({unit})((?:/{_per()})+)"), _rate),
    )  # fmt: skip


@functools.cache
def _per() -> str:
    return rf"(?:{one_of((*table()['units'], *table()['per']))})(?![\w²³])"


def _joined(word: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match[1]} {table()[word]} {match[2]}"


def _by(match: re.Match[str]) -> str:
    return f"{match[1]} {table()['by']} "


def _dash(match: re.Match[str]) -> str:
    # Two bare groups of three or four digits are a telephone number as likely as a range; two years are a range.
    first, second = match.groups()
    like_years = len(first) == len(second) == 4 and first < second
    if not like_years and {len(first), len(second)} <= {3, 4}:
        return match[0]
    return _joined("to")(match)


def _minus(_: re.Match[str]) -> str:
    return f"{table()['minus']} "


def _sign(match: re.Match[str]) -> str:
    words: str = table()["signs"][match[1]]
    before = match.string[match.start() - 1 : match.start()]
    return f"{' ' if before.isalnum() else ''}{words} "


def _fraction(match: re.Match[str]) -> str:
    alone, after = table()["fractions"][match[2]]
    return f"{match[1].strip()} {after}" if match[1] else alone


def _power(match: re.Match[str]) -> str:
    words = table()
    return f"{match[1]} {words['times']} 10 {words['power']} {match[2].translate(_SUPERSCRIPTS)}"


def _unit(match: re.Match[str]) -> str:
    number, unit, rates = match.groups()
    number = f"0{number}" if number.startswith(".") else number
    hyphen = match.string[match.end(1)] == "-"
    one = number == "1" or hyphen  # "a 50-mg tablet" is a 50 milligram tablet
    return f"{number} {table()['units'][unit][0 if one else 1]}{_rates(rates)}"


def _rate(match: re.Match[str]) -> str:
    return f"{table()['units'][match[1]][1]}{_rates(match[2])}"


def _rates(rates: str) -> str:
    words = table()
    names = [words["per"].get(each) or words["units"][each][0] for each in rates.split("/")[1:]]
    return "".join(f" {words['each']} {name}" for name in names)
