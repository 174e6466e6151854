"""Draws the skill's icons, of 108 and 512 pixels, into the package: `python -m interaction_model.icon`.

Ours: lines of text that turn into a voice. White and a light yellow on dark teal stand out 8 to 1 and more; the figure
is of few and thick strokes, and lies within the circle that the store cuts out.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interaction_model import png
from interaction_model.build import PACKAGE

FOLDER = PACKAGE / "assets" / "images"
SIZES = (108, 512)

GROUND, LINES, VOICE = (10, 74, 87), (255, 255, 255), (253, 236, 176)

# In units of a 512th of the icon.
THICK = 17.0
SEGMENTS = [((136, y), (248, y)) for y in (176, 256, 336)]
TRIANGLE = ((296, 160), (408, 256), (296, 352))

Distance = NDArray[np.float64]


def draw(side: int) -> png.Picture:
    """The icon with sides of so many pixels."""
    unit = 512 / side
    down, across = (np.mgrid[:side, :side] + 0.5) * unit
    picture = np.full((side, side, 4), 255, np.float64)
    picture[:, :, :3] = GROUND
    for start, end in SEGMENTS:
        _paint(picture, _from_segment(across, down, start, end) - THICK, LINES, unit)
    _paint(picture, _from_triangle(across, down), VOICE, unit)
    return picture.round().astype(np.uint8)


def _from_segment(x: Distance, y: Distance, start: tuple[int, int], end: tuple[int, int]) -> Distance:
    """The distance of each point from a level line."""
    nearest = np.clip(x, start[0], end[0])
    distance: Distance = np.hypot(x - nearest, y - start[1])
    return distance


def _from_triangle(x: Distance, y: Distance) -> Distance:
    """How far each point is outside of the triangle; below nothing inside."""
    sides = zip(TRIANGLE, (*TRIANGLE[1:], TRIANGLE[0]), strict=True)
    lines = [((y - b) * (c - a) - (x - a) * (d - b)) / -np.hypot(c - a, d - b) for (a, b), (c, d) in sides]
    distance: Distance = np.max(lines, axis=0)
    return distance


def _paint(picture: NDArray[np.float64], distance: Distance, colour: tuple[int, int, int], unit: float) -> None:
    """Colours what is within, and by its share a pixel that is half within."""
    share = np.clip(0.5 - distance / unit, 0, 1)[:, :, None]
    picture[:, :, :3] = picture[:, :, :3] * (1 - share) + np.array(colour) * share


def path(side: int, folder: Path = FOLDER) -> Path:
    """Where an icon is kept."""
    return folder / f"{side}.png"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in SIZES:
        path(each).write_bytes(png.write(draw(each)))
