"""What a store is: the SDK's persistence adapter, and one method more. In: a request and attributes.

Every store passes one contract test (tests/memory/test_store_contract.py).
"""

from typing import Any

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope

DAYS = 90
"""How long something is kept after it was last written."""

SECONDS = DAYS * 24 * 60 * 60


class Unavailable(PersistenceException):
    """A store could not do it. The reason may be logged: it quotes nothing about a listener."""


class Store(AbstractPersistenceAdapter):
    """Attributes of one listener under a digest of their id. What is older than `DAYS` is as if it were not there.

    All methods raise `Unavailable`.
    """

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, Any]:
        """What is kept, or {}. It may be anything: whoever reads it checks it."""
        raise NotImplementedError

    def save_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> None:
        """Keeps them, whether something was kept before or not: only after a yes."""
        raise NotImplementedError

    def update_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> bool:
        """Keeps them in the place of what is kept; if nothing is, does nothing and gives False.

        So nobody's place can come back by itself after "forget me", and no session can claim a yes that was not said.
        """
        raise NotImplementedError

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Nothing is kept afterwards."""
        raise NotImplementedError
