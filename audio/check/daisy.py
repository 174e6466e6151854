"""Our own check of the DAISY 2.02 books, against the rules that the DAISY Consortium published. Out: `Finding`s.

It is ours, and no certificate: the Consortium's own validator is a desktop program that no registry carries.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from audio.catalogue import Catalogue
from audio.check.archive import XHTML, ids, parsed, seconds, unzipped
from audio.check.finding import AGAIN, Finding
from audio.check.mp3 import BYTES, SECONDS, frames
from audio.check.times import ordered

ONCE = (
    "dc:date", "dc:format", "dc:identifier", "dc:publisher", "dc:title", "ncc:charset", "ncc:pageFront",
    "ncc:pageNormal", "ncc:pageSpecial", "ncc:tocItems", "ncc:totalTime",
)  # fmt: skip
"""Metadata that ncc.html must have exactly once."""

SOME = ("dc:creator", "dc:language")
"""Metadata that it must have at least once."""

HEADINGS = tuple(f"{XHTML}h{level}" for level in range(1, 7))
ROUNDED = 1.0
"""Seconds by which a time in whole seconds may be off."""


@dataclass(slots=True)
class _Book:
    """What is known of a book while it is read."""

    name: str
    contents: dict[str, bytes]
    known: dict[str, set[str]] = field(default_factory=dict)
    """Documents → the ids in them."""
    heard: list[str] = field(default_factory=list)
    elapsed: float = 0.0
    """Seconds of the sections read so far."""

    def finding(self, inside: str, place: str, fault: str) -> Finding:
        return Finding(f"{self.name}!{inside}", place, f"{fault} (by our DAISY check): {AGAIN}")

    def lacks(self, reference: str) -> bool:
        """Whether a reference such as "s01.smil#t01" leads nowhere."""
        document, _, anchor = reference.partition("#")
        if document not in self.known:
            root = parsed(self.name, document, self.contents)
            self.known[document] = set() if isinstance(root, Finding) else ids(root)
        return anchor not in self.known[document]


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of both books."""
    for file in (*catalogue.of_kind("daisy-text"), *catalogue.of_kind("daisy-audio")):
        path = catalogue.folder / file.path
        if path.is_file():
            contents = unzipped(file.path, path)
            if isinstance(contents, Finding):
                yield contents
            else:
                yield from _book(catalogue, _Book(file.path, contents), with_text=file.kind == "daisy-text")


def _book(catalogue: Catalogue, book: _Book, *, with_text: bool) -> Iterator[Finding]:
    root = parsed(book.name, "ncc.html", book.contents)
    if isinstance(root, Finding):
        yield root
        return
    metas = _metas(root.iter(f"{XHTML}meta"))
    yield from _metadata(book, metas)
    body = root.find(f"{XHTML}body")
    items = list(body) if body is not None else []
    if not items or items[0].tag != f"{XHTML}h1" or items[0].get("class") != "title":
        yield book.finding("ncc.html", "body", "does not begin with an h1 of class title")
    if metas.get("ncc:tocItems") != [str(len(items))]:
        yield book.finding("ncc.html", "ncc:tocItems", f"is not {len(items)}, the number of its items")
    level = 0
    for item in items:
        place = item.get("id", "an item without id")
        if item.tag in HEADINGS:
            if HEADINGS.index(item.tag) > level:
                yield book.finding("ncc.html", place, "skips a level of heading")
            level = HEADINGS.index(item.tag) + 1
        link = item.find(f"{XHTML}a")
        reference = link.get("href", "") if link is not None else ""
        if book.lacks(reference):
            yield book.finding("ncc.html", place, f"leads to {reference or 'nowhere'}, which is not there")
            continue
        smil = reference.partition("#")[0]
        found = parsed(book.name, smil, book.contents)
        if isinstance(found, Element):
            yield from _smil(book, smil, found)
    if not _near(metas.get("ncc:totalTime"), book.elapsed):
        yield book.finding("ncc.html", "ncc:totalTime", f"is not {book.elapsed:.1f} s, what the sections take")
    wanted = [line.text for entry in catalogue.entries for line in entry.lines]
    if with_text and _texts(book) != wanted:
        yield book.finding("content.html", "its text", "is not every sentence that is heard, once and in order")
    if with_text and len(set(book.heard)) != len(wanted):
        yield book.finding("content.html", "its ids", "are not each played once")


def _metadata(book: _Book, metas: dict[str, list[str]]) -> Iterator[Finding]:
    for name in ONCE:
        if len(metas.get(name, [])) != 1:
            yield book.finding("ncc.html", name, f"is there {len(metas.get(name, []))} times, not once")
    for name in SOME:
        if not metas.get(name):
            yield book.finding("ncc.html", name, "is missing")
    if metas.get("dc:format", ["Daisy 2.02"]) != ["Daisy 2.02"]:
        yield book.finding("ncc.html", "dc:format", "is not Daisy 2.02")
    files = metas.get("ncc:files")
    if files and files != [str(len(book.contents))]:
        yield book.finding("ncc.html", "ncc:files", f"is {files[0]}, the book has {len(book.contents)}")


def _smil(book: _Book, smil: str, root: Element) -> Iterator[Finding]:
    """Faults of one section's order of play."""
    metas = _metas(root.iter("meta"))
    if metas.get("dc:format") != ["Daisy 2.02"]:
        yield book.finding(smil, "dc:format", "is not Daisy 2.02")
    if not _near(metas.get("ncc:totalElapsedTime"), book.elapsed):
        yield book.finding(smil, "ncc:totalElapsedTime", f"is not {book.elapsed:.1f} s")
    clips: dict[str, list[tuple[str, float, float]]] = {}
    for par in root.iter("par"):
        place = par.get("id", "a par without id")
        if par.get("endsync") != "last":
            yield book.finding(smil, place, "has no endsync of last")
        for text in par.iter("text"):
            book.heard.append(text.get("src", ""))
            if book.lacks(text.get("src", "")):
                yield book.finding(smil, place, f"names the text {text.get('src')}, which is not there")
        for audio in par.iter("audio"):
            try:
                times = seconds(audio.get("clip-begin", "")), seconds(audio.get("clip-end", ""))
            except ValueError:
                yield book.finding(smil, place, "has a time that is none")
                continue
            clips.setdefault(audio.get("src", ""), []).append((place, *times))
    played = 0.0
    for sound, each in clips.items():
        data = book.contents.get(sound)
        if data is None:
            yield book.finding(smil, sound, "is a recording that is not there")
            continue
        duration = len(data) / BYTES * SECONDS
        yield from frames(f"{book.name}!{sound}", data, duration)
        yield from ordered(f"{book.name}!{smil}", each, duration)
        played += sum(end - start for _, start, end in each)
    if not _near(metas.get("ncc:timeInThisSmil"), played):
        yield book.finding(smil, "ncc:timeInThisSmil", f"is not {played:.1f} s, what its clips take")
    book.elapsed += played


def _texts(book: _Book) -> list[str]:
    """The headings and sentences of the text, in order."""
    root = parsed(book.name, "content.html", book.contents)
    if isinstance(root, Finding):
        return []
    wanted = (*HEADINGS, f"{XHTML}span")
    return ["".join(element.itertext()) for element in root.iter() if element.tag in wanted]


def _metas(elements: Iterator[Element]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        found.setdefault(element.get("name", ""), []).append(element.get("content", ""))
    return found


def _near(clock: list[str] | None, wanted: float) -> bool:
    try:
        return clock is not None and abs(seconds(clock[0]) - wanted) <= ROUNDED
    except ValueError:
        return False
