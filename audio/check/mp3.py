"""Every MP3 frame is what Alexa takes, and the recording is as long as it is said to be. In: bytes. Out: `Finding`s."""

from collections.abc import Iterator

from audio.catalogue import Catalogue
from audio.check.finding import AGAIN, Finding

BYTES, SECONDS = 144, 0.024
"""Of one frame at 48 kbit/s and 24 kHz. Written here again, lest encoder and check be wrong together."""

_ID3_HEADER = 10
"""Bytes before a tag's content."""


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of the recordings."""
    wanted = {entry.id: entry.duration for entry in catalogue.entries}
    for file in (*catalogue.of_kind("topic"), *catalogue.of_kind("whole")):
        duration = wanted.get(file.topic or "", catalogue.duration)
        path = catalogue.folder / file.path
        if path.is_file():
            yield from frames(file.path, path.read_bytes(), duration)


def frames(name: str, data: bytes, duration: float) -> Iterator[Finding]:
    """Faults of one MP3 whose sound takes `duration` seconds."""
    start = _tag_length(data)
    sound = data[start:]
    for at in range(0, len(sound), BYTES):
        fault = _header(sound[at : at + BYTES])
        if fault:
            yield Finding(name, f"byte {start + at}, frame {at // BYTES + 1}", f"{fault}: {AGAIN}")
            return  # after one bad frame nothing stands where it should
    seconds = len(sound) / BYTES * SECONDS
    if abs(seconds - duration) > SECONDS / 2:
        yield Finding(name, "its end", f"lasts {seconds:.3f} s, the index says {duration:.3f}: {AGAIN}")


def _tag_length(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < _ID3_HEADER:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEADER + size


def _header(frame: bytes) -> str | None:
    """What is wrong with one frame, or None."""
    if len(frame) < BYTES:
        return f"is cut off after {len(frame)} of {BYTES} bytes"
    sync, version, rate, mode = frame[:4]
    rules = (
        (sync == 0xFF and version & 0xE0 == 0xE0, "is no MPEG frame"),
        (version & 0x1E == 0x12, "is not MPEG-2 layer III"),
        (rate >> 4 == 6, "is not at 48 kbit/s"),
        (rate >> 2 & 3 == 1, "is not at 24 kHz"),
        (not rate & 2, "is padded, which makes the times wrong"),
        (mode >> 6 == 3, "is not mono"),
        (b"Xing" not in frame[:64] and b"Info" not in frame[:64], "is a Xing frame, which says another bit rate"),
    )
    return next((fault for holds, fault in rules if not holds), None)
