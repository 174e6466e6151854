"""Which memory there is, from the environment.

MEMORY_TABLE        a DynamoDB table (extra `aws`)
MEMORY_FILE         a SQLite file, where there is no table
MEMORY_KEY          the secret under which listeners are kept, 16 characters or more; without it nothing is kept
MEMORY_KEY_BEFORE   the secret before that, while it is being replaced
"""

import os
from collections.abc import Mapping
from pathlib import Path

from skill.memory.keys import SHORTEST, Key
from skill.memory.memory import Memory
from skill.memory.store import Store

FILE = Path("sarcoma-treatment-guide", "memory.sqlite3")


class NoMemory(Exception):
    """There is to be a memory, but it can't be had. The message is one sentence for the operator."""


def configured(environment: Mapping[str, str]) -> Memory:
    """The memory that the environment names. Raises `NoMemory`."""
    keys = [Key(_secret(environment, "MEMORY_KEY"))]
    if environment.get("MEMORY_KEY_BEFORE"):
        keys.append(Key(_secret(environment, "MEMORY_KEY_BEFORE")))
    return Memory(keys[0], [_store(environment, key) for key in keys])


def on_this_machine(environment: Mapping[str, str] = os.environ) -> Memory:
    """The memory of `chat` and `ask`: a file in the user's own folder for data, created by the first yes.

    The one listener has a made-up id, so there is nobody for the key to hide.
    """
    from skill.memory.sqlite import SqliteStore

    key = Key("one listener, on their own machine")
    return Memory(key, [SqliteStore(_file(environment), key.listener)])


def _secret(environment: Mapping[str, str], name: str) -> str:
    secret = environment.get(name) or ""
    if len(secret) < SHORTEST:
        fault = f"is shorter than {SHORTEST} characters" if secret else "is not set"
        raise NoMemory(f"{name} {fault}: nobody's place can be kept.")
    return secret


def _store(environment: Mapping[str, str], key: Key) -> Store:
    table = environment.get("MEMORY_TABLE")
    if not table:
        from skill.memory.sqlite import SqliteStore

        return SqliteStore(_file(environment), key.listener)
    try:
        from skill.memory.dynamodb import DynamoDbStore

        return DynamoDbStore(table, key.listener)
    except ImportError as error:
        raise NoMemory(f"MEMORY_TABLE needs the extra aws ({error.name} is missing).") from error
    except Exception as error:  # boto3 is set up at import: no region, a broken profile
        raise NoMemory(f"MEMORY_TABLE can't be used: {type(error).__name__}.") from error


def _file(environment: Mapping[str, str]) -> Path:
    if environment.get("MEMORY_FILE"):
        return Path(environment["MEMORY_FILE"])
    data = environment.get("XDG_DATA_HOME") or environment.get("LOCALAPPDATA")
    return (Path(data) if data else Path.home() / ".local" / "share") / FILE
