"""EPUB 3 with media overlays: text and voice together, sentence by sentence. In: a `Master`. Out: the book.

A template of our own: EbookLib is AGPL, and its media overlays are not valid.
"""

import uuid
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from audio.publications.captions import clock
from audio.publications.master import File, Master, Track
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
        "EPUB/package.opf": _package(master),
        "EPUB/nav.xhtml": _nav(master),
        "EPUB/about.xhtml": _about(master),
        "EPUB/page.css": _CSS,
    }
    for track in master.tracks:
        texts[f"EPUB/{track.name}.xhtml"] = _text(master, track)
        texts[f"EPUB/{track.name}.smil"] = _overlay(track)
    sound = {f"EPUB/audio/{track.name}.mp3": track.mp3 for track in master.tracks}
    return {name: text.encode() for name, text in texts.items()} | sound


def identifier(master: Master) -> str:
    """The edition's own: the same page in the same locale, by the same voice, is the same edition."""
    page, voice = master.edition.page, master.edition.voice
    name = " ".join((page.url, page.locale, page.read_on.isoformat(), voice.engine, voice.version, voice.voice))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _package(master: Master) -> str:
    page, labels = master.edition.page, master.labels
    items, durations = [], []
    for track in master.tracks:
        name = track.name
        items += [
            f'<item id="t{name}" href="{name}.xhtml" media-type="application/xhtml+xml" media-overlay="s{name}"/>',
            f'<item id="s{name}" href="{name}.smil" media-type="application/smil+xml"/>',
            f'<item id="a{name}" href="audio/{name}.mp3" media-type="audio/mpeg"/>',
        ]
        durations.append(_meta("media:duration", clock(track.duration), f"#s{name}"))
    features = (
        ("schema:accessMode", "textual"), ("schema:accessMode", "auditory"),
        ("schema:accessModeSufficient", "textual"), ("schema:accessModeSufficient", "auditory"),
        ("schema:accessibilityFeature", "synchronizedAudioText"),
        ("schema:accessibilityFeature", "structuralNavigation"),
        ("schema:accessibilityFeature", "tableOfContents"),
        ("schema:accessibilityFeature", "readingOrder"),
        ("schema:accessibilityFeature", "displayTransformability"),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", labels.accessibility.line()),
        ("media:active-class", "-epub-media-overlay-active"), ("media:narrator", master.voice),
        ("dcterms:modified", f"{page.read_on.isoformat()}T00:00:00Z"),
    )  # fmt: skip
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"'
        f' xml:lang="{page.locale}" prefix="schema: http://schema.org/">',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
        f'<dc:identifier id="id">{identifier(master)}</dc:identifier>',
        f"<dc:title>{escape(page.title)}</dc:title>",
        f"<dc:language>{page.locale}</dc:language>",
        f"<dc:creator>{escape(labels.maker.line())}</dc:creator>",
        f"<dc:source>{escape(page.url)}</dc:source>",
        f"<dc:description>{escape(' '.join(master.notes))}</dc:description>",
        *(_meta(name, value) for name, value in features),
        *durations,
        _meta("media:duration", clock(master.duration)),
        "</metadata>",
        "<manifest>",
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="about" href="about.xhtml" media-type="application/xhtml+xml"/>',
        '<item id="css" href="page.css" media-type="text/css"/>',
        *items,
        "</manifest>",
        # What one hears first, the edition's own opening, comes first; the notes in full come last.
        "<spine>", *(f'<itemref idref="t{track.name}"/>' for track in master.tracks), '<itemref idref="about"/>',
        "</spine>",
        "</package>",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _meta(name: str, value: str, of: str | None = None) -> str:
    refines = f' refines="{of}"' if of else ""
    return f'<meta property="{name}"{refines}>{escape(value)}</meta>'


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
