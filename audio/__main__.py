"""`python -m audio …`: the audio edition.

build       speak the page and write the edition
check       is an edition whole, right and within the formats' rules?
play        hear an edition here in the terminal
release     pack an edition as one dated zip

Exit statuses: 0 fine, 1 findings, 2 unusable input (one sentence on standard error), 130 interrupted.
"""

import argparse
import sys
from importlib import import_module

from audio.errors import UnusableInput
from skill.extras import how_to_add

UNUSABLE, INTERRUPTED = 2, 130

COMMANDS = {
    "build": "speak the page and write the edition",
    "check": "is an edition whole, right and within the formats' rules?",
    "play": "hear an edition here in the terminal",
    "release": "pack an edition as one dated zip",
}
"""Each command stands in the module of its name: `add_to(parser)`, and `run(options)`, which gives an exit status."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
    except UnusableInput as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m audio", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, summary in COMMANDS.items():
        try:
            module = import_module(f"audio.{name}")
        except ModuleNotFoundError as error:
            raise UnusableInput(f"{error.name} is not installed: run {how_to_add('audio')} first.") from error
        command = commands.add_parser(name, help=summary, description=summary)
        module.add_to(command)
        command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
