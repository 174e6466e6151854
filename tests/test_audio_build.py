"""The build command: one good edition, whatever happens; nothing done twice; messages that say what to do."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audio import __main__ as command
from audio import build, manifest, system
from audio.edition import Edition
from audio.progress import Bar
from audio.shelf import Shelf, ShelfError
from audio.voices.silent import Silent
from skill import page as pages
from tests.standin import page, publish


@pytest.fixture(autouse=True)
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the silent voice is asked to say; the cache is the test's own."""
    said: list[str] = []

    class Listening(Silent):
        def speak(self, text: str):  # type: ignore[no-untyped-def]
            said.append(text)
            return super().speak(text)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("audio.voices.silent.Silent", Listening)
    monkeypatch.setattr("audio.build._publish", publish)
    return said


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "books" / "edition"


def make(out: Path, word: str = "surgery", publishing: Callable[[Edition, Path], None] = publish) -> str:
    """Builds the short page; gives what it told."""
    told = io.StringIO()
    build.build("silent", page(word), out, Bar(told), publishing)
    return told.getvalue()


def contents(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Each file: its bytes, when it was changed, and which one it is."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def is_whole(out: Path) -> bool:
    papers = manifest.read(out)
    return papers is not None and manifest.is_whole(out, papers)


def test_the_command_builds_the_page(out: Path, capfd: pytest.CaptureFixture[str], spoken: list[str]) -> None:
    assert command.main(["build", "--engine", "silent", "--out", str(out)]) == 0
    told = capfd.readouterr()
    assert told.out == ""
    assert "Spoken by silent 1, voice silence, no accent." in told.err
    assert f"Done: {out}" in told.err
    assert "In an emergency, call nine one one." in spoken
    assert is_whole(out)
    assert len(list(out.glob("*.pcm"))) == 1 + len(pages.load().topics)
    papers = json.loads((out / "build.json").read_text(encoding="utf-8"))
    assert papers["locale"] == "en-CA"
    assert papers["voice"]["engine"] == "silent"
    assert sorted(path.name for path in out.parent.iterdir()) == [".edition.lock", "edition"]


def test_a_second_build_does_nothing(out: Path, spoken: list[str]) -> None:
    make(out)
    before = contents(out.parent)
    spoken.clear()
    assert "Nothing has changed" in make(out)
    assert contents(out.parent) == before
    assert spoken == []


def test_auto_keeps_the_voice_it_has_and_asks_nobody(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.voices.AUTO", ("gtts", "silent"))
    monkeypatch.setattr("audio.voices.gtts.Transport.fetch", lambda *_: pytest.fail("a request was made"))
    make(out)
    told = io.StringIO()
    build.build("auto", page(), out, Bar(told), publish)
    assert "Nothing has changed" in told.getvalue()
    assert "--engine gtts" in told.getvalue()


def test_a_changed_sentence_is_the_only_one_spoken(out: Path, spoken: list[str]) -> None:
    make(out)
    assert len(spoken) == 5
    spoken.clear()
    make(out, "radiation")
    assert spoken == ["This is about radiation.", "It is radiation."]
    spoken.clear()
    assert "Done" in make(out)
    assert spoken == []
    assert is_whole(out)


def test_another_program_builds_anew(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(out)
    monkeypatch.setattr("audio.manifest._program", lambda folder: iter(()))
    assert "Done" in make(out)


@pytest.mark.parametrize("damage", ["changed", "missing", "papers", "no papers"])
def test_a_damaged_edition_is_made_anew(out: Path, damage: str) -> None:
    make(out)
    good = {name: data for name, (data, _, _) in contents(out).items()}
    file = next(out.glob("*.pcm"))
    if damage == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif damage == "missing":
        file.unlink()
    elif damage == "papers":
        (out / "build.json").write_text((out / "build.json").read_text().replace('"made_from": "', '"made_from": "0'))
    else:
        for path in out.glob("*.*"):
            path.unlink()
        (out / "text" / "title.txt").unlink()
    make(out)
    assert {name: data for name, (data, _, _) in contents(out).items()} == good


# ── whatever happens, the last good edition stays ──


def failing(error: BaseException) -> Callable[[Edition, Path], None]:
    def fail(edition: Edition, folder: Path) -> None:
        publish(edition, folder)
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 2, "The disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), 2, "can't be written: name a folder of your own"),
        (OSError(errno.EIO, "Input/output error"), 2, "(Input/output error)"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_failure_leaves_the_last_edition(
    error: BaseException, status: int, told: str, first: bool, out: Path,
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if not first:
        make(out)
    before = contents(out)
    monkeypatch.setattr("audio.build._publish", failing(error))
    assert command.main(["build", "--engine", "silent", "--out", str(out)]) == status
    assert contents(out) == before
    assert told in capfd.readouterr().err
    assert not Shelf(out).side.exists()


def test_builds_killed_at_random_leave_a_whole_edition(out: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.killed_builds", str(out), "60"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2000:]
    assert "'.edition.lock', 'edition']" in ran.stdout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB, which only root can mount."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("a disk can't be mounted here; a full one is also played by an error")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_leaves_the_last_edition(small_disk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = small_disk / "edition"
    make(out)
    before = contents(out)
    assert command.main(["build", "--engine", "silent", "--out", str(out)]) == 2
    assert "The disk is full" in capfd.readouterr().err
    assert contents(out) == before
    make(out, "radiation")
    assert is_whole(out)


def test_a_disk_that_can_only_be_read(small_disk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = small_disk / "edition"
    make(out)
    before = contents(out)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(OSError, match="Read-only"):
        (small_disk / "proof").write_text("")
    assert command.main(["build", "--engine", "silent", "--out", str(out)]) == 2
    assert "name a folder of your own with --out" in capfd.readouterr().err
    assert contents(out) == before
    # What is up to date needs no writing.
    assert "Nothing has changed" in make(out)


def test_the_top_of_a_disk_is_refused(small_disk: Path) -> None:
    with pytest.raises(ShelfError, match="the top of a disk"):
        make(small_disk)


def test_another_persons_folder(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make(out)
    before = contents(out)
    out.parent.chmod(0o555)
    root = os.geteuid() == 0
    for parent in out.parents:
        if root and parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    out.parent.chmod(0o555)
    if root:
        os.seteuid(65_534)
    try:
        with pytest.raises(PermissionError):
            (out.parent / "proof").write_text("")
        status = command.main(["build", "--engine", "silent", "--out", str(out)])
    finally:
        if root:
            os.seteuid(0)
        out.parent.chmod(0o755)
    assert status == 2
    assert "can't be written" in capfd.readouterr().err
    assert contents(out) == before


def test_two_builds_at_once(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make(out)
    before = contents(out)
    with Shelf(out) as held:
        assert command.main(["build", "--engine", "silent", "--out", str(out)]) == 2
        assert "Another build is writing" in capfd.readouterr().err
        assert held.side.is_dir()
    assert contents(out) == before
    make(out, "radiation")
    assert contents(out) != before


def test_a_folder_of_other_things_is_refused(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(ShelfError, match=r"holds thesis\.txt"):
        make(out)
    assert (out / "thesis.txt").read_text() == "mine"
    (out / "thesis.txt").rename(out.parent / "link target")
    make(out)
    (out / "notes.txt").write_text("mine too")
    with pytest.raises(ShelfError, match=r"notes\.txt"):
        make(out, "radiation")


def test_links_and_files_are_refused(out: Path) -> None:
    out.parent.mkdir(parents=True)
    (out.parent / "real").mkdir()
    out.symlink_to(out.parent / "real")
    with pytest.raises(ShelfError, match="is a link"):
        make(out)
    out.unlink()
    out.write_text("")
    with pytest.raises(ShelfError, match="is a file"):
        make(out)


# ── where the system can't exchange two folders ──


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.system.ctypes.CDLL", lambda *_, **__: object())


@pytest.mark.usefixtures("no_exchange")
def test_two_renames_do_too(out: Path) -> None:
    make(out)
    make(out, "radiation")
    assert is_whole(out)
    assert sorted(path.name for path in out.parent.iterdir()) == [".edition.lock", "edition"]


@pytest.mark.usefixtures("no_exchange")
def test_a_kill_between_two_renames_is_mended_by_the_next_build(out: Path) -> None:
    make(out)
    before = contents(out)
    side = Shelf(out).side
    out.rename(system.last_of(side))
    with Shelf(out):
        assert contents(out) == before


@pytest.mark.usefixtures("no_exchange")
def test_a_rename_that_fails_is_taken_back(out: Path) -> None:
    make(out)
    before = contents(out)
    with Shelf(out) as held:
        held.side.rmdir()
        with pytest.raises(FileNotFoundError):
            system.exchange(held.side, out)
    assert contents(out) == before


def test_an_exchange_that_fails_is_told(out: Path) -> None:
    make(out)
    with pytest.raises(FileNotFoundError):
        system.exchange(out.parent / "nothing", out)


# ── the command itself ──


def test_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "audio.build", None)
    assert command.main(["build"]) == 2
    assert "-m pip install '.[audio]'" in capfd.readouterr().err


def test_a_voice_that_is_missing_is_told(
    out: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "audio.voices.piper", None)
    assert command.main(["build", "--engine", "piper", "--out", str(out)]) == 2
    err = capfd.readouterr().err
    assert "-m pip install '.[audio,piper]'" in err
    assert "Traceback" not in err
    assert not out.exists()


@pytest.mark.parametrize("arguments", [[], ["sing"], ["build", "--engine", "x"], ["build", "--locale", "fr-FR"]])
def test_bad_arguments_are_status_2(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert capfd.readouterr().err


# ── progress ──


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    bar = Bar(stream)
    bar(1, 4, "It is surgery.")
    bar.say("A sentence.")
    bar(4, 4, "")
    assert stream.getvalue().count("\r") == 2
    assert "[#######......................." in stream.getvalue()
    assert "\nA sentence.\n" in stream.getvalue()
    assert stream.getvalue().endswith("\n")


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_progress_is_plain_lines_elsewhere(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    bar = Bar(stream)
    for number in range(56):
        bar(number, 55, "It is surgery.")
    lines = stream.getvalue().splitlines()
    assert "\r" not in stream.getvalue()
    assert len(lines) == 4
    assert lines[-1] == "55 of 55 lines spoken."
