"""What is kept of what was spoken: the same sound again, or nothing; never a damaged or a foreign one."""

import os
from pathlib import Path

import numpy as np
import pytest

from audio import cache as module
from audio.cache import Cache, folder
from audio.edition import Voice
from audio.voices.engine import Samples

VOICE = Voice("test", "1", "tone", "no")
SOUND = np.sin(np.arange(24_000) / 20).astype(np.float32)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "speech")


def entry(cache: Cache) -> Path:
    assert cache.where
    (found,) = (path for path in cache.where.rglob("*") if path.is_file())
    return found


def test_what_is_put_is_got(cache: Cache) -> None:
    assert cache.get(VOICE, 24_000, "Yes.") is None
    put = cache.put(VOICE, 24_000, "Yes.", SOUND)
    got = cache.get(VOICE, 24_000, "Yes.")
    assert got is not None
    assert np.array_equal(put, got)
    assert np.abs(put - SOUND).max() < 1 / 32_000


@pytest.mark.parametrize(
    ("voice", "rate", "text"),
    [
        (VOICE, 24_000, "No."), (VOICE, 22_050, "Yes."), (Voice("test", "2", "tone", "no"), 24_000, "Yes."),
        (Voice("test", "1", "tone", "Canadian"), 24_000, "Yes."), (Voice("test", "1", "other", "no"), 24_000, "Yes."),
    ],
)  # fmt: skip
def test_anything_else_is_another_entry(cache: Cache, voice: Voice, rate: int, text: str) -> None:
    cache.put(VOICE, 24_000, "Yes.", SOUND)
    assert cache.get(voice, rate, text) is None


@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "garbage", "folder", "float", "pickle"])
def test_a_damaged_entry_is_none_and_can_be_made_anew(cache: Cache, damage: str) -> None:
    cache.put(VOICE, 24_000, "Yes.", SOUND)
    file = entry(cache)
    data = file.read_bytes()
    if damage == "flipped":
        file.write_bytes(data[:3000] + bytes([data[3000] ^ 1]) + data[3001:])
    elif damage == "folder":
        file.unlink()
        file.mkdir()
        assert cache.get(VOICE, 24_000, "Yes.") is None
        return
    elif damage == "float":
        with file.open("wb") as opened:
            np.savez_compressed(opened, samples=SOUND)
    elif damage == "pickle":
        with file.open("wb") as opened:
            np.savez_compressed(opened, samples=np.array([{}], dtype=object))
    else:
        file.write_bytes({"empty": b"", "short": data[:-100], "garbage": b"RIFF" * 100}[damage])
    assert cache.get(VOICE, 24_000, "Yes.") is None
    cache.put(VOICE, 24_000, "Yes.", SOUND)
    assert cache.get(VOICE, 24_000, "Yes.") is not None


def test_the_longest_unused_go_first(cache: Cache) -> None:
    for number, text in enumerate(("one", "two", "three")):
        cache.put(VOICE, 24_000, text, SOUND)
        for path in cache.where.rglob("*.npz") if cache.where else ():
            if path.stat().st_mtime > 1_000_000:
                os.utime(path, (number, number))
    assert cache.get(VOICE, 24_000, "one") is not None  # used now
    size = entry_size(cache)
    cache.trim(2 * size + size // 2)
    assert cache.get(VOICE, 24_000, "two") is None
    assert cache.get(VOICE, 24_000, "one") is not None
    assert cache.get(VOICE, 24_000, "three") is not None
    cache.trim()
    assert cache.get(VOICE, 24_000, "three") is not None


def entry_size(cache: Cache) -> int:
    assert cache.where
    return max(path.stat().st_size for path in cache.where.rglob("*.npz"))


def test_a_cache_that_cannot_be_used_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for where in (None, tmp_path / "file" / "speech"):
        cache = Cache(where)
        made: Samples = cache.put(VOICE, 24_000, "Yes.", SOUND)
        assert len(made) == len(SOUND)
        assert cache.get(VOICE, 24_000, "Yes.") is None
        cache.trim()
        assert cache.where is None

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    cache = Cache(tmp_path / "speech")
    monkeypatch.setattr(module.np, "savez_compressed", full)
    cache.put(VOICE, 24_000, "Yes.", SOUND)
    assert not [path for path in (tmp_path / "speech").rglob("*") if path.is_file()]


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert folder() == tmp_path / "sarcoma-treatment-guide" / "speech"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert folder() == Path.home() / ".cache" / "sarcoma-treatment-guide" / "speech"
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert folder() is None
