"""Pictures as arrays, and back: as much of PNG (ISO/IEC 15948) as an icon needs, on numpy alone.

A picture library was left out: this is all that is needed of one.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows of pixels of red, green, blue and opacity."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST = 2048
"""Pixels of a side that is read: icons have 512 at most."""

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class PngError(ValueError):
    """A file that is no PNG, or one of a kind that is not read; its message says which."""


def size(data: bytes) -> tuple[int, int]:
    """Width and height. Raises `PngError`."""
    if data[:8] != SIGNATURE or data[12:16] != b"IHDR" or len(data) < 33:
        raise PngError("it is not a PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def read(data: bytes) -> Picture:
    """The picture. Raises `PngError`."""
    width, height = size(data)
    depth, kind, _, _, interlaced = data[24:29]
    if depth != 8 or interlaced or kind not in _CHANNELS or not 0 < max(width, height) <= LARGEST:
        raise PngError("it is not a plain PNG of 8 bits a channel")
    parts = _parts(data)
    channels = _CHANNELS[kind]
    stride = width * channels
    try:
        raw = zlib.decompressobj().decompress(parts.get(b"IDAT", b""), (stride + 1) * height)
    except zlib.error as error:
        raise PngError("its picture can't be unpacked") from error
    if len(raw) < (stride + 1) * height:
        raise PngError("its picture is cut short")
    rows = np.frombuffer(raw, np.uint8).reshape(height, stride + 1)
    pixels = _unfiltered(rows, channels).reshape(height, width, channels)
    return _coloured(pixels, kind, parts)


def _parts(data: bytes) -> dict[bytes, bytes]:
    """The chunks by name; those of one name joined."""
    parts: dict[bytes, bytes] = {}
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name = data[at + 4 : at + 8]
        parts[name] = parts.get(name, b"") + data[at + 8 : at + 8 + length]
        at += length + 12
    return parts


def _unfiltered(rows: Picture, channels: int) -> Picture:
    """The pixels' bytes, from rows that are each led by the number of the filter they went through."""
    above = np.zeros(rows.shape[1] - 1 + channels, np.uint8)  # a pixel of nothing leads every row
    made = []
    for row in rows:
        here = np.zeros_like(above)
        here[channels:] = row[1:]
        if row[0] == 2:
            here += above
        elif row[0] in (1, 3, 4):
            _by_the_left(here, above, int(row[0]), channels)
        elif row[0]:
            raise PngError("its rows are packed in a way that PNG has not")
        made.append(here[channels:])
        above = here
    return np.array(made)


def _by_the_left(here: Picture, above: Picture, kind: int, channels: int) -> None:
    """Undoes, byte by byte, a filter that looks at the pixel on the left: 1 Sub, 3 Average, 4 Paeth."""
    now, up = here.tolist(), above.tolist()
    for at in range(channels, len(now)):
        left, over, corner = now[at - channels], up[at], up[at - channels]
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + over) // 2
        else:
            start = left + over - corner
            guess = min((left, over, corner), key=lambda each: abs(start - each))
        now[at] = (now[at] + guess) & 255
    here[:] = now


def _coloured(pixels: Picture, kind: int, parts: dict[bytes, bytes]) -> Picture:
    """Red, green, blue and opacity, from any of the five kinds of pixel."""
    made = np.full((*pixels.shape[:2], 4), 255, np.uint8)
    if kind == 3:
        palette = np.full((256, 4), 255, np.uint8)
        colours = np.frombuffer(parts.get(b"PLTE", b"")[: 256 * 3], np.uint8)
        palette[: len(colours) // 3, :3] = colours[: len(colours) // 3 * 3].reshape(-1, 3)
        clear = np.frombuffer(parts.get(b"tRNS", b"")[:256], np.uint8)
        palette[: len(clear), 3] = clear
        coloured: Picture = palette[pixels[:, :, 0]]
        return coloured
    made[:, :, :3] = pixels[:, :, :3] if kind in (2, 6) else pixels[:, :, :1]
    if kind in (4, 6):
        made[:, :, 3] = pixels[:, :, -1]
    return made


def write(picture: Picture) -> bytes:
    """The picture as a PNG; the same bytes for the same picture."""
    height, width, _ = picture.shape
    rows = np.zeros((height, width * 4 + 1), np.uint8)
    rows[:, 1:] = picture.reshape(height, -1)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + chunk(b"IEND", b"")
