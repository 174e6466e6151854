"""A stand-in for the publications, and a page of two short sections, so that a build takes milliseconds."""

from pathlib import Path

from audio.edition import Edition
from skill.page import Page, load


def publish(edition: Edition, folder: Path) -> None:
    """Writes each section's samples and text, and a file in a folder."""
    for section in edition.sections:
        (folder / f"{section.stem}.pcm").write_bytes(section.samples.tobytes())
        (folder / f"{section.stem}.txt").write_text("\n".join(line.text for line in section.spoken), encoding="utf-8")
    (folder / "text").mkdir()
    (folder / "text" / "title.txt").write_text(edition.page.title, encoding="utf-8")


def page(word: str = "surgery") -> Page:
    """A page of one section and an opening, each of one sentence with `word` in it."""
    whole = load()
    topic = whole.topics[0]._replace(parts=((f"It is {word}.", "That is all."),))
    opening = whole.edition._replace(opening=(f"This is about {word}.",))
    return whole.replaced(topics=(topic,), _edition=lambda: opening)
