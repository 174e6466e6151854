"""`python -m skill coverage`: what a model, any team's, understands of a file of utterances."""

import json
from pathlib import Path

import pytest
from simulated import DATA, run

from skill.__main__ import main

PIZZA = str(DATA / "models" / "pizza.json")

LINES = "I want a large margherita.\n\n  add pineapple \r\n?!\n\ttell me when do you close\nget me a coke\n"

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def lines(tmp_path: Path) -> str:
    file = tmp_path / "lines.txt"
    file.write_text(LINES, encoding="utf-8")
    return str(file)


def test_for_people(capsys: Printed, lines: str) -> None:
    assert main(["coverage", lines, "--model", PIZZA]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:4] == [
        "5 utterances.",
        "2 are samples (40 per cent).",
        "2 are understood by a guess (40 per cent).",
        "1 fall back (20 per cent).",
    ]
    assert "Falls back: “?!”." in told
    assert all(line.endswith(".") for line in told)


def test_for_programs(capsys: Printed, lines: str) -> None:
    assert main(["coverage", lines, "--model", PIZZA, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"utterances", "routes", "rivals"}
    assert told["routes"] == {"exact": 2, "guess": 2, "fallback": 1}
    assert [(each["utterance"], each["intent"], each["route"]) for each in told["utterances"]] == [
        ("I want a large margherita.", "OrderPizzaIntent", "exact"),
        ("add pineapple", "AddToppingIntent", "guess"),
        ("?!", "AMAZON.FallbackIntent", "fallback"),
        ("tell me when do you close", "OpeningHoursIntent", "guess"),
        ("get me a coke", "OrderDrinkIntent", "exact"),
    ]


def test_intents_that_compete(capsys: Printed, tmp_path: Path) -> None:
    """Two intents with nearly the same samples: what lies between them is a close call."""
    samples = {"Open": ["please open the door", "open it now", "open up"],
               "Shut": ["please shut the door", "shut it now", "shut up"]}  # fmt: skip
    intents = [{"name": name, "samples": each} for name, each in samples.items()]
    model = tmp_path / "door.json"
    model.write_text(json.dumps({"interactionModel": {"languageModel": {"intents": intents}}}), encoding="utf-8")
    file = tmp_path / "lines.txt"
    file.write_text("please the door\n", encoding="utf-8")
    assert main(["coverage", str(file), "--model", str(model), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rivals"] == [{"intents": ["Open", "Shut"], "utterances": 1}]
    assert main(["coverage", str(file), "--model", str(model)]) == 0
    assert "Open and Shut compete for 1." in capsys.readouterr().out.splitlines()


def test_unusable_files(capsys: Printed, tmp_path: Path, lines: str) -> None:
    blank = tmp_path / "blank.txt"
    blank.write_text("\n \n\t\n", encoding="utf-8")
    for arguments, says in (
        ([str(tmp_path / "nowhere.txt")], "can't be read"),
        ([str(tmp_path)], "can't be read"),
        ([str(blank), "--model", PIZZA], "holds no utterance"),
        ([lines, "--model", str(blank)], "is not JSON"),
    ):
        assert main(["coverage", *arguments]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert says in printed.err
        assert (printed.err.count("\n"), printed.err.endswith(".\n")) == (1, True)


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(b"\xff\xfe add olives\nadd \x00olives\n")
    done = run("coverage", str(file), "--model", PIZZA, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [each["intent"] for each in json.loads(done.stdout)["utterances"]] == ["AddToppingIntent"] * 2
