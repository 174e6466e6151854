"""The committed skill package: fresh, loadable by Amazon's classes, within Alexa's rules, alike in every locale."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from amazon_classes import unknown
from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from ask_smapi_model.v1.skill.manifest import SkillManifestEnvelope
from lambda_client import LOCALES

from interaction_model import __main__ as command
from interaction_model import build

Json = dict[str, Any]
ROOT = Path(build.__file__).parents[1]
MODELS = build.PACKAGE / "interactionModels" / "custom"
MODEL_CLASS = "ask_smapi_model.v1.skill.interaction_model.interaction_model_data.InteractionModelData"
MANIFEST_CLASS = "ask_smapi_model.v1.skill.manifest.skill_manifest_envelope.SkillManifestEnvelope"

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
LAUNCH_WORDS = "run start play resume use launch ask open tell load begin enable".split()
CONNECTORS = "to from in using with about for that by if and whether".split()
WAKE_WORDS = "alexa amazon echo computer ziggy skill app".split()
MEANINGS = {
    "gives no medical advice": r"(does not|doesn't) (provide|give|offer)[^.]* medical advice",
    "is for information and education only": r"information(al)? and education(al)?( purposes)? only",
    "does not replace professionals": r"(not|n't) (replace|a substitute for)[^.]*advice, diagnosis,? or treatment",
    "an emergency calls for the local number": r"emergency[^.]*call your local emergency number",
    "is not the publisher's": r"not affiliated",
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
    assert not unknown(json.loads(text), MODEL_CLASS)


def test_the_manifest_loads_into_amazon_s_classes() -> None:
    text = (build.PACKAGE / "skill.json").read_text(encoding="utf-8")
    read = DefaultSerializer().deserialize(text, SkillManifestEnvelope)
    assert read.manifest.publishing_information.category == "HEALTH_AND_FITNESS"
    assert not unknown(json.loads(text), MANIFEST_CLASS)


def test_a_key_that_amazon_does_not_know_is_found() -> None:
    damaged = {"interactionModel": {"languageModel": {"invocationName": "a b", "intents": [{"nmae": "X"}]}}}
    assert unknown(damaged, MODEL_CLASS) == [".interactionModel.languageModel.intents[0].nmae: unknown"]
    assert unknown({"manifest": {"manifestVersion": 1}}, MANIFEST_CLASS)


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


def test_the_locales_are_alike() -> None:
    """The same intents, slots and ids everywhere; samples differ in their spelling alone, so nearly in number."""
    first = language_model(LOCALES[0])
    for locale in LOCALES[1:]:
        told = language_model(locale)
        assert [intent["name"] for intent in told["intents"]] == [intent["name"] for intent in first["intents"]]
        assert [intent.get("slots") for intent in told["intents"]] == [i.get("slots") for i in first["intents"]]
        for mine, theirs in zip(told["types"], first["types"], strict=True):
            assert mine["name"] == theirs["name"]
            assert [value["id"] for value in mine["values"]] == [value["id"] for value in theirs["values"]]
        for mine, theirs in zip(told["intents"], first["intents"], strict=True):
            assert abs(len(mine["samples"]) - len(theirs["samples"])) <= 3, mine["name"]


@every_locale
def test_the_country_s_words(locale: str) -> None:
    text = re.sub(r'"id": "\w+"', "", (MODELS / f"{locale}.json").read_text(encoding="utf-8"))
    assert bool(re.search(r"\btumors?\b", text)) is (locale == "en-US")
    assert bool(re.search(r"\btumours?\b", text)) is (locale != "en-US")
    assert bool(re.search(r"\bmum\b", text)) is (locale not in ("en-US", "en-CA"))
    assert bool(re.search(r"\bmom\b", text)) is (locale in ("en-US", "en-CA"))


# ── Alexa's rules ──


@every_locale
def test_names(locale: str) -> None:
    told = language_model(locale)
    for intent in told["intents"]:
        assert re.fullmatch(r"(AMAZON\.)?[A-Za-z_]+", intent["name"])
        for slot in intent.get("slots", []):
            assert re.fullmatch(r"[a-z_]+", slot["name"])
            assert slot["type"] in {kind["name"] for kind in told["types"]}
    for kind in told["types"]:
        assert re.fullmatch(r"[A-Za-z_]+", kind["name"])
    names = [intent["name"] for intent in told["intents"]]
    assert len(names) == len(set(names))


@every_locale
def test_samples(locale: str) -> None:
    told = language_model(locale)
    owner: dict[str, str] = {}
    for intent in told["intents"]:
        slots = {slot["name"] for slot in intent.get("slots", [])}
        assert intent["samples"], intent["name"]
        for sample in intent["samples"]:
            bare = re.sub(r"\{[a-z_]+\}", "slot", sample)
            assert re.fullmatch(r"[a-zà-ÿ'.\- ]+", bare), sample
            assert not re.search(r"  |^ | $", sample), sample
            assert not re.search(r"\w{2,}\.", bare), f"a full stop only after a letter: {sample}"
            found = re.findall(r"\{(\w+)\}", sample)
            assert set(found) <= slots, sample
            assert len(found) == len(set(found)), sample
            assert sample not in owner, f"{sample!r} is in {owner.get(sample)} and {intent['name']}"
            owner[sample] = intent["name"]
        assert {each for sample in intent["samples"] for each in re.findall(r"\{(\w+)\}", sample)} == slots


@every_locale
def test_slot_values(locale: str) -> None:
    for kind in language_model(locale)["types"]:
        owner: dict[str, str] = {}
        assert kind["values"]
        for value in kind["values"]:
            assert re.fullmatch(r"[a-z_]+", value["id"])
            for said in (value["name"]["value"], *value["name"].get("synonyms", [])):
                assert 0 < len(said) <= 140
                assert said not in owner, f"{said!r} is {owner.get(said)} and {value['id']}"
                owner[said] = value["id"]


@every_locale
def test_the_invocation_name(locale: str) -> None:
    name = language_model(locale)["invocationName"]
    words = name.split()
    assert name == name.lower()
    assert len(words) >= 2
    assert re.fullmatch(r"[a-z' .]+", name)
    assert not set(words) & {*LAUNCH_WORDS, *CONNECTORS, *WAKE_WORDS}
    assert not re.search("society|cancer canada|cancer.ca", name)


@every_locale
def test_the_sensitivity_of_the_fallback(locale: str) -> None:
    level = language_model(locale)["modelConfiguration"]["fallbackIntentSensitivity"]["level"]
    assert level in ("LOW", "MEDIUM", "HIGH")


@every_locale
def test_the_example_phrases_are_samples(locale: str) -> None:
    name = language_model(locale)["invocationName"]
    literal = {sample.lower() for lines in samples(locale).values() for sample in lines}
    phrases = manifest()["manifest"]["publishingInformation"]["locales"][locale]["examplePhrases"]
    assert len(phrases) == 3
    assert phrases[0].lower().startswith("alexa, ")
    assert name in phrases[0].lower()
    for phrase in phrases:
        left = re.sub(r"[,.?!]", "", phrase.lower())
        left = re.sub(r"^alexa ", "", left)
        left = re.sub(rf"^({'|'.join(LAUNCH_WORDS)}) {name} ?", "", left)
        if left == "" and "open" in phrase:
            continue
        assert left in literal, phrase


@every_locale
@pytest.mark.parametrize("meaning", MEANINGS)
def test_the_description_says_what_a_health_skill_must(meaning: str, locale: str) -> None:
    entry = manifest()["manifest"]["publishingInformation"]["locales"][locale]
    assert re.search(MEANINGS[meaning], entry["description"], re.IGNORECASE)


def test_the_listing_s_limits() -> None:
    for entry in manifest()["manifest"]["publishingInformation"]["locales"].values():
        assert 2 <= len(entry["name"]) <= 50
        assert len(entry["summary"]) <= 160
        assert len(entry["description"]) <= 4000
        assert len(entry["keywords"]) <= 30
        assert sum(map(len, entry["keywords"])) <= 150
        assert all(entry[icon].startswith("https://") for icon in ("smallIconUri", "largeIconUri"))


def test_privacy() -> None:
    privacy = manifest()["manifest"]["privacyAndCompliance"]
    assert privacy["isExportCompliant"] is True
    assert privacy["usesPersonalInfo"] is True  # a place, with the listener's yes: docs/privacy.md
    for answer in ("allowsPurchases", "isChildDirected", "containsAds", "usesHealthInfo"):
        assert privacy[answer] is False
    for locale in LOCALES:
        assert privacy["locales"][locale]["privacyPolicyUrl"].startswith("https://")


def test_it_is_published_where_its_numbers_are_known() -> None:
    publishing = manifest()["manifest"]["publishingInformation"]
    assert publishing["isAvailableWorldwide"] is False
    assert sorted(publishing["distributionCountries"]) == ["AU", "CA", "GB", "IN", "US"]
    assert publishing["testingInstructions"]
