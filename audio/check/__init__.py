"""`python -m audio check [DIR]`: is an edition whole, right and within the formats' rules? In: a folder. Out: findings.

Each module looks at one thing, in the order below. Each finding is a line: file, place, what is wrong and the mend.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from audio.catalogue import Catalogue, CatalogueError, load
from audio.check import chapters, daisy, epub, files, loudness, mp3, times, words
from audio.check.finding import Finding
from audio.errors import UnusableInput

EDITION = Path(__file__).parent.parent / "edition"

CHECKS: tuple[Callable[[Catalogue], Iterator[Finding]], ...] = (
    files.check,
    mp3.check,
    times.check,
    chapters.check,
    epub.check,
    daisy.check,
    loudness.check,
)


def add_to(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("folder", nargs="?", type=Path, default=EDITION, metavar="DIR", help="the edition's folder")
    parser.add_argument("--no-epubcheck", action="store_true", help="skip epubcheck, which takes 8 seconds")


def run(options: argparse.Namespace) -> int:
    """Prints the findings; gives 0 or 1. Raises `UnusableInput` when there is no edition."""
    try:
        catalogue = load(options.folder)
    except CatalogueError as error:
        raise UnusableInput(error) from error
    found = list(findings(catalogue))
    skipped = "it was not asked for" if options.no_epubcheck else epub.can_epubcheck()
    if skipped is None:
        found += epub.epubcheck(catalogue)
    for finding in found:
        print(finding)
    print(f"epubcheck was not run: {skipped}." if skipped else "epubcheck was run.", file=sys.stderr)
    print("The DAISY books were checked by our own check, against the published rules of 2.02.", file=sys.stderr)
    if catalogue.engine == loudness.SILENT:
        print("Loudness was not checked: the silent voice has none.", file=sys.stderr)
    count = len(catalogue.files)
    print(f"{count} files, {len(found)} finding{'' if len(found) == 1 else 's'}.", file=sys.stderr)
    return 1 if found else 0


def findings(catalogue: Catalogue) -> Iterator[Finding]:
    """Everything that is wrong with an edition, but for epubcheck's opinion."""
    for check in CHECKS:
        yield from check(catalogue)
    yield from words.check(catalogue, _script(catalogue.locale))


def _script(locale: str) -> dict[str, list[str]]:
    """What the page says now: topic id → its heading and sentences."""
    from audio.script import script
    from skill import page

    try:
        return {each.topic.id: [line.text for line in each.lines] for each in script(page.load(locale))}
    except page.WordsError as error:
        raise UnusableInput(error) from error
