"""Zip files that are the same bytes for the same content. In: names and contents. Out: the zip."""

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file inside: the oldest that a zip can tell, so that no clock shows."""


def zipped(contents: Mapping[str, bytes], moment: tuple[int, int, int, int, int, int] = EPOCH) -> bytes:
    """A zip of `contents` in their order. Sound is stored: it can't be made smaller. So is EPUB's mimetype."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name, moment)
            info.create_system = 3  # Unix everywhere, or the bytes would tell the machine
            info.external_attr = 0o644 << 16
            packs = not name.endswith((".mp3", ".m4b", ".zip", ".epub")) and name != "mimetype"
            info.compress_type = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
            archive.writestr(info, data)
    return written.getvalue()
