"""`python -m audio release`: an edition as one dated zip with checksums and a page that says what each file is for.

In: an edition's folder and a day. Out: a zip. The same edition and the same day give the same bytes.
"""

import argparse
import datetime
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

from audio.catalogue import NAME, Catalogue, CatalogueError, load
from audio.errors import UnusableInput
from skill.labels import Labels

EDITION = Path(__file__).parent / "edition"
STEM = "sarcoma-treatment-guide-audio"
PAGE, SUMS = "files.html", "SHA256SUMS"
PART = "player-part"
"""The kind of the files that the player's page is made of: nobody takes one alone."""

_CSS = (
    "html{font-size:125%}body{font-family:sans-serif;line-height:1.6;margin:1em auto;max-width:38em;padding:0 1em}"
    "li{margin:.8em 0}:root{color-scheme:light dark}"
)
"""Large print; the reader's own colours."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--out", type=Path, default=EDITION, metavar="DIR", help="the edition's folder")
    parser.add_argument("--to", type=Path, default=Path("build"), metavar="DIR", help="where the zip is put")
    parser.add_argument(
        "--date", type=datetime.date.fromisoformat, help="the release's day, YYYY-MM-DD; today if not said"
    )


def run(options: argparse.Namespace) -> int:
    """Writes the zip; gives 0. Raises `UnusableInput`."""
    from audio.publications.zips import zipped
    from skill import page

    day = options.date or datetime.datetime.now(datetime.UTC).date()
    try:
        catalogue = load(options.out)
        packed = contents(catalogue, page.load(catalogue.locale).edition.labels, day)
        path = options.to / f"{STEM}-{catalogue.locale}-{day.isoformat()}.zip"
        options.to.mkdir(parents=True, exist_ok=True)
        # To a side file, then renamed: a listener never finds half a zip.
        side = path.with_suffix(".part")
        side.write_bytes(zipped(packed, (day.year, day.month, day.day, 0, 0, 0)))
        side.replace(path)
    except (CatalogueError, page.WordsError) as error:
        raise UnusableInput(error) from error
    except OSError as error:
        raise UnusableInput(
            f"{error.filename} can't be written ({error.strerror}): name a folder with --to."
        ) from error
    print(f"Wrote {path}, {megabytes(path.stat().st_size)} MB, {len(packed)} files.")
    return 0


def contents(catalogue: Catalogue, labels: Labels, day: datetime.date) -> dict[str, bytes]:
    """The zip's files, all in one folder, the page first. Raises `CatalogueError` when one is not as it was built."""
    files = {NAME: (catalogue.folder / NAME).read_bytes()}
    for file in catalogue.files:
        path = catalogue.folder / file.path
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise CatalogueError(f"{file.path} is not as it was built: run python -m audio check, and build again.")
        files[file.path] = data
    files = {PAGE: html(catalogue, labels, day).encode()} | files
    files[SUMS] = sums(files).encode()
    folder = f"{STEM}-{catalogue.locale}-{day.isoformat()}"
    return {f"{folder}/{name}": data for name, data in files.items()}


def sums(files: Mapping[str, bytes]) -> str:
    """What `sha256sum --check` reads."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())


def html(catalogue: Catalogue, labels: Labels, day: datetime.date) -> str:
    """The page: which file to take, every file with what it is for, and what the edition says of itself."""
    title = escape(labels.release_title.line(title=catalogue.title))
    language = catalogue.locale
    choose = "".join(f"<li>{escape(line)}</li>" for line in labels.release_choose.say())
    items = "".join(
        f'<li><a href="{quote(file.path)}">{escape(file.path)}</a><br>{escape(file.use)} '
        f"{escape(labels.release_size.line(size=megabytes(file.bytes)))}.</li>\n"
        for file in catalogue.files
        if file.kind != PART
    )
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in catalogue.notes)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p><time datetime="{day.isoformat()}">{day.isoformat()}</time></p>\n'
        f"<p>{escape(labels.release_intro.line())}</p>\n<ul>{choose}</ul>\n"
        f"<h2>{escape(labels.release_files.line())}</h2>\n<ul>\n{items}</ul>\n"
        f"<p>{escape(labels.release_checksums.line())}</p>\n"
        f"<h2>{escape(labels.release_license.line())}</h2>\n{notes}</main>\n</body>\n</html>\n"
    )


def megabytes(size: int) -> str:
    """Bytes as megabytes, one decimal, at least 0.1."""
    return f"{max(size / 1e6, 0.1):.1f}"
