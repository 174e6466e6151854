"""EPUB 3 with media overlays: text and voice together, sentence by sentence. In: a `Master`. Out: the book.

A template of our own: EbookLib is AGPL, and its media overlays are not valid.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from audio.publications.captions import clock
from audio.publications.master import File, Master, Track
from audio.publications.package import package
from audio.publications.zips import zipped

_CSS = """\
/* Large print to begin with; the reader's own settings win, so nothing but em and no colours. */
html { font-size: 125%; }
body { font-family: sans-serif; line-height: 1.6; margin: 1em; max-width: 38em; text-align: left; }
h1 { font-size: 1.6em; line-height: 1.3; }
h2 { font-size: 1.35em; line-height: 1.3; }
p { margin: 0 0 1em; }
li { margin: 0.5em 0; }
a { text-decoration: underline; }
.-epub-media-overlay-active { outline: 0.12em solid; outline-offset: 0.12em; text-decoration: underline; }
"""

_CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def write(master: Master) -> Iterator[File]:
    """The book."""
    yield File(f"{master.whole}.epub", zipped(contents(master)), master.labels.for_epub.line(), "epub")


def contents(master: Master) -> dict[str, bytes]:
    """The files of the book, the mimetype first."""
    texts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": package(master),
        "EPUB/nav.xhtml": _nav(master),
        "EPUB/about.xhtml": _about(master),
        "EPUB/page.css": _CSS,
    }
    for track in master.tracks:
        texts[f"EPUB/{track.name}.xhtml"] = _text(master, track)
        texts[f"EPUB/{track.name}.smil"] = _overlay(track)
    sound = {f"EPUB/audio/{track.name}.mp3": track.mp3 for track in master.tracks}
    return {name: text.encode() for name, text in texts.items()} | sound


def _nav(master: Master) -> str:
    """The table of contents, a section's parts inside it."""
    items: list[str] = []
    inside = False
    for track in master.tracks:
        nested = track.section.parent is not None
        if items:
            items.append("<ol>" if nested and not inside else "</li>" if nested == inside else "</li></ol></li>")
        items.append(f'<li><a href="{track.name}.xhtml">{escape(_title(track))}</a>')
        inside = nested
    items.append("</li></ol></li>" if inside else "</li>")
    about = escape(master.labels.about.line())
    label = escape(master.labels.contents.line())
    body = (
        f'<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="contents"><h1 id="contents">{label}</h1>'
        f'<ol>{"".join(items)}<li><a href="about.xhtml">{about}</a></li></ol></nav>'
    )
    return _xhtml(master, master.labels.contents.line(), body)


def _about(master: Master) -> str:
    about = master.labels.about.line()
    notes = "".join(f"<p>{escape(note)}</p>" for note in master.notes)
    body = (
        f'<section epub:type="colophon" role="doc-colophon" aria-labelledby="about"><h1 id="about">{escape(about)}</h1>'
    )
    return _xhtml(master, about, f"{body}{notes}</section>")


def _text(master: Master, track: Track) -> str:
    """A section: a heading of its own level, and its sentences, each with the id that its clip names."""
    section = track.section
    level = 2 if section.parent else 1
    heading, *rest = track.clips
    # Paragraphs come from the page's parts; the spoken sentences follow them one by one.
    sentences = iter(rest)
    paragraphs = []
    for part in section.topic.parts:
        spans = [
            f'<span id="c{clip.number}">{escape(clip.spoken.text)}</span>'
            for _, clip in zip(part, sentences, strict=False)
        ]
        paragraphs.append(f"<p>{' '.join(spans)}</p>")
    body = (
        f'<section aria-labelledby="c1"><h{level} id="c1">{escape(heading.spoken.text)}</h{level}>'
        f"{''.join(paragraphs)}</section>"
    )
    return _xhtml(master, section.title, body)


def _overlay(track: Track) -> str:
    pars = "".join(
        f'<par id="p{clip.number}"><text src="{track.name}.xhtml#c{clip.number}"/><audio src="audio/{track.name}.mp3"'
        f' clipBegin="{clock(clip.start)}" clipEnd="{clock(clip.end)}"/></par>\n'
        for clip in track.clips
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0"><body>\n'
        f'<seq id="all" epub:textref="{track.name}.xhtml">\n{pars}</seq></body></smil>\n'
    )


def _xhtml(master: Master, title: str, body: str) -> str:
    locale = quoteattr(master.edition.page.locale)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f" xml:lang={locale} lang={locale}>\n"
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="page.css"/></head>\n'
        f"<body>{body}</body></html>\n"
    )


def _title(track: Track) -> str:
    """The title as a list that shows its parent above it says it: "Surgery"."""
    return track.section.title.rpartition(" - ")[2]
