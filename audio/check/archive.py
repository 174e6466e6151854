"""Reading the zips and the XML inside them. In: paths and bytes. Out: contents, or a `Finding`."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from audio.check.finding import AGAIN, Finding

XHTML = "{http://www.w3.org/1999/xhtml}"


def unzipped(name: str, path: Path) -> dict[str, bytes] | Finding:
    """The files in a zip, in order."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        return Finding(name, "the whole file", f"is no zip that can be read ({error}): {AGAIN}")


def parsed(name: str, inside: str, contents: Mapping[str, bytes]) -> Element | Finding:
    """One XML file of a zip."""
    data = contents.get(inside)
    if data is None:
        return Finding(f"{name}!{inside}", "the whole file", f"is missing: {AGAIN}")
    if b"<!ENTITY" in data:
        return Finding(f"{name}!{inside}", "<!ENTITY", f"declares entities, which ours never do: {AGAIN}")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - entities, which could expand without end, are refused above
    except ElementTree.ParseError as error:
        return Finding(f"{name}!{inside}", f"line {error.position[0]}", f"is not well-formed XML ({error}): {AGAIN}")


def ids(root: Element) -> set[str]:
    """Every id in a document."""
    return {found for element in root.iter() if (found := element.get("id"))}


def seconds(clock: str) -> float:
    """A SMIL time in seconds: "npt=1.5s", "00:01:02.003", "12.5s". Raises `ValueError`."""
    value = 0.0
    for part in clock.removeprefix("npt=").removesuffix("s").split(":"):
        value = value * 60 + float(part)
    return value
