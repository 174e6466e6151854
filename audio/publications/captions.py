"""WebVTT: the text with its times, for each section and for the whole page."""

from collections.abc import Iterable, Iterator

from audio.edition import Spoken
from audio.publications.master import File, Master
from skill.page import Page


def write(master: Master) -> Iterator[File]:
    """A file beside each recording, with the same name."""
    labels = master.labels
    page = master.edition.page
    for track in master.tracks:
        section = track.section
        use = labels.for_topic_captions.line(title=section.title)
        data = vtt(page, [(0.0, section.spoken)])
        yield File(f"{section.stem}.vtt", data, use, "topic-captions", section.topic.id)
    whole = vtt(page, [(track.start, track.section.spoken) for track in master.tracks])
    yield File(f"{master.whole}.vtt", whole, labels.for_captions.line(), "captions")


def vtt(page: Page, sections: Iterable[tuple[float, Iterable[Spoken]]]) -> bytes:
    """Sections with the seconds at which each starts, as WebVTT; a heading is set in bold."""
    lines = [f"WEBVTT - {page.title}", ""]
    number = 0
    for start, spoken in sections:
        for each in spoken:
            number += 1
            text = each.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            text = f"<b>{text}</b>" if each.kind == "heading" else text
            lines += [str(number), f"{clock(start + each.start)} --> {clock(start + each.end)}", text, ""]
    return "\n".join(lines).encode()


def clock(seconds: float) -> str:
    """Seconds as hh:mm:ss.mmm."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
