"""What has been spoken once: a cache by content. In: a voice and a text. Out: the samples, or None.

A name is the hash of everything that decides the sound, so nothing in it is ever out of date. Entries are 16-bit
samples with a checksum (numpy's compressed archive: a damaged one raises, and is made anew), written beside and
replaced. At most `LIMIT` bytes are kept, the longest unused going first. A cache that can't be used is no error: the
edition is only slower to build. It holds the words of the page, nothing about a person.
"""

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.edition import Voice
from audio.voices.engine import Samples

LIMIT = 200_000_000
"""Bytes kept: about twenty editions."""

FORMAT = 1
"""Counted up when the same key would mean other samples."""


def folder() -> Path | None:
    """Where a user's caches are: `XDG_CACHE_HOME`, else `~/.cache`; None when there is no home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # A relative path is to be ignored, says the XDG standard.
        base = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "sarcoma-treatment-guide" / "speech"


class Cache:
    """Spoken texts on disk; with `where` None it keeps nothing."""

    def __init__(self, where: Path | None) -> None:
        self.where = where

    def get(self, voice: Voice, rate: int, text: str) -> Samples | None:
        """The samples of `text` as that voice spoke it, or None: not there, or damaged."""
        entry = self._entry(voice, rate, text)
        if entry is None:
            return None
        try:
            # Opened here: numpy leaves a damaged file open.
            with entry.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                samples = archive["samples"]
            os.utime(entry)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError):
            return None
        return from_16_bits(samples) if samples.dtype == np.int16 and samples.ndim == 1 and len(samples) else None

    def put(self, voice: Voice, rate: int, text: str, samples: Samples) -> Samples:
        """Keeps `samples`; gives them as `get` will, so that a first and a second build are the same."""
        rounded = to_16_bits(samples)
        entry = self._entry(voice, rate, text)
        if entry is not None:
            try:
                entry.parent.mkdir(parents=True, exist_ok=True)
                _write(entry, rounded)
            except OSError:
                self.where = None  # read-only, or full: no use trying again for each sentence
        return from_16_bits(rounded)

    def trim(self, limit: int = LIMIT) -> None:
        """Removes the entries longest unused until at most `limit` bytes are left."""
        if self.where is None:
            return
        try:
            entries = [(path.stat(), path) for path in self.where.glob("*/*")]
            kept = 0
            for about, path in sorted(entries, key=lambda entry: -entry[0].st_mtime):
                kept += about.st_size
                if kept > limit:
                    path.unlink()
        except OSError:
            return  # another build trims it too

    def _entry(self, voice: Voice, rate: int, text: str) -> Path | None:
        if self.where is None:
            return None
        key = json.dumps([FORMAT, asdict(voice), rate, text], sort_keys=True)
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.where / name[:2] / f"{name}.npz"


def to_16_bits(samples: Samples) -> NDArray[np.int16]:
    """Samples as 16-bit numbers, as every engine makes them at first."""
    return np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)


def from_16_bits(samples: NDArray[np.int16]) -> Samples:
    """Samples from 16-bit numbers."""
    return (samples / 32767).astype(np.float32)


def _write(entry: Path, samples: NDArray[np.int16]) -> None:
    descriptor, name = tempfile.mkstemp(dir=entry.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.savez_compressed(file, samples=samples)
        Path(name).replace(entry)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
