"""Words (TOML) → a checked, frozen `Page`. In: a words file and a locale. Out: a `Page`, or a `WordsError`."""

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skill import prompts as prompts_module
from skill.prompts import Prompts
from skill.speech import normalise, sentences
from skill.topics import RECURRENCES, TREATMENTS, Country, EditionWords, Page, Term, Topic

if TYPE_CHECKING:
    from skill.controls import Controls

LONGEST_SENTENCE = 20
"""Words in one sentence of a topic: what can be said, and followed, in one breath."""

LONGEST_PART = 3000
"""Characters of one part: with its label, its question and the tags well under the 8,000 that Alexa speaks."""

_PHRASE = re.compile(r"“([^”]+)”")


class WordsError(ValueError):
    """A fault in the words file."""

    def __init__(self, file: str, place: str, fault: str) -> None:
        super().__init__(f"{file}, at {place}: {fault}.")


def read(file: Path) -> dict[str, Any]:
    """The tables of a words file, unchecked. Raises `WordsError` when it can't be read or is not TOML."""
    import tomllib  # on AWS the words come packed, and a cold start does without

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error).rstrip(".")
        raise WordsError(file.name, "the whole file", f"it can't be read as TOML ({reason}); mend it there") from error


def pack(words: Mapping[str, Any]) -> str:
    """The tables of a words file as the bundle for AWS holds them: JSON is read ten times as fast as TOML."""
    return json.dumps(words, ensure_ascii=False, default=datetime.date.isoformat)


def unpack(text: str) -> dict[str, Any]:
    """What `pack` packed."""
    words: dict[str, Any] = json.loads(text)
    words["page"]["read"] = datetime.date.fromisoformat(words["page"]["read"])
    return words


def parse(words: Mapping[str, Any], locale: str, file: str, *, checked: bool = False) -> Page:
    """The page in `words` for `locale`. Raises `WordsError`, naming `file`.

    checked: the sentences were looked at when the words were packed, and need not be again at every cold start.
    """
    return _Reader(words, locale, file, checked=checked).page()


class _Reader:
    """Reads one words file for one locale; each method one kind of entry."""

    def __init__(self, words: Mapping[str, Any], locale: str, file: str, *, checked: bool) -> None:
        self.root = words
        self.checked = checked
        self.file = file
        self.locale = locale
        self.phrases: list[str] = []
        self.respell: Callable[[str], str] = str
        if locale not in self.table("locales"):
            raise self.fault(f"locales.{locale}", f"is missing: add it, or use one of {', '.join(words['locales'])}")

    def fault(self, place: str, fault: str) -> WordsError:
        return WordsError(self.file, place, fault)

    def page(self) -> Page:
        here = f"locales.{self.locale}"
        country_id = self.text(here, "country")
        country = self.country(f"countries.{country_id}")
        self.respell = _speller(self.strings(here, "spelling"))
        counts = tuple(self.texts("numbers", "words"))
        read_on = self.date(here)
        url = self.table("page").get("url")
        if not isinstance(url, str) or not url.startswith("https://"):
            raise self.fault("page.url", "must be the page's address, beginning with https://")
        fixed = {
            "publisher": self.text("page", "publisher"), "title": self.text("page", "title"),
            "url": url, "read": read_on, "emergency": country.emergency,
            "crisis": country.crisis, "crisis_name": country.crisis_name, "hours": country.hours,
        }  # fmt: skip
        prompts = self.prompts(fixed, country)
        topics = tuple(self.topics())
        ids = {topic.id: topic for topic in topics}
        return Page(
            locale=self.locale, title=fixed["title"], publisher=fixed["publisher"], url=fixed["url"], read=read_on,
            trail=tuple(self.texts("page", "trail")), further_reading=tuple(self.texts("page", "further_reading")),
            topics=topics, terms={term.id: term for term in self.terms(ids)},
            treatments=self.named("treatments", TREATMENTS), recurrences=self.named("recurrences", RECURRENCES),
            prompts=prompts, country=country, phrases=tuple(dict.fromkeys(self.phrases)), _counts=counts,
            read_on=self.table("page")["read"], _edition=lambda: self.edition(fixed, topics),
            _controls=self.controls, _and=self.text("numbers", "and"), _ids=ids,
            _pairs={(each.treatment, each.recurrence): each for each in topics if each.treatment or each.recurrence},
            _intents={intent: topic for topic in topics for intent in topic.intents},
        )  # fmt: skip

    # ── kinds of entry ──

    def topics(self) -> Iterator[Topic]:
        table = self.table("topics")
        if not table:
            raise self.fault("topics", "is empty: write at least one topic")
        seen: dict[tuple[str, str], str] = {}
        for number, topic_id in enumerate(table, start=1):
            place = f"topics.{topic_id}"
            topic = Topic(
                id=topic_id, number=number, label=self.text(place, "label"), name=self.text(place, "name"),
                say=tuple(self.texts(place, "say")), parts=self.parts(place), spell=self.text(place, "spell"),
                treatment=self.choice(place, "treatment", TREATMENTS), intents=tuple(self.optional(place, "intents")),
                recurrence=self.choice(place, "recurrence", RECURRENCES),
            )  # fmt: skip
            if topic.parent and topic.parent not in table:
                raise self.fault(place, f"belongs under {topic.parent!r}, which is not a topic: add it or rename this")
            claims = [("intents", intent) for intent in topic.intents]
            if topic.treatment or topic.recurrence:
                claims.append(("treatment and recurrence", f"{topic.treatment} {topic.recurrence}"))
            for claim in claims:
                if claim in seen:
                    raise self.fault(f"{place}.{claim[0]}", f"{claim[1]!r} is {seen[claim]!r}'s already: choose one")
                seen[claim] = topic_id
            yield topic

    def parts(self, place: str) -> tuple[tuple[str, ...], ...]:
        parts = self.table(place).get("parts")
        if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
            raise self.fault(f"{place}.parts", "must be a list of parts, each a list of sentences")
        read = tuple(tuple(self.words(f"{place}.parts", line) for line in part) for part in parts)
        if self.checked:
            return read
        for sentence in (sentence for part in read for sentence in part):
            length = len(sentence.split())
            if length > LONGEST_SENTENCE:
                fault = f"{sentence!r} has {length} words: make it {LONGEST_SENTENCE} or fewer"
            elif len(sentences(sentence)) != 1 or sentence[-1] not in ".?!":
                fault = f"{sentence!r} must be one sentence with its full stop: split or end it"
            else:
                continue
            raise self.fault(f"{place}.parts", fault)
        if any(sum(map(len, part)) > LONGEST_PART for part in read):
            raise self.fault(f"{place}.parts", f"has a part of more than {LONGEST_PART} characters: split it in two")
        return read

    def terms(self, ids: Mapping[str, Topic]) -> Iterator[Term]:
        for term_id in self.table("terms"):
            place = f"terms.{term_id}"
            topic = self.text(place, "topic")
            if topic not in ids:
                raise self.fault(f"{place}.topic", f"{topic!r} is not a topic: use one of {', '.join(ids)}")
            yield Term(term_id, self.text(place, "name"), topic, self.text(place, "meaning"))

    def country(self, place: str) -> Country:
        texts = {key: self.text(place, key) for key in ("emergency", "crisis", "crisis_name", "hours")}
        for key in ("emergency", "crisis"):
            if re.search("[0-9]", texts[key]) and not re.fullmatch(r"[0-9]+( [0-9]+)*", texts[key]):
                raise self.fault(f"{place}.{key}", f"{texts[key]!r} is not a telephone number: write its digits alone")
        call_or_text = self.table(place).get("call_or_text")
        if not isinstance(call_or_text, bool):
            raise self.fault(f"{place}.call_or_text", "must be true or false")
        return Country(**texts, call_or_text=call_or_text)

    def prompts(self, fixed: Mapping[str, str], country: Country) -> Prompts:
        table = {name: tuple(self.texts("prompts", name)) for name in self.table("prompts")}
        how = {name: table.pop(name, ()) for name in ("crisis_call", "crisis_call_or_text")}
        fixed = {**fixed, "crisis_how": " ".join(how["crisis_call_or_text" if country.call_or_text else "crisis_call"])}

        def fill(line: str) -> str:
            if "{" not in line:
                return line
            # crisis_how holds a number of its own, so two rounds; what is left is filled when it is spoken.
            for name, value in (*reversed(fixed.items()),):
                line = line.replace("{" + name + "}", value)
            return line

        filled = {name: tuple(map(fill, lines)) for name, lines in table.items()}
        return prompts_module.build(filled, self.fault)

    def edition(self, fixed: Mapping[str, str], topics: Sequence[Topic]) -> EditionWords:
        """The `[edition]` table; each sentence to be replaced must be a topic's, word for word."""
        from skill import labels  # the audio edition's alone

        said = {sentence for topic in topics for part in topic.parts for sentence in part}
        swaps = self.table("edition").get("instead")
        if not isinstance(swaps, list) or not all(isinstance(each, list) and len(each) == 2 for each in swaps):
            raise self.fault("edition.instead", "must be a list of pairs: a topic's sentence, and the recording's")
        instead = {}
        for pair in swaps:
            sentence, other = (self.words("edition.instead", each) for each in pair)
            if sentence not in said:
                raise self.fault("edition.instead", f"{sentence!r} is no topic's sentence: copy it from the topic")
            instead[sentence] = self.filled("edition.instead", other, fixed)
        opening = tuple(self.filled("edition.opening", line, fixed) for line in self.texts("edition", "opening"))
        table = self.table("edition").get("labels")
        if not isinstance(table, dict):
            raise self.fault("edition.labels", "is missing: write the table")
        lines = {name: tuple(self.texts("edition.labels", name)) for name in table}
        return EditionWords(self.text("edition", "label"), opening, instead, labels.build(lines, self.fault))

    def controls(self) -> "Controls":
        """The `[player]` table."""
        from skill import controls  # the player page's alone

        lines = {name: tuple(self.texts("player", name)) for name in self.table("player")}
        return controls.build(lines, self.fault)

    def filled(self, place: str, line: str, fixed: Mapping[str, str]) -> str:
        try:
            return line.format_map(fixed)
        except (KeyError, ValueError, IndexError) as error:
            raise self.fault(place, f"{line!r} has a brace for none of {', '.join(fixed)}: mend it") from error

    def named(self, place: str, keys: tuple[str, ...]) -> dict[str, str]:
        return {key: self.text(place, key) for key in keys}

    def date(self, here: str) -> str:
        day = self.table("page").get("read")
        if not isinstance(day, datetime.date):
            raise self.fault("page.read", "must be a date such as 2026-11-23")
        months = self.texts("numbers", "months")
        if len(months) != 12:
            raise self.fault("numbers.months", f"has {len(months)} months: write all 12")
        shape = self.text(here, "date")
        try:
            return shape.format(day=day.day, month=months[day.month - 1], year=day.year)
        except (AttributeError, LookupError, ValueError) as error:
            raise self.fault(f"{here}.date", f"{shape!r} must use {{day}}, {{month}} and {{year}} alone") from error

    # ── kinds of value ──

    def table(self, place: str) -> Mapping[str, Any]:
        """The table at `place`: "topics.local.surgery" is the topic "local.surgery"."""
        head, _, rest = place.partition(".")
        found = self.root.get(head)
        if rest and isinstance(found, dict):
            found = found.get(rest)
        if not isinstance(found, dict):
            raise self.fault(place, "is missing: write the table")
        return found

    def words(self, place: str, value: object) -> str:
        """A text for the listener: not empty, spelled as the country does, the phrases to say noted."""
        if not isinstance(value, str) or not value.strip():
            raise self.fault(place, "must be a text that is not empty")
        text = self.respell(normalise(value))
        if "“" not in text and "”" not in text:
            return text
        self.phrases += _PHRASE.findall(text)
        return text.replace("“", "").replace("”", "")

    def text(self, place: str, key: str) -> str:
        value = self.table(place).get(key)
        return self.words(f"{place}.{key}", value)

    def texts(self, place: str, key: str) -> list[str]:
        value = self.table(place).get(key)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not value:
            raise self.fault(f"{place}.{key}", "is missing: write a text or a list of texts")
        return [self.words(f"{place}.{key}", each) for each in value]

    def optional(self, place: str, key: str) -> list[str]:
        return self.texts(place, key) if key in self.table(place) else []

    def strings(self, place: str, key: str) -> Mapping[str, str]:
        value = self.table(place).get(key, {})
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise self.fault(f"{place}.{key}", "must be a table of words and their spelling")
        return value

    def choice(self, place: str, key: str, choices: tuple[str, ...]) -> str | None:
        value = self.table(place).get(key)
        if value is not None and value not in choices:
            raise self.fault(f"{place}.{key}", f"{value!r} is not one of {', '.join(choices)}")
        return value


def _speller(spelling: Mapping[str, str]) -> Callable[[str], str]:
    """A function that respells whole words, keeping a capital first letter."""
    if not spelling:
        return str
    ordered = sorted(spelling, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, ordered)) + r")\b", re.IGNORECASE)

    def spell(match: re.Match[str]) -> str:
        word = spelling[match[0].lower()]
        return word[0].upper() + word[1:] if match[0][0].isupper() else word

    def respell(text: str) -> str:
        lowered = text.lower()
        return pattern.sub(spell, text) if any(word in lowered for word in ordered) else text

    return respell
