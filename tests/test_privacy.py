"""docs/privacy.md says what is true: of the manifest's answers, of what a store holds, and of how long."""

import json
import re
import sqlite3
import tomllib
from pathlib import Path

from lambda_client import envelope, request

import interaction_model
from skill import handlers, page
from skill.memory import Kept, configured
from skill.memory.store import DAYS

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
TEMPLATE = ROOT / "deploy" / "template.yaml"
PACKAGE = Path(interaction_model.__file__).parent


def section(title: str) -> str:
    return TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]


def first_column(text: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_the_fields_named_are_those_that_a_store_really_holds(tmp_path: Path) -> None:
    skill = handlers.build_skill(configured({"MEMORY_FILE": str(tmp_path / "m"), "MEMORY_KEY": "a key of this test"}))
    attributes: dict[str, object] = {}
    for intent in ("LaunchRequest", "LungOperationIntent", "SlowerIntent", "RememberIntent", "AMAZON.YesIntent"):
        answer = handlers.answer(skill, envelope(request(intent), attributes, new=not attributes))
        attributes = answer["sessionAttributes"]
    database = sqlite3.connect(tmp_path / "m")
    ((kept,),) = database.execute("SELECT attributes FROM kept").fetchall()
    columns = [row[1] for row in database.execute("PRAGMA table_info(kept)")]
    database.close()
    assert first_column(section("What is kept")) == list(json.loads(kept)) == list(Kept._fields)
    assert columns == ["listener", "attributes", "expires"]


def test_the_answers_to_amazon_are_the_manifest_s() -> None:
    answers = dict(re.findall(r"^\| `(\w+)` \| (true|false) \|", TEXT, re.MULTILINE))
    listed = tomllib.loads((PACKAGE / "listing.toml").read_text(encoding="utf-8"))["privacy"]
    assert {name: answer == "true" for name, answer in answers.items()} == listed
    manifest = json.loads((PACKAGE / "skill-package" / "skill.json").read_text(encoding="utf-8"))["manifest"]
    shipped = manifest["privacyAndCompliance"]
    assert {name: shipped[name] for name in listed} == listed
    assert {"eventName": "SKILL_DISABLED"} in manifest["events"]["subscriptions"]


def test_how_long_is_the_same_everywhere() -> None:
    assert section("How long").strip().startswith(f"{DAYS} days")
    spoken = " ".join(page.load().prompts.memory_consent.say())
    assert f"after {DAYS} days" in spoken
    assert set(re.findall(r"(\d+) days", TEXT)) == {str(DAYS)}
    [backups] = re.findall(r"RecoveryPeriodInDays: (\d+)", TEMPLATE.read_text(encoding="utf-8"))
    assert f"for {backups} more day, and then end" in TEXT


def test_what_is_asked_for_names_what_is_kept() -> None:
    spoken = " ".join(page.load().prompts.memory_consent.say())
    for word in ("section", "sentence", "speed", "introduction", "no name", "no words"):
        assert word in spoken
