"""`python -m audio play [topic]`: hears an edition in the terminal, with no network. In: letters and Enter. Out: sound.

What is printed is little, and each line stands for itself: a screen reader speaks it while the edition is speaking.
"""

import argparse
import io
import queue
import sys
import threading
from pathlib import Path

from audio.catalogue import Catalogue, CatalogueError, load
from audio.errors import UnusableInput

EDITION = Path(__file__).parent.parent / "edition"


def add_to(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("topic", nargs="*", help="where to begin: a topic's number, title or id")
    parser.add_argument("--out", type=Path, default=EDITION, metavar="DIR", help="the edition's folder")


def run(options: argparse.Namespace) -> int:
    """Plays until the end, or until stopped. Raises `UnusableInput`."""
    from audio.play import deck, player, sinks
    from skill import page

    try:
        catalogue = load(options.out)
        labels = page.load(catalogue.locale).edition.labels
        asked = " ".join(options.topic)
        section = find(catalogue, asked)
        sink = sinks.find()
        if sink is None:
            print(labels.play_silent.line())
            everything = range(len(catalogue.entries))
            print("\n".join(player.texts(catalogue, [section] if asked else everything)))
            return 0
        state = deck.State(section=section)
        print(deck.section_line(state, catalogue, labels))
        print(labels.play_start.line(), flush=True)
        player.Player(catalogue, labels, sink, _say, state).run(_typed(), to_the_end=not sys.stdin.isatty())
    except (CatalogueError, page.WordsError) as error:
        raise UnusableInput(error) from error
    except OSError as error:
        raise UnusableInput(f"The sound device failed ({error}): try again, or read the transcript.") from error
    return 0


def find(catalogue: Catalogue, asked: str) -> int:
    """Which section is meant: by its id, its number, or its title or words of it. Raises `CatalogueError`."""
    wanted = asked.strip().lower()
    exact = [{entry.id, str(entry.number), entry.title.lower()} for entry in catalogue.entries]
    found = [number for number, names in enumerate(exact) if wanted in names] or [
        number
        for number, entry in enumerate(catalogue.entries)
        if all(word in entry.title.lower() for word in wanted.split())
    ]
    if found:
        return found[0]
    titles = "; ".join(f"{entry.number} {entry.title}" for entry in catalogue.entries)
    raise CatalogueError(f"No topic is called {asked!r}: use one of {titles}.")


def _say(line: str) -> None:
    print(line, flush=True)


def _typed() -> "queue.Queue[str | None]":
    """Lines as they are typed, then None. Read beside the player: a terminal's read waits for ever."""
    lines: queue.Queue[str | None] = queue.Queue()

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a stray byte is an unknown word, not the end of the reading

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines
