"""`python -m interaction_model build [--check]`: writes the skill package, or tells that it is stale."""

import argparse
import sys

from interaction_model import build
from interaction_model.phrases import PhrasesError
from skill.page import WordsError

FINDINGS, UNUSABLE = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 fine, 1 stale, 2 a fault in the phrases or the words."""
    parser = argparse.ArgumentParser(prog="python -m interaction_model", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="write interaction_model/skill-package")
    command.add_argument("--check", action="store_true", help="write nothing; exit 1 when the package is stale")
    check = parser.parse_args(arguments).check
    try:
        changed = build.stale() if check else build.write()
    except (PhrasesError, WordsError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    for path in changed:
        print(f"{'stale' if check else 'wrote'} {path.relative_to(build.HERE.parent)}")
    if not changed:
        print("The skill package is up to date.")
    elif check:
        print("Run: make model", file=sys.stderr)
    return FINDINGS if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
