"""A certification checklist that runs: a skill package, and where there is one the running skill → a `Report`.

rules.toml   every rule: what must hold, where that is written, what to mend
rules        a rule, and what a check of one finds
package      a package's files, with the types they say
invocation, model, listing, icons       rules over the files of any package
told         rules over the phrases that prompts tell the listener to say
walk, reply  every reply that can be reached, and the rules of one reply
report       what was found, as text and as JSON
"""

import contextlib
import importlib
import io
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interaction_model.build import PACKAGE
from interaction_model.certify import icons, invocation, listing, model, package, reply, told, walk
from interaction_model.certify.package import Package
from interaction_model.certify.report import Report, Result
from interaction_model.certify.rules import Fault, NotChecked, Rule, Unusable, rules
from interaction_model.certify.told import Told
from interaction_model.certify.walk import Handler

__all__ = ["Fault", "NotChecked", "Report", "Rule", "Skill", "Unusable", "another", "certify", "ours", "surroundings"]

HANDLER = "lambda_function:lambda_handler"

ANSWERED = "reply.answered"
"""The one rule that a request without an answer is looked at for."""

_REGISTERED = (icons, invocation, listing, model, reply)
"""Modules whose checks are registered when they are imported."""


@dataclass(frozen=True, slots=True)
class Skill:
    """What can be had of a skill beside the files of its package."""

    handler: Handler | None = None
    """Request JSON in, response JSON out, as AWS Lambda calls it; None leaves the rules on replies unchecked."""
    told: Told | None = None


def certify(folder: Path, skill: Skill | None = None, *, depth: int = 2) -> Report:
    """Every rule on the package in `folder`, and on `skill`, walked to `depth` turns. Raises `Unusable`."""
    skill = skill or Skill()
    here = package.read(folder)
    replies = _on_replies(skill.handler, here, depth) if skill.handler else {}
    results = []
    for rule in rules().values():
        if rule.kind == "reply" and skill.handler is None:
            results.append(Result(rule, reason="it needs the running skill: give --handler"))
        elif rule.kind == "reply":
            results.append(Result(rule, tuple(replies[rule.id])))
        elif rule.kind == "told" and skill.told is None:
            results.append(Result(rule, reason="it needs the phrases that prompts tell: give --promises"))
        else:
            results.append(_on_package(rule, here, skill.told))
    walked = here.models.values() if skill.handler else ()
    left_out = dict.fromkeys(each for one in walked for each in walk.left_out(one))
    return Report(here.folder, tuple(results), tuple(left_out))


def ours() -> tuple[Path, Skill]:
    """This project's own package, and its skill; to be walked in its `surroundings`."""
    from skill import page

    phrases = {locale: page.load(locale).phrases for locale in page.locales()}
    with _unlogged():
        return PACKAGE, Skill(handler(HANDLER), Told(told.read(told.OURS), phrases))


def another(name: str | None, promises: Path | None) -> Skill:
    """What was given of another skill: the name of its handler, a file of promises. Raises `Unusable`."""
    return Skill(handler(name) if name else None, Told(told.read(promises)) if promises else None)


def handler(name: str) -> Handler:
    """The function named `module:function`. Raises `Unusable`."""
    module, _, function = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)
    except Exception as error:  # another team's module may raise anything while it is loaded
        raise Unusable(f"{name[:80]} can't be loaded ({type(error).__name__}): name a module:function.") from error
    if not callable(found):
        raise Unusable(f"{name[:80]} is no function: name a module:function.")
    checked: Handler = found
    return checked


def _on_package(rule: Rule, here: Package, given: Told | None) -> Result:
    try:
        if given is not None and rule.kind == "told":
            return Result(rule, tuple(told.CHECKS[rule.id](here, given)))
        return Result(rule, tuple(package.CHECKS[rule.id](here)))
    except NotChecked as reason:
        return Result(rule, reason=str(reason))


def _on_replies(asked: Handler, here: Package, depth: int) -> dict[str, list[Fault]]:
    """The faults of each rule on replies. What the skill prints or logs on the way is not heard."""
    found: dict[str, dict[tuple[str, str], Fault]] = {rule: {} for rule in reply.CHECKS}
    with contextlib.redirect_stdout(io.StringIO()), _unlogged():
        for exchange in _exchanges(asked, here, depth):
            checks = reply.CHECKS if exchange.answered else {ANSWERED: reply.CHECKS[ANSWERED]}
            for rule, check in checks.items():
                for what in check(exchange):  # told once, where it was met first
                    found[rule].setdefault((exchange.intent, what), Fault(exchange.place, what))
    return {rule: list(faults.values()) for rule, faults in found.items()}


def _exchanges(asked: Handler, here: Package, depth: int) -> Iterator[reply.Exchange]:
    """On a speaker as far as `depth`; on other devices, where the same dialogue goes on, whatever is said first."""
    for each in here.models.values():
        token = ""
        for exchange in walk.walk(asked, each, depth=depth):
            yield exchange
            token = token or next((str(stream.get("token")) for stream in exchange.streams), "")
        playing = walk.SPEAKER._replace(name="a speaker that plays", playing=token)
        for device in (walk.SCREEN, walk.MUTE, *((playing,) if token else ())):
            yield from walk.walk(asked, each, depth=1, on=device)


@contextlib.contextmanager
def surroundings() -> Iterator[None]:
    """What our skill finds around it while it is walked: an edition to play, and nobody's memory.

    The walk says "remember my place" and "yes", and no real store may hear it.
    """
    before = dict(os.environ)
    for name in ("MEMORY_TABLE", "MEMORY_FILE", "SKILL_ID"):
        os.environ.pop(name, None)
    os.environ["AUDIO_BASE_URL"] = "https://edition.invalid/"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
