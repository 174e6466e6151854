"""The player: the page on which the edition is heard and read, from a folder, any static host, or `make serve`.

In: a `Master` and the other publications. Out: index.html, its style and script (named by their content's hash, so
that a cache never mixes two editions), the service worker, the web app's manifest and icons. The page holds the text
and the data, for a browser fetches nothing from a folder; every word comes from the words file.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from audio.publications.master import File, Master, Track
from audio.publications.mp3 import name as recording

SOURCE = Path(__file__).parent.parent / "player"
FOLDER = "player"
"""Where all but the page and the service worker are, so that a listener finds the page first."""

ICONS = ("icon.svg", "icon-192.png", "icon-512.png")
DOWNLOADS = ("whole", "audiobook", "epub", "daisy-text", "daisy-audio", "transcript")
"""The kinds of file that the page offers."""

_KEY = "key_"


def write(master: Master, others: Iterable[File]) -> Iterator[File]:
    """The page and its files, the page first."""
    others = tuple(others)
    script, style = _read("player.js"), _read("player.css")
    names = {"js": f"{FOLDER}/player.{_hash(script)}.js", "css": f"{FOLDER}/player.{_hash(style)}.css"}
    made = {
        names["css"]: style,
        names["js"]: script,
        f"{FOLDER}/app.webmanifest": _manifest(master),
        **{f"{FOLDER}/{icon}": _read(icon) for icon in ICONS},
    }
    page = _page(master, others, names, script.decode()).encode()
    worker = _worker({"index.html": page, **made}, {file.topic: file for file in others if file.kind == "topic"})
    files = {"index.html": page, "sw.js": worker, **made}
    use = master.labels.for_player.line()
    for path, data in files.items():
        yield File(path, data, use, "player" if path == "index.html" else "player-part")


def _page(master: Master, others: Iterable[File], names: Mapping[str, str], script: str) -> str:
    page, words = master.edition.page, master.edition.page.controls
    plain = {
        name: escape(word.line())
        for name, word in words._asdict().items()
        if "{" not in "".join(word.lines) and not name.startswith(_KEY)
    }
    filled = {
        "page_title": words.page_title.line(title=page.title),
        "read": words.read.line(read=page.read),
        "emergency": words.emergency.line(emergency=page.country.emergency),
        "independent": words.independent.line(publisher=page.publisher),
        "locale": page.locale, "title": page.title, "publisher": page.publisher, "url": page.url,
        "voice": master.voice, **names,
    }  # fmt: skip
    # A browser would end the data at the first "</script>", and the check of the text would not see it.
    data = json.dumps(_data(master, others, script), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    keys = (word.lines for name, word in words._asdict().items() if name.startswith(_KEY))
    parts = {
        "trail_items": _trail(master),
        "contents_items": "".join(map(_contents_item, master.tracks)),
        "key_items": "".join(f"<dt><kbd>{escape(key)}</kbd></dt><dd>{escape(does)}</dd>" for key, does in keys),
        "sections": "\n".join(_section(master, track) for track in master.tracks),
        "download_items": "\n".join(_download(master, file) for file in _offered(others)),
        "further_items": "".join(f"<li>{escape(line)}</li>" for line in page.further_reading),
        "data": data,
    }
    escaped = {name: escape(value) for name, value in filled.items()}
    return Template(_read("index.html").decode()).substitute(plain | escaped | parts)


def _trail(master: Master) -> str:
    """The trail on the publisher's site, and this page at its end."""
    steps = [*master.edition.page.trail, master.edition.page.controls.trail_page.line()]
    last = len(steps) - 1
    return "".join(
        f'<li aria-current="page">{escape(step)}</li>' if i == last else f"<li>{escape(step)}</li> "
        for i, step in enumerate(steps)
    )


def _contents_item(track: Track) -> str:
    inner = ' class="inner"' if track.section.parent else ""
    return f'<li{inner}><a href="#{_id(track)}">{escape(_title(track))}</a></li>'


def _section(master: Master, track: Track) -> str:
    """A section: its heading, the browser's own player for those without JavaScript, and its sentences."""
    section, words = track.section, master.edition.page.controls
    n, level = track.number - 1, 3 if section.parent else 2
    _, *rest = section.spoken
    spans = (f'<span class="s" id="s{n}-{i}">{escape(each.text)}</span>' for i, each in enumerate(rest, start=1))
    paragraphs = (" ".join(span for _, span in zip(part, spans, strict=False)) for part in section.topic.parts)
    name = escape(words.play_section_name.line(title=_title(track)))
    return (
        f'<section>\n<div class="heading">'
        f'<h{level} id="{_id(track)}"><span class="s" id="s{n}-0">{escape(_title(track))}</span></h{level}>'
        f'<button type="button" data-do="section" data-section="{n}" aria-label="{name}" hidden>'
        f"{escape(words.play_section.line())}</button></div>\n"
        f'<audio controls preload="none" src="{quote(recording(track))}" aria-label="{escape(_title(track))}">'
        "</audio>\n"
        f"{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}\n</section>"
    )


def _title(track: Track) -> str:
    """The heading as it is heard. (`section.title` is for the names of files, which take no colon.)"""
    return track.section.spoken[0].text.rstrip(".")


def _id(track: Track) -> str:
    return f"section-{track.number - 1}"


def _offered(others: Iterable[File]) -> list[File]:
    return sorted((file for file in others if file.kind in DOWNLOADS), key=lambda file: DOWNLOADS.index(file.kind))


def _download(master: Master, file: File) -> str:
    words = master.edition.page.controls
    label = getattr(words, f"file_{file.kind.replace('-', '_')}").line()
    size = len(file.data)
    amount = (
        words.megabytes.line(size=f"{size / 1e6:.1f}")
        if size >= 100_000
        else words.kilobytes.line(size=str(max(1, round(size / 1000))))
    )
    return f'<li><a href="{quote(file.path)}" download>{escape(label)}, {escape(amount)}</a><br>{escape(file.use)}</li>'


def _data(master: Master, others: Iterable[File], script: str) -> dict[str, object]:
    """What the script needs: the times of each section, the keys, and the words that the script names."""
    page, words = master.edition.page, master.edition.page.controls
    hashes = {file.topic: _hash(file.data) for file in others if file.kind == "topic"}
    named = set(re.findall(r"\bwords\.(\w+)", script)) | {"go_on", "follow", "keys_on"}
    return {
        "title": page.title,
        "maker": master.labels.maker.line(),
        "words": {name: " ".join(getattr(words, name).lines) for name in sorted(named)},
        "keys": {
            word.lines[0]: name.removeprefix(_KEY) for name, word in words._asdict().items() if name.startswith(_KEY)
        },
        "sections": [
            {
                "id": track.section.topic.id,
                "title": _title(track),
                "src": quote(recording(track)),
                "hash": hashes[track.section.topic.id],
                "start": round(track.start, 3),
                "duration": round(track.duration, 3),
                "times": [round(each.start, 3) for each in track.section.spoken],
            }
            for track in master.tracks
        ],
    }


def _manifest(master: Master) -> bytes:
    """The web app's manifest. Its addresses are relative to itself."""
    page, words = master.edition.page, master.edition.page.controls
    png = {"type": "image/png"}
    contents = {
        "name": page.title,
        "short_name": words.trail_page.line(),
        "description": words.description.line(),
        "lang": page.locale,
        "id": "../",
        "start_url": "../",
        "scope": "../",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#0a4a57",
        "icons": [
            {"src": "icon.svg", "type": "image/svg+xml", "sizes": "any"},
            {"src": "icon-192.png", "sizes": "192x192", **png},
            # Its drawing stays within the circle that a system may cut out.
            {"src": "icon-512.png", "sizes": "512x512", "purpose": "any maskable", **png},
        ],
    }
    return (json.dumps(contents, ensure_ascii=False, indent=1) + "\n").encode()


def _worker(files: Mapping[str, bytes], recordings: Mapping[str | None, File]) -> bytes:
    """The service worker, with what it keeps: the page's files, and each recording under the address that plays it."""
    keeps = dict(files) | {f"{quote(file.path)}?v={_hash(file.data)}": file.data for file in recordings.values()}
    digest = hashlib.sha256()
    for path, data in keeps.items():
        digest.update(f"{path} {_hash(data)}\n".encode())
    template = Template(_read("sw.js").decode())
    return template.substitute(cache=digest.hexdigest()[:16], files=json.dumps(list(keeps), indent=1)).encode()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def _read(name: str) -> bytes:
    return (SOURCE / name).read_bytes()
