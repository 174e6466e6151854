"""Phrases and the page's topics → the interaction model of each locale, as the ASK CLI deploys it.

In: `phrases/`, `locales.toml` and the words of the skill. Out: `skill-package/interactionModels/custom/en-*.json`.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from interaction_model import limits, listing
from interaction_model.phrases import SLOT, Phrases, PhrasesError, load
from skill import page
from skill.page import Page

HERE = Path(__file__).parent
PACKAGE = HERE / "skill-package"

INVOCATION = "sarcoma treatment guide"

SENSITIVITY = "MEDIUM"
"""How readily Alexa takes a line for none of ours: the wrong section is worse than a miss."""

TOPIC_CARRIERS = ("{}", "tell me about {}", "read me {}", "go to {}", "i want to hear about {}", "what about {}")
"""How a section is asked for by the name that the skill itself gives it when it lists the sections."""


def files() -> dict[Path, str]:
    """Every generated file of the package: its path and its content."""
    phrases = load()
    made = {}
    for locale in page.locales():
        built = model(phrases, page.load(locale))
        limits.check(built, f"{locale}.json")
        made[PACKAGE / "interactionModels" / "custom" / f"{locale}.json"] = _json(built)
    made[PACKAGE / "skill.json"] = _json(listing.manifest())
    return made


def stale() -> list[Path]:
    """The generated files that are missing or not what the phrases now make, and those that nothing makes any more."""
    made = files()
    committed = set(PACKAGE.rglob("*.json"))
    wrong = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return sorted({*wrong, *(committed - made.keys())})


def write() -> list[Path]:
    """Writes what is stale, each file beside its place and then over it; gives the paths that changed."""
    made, changed = files(), stale()
    for path in changed:
        if path not in made:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(made[path], encoding="utf-8")
        beside.replace(path)
    return changed


def model(phrases: Phrases, here: Page) -> dict[str, Any]:
    """The interaction model of one locale, in the shape of Amazon's schema."""
    respell = _speller(here.locale)
    samples = {intent: _respelled(lines, respell) for intent, lines in phrases.intents.items()}
    _add_topics(samples, here)
    intents = [_intent(name, lines) for name, lines in samples.items()]
    types = [
        {
            "name": name,
            "values": [
                {"id": value.id, "name": {"value": words[0], "synonyms": words[1:]}}
                for value in values
                if (words := _respelled(value.synonyms, respell))
            ],
        }
        for name, values in phrases.types.items()
    ]
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": INVOCATION,
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": SENSITIVITY}},
                "intents": intents,
                "types": types,
            }
        }
    }


def _intent(name: str, samples: list[str]) -> dict[str, Any]:
    slots = dict.fromkeys(slot for sample in samples for slot in SLOT.findall(sample))
    entry: dict[str, Any] = {"name": name, "samples": samples}
    if slots:
        entry["slots"] = [{"name": slot, "type": slot.capitalize()} for slot in slots]
    return entry


def _add_topics(samples: dict[str, list[str]], here: Page) -> None:
    """Each topic by the names that the skill gives it; one on a treatment or a recurrence is told by its slots."""
    taken = {sample for lines in samples.values() for sample in lines}
    for topic in here.topics:
        if topic.treatment or topic.recurrence:
            continue
        if not topic.intents or topic.intents[0] not in samples:
            raise PhrasesError(
                page.WORDS.name, f"topics.{topic.id}.intents", "must name an intent of the phrases first"
            )
        named = (carrier.format(name.lower()) for name in (*topic.say, topic.name) for carrier in TOPIC_CARRIERS)
        samples[topic.intents[0]] += [sample for sample in dict.fromkeys(named) if sample not in taken]


def _speller(locale: str) -> Callable[[str], str]:
    spelling: Mapping[str, str] = tomllib.loads((HERE / "locales.toml").read_text(encoding="utf-8"))[locale]["spelling"]
    pattern = re.compile(
        r"(?<![\w'])(?:" + "|".join(sorted(map(re.escape, spelling), key=len, reverse=True)) + r")(?![\w'])"
    )
    return lambda text: pattern.sub(lambda match: spelling[match[0]], text)


def _respelled(lines: Iterable[str], respell: Callable[[str], str]) -> list[str]:
    """The lines in a country's spelling, each once."""
    return list(dict.fromkeys(map(respell, lines)))


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
