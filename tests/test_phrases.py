"""The phrases' loader: a fault names the file, the place and the mend. The faults are `data/phrases_damages.toml`."""

import re
import tomllib
from pathlib import Path

import pytest

from interaction_model import __main__ as command
from interaction_model import build, phrases

DAMAGES = tomllib.loads((Path(__file__).parent / "data" / "phrases_damages.toml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder of phrases without a fault."""
    (tmp_path / "intents.toml").write_text("[HelloIntent]\nsamples = ['hello', 'hello {colour}']", encoding="utf-8")
    (tmp_path / "slots.toml").write_text("[Colour.red]\nsynonyms = ['red', 'scarlet']", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", DAMAGES)
def test_a_fault_names_file_place_and_mend(name: str, folder: Path) -> None:
    damage = DAMAGES[name]
    (folder / damage["file"]).write_text(damage["text"], encoding="utf-8")
    with pytest.raises(phrases.PhrasesError) as raised:
        phrases.load(folder)
    told = str(raised.value)
    assert told.startswith(f"{damage.get('blames', damage['file'])}, at {damage['place']}: "), told
    assert re.search(damage["mend"], told), told


def test_without_a_fault(folder: Path) -> None:
    read = phrases.load(folder)
    assert read.intents == {"HelloIntent": ("hello", "hello {colour}")}
    assert read.types == {"Colour": (phrases.Value("red", ("red", "scarlet")),)}


def test_a_missing_file(folder: Path) -> None:
    (folder / "slots.toml").unlink()
    with pytest.raises(phrases.PhrasesError, match=r"^slots\.toml, at the whole file: .*No such file"):
        phrases.load(folder)


def test_a_file_that_is_not_utf_8(folder: Path) -> None:
    (folder / "intents.toml").write_bytes(b"[HelloIntent]\nsamples = ['caf\xe9']")
    with pytest.raises(phrases.PhrasesError, match=r"^intents\.toml, at the whole file: .*utf-8"):
        phrases.load(folder)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "slots.toml").write_text("", encoding="utf-8")
    with pytest.raises(phrases.PhrasesError, match="phrases"):
        phrases.load(tmp_path)


def test_the_command_tells_a_fault_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "intents.toml").write_text("[HelloIntent]", encoding="utf-8")
    monkeypatch.setattr(build, "load", lambda: phrases.load(folder))
    assert command.main(["build", "--check"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("intents.toml, at HelloIntent: ")
    assert "Traceback" not in err


def test_a_topic_needs_an_intent_of_the_phrases(folder: Path) -> None:
    from skill import page

    with pytest.raises(phrases.PhrasesError, match=r"^en\.toml, at topics\.overview\.intents: must name an intent"):
        build.model(phrases.load(folder), page.load())
