"""Orca, a screen reader, reads the real page. What it says is compared with what a listener needs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM, missing

SCRIPT = Path(__file__).with_name("orca.sh")
SAID = re.compile(r"SPEECH OUTPUT: '(.*?)'(?: *\{.*)?$", re.MULTILINE)
PROGRAMS = ("orca", "Xvfb", "openbox", "xdotool", "dbus-run-session", CHROMIUM[0])


@pytest.fixture(scope="module")
def heard(site, tmp_path_factory):
    """What was said, by the name of the part of the journey."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            missing(program.lower())
    folder = tmp_path_factory.mktemp("orca")
    log = folder / "orca.log"
    subprocess.run([SCRIPT, site.url, log, folder], check=True, timeout=180)
    parts = re.split(r"^MARK (\w+)$", log.read_text(encoding="utf-8", errors="replace"), flags=re.MULTILINE)
    named = {"page": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}
    return {name: SAID.findall(text) for name, text in named.items()}


def test_the_whole_page_is_read(heard):
    said = " ".join(heard["page"])
    for words in ("Our copy of the page was read on", "The limb may need to be amputated.", "not affiliated"):
        assert words in said


def test_buttons_and_slider_are_named(heard):
    said = heard["buttons"]
    for words in ("A-, smaller text push button.", "A+, larger text push button.", "Play push button."):
        assert words in said
    assert "Position horizontal slider 0 seconds of 34 seconds." in said


def test_it_says_once_that_it_plays_and_then_is_quiet(heard):
    assert [line for line in heard["playing"] if "Playing" in line] == ["Playing."]
    assert heard["quiet"] == []


def test_what_was_done_is_said(heard):
    assert "Sentence on push button." in heard["sentence"]
    assert any(re.search(r"(Sentence \d of \d|The heading)\.$", line) for line in heard["sentence"])


def test_headings_lead_through_the_page(heard):
    assert len([line for line in heard["headings"] if "heading level 2" in line]) >= 2


def test_no_clutter(heard):
    said = " ".join(line for lines in heard.values() for line in lines)
    assert "clickable" not in said
