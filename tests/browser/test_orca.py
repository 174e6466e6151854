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

JOURNEY = (
    *("Tab", "Tab", "Tab", "Tab", "Tab", "Right", "Home"),
    *("Tab", "space", "quiet"),
    *("Tab", "Tab", "Tab", "space"),
    *("Tab", "Tab", "Tab", "Tab", "Tab", "space"),
    *("h", "h", "h", "Down"),
)
ECHOED = {"Tab": "tab ", "space": "space ", "h": "h "}
"""Orca says these keys before it says what they did; an arrow's lines come after the key before it."""
EVERY_KEY = [ECHOED[key] for key in JOURNEY if key in ECHOED]

PATIENCE = (1, 3)
"""Seconds of silence after which a key counts as answered. Where one was lost, all are pressed again, more slowly."""


@pytest.fixture(scope="module")
def heard(site, tmp_path_factory):
    """What was said: first of the whole page, then (key, lines) for each key that is said itself."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            missing(program.lower())
    for patience in PATIENCE:
        folder = tmp_path_factory.mktemp("orca")
        said = _said(site.url, folder, patience)
        if _keys(said) == EVERY_KEY:
            break
    return said


def _said(url, folder, patience):
    log = folder / "orca.log"
    subprocess.run([SCRIPT, url, log, folder, str(patience), *JOURNEY], check=True, timeout=300)
    said: list[tuple[str, list[str]]] = [("", [])]
    for line in SAID.findall(log.read_text(encoding="utf-8", errors="replace")):
        if line in ECHOED.values():
            said.append((line, []))
        elif line.strip():
            said[-1][1].append(line)
    return said


def _keys(said):
    return [key for key, _ in said[1:]]


def after(heard, key, number=1):
    """What was said after a key was pressed for the so-manieth time."""
    return [lines for pressed, lines in heard if pressed == ECHOED[key]][number - 1]


def test_every_key_was_heard(heard):
    assert _keys(heard) == EVERY_KEY


def test_the_whole_page_is_read(heard):
    said = heard[0][1]
    for line in (
        "Our copy of the page was read on November 23, 2026.",
        "Sections",
        "The limb may need to be amputated.",
    ):
        assert line in map(str.strip, said)
    assert [line for line in said if line.startswith("heading level")].count("heading level 3") == 5
    assert said.count("push button") == said.count("Play") + 14 + 11


def test_buttons_and_slider_are_named(heard):
    assert after(heard, "Tab")[-1] == "Skip to the text link."
    assert after(heard, "Tab", 2)[-1] == "A-, smaller text push button."
    assert after(heard, "Tab", 4)[-1] == "A+, larger text push button."
    assert "Position horizontal slider 0 seconds of 34 seconds." in after(heard, "Tab", 5)
    assert "Play push button." in after(heard, "Tab", 6)


def test_a_step_of_the_slider_is_said_once_and_in_words(heard):
    assert [line for line in after(heard, "Tab", 5) if "5 seconds" in line] == ["5 seconds of 34 seconds"]


def test_it_says_that_it_plays_and_then_is_quiet(heard):
    assert after(heard, "space") == ["Playing."]


def test_what_was_done_is_said(heard):
    assert after(heard, "Tab", 9)[-1] == "Sentence on push button."
    (told,) = after(heard, "space", 2)
    assert re.fullmatch(r"(Section \d of 11: .+\. )?(Sentence \d of \d|The heading)\.", told)
    (where,) = after(heard, "space", 3)
    assert re.fullmatch(r"(Paused\. )?Section \d of 11: .+\. \d+ seconds of 34 seconds\. Speed 1\.0\.", where)


def test_headings_lead_through_the_page(heard):
    assert [after(heard, "h", number)[0] for number in (1, 2, 3)] == [
        "About this recording heading level 2.",
        "Treatments for recurrent soft tissue sarcoma heading level 2.",
        "Local recurrence heading level 2.",
    ]


def test_no_clutter(heard):
    said = " ".join(line for _, lines in heard for line in lines)
    assert "clickable" not in said
