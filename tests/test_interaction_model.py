"""The committed skill package: fresh, loadable by Amazon's classes, within Alexa's rules, alike in every locale."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from ask_smapi_model.v1.skill.manifest import SkillManifestEnvelope
from lambda_client import LOCALES

from interaction_model import __main__ as command
from interaction_model import build, certify
from interaction_model.certify.amazon import MANIFEST, MODEL, unknown

Json = dict[str, Any]
ROOT = Path(build.__file__).parents[1]
MODELS = build.PACKAGE / "interactionModels" / "custom"

INTENTS = {
    "TopicIntent", "ListTopicsIntent", "SlowerIntent", "FasterIntent", "NormalSpeedIntent", "WhereAmIIntent",
    "ReadAllIntent", "NextSentenceIntent", "PreviousSentenceIntent", "SpellIntent", "DefineIntent", "SendLinkIntent",
    "AboutIntent", "EmergencyIntent", "CrisisIntent", "PersonalAdviceIntent", "RememberIntent", "ForgetIntent",
    "PlayEditionIntent", "LargerTextIntent", "SmallerTextIntent",
    *(
        f"AMAZON.{name}Intent"
        for name in (
            "Help", "Stop", "Cancel", "Repeat", "Next", "Previous", "Yes", "No", "StartOver", "Pause", "Resume",
            "NavigateHome", "LoopOn", "LoopOff", "ShuffleOn", "ShuffleOff", "Fallback",
        )
    ),
}  # fmt: skip
SLOTS = {
    "TopicIntent": {"treatment", "recurrence"}, "SpellIntent": {"word"}, "DefineIntent": {"term"},
}  # fmt: skip
IDS = {
    "Treatment": {"surgery", "radiation", "chemotherapy"},
    "Recurrence": {"local", "distant", "both"},
    "Term": {
        "recurrent", "primary_tumour", "local_recurrence", "distant_recurrence", "metastatic",
        "palliative_radiation_therapy", "clinical_trial",
    },
}  # fmt: skip
PATIENTS_WORDS = {
    "surgery": ["op", "taken out", "operation"],
    "chemotherapy": ["chemo"],
    "radiation": ["radio", "radiotherapy", "radiation therapy"],
    "local": ["in the same place", "come back in the same place"],
    "distant": ["in my lungs", "spread", "stage four", "in my lung"],
    "both": ["both"],
}


def language_model(locale: str) -> Json:
    told: Json = json.loads((MODELS / f"{locale}.json").read_text(encoding="utf-8"))
    found: Json = told["interactionModel"]["languageModel"]
    return found


def samples(locale: str) -> dict[str, list[str]]:
    return {intent["name"]: intent["samples"] for intent in language_model(locale)["intents"]}


def manifest() -> Json:
    told: Json = json.loads((build.PACKAGE / "skill.json").read_text(encoding="utf-8"))
    return told


every_locale = pytest.mark.parametrize("locale", LOCALES)

# ── generated, committed, fresh ──


def test_what_is_committed_is_what_the_phrases_make() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "interaction_model", "build", "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_locales_are_those_of_the_words() -> None:
    assert {file.stem for file in MODELS.glob("*.json")} == set(LOCALES)
    assert set(manifest()["manifest"]["publishingInformation"]["locales"]) == set(LOCALES)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that `build` takes for the committed one."""
    here = tmp_path / "interaction_model"
    shutil.copytree(build.HERE, here, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(build, "HERE", here)
    monkeypatch.setattr(build, "PACKAGE", here / "skill-package")
    return here / "skill-package"


def test_the_check_passes_on_an_unchanged_copy(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["build", "--check"]) == 0
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["changed", "missing", "left over"])
def test_the_check_fails_on_a_stale_copy_and_build_mends_it(
    damage: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = copy / "interactionModels" / "custom" / "en-GB.json"
    if damage == "changed":
        file.write_text(file.read_text(encoding="utf-8").replace("sarcoma", "sarcomas", 1), encoding="utf-8")
    elif damage == "missing":
        file.unlink()
    else:
        file = file.with_name("en-NZ.json")
        file.write_text("{}", encoding="utf-8")
    before = {each: each.read_bytes() for each in copy.rglob("*.json")}
    assert command.main(["build", "--check"]) == 1
    out, err = capsys.readouterr()
    assert f"stale interaction_model/skill-package/interactionModels/custom/{file.name}" in out
    assert "make model" in err
    assert {each: each.read_bytes() for each in copy.rglob("*.json")} == before, "a check writes nothing"
    assert command.main(["build"]) == 0
    assert f"wrote interaction_model/skill-package/interactionModels/custom/{file.name}" in capsys.readouterr().out
    assert command.main(["build", "--check"]) == 0
    assert not list(copy.rglob("*.new"))


# ── Amazon's own classes ──


@every_locale
def test_the_model_loads_into_amazon_s_classes(locale: str) -> None:
    text = (MODELS / f"{locale}.json").read_text(encoding="utf-8")
    read = DefaultSerializer().deserialize(text, InteractionModelData)
    assert len(read.interaction_model.language_model.intents) == len(samples(locale))


def test_the_manifest_loads_into_amazon_s_classes() -> None:
    text = (build.PACKAGE / "skill.json").read_text(encoding="utf-8")
    read = DefaultSerializer().deserialize(text, SkillManifestEnvelope)
    assert read.manifest.publishing_information.category == "HEALTH_AND_FITNESS"


def test_a_key_that_amazon_does_not_know_is_found() -> None:
    damaged = {"interactionModel": {"languageModel": {"invocationName": "a b", "intents": [{"nmae": "X"}]}}}
    assert unknown(damaged, MODEL) == [".interactionModel.languageModel.intents[0].nmae: unknown"]
    assert unknown({"manifest": {"manifestVersion": 1}}, MANIFEST)


# ── the contract ──


@every_locale
def test_every_intent_of_the_contract_is_there(locale: str) -> None:
    assert set(samples(locale)) >= INTENTS


@every_locale
def test_slots_and_ids_are_those_of_the_contract(locale: str) -> None:
    told = language_model(locale)
    slots = {intent["name"]: {slot["name"] for slot in intent.get("slots", [])} for intent in told["intents"]}
    for intent, names in SLOTS.items():
        assert slots[intent] == names
    types = {kind["name"]: {value["id"] for value in kind["values"]} for kind in told["types"]}
    for kind, ids in IDS.items():
        assert types[kind] == ids


@every_locale
def test_patients_words_are_synonyms(locale: str) -> None:
    said = {
        value["id"]: {value["name"]["value"], *value["name"].get("synonyms", [])}
        for kind in language_model(locale)["types"]
        if kind["name"] in ("Treatment", "Recurrence")
        for value in kind["values"]
    }
    for value, words in PATIENTS_WORDS.items():
        assert said[value] >= set(words)


def test_the_locales_differ_in_their_spelling_alone() -> None:
    """Samples differ nearly not in number; that intents, slots and ids are alike is Alexa's rule."""
    first = samples(LOCALES[0])
    for locale in LOCALES[1:]:
        for intent, lines in samples(locale).items():
            assert abs(len(lines) - len(first[intent])) <= 3, intent


@every_locale
def test_the_country_s_words(locale: str) -> None:
    text = re.sub(r'"id": "\w+"', "", (MODELS / f"{locale}.json").read_text(encoding="utf-8"))
    assert bool(re.search(r"\btumors?\b", text)) is (locale == "en-US")
    assert bool(re.search(r"\btumours?\b", text)) is (locale != "en-US")
    assert bool(re.search(r"\bmum\b", text)) is (locale not in ("en-US", "en-CA"))
    assert bool(re.search(r"\bmom\b", text)) is (locale in ("en-US", "en-CA"))


# ── Alexa's rules ──


def test_every_rule_on_the_files_of_a_package_holds() -> None:
    """interaction_model/certify/rules.toml names them, and where each is written."""
    report = certify.certify(build.PACKAGE)
    assert [result.rule.id for result in report.of("fail")] == []
    assert len(report.of("pass")) > 40


@every_locale
def test_our_own_name_and_what_more_the_listing_says(locale: str) -> None:
    """What no rule for every skill can know: it must not look like the publisher's own."""
    assert not re.search("society|cancer canada|cancer.ca", language_model(locale)["invocationName"])
    entry = manifest()["manifest"]["publishingInformation"]["locales"][locale]
    assert "not affiliated" in entry["description"]
    assert len(entry["examplePhrases"]) == 3


@every_locale
def test_ids_of_values(locale: str) -> None:
    for kind in language_model(locale)["types"]:
        assert all(re.fullmatch(r"[a-z_]+", value["id"]) for value in kind["values"])


def test_privacy() -> None:
    privacy = manifest()["manifest"]["privacyAndCompliance"]
    assert privacy["usesPersonalInfo"] is True  # a place, with the listener's yes: docs/privacy.md
    for answer in ("allowsPurchases", "isChildDirected", "containsAds", "usesHealthInfo"):
        assert privacy[answer] is False


def test_it_is_published_where_its_numbers_are_known() -> None:
    publishing = manifest()["manifest"]["publishingInformation"]
    assert publishing["isAvailableWorldwide"] is False
    assert sorted(publishing["distributionCountries"]) == ["AU", "CA", "GB", "IN", "US"]
    assert publishing["testingInstructions"]
