"""How an extra of this package is added to the Python that runs, which need not be the one that `pip` alone would name.

In: the extra's name. Out: a command for this folder, fit for a sentence.
"""

import shlex
import sys


def how_to_add(extra: str) -> str:
    """The command that adds `extra`, or several with commas between: "/…/python -m pip install '.[voice]'"."""
    return f"{shlex.quote(sys.executable)} -m pip install '.[{extra}]'"
