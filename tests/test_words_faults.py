"""A fault in the words names the file, the place and the mend. The faults are data: `data/words_damages.toml`."""

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from skill import page, reader

DAMAGES = tomllib.loads((Path(__file__).parent / "data" / "words_damages.toml").read_text(encoding="utf-8"))


def _damaged(damage: dict[str, Any]) -> dict[str, Any]:
    words = copy.deepcopy(reader.read(page.WORDS))
    *way, last = damage.get("set") or damage["remove"]
    table = words
    for key in way:
        table = table[key]
    if "set" in damage:
        table[last] = damage["value"]
    else:
        del table[last]
    return words


@pytest.mark.parametrize("name", DAMAGES)
def test_a_fault_names_file_place_and_mend(name: str) -> None:
    damage = DAMAGES[name]
    with pytest.raises(page.WordsError) as raised:
        reader.parse(_damaged(damage), "en-CA", "mine.toml")
    told = str(raised.value)
    assert told.startswith(f"mine.toml, at {damage['place']}: "), told
    assert re.search(damage["mend"], told), told
    assert told.endswith(".")


def test_undamaged_words_are_no_fault() -> None:
    for locale in (*page.locales(), page.ELSEWHERE):
        mine, committed = reader.parse(reader.read(page.WORDS), locale, "mine.toml"), page.load(locale)
        assert (mine.topics, mine.country) == (committed.topics, committed.country)
        assert vars(mine.prompts) == vars(committed.prompts)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[page]\ntitle = Treatments", "line 2"),
        (b'[page]\ntitle = "Caf\xe9"', "utf-8"),
        (b'[page]\ntitle = "one"\ntitle = "two"', "Cannot overwrite"),
        (None, "No such file"),
    ],
    ids=["not TOML", "not UTF-8", "the same key twice", "missing"],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(page.WordsError) as raised:
        reader.read(file)
    assert str(raised.value).startswith("mine.toml, at the whole file: ")
    assert told in str(raised.value)
    assert "mend it there" in str(raised.value)


def test_an_unknown_locale_is_told_the_known_ones() -> None:
    with pytest.raises(page.WordsError, match=r"locales\.fr-CA.*en-CA, en-US"):
        page.load("fr-CA")
