"""What is heard and read is what the page says. In: a `Catalogue`, and the script's sentences. Out: `Finding`s."""

from collections.abc import Iterator, Mapping, Sequence

from audio.catalogue import NAME, Catalogue
from audio.check.finding import AGAIN, Finding


def check(catalogue: Catalogue, script: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Faults of the index against `script` (topic id → heading and sentences), and of the transcript against both."""
    have = {entry.id: [line.text for line in entry.lines] for entry in catalogue.entries}
    if list(have) != list(script):
        yield Finding(NAME, "topics", f"are {', '.join(have)}, the page has {', '.join(script)}: {AGAIN}")
    for topic in have.keys() & script.keys():
        if have[topic] != list(script[topic]):
            at = next(
                (i for i, (a, b) in enumerate(zip(have[topic], script[topic], strict=False)) if a != b), "the end"
            )
            yield Finding(NAME, f"{topic}, sentence {at}", f"is not what the page says now: {AGAIN}")
    wanted = [text for texts in script.values() for text in texts]
    for file in catalogue.of_kind("transcript"):
        path = catalogue.folder / file.path
        if path.is_file():
            yield from _transcript(catalogue, file.path, path.read_text(encoding="utf-8", errors="replace"), wanted)


def _transcript(catalogue: Catalogue, file: str, text: str, wanted: list[str]) -> Iterator[Finding]:
    lines = [line for line in text.split("\n") if line]
    for note in catalogue.notes:
        if note not in lines:
            yield Finding(file, "its beginning", f"does not say {note!r}: {AGAIN}")
    # The title and the notes come first; everything after them is heard.
    body = lines[1 + len(catalogue.notes) :]
    for number, (line, sentence) in enumerate(zip(body, wanted, strict=False), start=1):
        if line != sentence:
            yield Finding(file, f"sentence {number}", f"reads {line!r}, the page says {sentence!r}: {AGAIN}")
            return
    if len(body) != len(wanted):
        yield Finding(file, "its end", f"has {len(body)} sentences, the page has {len(wanted)}: {AGAIN}")
