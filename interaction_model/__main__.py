"""`python -m interaction_model …`: the interaction model.

build       write the skill package from the phrases, or with --check tell whether it is stale
ambiguity   find samples that get in each other's way, in our models or another team's
certify     check Amazon's rules for certification, on our package and every reply, or on another team's package
"""

import argparse
import contextlib
import json
import sys
from pathlib import Path

from interaction_model import build
from interaction_model.phrases import PhrasesError
from skill.page import WordsError
from skill.simulator.model import COMMITTED, ModelError, load

FINDINGS, UNUSABLE = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 fine, 1 stale or ambiguous, 2 unusable input."""
    parser = argparse.ArgumentParser(
        prog="python -m interaction_model", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    command = commands.add_parser("build", help="write interaction_model/skill-package")
    command.add_argument("--check", action="store_true", help="write nothing; exit 1 when the package is stale")
    command = commands.add_parser("ambiguity", help="find samples that get in each other's way; exit 1 on any")
    command.add_argument("--model", type=Path, help="another team's interaction model, by its path")
    command = commands.add_parser("certify", help="check the rules for certification; exit 1 on any that fails")
    command.add_argument("package", type=Path, nargs="?", help="another team's skill package, by its folder")
    command.add_argument("--handler", metavar="MODULE:FUNCTION", help="its Lambda handler, to check every reply")
    command.add_argument("--promises", type=Path, help="a TOML file: what each phrase that prompts tell promises")
    command.add_argument("--submission", action="store_true", help="exit 1 too while anything is to be filled in")
    command.add_argument("--json", action="store_true", help="one JSON object in place of text")
    options = parser.parse_args(arguments)
    try:
        if options.command == "certify":
            return _certify(options)
        return _ambiguity(options.model) if options.command == "ambiguity" else _build(options.check)
    except (PhrasesError, WordsError, ModelError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE


def _build(check: bool) -> int:
    changed = build.stale() if check else build.write()
    for path in changed:
        print(f"{'stale' if check else 'wrote'} {path.relative_to(build.HERE.parent)}")
    if not changed:
        print("The skill package is up to date.")
    elif check:
        print("Run: make model", file=sys.stderr)
    return FINDINGS if check and changed else 0


def _ambiguity(path: Path | None) -> int:
    from interaction_model import ambiguity  # needs the simulator, which building does not

    models = [path] if path else sorted(COMMITTED.glob("*.json"))
    found = 0
    for each in models:
        for finding in ambiguity.find(load(each)):
            print(f"{each.name}: {finding}")
            found += 1
    if not found:
        print("No two intents get in each other's way.")
    return FINDINGS if found else 0


def _certify(options: argparse.Namespace) -> int:
    """Our own package with our own skill, or another with what is given of its skill."""
    from interaction_model import certify

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no “ still gets the rest
    try:
        if options.package is None and (options.handler or options.promises):
            raise certify.Unusable("--handler and --promises are for another team's package: give its folder too.")
        with contextlib.nullcontext() if options.package else certify.surroundings():
            if options.package:
                folder, skill = options.package, certify.another(options.handler, options.promises)
            else:
                folder, skill = certify.ours()
            if options.handler:
                told = f"Calling {options.handler} thousands of times, with its real stores and network."
                print(told, file=sys.stderr)
            elif skill.handler is not None:
                print("Asking the skill everything that can be said: this takes about a minute.", file=sys.stderr)
            report = certify.certify(folder, skill)
    except certify.Unusable as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    print(json.dumps(report.json(), indent=2) if options.json else "\n".join(report.lines()))
    waiting = options.submission and report.of("to be filled in")
    return FINDINGS if report.of("fail") or waiting else 0


if __name__ == "__main__":
    sys.exit(main())
