"""Samples that get in each other's way are found, in any team's model; ours has none (the check runs it in full)."""

import json
from pathlib import Path
from typing import Any

import pytest

from interaction_model import __main__ as command
from interaction_model import ambiguity
from skill.simulator.model import load


def model_of(folder: Path, **intents: list[str]) -> Path:
    """The file of a model with these intents and one slot, colour."""
    told: Any = {
        "invocationName": "paint guide",
        "intents": [
            {
                "name": name,
                "samples": samples,
                "slots": [{"name": "colour", "type": "Colour"}] if any("{" in each for each in samples) else [],
            }
            for name, samples in intents.items()
        ],
        "types": [
            {"name": "Colour", "values": [{"id": "red", "name": {"value": "red", "synonyms": ["scarlet"]}}]},
        ],
    }
    file = folder / "model.json"
    file.write_text(json.dumps({"interactionModel": {"languageModel": told}}), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        (["paint it {colour}"], ["wash the brush"], set()),
        (["paint it"], ["Paint, it!"], {"duplicate"}),
        (["paint it {colour}"], ["paint it scarlet"], {"overlap"}),
        (["show me {colour}"], ["show me red", "show me scarlet"], {"overlap", "unreachable"}),
    ],
    ids=["none", "duplicate", "overlap", "unreachable"],
)
def test_findings(one: list[str], other: list[str], kinds: set[str], tmp_path: Path) -> None:
    found = ambiguity.find(load(model_of(tmp_path, OneIntent=one, OtherIntent=other)))
    assert {finding.kind for finding in found} == kinds


def test_the_command_names_both_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = model_of(tmp_path, OneIntent=["paint it {colour}"], OtherIntent=["paint it scarlet"])
    assert command.main(["ambiguity", "--model", str(file)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("model.json: overlap: “paint it scarlet” is OneIntent “paint it {colour}”")
    assert "OtherIntent “paint it scarlet”: keep it in one of them" in out


def test_the_command_is_content_with_a_clear_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = model_of(tmp_path, OneIntent=["paint it {colour}"], OtherIntent=["wash the brush"])
    assert command.main(["ambiguity", "--model", str(file)]) == 0
    assert "No two intents" in capsys.readouterr().out


def test_a_model_that_cannot_be_read_is_unusable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model.json"
    file.write_text("{", encoding="utf-8")
    assert command.main(["ambiguity", "--model", str(file)]) == 2
    assert "model.json" in capsys.readouterr().err
