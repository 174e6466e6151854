"""Arrows point one way: what each part may import, read off the source; and no phrase of the model in the code."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from simulated import LOCALES, ROOT, resolver

from skill.simulator.words import tokens

SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("skill", "interaction_model", "audio")
    for path in sorted((ROOT / folder).rglob("*.py"))
} | {"lambda_function": ROOT / "lambda_function.py"}


def tree(module: str) -> ast.Module:
    return ast.parse(SOURCES[module].read_text(encoding="utf-8"))


def _imports(module: str, *, at_start: bool) -> Iterator[str]:
    """What a module imports, by full names; only what it imports when it is itself imported, when `at_start`."""
    nodes: list[ast.AST] = [tree(module)]
    while nodes:
        node = nodes.pop()
        if at_start and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are written in full"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in SOURCES else str(node.module)
        nodes += ast.iter_child_nodes(node)


def imports(module: str, *, at_start: bool = False) -> set[str]:
    return set(_imports(module, at_start=at_start))


def below(module: str, *names: str) -> bool:
    """Whether a module is one of `names`, or inside one."""
    return any(module == name or module.startswith(f"{name}.") for name in names)


def modules(*names: str, apart_from: tuple[str, ...] = ()) -> list[str]:
    found = [module for module in SOURCES if below(module, *names) and not below(module, *apart_from)]
    assert found, f"nothing is called {names}"
    return found


def wrong(importers: list[str], forbidden: tuple[str, ...], *, at_start: bool = False) -> list[str]:
    return [
        f"{module} imports {each}"
        for module in importers
        for each in sorted(imports(module, at_start=at_start))
        if below(each, *forbidden)
    ]


PURE = (
    "ask_sdk_core", "ask_sdk_model", "ask_sdk_runtime", "flask", "flask_ask_sdk", "skill.simulator", "skill.web",
    "skill.handlers", "skill.session",
    "skill.memory", "skill.journal", "lambda_function", "interaction_model", "audio", "datetime", "time", "random",
    "secrets", "uuid", "os", "io", "pathlib", "shutil", "tempfile", "sqlite3", "socket", "urllib", "http", "subprocess",
    "threading", "asyncio", "logging", "importlib", "tomllib", "json",
)  # fmt: skip
LEARNING = ("numpy", "scipy", "sklearn", "snowballstemmer", "jellyfish", "rapidfuzz")


def test_the_dialogue_is_pure() -> None:
    dialogue = modules("skill.dialogue")
    assert wrong(dialogue, PURE) == []
    called = {
        f"{module} calls {node.func.id}"
        for module in dialogue
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in ("open", "input", "print", "eval", "exec", "__import__")
    }
    assert called == set()


def test_what_the_dialogue_reads_is_pure_too() -> None:
    """All that it reaches through our own modules when it is imported: only the page reads files."""
    reached, new = set(), {"skill.dialogue"}
    while new:
        reached |= new
        new = {each for module in new for each in imports(module, at_start=True) if each in SOURCES} - reached
    assert wrong(sorted(reached - {"skill.page", "skill.reader"}), ("ask_sdk_core", "ask_sdk_model", "flask")) == []
    assert not {each for each in reached if below(each, "skill.simulator", "skill.web", "skill.handlers")}


def test_the_handlers_know_no_door() -> None:
    doors = ("skill.simulator", "skill.web", "interaction_model", "audio", "flask", "flask_ask_sdk", "lambda_function")
    assert wrong(modules("skill", apart_from=("skill.simulator", "skill.web", "skill.__main__")), doors) == []


def test_lambda_loads_no_learning_and_no_server() -> None:
    tools = ("skill.simulator", "skill.voice", "skill.web", "skill.__main__")
    heavy = (*LEARNING, "flask", "flask_ask_sdk", "waitress", "cryptography", "certifi", *tools)
    assert wrong([*modules("skill", apart_from=tools), "lambda_function"], heavy) == []


def test_one_module_loads_what_aws_needs_and_it_is_loaded_late() -> None:
    aws = ("boto3", "botocore", "ask_sdk_dynamodb")
    assert wrong(modules("skill", "lambda_function", apart_from=("skill.memory.dynamodb",)), aws) == []
    stores = ("skill.memory.dynamodb", "skill.memory.sqlite")
    assert wrong(modules("skill", "lambda_function"), stores, at_start=True) == []


def test_doors_do_not_know_each_other() -> None:
    assert (
        wrong(modules("skill.simulator"), ("skill.web", "skill.__main__", "interaction_model", "audio", "flask")) == []
    )
    assert wrong(modules("skill.web"), ("skill.__main__", "interaction_model", "audio", *LEARNING)) == []


def test_the_command_line_loads_late() -> None:
    """`python -m skill --help` answers at once: nothing heavy is loaded before it is known what is wanted."""
    heavy = (*LEARNING, "flask", "skill.simulator", "skill.web", "skill.handlers", "lambda_function", "ask_sdk_core")
    assert wrong(["skill.__main__"], heavy, at_start=True) == []


def test_the_interaction_model_is_built_from_the_page_alone() -> None:
    checker = ("interaction_model.ambiguity", "interaction_model.certify", "interaction_model.__main__")
    for module in modules("interaction_model", apart_from=checker):
        ours = {each for each in imports(module) if below(each, "skill", "audio", "lambda_function")}
        assert ours <= {"skill", "skill.page"}, f"{module} imports {ours}"
    for module in modules(*checker):
        ours = {each for each in imports(module) if below(each, "skill", "audio", "lambda_function")}
        assert all(each == "skill" or below(each, "skill.page", "skill.simulator") for each in ours)


def test_only_speech_writes_tags() -> None:
    """A tag or an escape anywhere else could make Alexa drop the session."""
    tags = ("<speak", "<break", "<prosody", "<say-as", "&amp;", "&lt;")
    found = {
        f"{module}: {node.value!r}"
        for module in modules("skill", apart_from=("skill.speech", "skill.web"))
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(tag in node.value for tag in tags)
    }
    assert {each for each in found if not each.startswith("skill.simulator.")} == set()


def test_no_import_goes_round() -> None:
    """Among all that modules import as they are imported, each waits only for those that wait not for it."""
    waits = {
        module: {each for each in imports(module, at_start=True) if each in SOURCES and each != module}
        for module in SOURCES
    }
    ready: set[str] = set()
    while more := {module for module in waits.keys() - ready if waits[module] <= ready}:
        ready |= more
    # A package and its parts: "from skill import page" waits for skill.page, not for what else skill holds.
    assert sorted(waits.keys() - ready) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_simulator_names_no_phrase(locale: str) -> None:
    """It learns from a model alone: none of our samples of three words or more stands in its code."""
    samples = {
        words
        for intent in resolver(locale).model.intents
        for sample in intent.samples
        if len(words := tokens(sample)) >= 3
    }
    assert len(samples) > 3_000
    written = {
        tokens(node.value)
        for module in modules("skill.simulator")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert written & samples == set()


def test_our_packages_are_those_that_are_shipped() -> None:
    outside = {
        each.partition(".")[0]
        for module in modules(
            "skill",
            apart_from=("skill.simulator", "skill.voice", "skill.web", "skill.__main__", "skill.memory.dynamodb"),
        )
        for each in imports(module)
    }
    assert outside - set(sys.stdlib_module_names) == {"skill", "ask_sdk_core", "ask_sdk_model"}


def test_the_checks_see_what_they_look_for() -> None:
    """The tools above, on modules whose imports are known."""
    assert {"skill.simulator.terminal", "skill.handlers", "skill.page", "argparse"} <= imports("skill.__main__")
    assert "skill.simulator.terminal" not in imports("skill.__main__", at_start=True)
    assert wrong(["skill.simulator.guess"], ("numpy", "sklearn")) == [
        "skill.simulator.guess imports numpy",
        "skill.simulator.guess imports numpy.typing",
        "skill.simulator.guess imports sklearn.linear_model",
        "skill.simulator.guess imports sklearn.svm",
    ]
    assert Path(ROOT / "skill" / "page.py") == SOURCES["skill.page"]
