"""The rules of the icons that are in the package. Those at an address of their own are not fetched."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interaction_model import png
from interaction_model.certify.package import Package, on_package
from interaction_model.certify.rules import Fault, NotChecked

SIZES = {"smallIconUri": 108, "largeIconUri": 512}
"""Icon → pixels of a side."""

CONTRAST = 3.0
"""What a figure needs to its ground (WCAG 2.2, success criterion 1.4.11)."""

LEAST_FIGURE = 0.05
"""Of the picture: less is a speck, and not a figure."""

OPAQUE = 128

Mask = NDArray[np.bool_]


def _icons(package: Package) -> dict[Path, int]:
    """The icons of the package, with the size that each must have."""
    return {
        package.folder / address.removeprefix("file://"): side
        for entry in package.listing.values()
        for key, side in SIZES.items()
        if (address := entry[key].text()).startswith("file://")
    }


def _each(package: Package, broken: Callable[[bytes, int], str]) -> Iterator[Fault]:
    """What `broken` says of each icon that is there. Raises `NotChecked` when none is in the package."""
    icons = _icons(package)
    if not icons:
        raise NotChecked("the icons are not in the package, and nothing is fetched")
    for path, side in icons.items():
        if _is_there(package, path) and (what := broken(path.read_bytes(), side)):
            yield Fault(path.name, what)


def _is_there(package: Package, path: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(package.folder.resolve())


def _drawn(broken: Callable[[png.Picture], str]) -> Callable[[bytes, int], str]:
    """A rule on the picture; one that can't be read is for `icons.format` to find."""

    def of_file(data: bytes, side: int) -> str:
        try:
            return broken(png.read(data))
        except png.PngError:
            return ""

    return of_file


@on_package("icons.files")
def files(package: Package) -> Iterator[Fault]:
    if not (icons := _icons(package)):
        raise NotChecked("the icons are not in the package, and nothing is fetched")
    for path in icons:
        if not _is_there(package, path):
            yield Fault("skill.json", f"{path.name} is not in the package")


@on_package("icons.format")
def format_(package: Package) -> Iterator[Fault]:
    def broken(data: bytes, side: int) -> str:
        try:
            png.read(data)
        except png.PngError as error:
            return str(error)
        return ""

    return _each(package, broken)


@on_package("icons.size")
def size(package: Package) -> Iterator[Fault]:
    def broken(data: bytes, side: int) -> str:
        try:
            found = png.size(data)
        except png.PngError:
            return ""
        return "" if found == (side, side) else f"it has {found[0]} by {found[1]} pixels, and needs {side} by {side}"

    return _each(package, broken)


@on_package("icons.contrast")
def contrast(package: Package) -> Iterator[Fault]:
    def broken(picture: png.Picture) -> str:
        share = figure(picture).mean()
        return "" if share >= LEAST_FIGURE else f"only {share:.1%} of it stands out"

    return _each(package, _drawn(broken))


@on_package("icons.circle")
def circle(package: Package) -> Iterator[Fault]:
    def broken(picture: png.Picture) -> str:
        height, width = picture.shape[:2]
        down, across = np.ogrid[:height, :width]
        from_middle = np.hypot((down + 0.5) / height - 0.5, (across + 0.5) / width - 0.5)
        outside = int((figure(picture) & (from_middle > 0.5)).sum())
        return f"{outside} pixels of the figure are outside" if outside else ""

    return _each(package, _drawn(broken))


@on_package("icons.strokes")
def strokes(package: Package) -> Iterator[Fault]:
    def broken(picture: png.Picture) -> str:
        drawn = figure(picture)
        step = max(1, round(picture.shape[0] / SIZES["smallIconUri"]))  # a pixel at 108
        inner = drawn[step:-step, step:-step].copy()
        for down, across in ((0, step), (2 * step, step), (step, 0), (step, 2 * step)):
            inner &= drawn[down : down + inner.shape[0], across : across + inner.shape[1]]
        left = inner.sum() / max(1, drawn.sum())
        return "" if left >= 0.5 or drawn.mean() < LEAST_FIGURE else f"only {left:.0%} of the figure is left"

    return _each(package, _drawn(broken))


def figure(picture: png.Picture) -> Mask:
    """Which pixels stand out from the commonest colour, by `CONTRAST` or more."""
    seen = picture[:, :, 3] >= OPAQUE
    if not seen.any():
        return seen
    packed = picture[seen][:, :3] @ np.array([1 << 16, 1 << 8, 1])
    colours, counts = np.unique(packed, return_counts=True)
    commonest = int(colours[counts.argmax()])
    ground = luminance(np.array([commonest >> 16, commonest >> 8 & 255, commonest & 255], np.uint8))
    light = luminance(picture[:, :, :3])
    ratio = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
    standing: Mask = seen & (ratio >= CONTRAST)
    return standing


def luminance(colour: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The relative luminance of colours (WCAG 2.2), from 0 to 1."""
    linear: NDArray[np.float64] = _linear()[colour] @ np.array([0.2126, 0.7152, 0.0722])
    return linear


@cache
def _linear() -> NDArray[np.float64]:
    shares = np.arange(256) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
