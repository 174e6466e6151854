"""The rules of the manifest: the listing in the store, its example phrases, privacy, endpoints, and what is missing."""

import re
from collections.abc import Iterator, Mapping

from interaction_model.certify import amazon
from interaction_model.certify.package import Model, Node, Package, on_package
from interaction_model.certify.rules import Fault, NotChecked
from skill.simulator import invocation
from skill.simulator.words import tokens

FILE = "skill.json"
WANTED = ("name", "summary", "description", "examplePhrases", "keywords", "smallIconUri", "largeIconUri")
ANSWERS = ("containsAds", "allowsPurchases", "usesPersonalInfo", "isChildDirected", "isExportCompliant")
HEALTH = "HEALTH_AND_FITNESS"

DISCLAIMER = {
    "advice": r"\b(?:not|n't|no) (?:\w+ )?(?:medical|professional medical|health) advice|not a doctor",
    "information": r"information(?:al)?(?: and|,)? education(?:al)?(?: purposes)? only",
    "professionals": r"(?:not|n't) (?:replace|(?:intended )?(?:as |to be )?a (?:substitute|replacement) for)[^.]*"
    r"(?:advice, (?:diagnosis|treatment),? or (?:diagnosis|treatment))",
    "emergency": r"emergency[^.]*(?:call|dial)[^.]*emergency[^.]*number",
}
"""What a health skill's description must say: in Amazon's words or near them."""

PLACEHOLDER = r"example\.(?:org|com|net)|\.(?:example|invalid|test)\b|localhost|\b0{12}\b|\b123456789012\b|TODO|<[^>]*>"
"""An address or an account that nobody has: made for examples (RFC 2606), or still to be filled in."""

BUILT_IN = {
    "help": "Help", "stop": "Stop", "cancel": "Cancel", "repeat": "Repeat", "next": "Next", "previous": "Previous",
    "yes": "Yes", "no": "No", "start over": "StartOver", "pause": "Pause", "resume": "Resume",
}  # fmt: skip
"""Phrases that Amazon's own intents know without samples (Standard Built-in Intents)."""


@on_package("listing.schema")
def schema(package: Package) -> Iterator[Fault]:
    for what in amazon.unknown_to(amazon.MANIFEST, {"manifest": package.manifest.value}):
        yield Fault(FILE, what)


@on_package("listing.complete")
def complete(package: Package) -> Iterator[Fault]:
    if not package.listing:
        yield Fault(FILE, "there is no locale in publishingInformation.locales")
    for locale, entry in package.listing.items():
        for key in WANTED:
            if not entry[key].value:
                yield Fault(FILE, f"{locale}: {key}")


@on_package("listing.publishing")
def publishing(package: Package) -> Iterator[Fault]:
    told = package.manifest["publishingInformation"]
    if not package.manifest["manifestVersion"].text():
        yield Fault(FILE, "manifestVersion")
    for key in ("category", "testingInstructions"):
        if not told[key].text():
            yield Fault(FILE, f"publishingInformation.{key}")
    if told["isAvailableWorldwide"].value is not True and not told["distributionCountries"].list():
        yield Fault(FILE, "publishingInformation.distributionCountries")


@on_package("listing.lengths")
def lengths(package: Package) -> Iterator[Fault]:
    for locale, entry in package.listing.items():
        if entry["name"] and not 2 <= len(entry["name"].text()) <= 50:
            yield Fault(FILE, f"{locale}: the name has {len(entry['name'].text())} characters")
        for key, most in (("summary", 160), ("description", 4000)):
            if len(entry[key].text()) > most:
                yield Fault(FILE, f"{locale}: the {key} has {len(entry[key].text())} characters")
        keywords = [each.text() for each in entry["keywords"].list()]
        if len(keywords) > 30 or sum(map(len, keywords)) > 150:
            yield Fault(FILE, f"{locale}: {len(keywords)} keywords have {sum(map(len, keywords))} characters")


@on_package("listing.endorsement")
def endorsement(package: Package) -> Iterator[Fault]:
    for locale, entry in package.listing.items():
        name = entry["name"].text()
        for text in (name, entry["summary"].text(), entry["description"].text()):
            if name and re.search(rf"{re.escape(name)} alexa skill|alexa skill$", text, re.IGNORECASE):
                yield Fault(FILE, f"{locale}: {text[:80]!r}")
    for place, address in _addresses(package):
        if re.match(r"https?://[^/]*alexa", address, re.IGNORECASE):
            yield Fault(FILE, f"{place}: {address}")


def _disclaimer(package: Package, meaning: str) -> Iterator[Fault]:
    if package.manifest["publishingInformation"]["category"].text() != HEALTH:
        raise NotChecked("the category is not health and fitness")
    english = {locale: entry for locale, entry in package.listing.items() if locale.startswith("en")}
    if not english:
        raise NotChecked("the words are known in English alone, and no locale is English")
    for locale, entry in english.items():
        if not re.search(DISCLAIMER[meaning], entry["description"].text(), re.IGNORECASE):
            yield Fault(FILE, f"{locale}: the description does not say it")


@on_package("health.advice")
def advice(package: Package) -> Iterator[Fault]:
    return _disclaimer(package, "advice")


@on_package("health.information")
def information(package: Package) -> Iterator[Fault]:
    return _disclaimer(package, "information")


@on_package("health.professionals")
def professionals(package: Package) -> Iterator[Fault]:
    return _disclaimer(package, "professionals")


@on_package("health.emergency")
def emergency(package: Package) -> Iterator[Fault]:
    return _disclaimer(package, "emergency")


# ── Privacy and the endpoint ──


def _policies(package: Package) -> Mapping[str, str]:
    told = package.manifest["privacyAndCompliance"]["locales"]
    return {locale: told[locale]["privacyPolicyUrl"].text() for locale in package.listing}


@on_package("privacy.policy")
def policy(package: Package) -> Iterator[Fault]:
    for locale, address in _policies(package).items():
        if not re.match(r"https://[^/]", address):
            yield Fault(FILE, f"{locale}: {address or 'no address'}")


@on_package("privacy.answers")
def answers(package: Package) -> Iterator[Fault]:
    told = package.manifest["privacyAndCompliance"]
    for key in ANSWERS:
        if not isinstance(told[key].value, bool):
            yield Fault(FILE, f"privacyAndCompliance.{key}")


@on_package("privacy.personal")
def personal(package: Package) -> Iterator[Fault]:
    asked = [each["name"].text() for each in package.manifest["permissions"].list()]
    if asked and package.manifest["privacyAndCompliance"]["usesPersonalInfo"].value is False:
        yield Fault(FILE, f"it asks for {', '.join(asked)}")


@on_package("privacy.export")
def export(package: Package) -> Iterator[Fault]:
    if package.manifest["privacyAndCompliance"]["isExportCompliant"].value is False:
        yield Fault(FILE, "isExportCompliant is false")


def _endpoints(package: Package) -> Iterator[tuple[str, Node]]:
    custom = package.manifest["apis"]["custom"]
    yield "apis.custom.endpoint", custom["endpoint"]
    for region, told in custom["regions"].items():
        yield f"apis.custom.regions.{region}.endpoint", told["endpoint"]
    if package.manifest["events"]["endpoint"]:
        yield "events.endpoint", package.manifest["events"]["endpoint"]


@on_package("endpoint.address")
def endpoint(package: Package) -> Iterator[Fault]:
    for place, told in _endpoints(package):
        address = told["uri"].text()
        secure = re.match(r"https://[^/]", address) and told["sslCertificateType"].text()
        if not secure and not re.fullmatch(r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w:-]+", address):
            yield Fault(FILE, f"{place}: {address or 'no address'}")


# ── Addresses that only the publisher has ──


def _addresses(package: Package) -> Iterator[tuple[str, str]]:
    for locale, address in _policies(package).items():
        yield f"privacyPolicyUrl, {locale}", address
    for locale, entry in package.listing.items():
        for key in ("smallIconUri", "largeIconUri"):
            yield f"{key}, {locale}", entry[key].text()
    for place, told in _endpoints(package):
        yield place, told["uri"].text()


def _to_fill_in(package: Package, start: str) -> Iterator[Fault]:
    """Each address once, though every locale has it."""
    found: dict[str, list[str]] = {}
    for place, address in _addresses(package):
        if re.match(start, place) and re.search(PLACEHOLDER, address):
            found.setdefault(address, []).append(place)
    for address, places in found.items():
        yield Fault(FILE, f"{places[0]}{f' and {len(places) - 1} more' if places[1:] else ''}: {address}")


@on_package("fill-in.privacy")
def fill_in_privacy(package: Package) -> Iterator[Fault]:
    return _to_fill_in(package, "privacyPolicyUrl")


@on_package("fill-in.icons")
def fill_in_icons(package: Package) -> Iterator[Fault]:
    return _to_fill_in(package, "smallIconUri|largeIconUri")


@on_package("fill-in.endpoint")
def fill_in_endpoint(package: Package) -> Iterator[Fault]:
    return _to_fill_in(package, "apis|events")


# ── Example phrases ──


def _examples(package: Package) -> Iterator[tuple[Model, list[str]]]:
    """Each locale that has a model and a listing, with its example phrases."""
    for locale, entry in package.listing.items():
        if locale in package.models:
            yield package.models[locale], [each.text() for each in entry["examplePhrases"].list()]


def _english_examples(package: Package) -> list[tuple[Model, list[str]]]:
    found = [(model, phrases) for model, phrases in _examples(package) if model.english]
    if not found:
        raise NotChecked("how a skill is opened is known in English alone, and no locale is English")
    return found


@on_package("examples.count")
def examples_count(package: Package) -> Iterator[Fault]:
    for model, phrases in _examples(package):
        if not 1 <= len(phrases) <= 3:
            yield Fault(FILE, f"{model.locale}: there are {len(phrases)}")
        if len({tokens(phrase) for phrase in phrases}) < len(phrases):
            yield Fault(FILE, f"{model.locale}: two are alike")


@on_package("examples.first")
def examples_first(package: Package) -> Iterator[Fault]:
    for model, phrases in _examples(package):
        words = tokens(phrases[0]) if phrases else ()
        name = " ".join(tokens(model.invocation))
        if phrases and (not words or words[0] not in invocation.WAKE or name not in " ".join(words)):
            yield Fault(FILE, f"{model.locale}: {phrases[0]!r}")


@on_package("examples.opened")
def examples_opened(package: Package) -> Iterator[Fault]:
    for model, phrases in _english_examples(package):
        for phrase in phrases:
            words = tokens(phrase)
            if words and words[0] in invocation.WAKE and not _asked(model, phrase)[0]:
                yield Fault(FILE, f"{model.locale}: {phrase!r}")


@on_package("examples.samples")
def examples_samples(package: Package) -> Iterator[Fault]:
    for model, phrases in _english_examples(package):
        for phrase in phrases:
            opened, words = _asked(model, phrase)
            there = {intent.name for intent in model.intents}
            built_in = f"AMAZON.{BUILT_IN.get(' '.join(words))}Intent" in there
            if (opened and not words) or (not opened and tokens(phrase)[:1] and tokens(phrase)[0] in invocation.WAKE):
                continue  # a plain opening, and one that is for examples.opened to find
            if not (built_in or model.understood(words) or model.may_be_understood(words)):
                yield Fault(FILE, f"{model.locale}: {phrase!r}, of which {' '.join(words)!r} is left")


def _asked(model: Model, phrase: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a phrase opens the skill, and the words that are left for its model."""
    return invocation.one_shot(tokens(phrase), " ".join(tokens(model.invocation)))
