"""The EPUB's package document. In: a `Master`. Out: OPF as text."""

import uuid
from xml.sax.saxutils import escape

from audio.publications.captions import clock
from audio.publications.master import Master


def identifier(master: Master) -> str:
    """The edition's own: the same page in the same locale, by the same voice, is the same edition."""
    page, voice = master.edition.page, master.edition.voice
    name = " ".join((page.url, page.locale, page.read_on.isoformat(), voice.engine, voice.version, voice.voice))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def package(master: Master) -> str:
    """The package document: metadata, with what schema.org has for accessibility; the files; the reading order."""
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
