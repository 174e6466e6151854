"""`python -m audio build`: the page → the audio edition in a folder. In: options. Out: an exit status."""

import argparse
import errno
import sys
from collections.abc import Callable
from pathlib import Path

from audio import manifest, script, voices
from audio.cache import Cache, folder
from audio.edition import Edition
from audio.errors import UnusableInput
from audio.progress import Bar
from audio.shelf import Shelf, ShelfError, check
from audio.voices.engine import VoiceError
from skill import page

OUT = Path(__file__).parent / "edition"

Publish = Callable[[Edition, Path], None]
"""Writes an edition's publications into a folder."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--engine", default="auto", choices=("auto", *voices.NAMES), help="who speaks")
    parser.add_argument("--locale", default=page.DEFAULT_LOCALE, choices=page.locales(), help="the listeners' country")
    parser.add_argument("--out", type=Path, default=OUT, help="the folder to write, kept whole until the end")


def run(options: argparse.Namespace, publish: Publish | None = None) -> int:
    """Builds the edition. Raises `UnusableInput`."""
    bar = Bar(sys.stderr)
    try:
        return build(options.engine, page.load(options.locale), options.out, bar, publish or _publish)
    except (ShelfError, VoiceError, page.WordsError) as error:
        raise UnusableInput(error) from error
    except OSError as error:
        raise UnusableInput(told(error, options.out)) from error
    finally:
        bar.end()


def build(engine: str, of: page.Page, out: Path, bar: Bar, publish: Publish) -> int:
    """The edition of a page in `out`. Raises `ShelfError`, `VoiceError`, `OSError`; `out` is then as it was."""
    passages = script.script(of)
    made = manifest.made_from(of, passages)
    check(out)
    have = manifest.read(out)
    names = [name for name, _ in voices.makers(engine, of.locale)]
    if have and have.made_from == made and have.voice.engine in names and manifest.is_whole(out, have):
        bar.say(f"Nothing has changed: {out} is up to date, spoken by {have.voice.engine}.")
        if have.voice.engine != names[0]:
            bar.say(f"To try another voice, name it: --engine {names[0]}.")
        return 0
    with Shelf(out) as shelf:
        from audio.assemble import assemble
        from audio.speaking import speak

        cache = Cache(folder())
        speech = speak(passages, voices.makers(engine, of.locale), cache, bar.say, bar)
        cache.trim()
        bar.say("Setting the loudness and writing the publications.")
        edition = assemble(of, passages, speech)
        publish(edition, shelf.side)
        manifest.write(shelf.side, made, of, edition.voice)
        shelf.swap()
    seconds = round(sum(section.duration for section in edition.sections))
    bar.say(f"Done: {out}, {seconds // 60} minutes {seconds % 60} seconds.")
    return 0


def told(error: OSError, out: Path) -> str:
    """An error of the file system, as one sentence that says what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: free about 100 MB where {out} is, or name another folder with --out."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{out} can't be written: name a folder of your own with --out."
    return f"{out} can't be written ({error.strerror or error}): name another folder with --out."


def _publish(edition: Edition, folder: Path) -> None:
    from audio.publications import publish

    publish(edition, folder)
