"""The tests' own servers, certificates and callers, for the bench. What Amazon signs is signed here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "memory"))

from abuse import abused
from alexa_requests import SKILL_ID, as_bytes, envelope
from child import JSON, Child, headers, verified
from fuzz import storm

__all__ = ["JSON", "SKILL_ID", "Child", "abused", "asking", "dynamodb", "headers", "storm", "verified"]


def asking(intent: str) -> bytes:
    """The body of a request for an intent, sent now."""
    return as_bytes(envelope(intent=intent))


@contextmanager
def dynamodb() -> Iterator[dict[str, str]]:
    """The environment of a skill that keeps its memory in a DynamoDB on loopback."""
    with mock.patch.dict("os.environ", {"AWS_DEFAULT_REGION": "ca-central-1"}):  # boto3 looks there when it is loaded
        import stores

    with stores.dynamodb() as address:
        with mock.patch.dict("os.environ", stores.AWS):
            table = stores.create_table(address)
        yield {
            **stores.AWS, "AWS_ENDPOINT_URL_DYNAMODB": address,
            "MEMORY_TABLE": table, "MEMORY_KEY": "sixteen or more characters",
        }  # fmt: skip
