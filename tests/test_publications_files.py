"""The publications: what is in each, byte for byte the same each time, and what players read back."""

import io
import json
import zipfile
from itertools import pairwise

import av
import numpy as np
import pytest

from audio.edition import RATE, Edition
from audio.publications import files, publish
from audio.publications.captions import clock
from audio.publications.frames import encode
from audio.publications.master import master
from audio.publications.peaks import PROMISED, decoded, held
from audio.sound import true_peak
from tests.editions import PAUSE, TONE, edition

WHOLE = "Whole page - Treatments for recurrent soft tissue sarcoma"


@pytest.fixture(scope="module")
def published():
    return {file.path: file for file in files(edition())}


def of_kind(published, kind):
    return [file for file in published.values() if file.kind == kind]


def test_an_edition_without_sections_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no sections"):
        publish(Edition(edition().page, edition().voice, ()), tmp_path)


def test_files_are_written_as_they_are_made(published, tmp_path):
    publish(edition(), tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == set(published)
    assert (tmp_path / "edition.json").read_bytes() == published["edition.json"].data


def test_the_same_edition_gives_the_same_bytes(published):
    again = {file.path: file.data for file in files(edition())}
    assert again == {path: file.data for path, file in published.items()}


def test_each_section_has_a_recording_in_order(published):
    names = [file.path for file in of_kind(published, "topic")]
    assert names[0] == "00 About this recording.mp3"
    assert names[3] == "03 Local recurrence - Surgery.mp3"
    assert names == sorted(names)
    assert len(names) == 11
    playlist = published["Treatments for recurrent soft tissue sarcoma.m3u8"].data.decode()
    assert [line for line in playlist.splitlines() if not line.startswith("#")] == names


def test_every_frame_is_what_alexa_takes(published):
    for file in (*of_kind(published, "topic"), *of_kind(published, "whole")):
        sound = file.data[sound_start(file.data) :]
        assert len(sound) % 144 == 0
        assert {sound[at : at + 3] for at in range(0, len(sound), 144)} == {b"\xff\xf3\x64"}
        assert b"Xing" not in sound
        assert b"Info" not in sound


def sound_start(data):
    assert data[:3] == b"ID3"
    a, b, c, d = data[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def test_the_tones_are_heard_where_the_index_says(published):
    """The sound lags by the encoder's 46 ms, and by no more at the end of the whole page than at its beginning."""
    with av.open(io.BytesIO(published[f"{WHOLE}.mp3"].data)) as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    index = json.loads(published["edition.json"].data)
    assert len(heard) / RATE == pytest.approx(index["duration"], abs=0.001)
    for topic in index["topics"]:
        for spoken in topic["spoken"]:
            start = topic["start"] + spoken["start"]
            begins = round((start - 0.05) * RATE), round((start + 0.2) * RATE)
            loud = np.flatnonzero(np.abs(heard[max(0, begins[0]) : begins[1]]) > 0.1)
            lag = (max(0, begins[0]) + loud[0]) / RATE - start
            assert 0.04 < lag < 0.055


@pytest.mark.parametrize("ending", ["mp3", "m4b"])
def test_chapters_are_in_order_as_a_player_reads_them(published, ending):
    index = json.loads(published["edition.json"].data)
    with av.open(io.BytesIO(published[f"{WHOLE}.{ending}"].data)) as container:
        chapters = container.chapters()
        assert [each["metadata"]["title"] for each in chapters] == [topic["title"] for topic in index["topics"]]
        starts = [float(each["start"] * each["time_base"]) for each in chapters]
        assert starts == pytest.approx([topic["start"] for topic in index["topics"]], abs=0.03)
        assert container.duration / av.time_base == pytest.approx(index["duration"], abs=0.1)
        assert "synthetic voice" in container.metadata["comment"]
        assert container.streams.audio[0].rate == RATE


def test_tags_say_what_a_recording_is(published):
    with av.open(io.BytesIO(published["03 Local recurrence - Surgery.mp3"].data)) as container:
        tags = dict(container.metadata)
    assert tags["title"] == "Local recurrence - Surgery"
    assert tags["track"] == "4/11"
    assert tags["language"] == "eng"
    assert tags["album"] == "Treatments for recurrent soft tissue sarcoma"
    assert "not affiliated" in tags["comment"]
    assert b"WOAS" in published["03 Local recurrence - Surgery.mp3"].data[:3000]
    assert edition().page.url.encode() in published["03 Local recurrence - Surgery.mp3"].data[:3000]


def test_captions_hold_each_sentence_with_its_times(published):
    lines = published["02 Local recurrence.vtt"].data.decode().split("\n")
    assert lines[0].startswith("WEBVTT")
    assert lines[3:5] == [f"00:00:00.000 --> {clock(TONE)}", "<b>Local recurrence.</b>"]
    assert lines[7].startswith(f"{clock(TONE + PAUSE)} --> ")


def test_captions_escape_what_webvtt_reserves():
    from audio.edition import Spoken
    from audio.publications.captions import vtt

    text = vtt(edition().page, [(0.0, [Spoken("a < b & c --> d", "sentence", 0, 1)])]).decode()
    assert "a &lt; b &amp; c --&gt; d" in text


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "00:00:00.000"), (59.9996, "00:01:00.000"), (3661.5, "01:01:01.500")]
)
def test_a_clock_rounds_and_carries(seconds, written):
    assert clock(seconds) == written


def test_the_transcript_says_where_it_is_from_and_then_everything(published):
    text = published[f"{WHOLE}.txt"].data.decode()
    for words in (
        "cancer.ca",
        "November 23, 2026",
        "not affiliated",
        "not medical advice",
        "synthetic voice",
        "tones 1.0",
    ):
        assert words in text
    at = 0
    for section in edition().sections:
        for spoken in section.spoken:
            at = text.index(spoken.text, at)


def test_podcast_chapters_are_what_the_format_asks(published):
    chapters = json.loads(published[f"{WHOLE}.chapters.json"].data)
    assert chapters["version"] == "1.2.0"
    assert len(chapters["chapters"]) == 11
    assert all(each["startTime"] < each["endTime"] for each in chapters["chapters"])


def test_the_index_serves_a_player_alone(published):
    index = json.loads(published["edition.json"].data)
    assert index["locale"] == "en-CA"
    assert index["page"]["read"] == "2026-11-23"
    assert index["voice"] == {
        "engine": "tones", "version": "1.0", "voice": "sine", "accent": "Canadian", "synthetic": True,
    }  # fmt: skip
    surgery = index["topics"][3]
    assert (surgery["id"], surgery["number"], surgery["parent"]) == ("local.surgery", 3, "local")
    assert surgery["spoken"][0] == {"start": 0.0, "end": 0.4, "kind": "heading", "text": "Local recurrence: surgery."}
    assert {file["path"] for file in index["files"]} == set(published) - {"edition.json"}
    assert all(file["use"] and len(file["sha256"]) == 64 for file in index["files"])


def test_no_file_tells_the_machine_or_the_moment(published):
    for kind in ("epub", "daisy-text", "daisy-audio"):
        (file,) = of_kind(published, kind)
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {info.create_system for info in archive.infolist()} == {3}
    (epub,) = of_kind(published, "epub")
    with zipfile.ZipFile(io.BytesIO(epub.data)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_daisy_books_have_their_centre_at_the_root(published):
    for kind in ("daisy-text", "daisy-audio"):
        (file,) = of_kind(published, kind)
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            assert archive.namelist()[0] == "ncc.html"
            assert all("/" not in name and name.isascii() for name in archive.namelist())
            assert ("content.html" in archive.namelist()) == (kind == "daisy-text")


def test_a_spelling_of_another_country_reaches_every_format():
    british = {file.kind: file.data for file in files(edition("en-GB"))}
    assert b"radiotherapy" in british["transcript"]
    assert b"radiation therapy" not in british["transcript"].lower()


def test_clips_touch_so_that_no_pause_is_lost():
    for track in master(edition()).tracks:
        clips = track.clips
        assert clips[0].start == 0
        assert clips[-1].end == track.duration
        assert all(a.end == b.start for a, b in pairwise(clips))


def test_loud_samples_are_clipped_not_wrapped():
    wave = 1.5 * np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE)
    with av.open(io.BytesIO(encode(wave.astype(np.float32)))) as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert np.corrcoef(wave, heard[1106 : 1106 + RATE])[0, 1] > 0.95


def test_a_recording_is_as_loud_as_its_samples():
    """LAME turns down by 0.45 dB at this bit rate."""
    wave = (0.3 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)).astype(np.float32)
    heard = decoded(encode(wave))[2000:20_000]
    assert np.sqrt(np.mean(heard**2)) == pytest.approx(np.sqrt(np.mean(wave**2)), rel=0.005)


def test_what_an_encoder_adds_to_the_peaks_is_taken_off_again():
    tried = []

    def adds_a_decibel(samples):
        tried.append(float(np.abs(samples).max()))
        return encode((samples * 1.2).astype(np.float32))

    wave = (0.78 * np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE)).astype(np.float32)
    data = held(wave, adds_a_decibel)
    assert true_peak(decoded(data)) <= PROMISED
    assert len(tried) > 1
    assert tried == sorted(tried, reverse=True)
