"""The rules of the name that opens a skill, each on every locale's model."""

import re
from collections.abc import Callable, Iterator

from interaction_model.certify.package import Model, Package, on_package
from interaction_model.certify.rules import Fault, NotChecked

LAUNCH = frozenset("run start play resume use launch ask open tell load begin enable".split())
CONNECTORS = frozenset("to from in using with about for that by if and whether".split())
WAKE = frozenset("alexa amazon echo computer ziggy skill app".split())
ARTICLES = frozenset("the a an of".split())  # Amazon's list has "for" and "to" too: they are connectors anyway


def _each(package: Package, broken: Callable[[Model], str]) -> Iterator[Fault]:
    """What `broken` says of each model; nothing for a name that is missing, which is `invocation.length`'s to find."""
    for model in package.models.values():
        if model.invocation and (what := broken(model)):
            yield Fault(model.file, what)


def _words(package: Package, words: frozenset[str]) -> Iterator[Fault]:
    """The names that have one of `words`; they are English."""
    if not package.english:
        raise NotChecked("the words are known in English alone, and no model is English")
    yield from _each(
        package, lambda m: ", ".join(sorted(words.intersection(m.invocation.lower().split()))) if m.english else ""
    )


@on_package("invocation.length")
def length(package: Package) -> Iterator[Fault]:
    for model in package.models.values():
        if not 2 <= len(model.invocation) <= 50:
            yield Fault(model.file, f"it has {len(model.invocation)} characters")


@on_package("invocation.words")
def words(package: Package) -> Iterator[Fault]:
    return _each(package, lambda m: f"it is one word: {m.invocation}" if len(m.invocation.split()) < 2 else "")


@on_package("invocation.letters")
def letters(package: Package) -> Iterator[Fault]:
    def broken(model: Model) -> str:
        name = model.invocation
        fine = re.fullmatch(r"[^\W\d_][\w'.]*(?: [\w'.]+)*", name) and not re.search(r"[\d_]", name)
        return "" if fine and name == name.lower() else f"it is written: {name[:80]}"

    return _each(package, broken)


@on_package("invocation.launch")
def launch(package: Package) -> Iterator[Fault]:
    return _words(package, LAUNCH)


@on_package("invocation.connectors")
def connectors(package: Package) -> Iterator[Fault]:
    return _words(package, CONNECTORS)


@on_package("invocation.wake")
def wake(package: Package) -> Iterator[Fault]:
    return _words(package, WAKE)


@on_package("invocation.articles")
def articles(package: Package) -> Iterator[Fault]:
    if not package.english:
        raise NotChecked("the words are known in English alone, and no model is English")
    return _each(
        package,
        lambda m: (
            m.invocation
            if m.english and len(m.invocation.split()) == 2 and ARTICLES.intersection(m.invocation.lower().split())
            else ""
        ),
    )
