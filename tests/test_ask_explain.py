"""`python -m skill ask` and `explain`: one utterance, one answer or the reasons; and what can't be used, one sentence.

`data/unusable.toml` has the command lines that must be refused; `data/pizza.toml` what `explain` makes of a skill that
is not ours.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from simulated import DATA, KEYS, LOCALES, run, turn

from interaction_model.__main__ import main as interaction_model
from skill.__main__ import main

PIZZA = DATA / "models" / "pizza.json"
UNUSABLE = tomllib.loads((DATA / "unusable.toml").read_text(encoding="utf-8"))["case"]
PIZZA_LINES = tomllib.loads((DATA / "pizza.toml").read_text(encoding="utf-8"))["line"]

SENTENCE = re.compile(r"\S.*\.\n")

Printed = pytest.CaptureFixture[str]


def ask(printed: Printed, *arguments: str) -> dict[str, Any]:
    """`ask --json …` in this process."""
    assert main(["ask", "--json", *arguments]) == 0
    return turn(printed.readouterr().out.encode())


def explain(printed: Printed, *arguments: str) -> dict[str, Any]:
    """`explain --json …` in this process."""
    assert main(["explain", "--json", *arguments]) == 0
    found: dict[str, Any] = json.loads(printed.readouterr().out)
    assert tuple(found) == (
        "utterance", "intent", "route", "probability", "runner_up", "margin", "sample", "nearest", "mends", "slots",
    )  # fmt: skip
    assert 0 <= found["probability"] <= 1
    assert found["route"] in ("exact", "guess", "fallback")
    assert (found["sample"] is not None) is (found["route"] == "exact")
    assert all(re.fullmatch(r"To (fill|be) .+\.", mend) for mend in found["mends"])
    assert found["route"] != "exact" or found["mends"] == []
    return found


# ── ask ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said",
    [
        "surgery",
        "ask sarcoma treatment guide about surgery",
        "Alexa, ask Sarcoma Treatment Guide about surgery.",
        "hey alexa, ask the sarcoma treatment guide for surgery",
        "tell me about surgery from sarcoma treatment guide",
        "alexa what about surgery",
        "please ask sarcoma treatment guide what about surgery",
    ],
)
def test_one_request_in_one_breath(capsys: Printed, said: str) -> None:
    answer = ask(capsys, said)
    assert answer["utterance"] == said
    assert (answer["intent"], answer["topic"], answer["open"]) == ("TopicIntent", "surgery", True)
    assert answer["slots"] == {"treatment": "surgery", "recurrence": None}
    assert "not medical advice" in answer["speech"], "the first answer says what it is"
    assert answer["speech"].endswith("?")


@pytest.mark.parametrize(
    "said",
    [
        "open sarcoma treatment guide",
        "Alexa, start Sarcoma Treatment Guide!",
        "sarcoma treatment guide",
        "talk to sarcoma treatment guide please",
        "ok open the sarcoma treatment guide",
    ],
)
def test_a_launch(capsys: Printed, said: str) -> None:
    answer = ask(capsys, said)
    assert (answer["utterance"], answer["intent"], answer["slots"], answer["topic"], answer["open"]) == (
        said, "LaunchRequest", {}, None, True,
    )  # fmt: skip
    assert answer["speech"].startswith("Hello, this is Sarcoma Treatment Guide.")


@pytest.mark.parametrize("locale", LOCALES)
def test_an_emergency_in_one_breath(capsys: Printed, locale: str) -> None:
    answer = ask(capsys, "--locale", locale, "ask sarcoma treatment guide i can't breathe")
    assert (answer["intent"], answer["topic"], answer["open"]) == ("EmergencyIntent", None, False)
    assert answer["speech"].startswith("Call ")


def test_ask_as_a_program() -> None:
    done = run("ask", "ask sarcoma treatment guide about surgery", "--json", "--explain")
    assert done.returncode == 0
    assert tuple(json.loads(done.stdout)) == KEYS
    assert done.stderr.decode().splitlines()[0].startswith("Understood as TopicIntent, exactly as the sample “")
    assert done.stderr.decode().splitlines()[1] == "Slot treatment: surgery, from “surgery”, word for word."


def test_ask_for_people(capsys: Printed) -> None:
    assert main(["ask", "--explain", "clinical trials"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Understood as ClinicalTrialsIntent, exactly as the sample “clinical trials”.")
    assert "Guide: Clinical trials." in lines
    assert lines[-1] == "A card was sent to the Alexa app: Clinical trials."
    assert main(["ask", "stop"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "The conversation has ended."


def test_a_launch_explains_nothing(capsys: Printed) -> None:
    assert main(["ask", "--explain", "open sarcoma treatment guide"]) == 0
    assert "nderstood" not in capsys.readouterr().out


# ── what can't be used ───────────────────────────────────────────────────────────────────────────────────────────────


def _arguments(case: dict[str, Any]) -> list[str]:
    return [case["repeat"] * case["times"] if each == "…" else each for each in case["arguments"]]


@pytest.mark.parametrize("case", UNUSABLE, ids=lambda case: case["about"])
def test_unusable_input_is_one_sentence(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: dict[str, Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in case.get("files", {}).items():
        Path(name).write_text(content, encoding="utf-8")
    assert main(_arguments(case)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert SENTENCE.fullmatch(printed.err)
    for pattern in case["says"]:
        assert re.search(pattern, printed.err)


def test_unusable_input_as_a_program() -> None:
    for arguments in (("ask", ""), ("explain", "hello", "--model", str(DATA))):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert SENTENCE.fullmatch(done.stderr.decode())


@pytest.mark.parametrize("arguments", [[], ["sing"], ["explain"], ["explain", "hello", "--locale", "fr-CA"]])
def test_a_command_line_that_is_none(capsys: Printed, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m skill")


# ── explain ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_explain_an_exact_sample(capsys: Printed) -> None:
    found = explain(capsys, "What about surgery?")
    assert (found["intent"], found["route"], found["probability"]) == ("TopicIntent", "exact", 1.0)
    assert found["sample"] == "what about {treatment}"
    assert found["slots"] == {"treatment": {"heard": "surgery", "id": "surgery", "how": "exact"}, "recurrence": None}


def test_explain_takes_the_invocation_off_as_ask_does(capsys: Printed) -> None:
    found = explain(capsys, "Alexa, ask sarcoma treatment guide about surgery")
    assert (found["utterance"], found["intent"], found["route"]) == ("surgery", "TopicIntent", "exact")
    assert explain(capsys, "open sarcoma treatment guide")["intent"] == "LaunchRequest"
    assert main(["explain", "open sarcoma treatment guide"]) == 0
    assert capsys.readouterr().out.startswith("Understood as LaunchRequest: it opens the skill, and no sample")


def test_explain_a_guess(capsys: Printed) -> None:
    said = "well then, what would you say about surjeri for it, in the same place I mean"
    found = explain(capsys, said)
    assert (found["utterance"], found["intent"], found["route"]) == (said, "TopicIntent", "guess")
    assert found["slots"] == {
        "treatment": {"heard": "surjeri", "id": "surgery", "how": "sound"},
        "recurrence": {"heard": "in the same place", "id": "local", "how": "exact"},
    }
    assert found["nearest"].keys() == {"intent", "sample"}
    assert 0 < found["margin"] <= found["probability"]
    assert main(["explain", said]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"Understood as TopicIntent, by a guess that is \d+ per cent sure\.", lines[0])
    assert lines[1] == "Slot treatment: surgery, from “surjeri”, by its sound."
    assert lines[2] == "Slot recurrence: local, from “in the same place”, word for word."
    assert re.fullmatch(r"Runner-up: \w+, behind by \d+ per cent\.", lines[3])
    assert re.fullmatch(r"The nearest sample is of [\w.]+: “.+”\.", lines[4])


def test_explain_a_value_that_no_word_says(capsys: Printed, tmp_path: Path) -> None:
    """The words around a slot tell its value: the explanation says so, and what would have been exact."""
    samples = [f"i want it {each} for the {{size}} one" for each in ("now", "soon", "today", "here", "there")]
    model = json.loads(PIZZA.read_text(encoding="utf-8"))
    language = model["interactionModel"]["languageModel"]
    language["intents"] = [
        {"name": "OneIntent", "slots": [{"name": "size", "type": "PizzaSize"}], "samples": samples},
        {"name": "OtherIntent", "samples": ["what time is it", "who are you"]},
    ]
    language["types"] = [{"name": "PizzaSize", "values": [{"id": "L", "name": {"value": "large"}}]}]
    path = tmp_path / "one.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    assert main(["explain", "i want it now for the one", "--model", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Slot size: L, from “large”, by the whole line; no word of the model says it."
    assert "To fill size by words, PizzaSize needs a synonym of “L” that is in the line." in lines
    assert lines[-1] == "To be exact, OneIntent needs the sample “i want it now for the one”."


def test_explain_what_is_not_understood(capsys: Printed) -> None:
    found = explain(capsys, "?!")
    assert (found["intent"], found["route"], found["slots"]) == ("AMAZON.FallbackIntent", "fallback", {})
    assert main(["explain", "?!"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Not understood: AMAZON.FallbackIntent.", "Runner-up: none."]


def test_explain_words_in_the_place_of_a_slot(capsys: Printed) -> None:
    assert main(["explain", "spell leiomyosarcoma"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == (
        "Slot word: no value that the model lists, from “leiomyosarcoma”, by its place in the sentence."
    )


def test_explain_on_a_terminal_without_typographic_signs() -> None:
    done = run("explain", "spell 手術", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"from ????," in done.stdout


# ── a skill that is not ours ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wanted", PIZZA_LINES, ids=lambda line: line["say"])
def test_another_teams_skill(capsys: Printed, wanted: dict[str, Any]) -> None:
    found = explain(capsys, wanted["say"], "--model", str(PIZZA))
    slots = {
        name: [filled["heard"], filled["id"] or "none", filled["how"]] if filled else "none"
        for name, filled in found["slots"].items()
    }
    assert (found["intent"], found["route"], slots) == (wanted["intent"], wanted["route"], wanted["slots"])


def test_another_teams_skill_is_learned_once(tmp_path: Path) -> None:
    arguments = ("explain", "add pineapple", "--model", str(PIZZA))
    first = run(*arguments, XDG_CACHE_HOME=str(tmp_path))
    assert first.returncode == 0
    assert first.stderr == b"Learning what people say from the interaction model, this once: up to a minute.\n"
    assert len(list(tmp_path.rglob("*"))) == 2, "a folder and one file"
    again = run(*arguments, XDG_CACHE_HOME=str(tmp_path))
    assert (again.returncode, again.stdout, again.stderr) == (0, first.stdout, b"")


def test_another_teams_samples_that_get_in_each_others_way(capsys: Printed) -> None:
    assert interaction_model(["ambiguity", "--model", str(PIZZA)]) == 1
    (finding,) = capsys.readouterr().out.splitlines()
    assert "OrderDrinkIntent “get me a {item}” and OrderPizzaIntent “get me a {item}”" in finding
