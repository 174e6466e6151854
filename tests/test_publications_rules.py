"""Other people's checkers on the publications: epubcheck, and Ace by DAISY where it is installed."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from audio.catalogue import load
from audio.check import epub
from audio.publications import publish
from tests.editions import edition


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("edition")
    publish(edition(), made)
    return made


@pytest.mark.skipif(epub.can_epubcheck() is not None, reason="epubcheck needs Java and its package")
def test_epubcheck_has_nothing_to_say(folder):
    assert list(epub.epubcheck(load(folder))) == []


@pytest.mark.skipif(epub.can_epubcheck() is not None, reason="epubcheck needs Java and its package")
def test_epubcheck_is_heard(folder, tmp_path):
    """A book with a damaged package: what epubcheck says reaches the findings, so silence means something."""
    from tests.damage import copied, rezip

    broken = copied(folder, tmp_path)
    rezip(broken, "epub", {"EPUB/package.opf": lambda data: data.replace(b"<dc:language>en-CA</dc:language>\n", b"")})
    found = [str(each) for each in epub.epubcheck(load(broken))]
    assert any("epubcheck" in line and "dc:language" in line for line in found)


@pytest.mark.skipif(not os.environ.get("ACE"), reason="Ace was not asked for: tests/ace.sh installs and runs it")
def test_ace_finds_no_issue(folder, tmp_path):
    ace = shutil.which(os.environ["ACE"])
    assert ace
    (book,) = folder.glob("*.epub")
    subprocess.run([ace, "--force", "--silent", "--outdir", tmp_path, book], check=True, timeout=300)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["earl:result"]["earl:outcome"] == "pass"
    assert [each for page in report["assertions"] for each in page["assertions"]] == []
