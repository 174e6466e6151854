"""DAISY 2.02: the book that blind readers' own players take, with text and voice, and with voice alone.

In: a `Master`. Out: two zips, each with ncc.html at its root, as a player's card wants it. Written by hand: the library
anemone-daisy-maker would encode the sound again, dates the book by the clock, and brings a parser of HTML with it.
The sentences in the text are not links to the voice, which 2.02 allows: a screen reader would say "link" before each.
"""

import math
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from audio.publications.master import Clip, File, Master, Track
from audio.publications.package import identifier
from audio.publications.zips import zipped

_XHTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)
_SMIL = '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-smil/SMIL10.dtd">'
_XML = '<?xml version="1.0" encoding="utf-8"?>'


def write(master: Master) -> Iterator[File]:
    """Both books."""
    labels = master.labels
    text, audio = zipped(contents(master, with_text=True)), zipped(contents(master, with_text=False))
    yield File(f"{master.whole} - {labels.daisy_text.line()}.zip", text, labels.for_daisy_text.line(), "daisy-text")
    yield File(f"{master.whole} - {labels.daisy_audio.line()}.zip", audio, labels.for_daisy_audio.line(), "daisy-audio")


def contents(master: Master, *, with_text: bool) -> dict[str, bytes]:
    """The files of one book, ncc.html first."""
    texts = {"master.smil": _master_smil(master)}
    if with_text:
        texts["content.html"] = _content(master)
    for track in master.tracks:
        texts[f"s{track.name}.smil"] = _smil(track, with_text=with_text)
    files = {name: text.encode() for name, text in texts.items()}
    files |= {f"{track.name}.mp3": track.mp3 for track in master.tracks}
    return {"ncc.html": _ncc(master, files, with_text=with_text).encode()} | files


def _ncc(master: Master, files: Mapping[str, bytes], *, with_text: bool) -> str:
    """The navigation control centre: what the book is, and a heading for each section."""
    page, labels = master.edition.page, master.labels
    tracks = master.tracks
    read = page.read_on.isoformat()
    metas = {
        "dc:title": page.title, "dc:creator": labels.maker.line(), "dc:publisher": labels.maker.line(),
        "dc:date": read, "dc:format": "Daisy 2.02",
        "dc:identifier": identifier(master).rpartition(":")[2], "dc:language": page.locale,
        "dc:source": page.url, "dc:description": " ".join(master.notes),
        "ncc:charset": "utf-8", "ncc:depth": str(max(_level(track) for track in tracks)),
        "ncc:files": str(len(files) + 1), "ncc:kByteSize": str(math.ceil(sum(map(len, files.values())) / 1024)),
        "ncc:multimediaType": "audioFullText" if with_text else "audioNcc", "ncc:narrator": master.voice,
        "ncc:pageFront": "0", "ncc:pageNormal": "0", "ncc:pageSpecial": "0", "ncc:maxPageNormal": "0",
        "ncc:producedDate": read, "ncc:producer": labels.maker.line(),
        "ncc:sourcePublisher": page.publisher, "ncc:sourceTitle": page.title,
        "ncc:tocItems": str(len(tracks)), "ncc:totalTime": _clock(master.duration),
    }  # fmt: skip
    # What is read is what is heard: the first heading is the opening's, and dc:title holds the book's own title.
    body = "\n".join(
        f'<h{_level(track)} class="{"section" if i else "title"}" id="h{track.name}">'
        f'<a href="s{track.name}.smil#t{track.name}_1">{escape(_heading(track))}</a></h{_level(track)}>'
        for i, track in enumerate(tracks)
    )
    head = "\n".join(f"<meta name={quoteattr(name)} content={quoteattr(value)}/>" for name, value in metas.items())
    return _xhtml(master, head, body)


def _content(master: Master) -> str:
    """The text, each heading and sentence with the id that a clip names."""
    parts = []
    for track in master.tracks:
        heading, *rest = track.clips
        level = _level(track)
        parts.append(f'<h{level} id="c{track.name}_1">{escape(heading.spoken.text)}</h{level}>')
        sentences = iter(rest)
        for part in track.section.topic.parts:
            spans = [
                f'<span class="sentence" id="c{track.name}_{clip.number}">{escape(clip.spoken.text)}</span>'
                for _, clip in zip(part, sentences, strict=False)
            ]
            parts.append(f"<p>{' '.join(spans)}</p>")
    return _xhtml(master, "", "\n".join(parts))


def _smil(track: Track, *, with_text: bool) -> str:
    """One section's order of play: a par for each sentence with its text, or one par with each sentence a phrase."""
    name = track.name
    if with_text:
        pars = [_par(track, [clip], f"content.html#c{name}_{clip.number}") for clip in track.clips]
    else:
        pars = [_par(track, track.clips, f"ncc.html#h{name}")]
    metas = {
        "dc:format": "Daisy 2.02", "title": _heading(track), "ncc:totalElapsedTime": _clock(track.start),
        "ncc:timeInThisSmil": _clock(track.duration),
    }  # fmt: skip
    body = f'<seq dur="{track.duration:.3f}s">\n{"".join(pars)}</seq>'
    return _smil_file(metas, body)


def _par(track: Track, clips: tuple[Clip, ...] | list[Clip], text: str) -> str:
    ident = f"{track.name}_{clips[0].number}"
    audio = "".join(
        f'<audio src="{track.name}.mp3" clip-begin="npt={clip.start:.3f}s" clip-end="npt={clip.end:.3f}s"'
        f' id="a{track.name}_{clip.number}"/>'
        for clip in clips
    )
    return f'<par endsync="last" id="p{ident}"><text src="{text}" id="t{ident}"/><seq>{audio}</seq></par>\n'


def _master_smil(master: Master) -> str:
    """The list of the sections' own."""
    metas = {
        "dc:format": "Daisy 2.02", "dc:title": master.edition.page.title,
        "ncc:timeInThisSmil": _clock(master.duration),
    }  # fmt: skip
    refs = "".join(
        f'<ref title={quoteattr(_heading(track))} src="s{track.name}.smil#t{track.name}_1" id="m{track.name}"/>\n'
        for track in master.tracks
    )
    return _smil_file(metas, refs)


def _smil_file(metas: Mapping[str, str], body: str) -> str:
    head = "\n".join(f"<meta name={quoteattr(name)} content={quoteattr(value)}/>" for name, value in metas.items())
    layout = '<layout><region id="textView"/></layout>'
    return f"{_XML}\n{_SMIL}\n<smil><head>\n{head}\n{layout}\n</head>\n<body>\n{body}\n</body></smil>\n"


def _xhtml(master: Master, head: str, body: str) -> str:
    page = master.edition.page
    return (
        f'{_XML}\n{_XHTML}\n<html xmlns="http://www.w3.org/1999/xhtml" lang="{page.locale}" xml:lang="{page.locale}">\n'
        f"<head>\n<title>{escape(page.title)}</title>\n"
        f'<meta http-equiv="Content-type" content="text/html; charset=utf-8"/>\n{head}\n</head>\n'
        f"<body>\n{body}\n</body></html>\n"
    )


def _level(track: Track) -> int:
    return 2 if track.section.parent else 1


def _heading(track: Track) -> str:
    """What is heard first."""
    return track.section.spoken[0].text


def _clock(seconds: float) -> str:
    """Whole seconds as hh:mm:ss, the form that 2.02 recommends."""
    whole = round(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
