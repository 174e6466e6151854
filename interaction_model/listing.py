"""The listing (TOML) → the skill manifest, skill.json, that the ASK CLI deploys."""

import tomllib
from pathlib import Path
from typing import Any

from skill import page

INTERFACES = ("AUDIO_PLAYER", "ALEXA_PRESENTATION_APL")
"""What the skill uses of a device beyond its voice. Without an interface here, Alexa refuses its directives."""

LISTING = Path(__file__).parent / "listing.toml"


def manifest() -> dict[str, Any]:
    """The manifest, in the shape of Amazon's schema."""
    listing = tomllib.loads(LISTING.read_text(encoding="utf-8"))
    entry = {
        "name": listing["name"],
        "summary": listing["summary"],
        "description": listing["description"].strip(),
        "examplePhrases": listing["examples"],
        "keywords": listing["keywords"],
        "smallIconUri": f"{listing['icons']}/108.png",
        "largeIconUri": f"{listing['icons']}/512.png",
    }
    locales = page.locales()
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "locales": dict.fromkeys(locales, entry),
                "isAvailableWorldwide": False,
                "distributionMode": "PUBLIC",
                # Where it is published: the countries whose emergency numbers it knows.
                "distributionCountries": [locale.partition("-")[2] for locale in locales],
                "category": listing["category"],
                "testingInstructions": listing["testing"],
            },
            "privacyAndCompliance": {
                **listing["privacy"],
                "locales": {locale: {"privacyPolicyUrl": listing["privacy_policy"]} for locale in locales},
            },
            "apis": {
                "custom": {
                    "endpoint": {"uri": listing["endpoint"]},
                    "interfaces": [{"type": each} for each in INTERFACES],
                }
            },
            "events": {
                "endpoint": {"uri": listing["endpoint"]},
                "subscriptions": [{"eventName": "SKILL_DISABLED"}],
            },
        }
    }
