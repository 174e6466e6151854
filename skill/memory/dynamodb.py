"""A store in DynamoDB: the SDK's adapter, with an expiry, updates that create nothing, and receipts.

Extra `aws`. This is the only module that loads boto3: about 250 ms of a cold start, so it is loaded where a table is
configured and nowhere else. The table: partition key `id` (a text), time to live on `expires`.
"""

import time
from collections.abc import Callable
from typing import Any

import boto3
from ask_sdk_dynamodb.adapter import DynamoDbAdapter
from ask_sdk_model import RequestEnvelope
from botocore.config import Config
from botocore.exceptions import ClientError

from skill.memory.store import SECONDS, Store, Unavailable

NETWORK = Config(
    connect_timeout=0.4, read_timeout=0.4, tcp_keepalive=True,
    retries={"total_max_attempts": 2, "mode": "legacy"},  # it waits 50 ms before that retry, "standard" up to 1 s
)  # fmt: skip
"""DynamoDB answers in some milliseconds; with one retry this stays within the second that the memory has."""


class DynamoDbStore(DynamoDbAdapter, Store):
    """Attributes in `table`, under what `listener` makes of a request."""

    def __init__(
        self, table: str, listener: Callable[[RequestEnvelope], str], *, now: Callable[[], float] = time.time
    ) -> None:
        resource = boto3.resource("dynamodb", config=NETWORK)
        super().__init__(table_name=table, partition_keygen=listener, dynamodb_resource=resource)
        self._table = resource.Table(table)
        self._now = now

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, Any]:
        item = self._ask("get_item", Key=self._key(request_envelope), ConsistentRead=True).get("Item", {})
        # DynamoDB deletes what has expired within some days, not at once.
        return item.get(self.attribute_name, {"unreadable": True}) if item.get("expires", 0) > self._now() else {}

    def save_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> None:
        self._put(request_envelope, attributes)

    def update_attributes(self, request_envelope: RequestEnvelope, attributes: dict[str, Any]) -> bool:
        try:
            self._put(
                request_envelope, attributes, ConditionExpression="expires > :now",
                ExpressionAttributeValues={":now": int(self._now())},
            )  # fmt: skip
        except _NotThere:
            return False
        return True

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        self._ask("delete_item", Key=self._key(request_envelope))

    def _key(self, request_envelope: RequestEnvelope) -> dict[str, str]:
        return {self.partition_key_name: self.partition_keygen(request_envelope)}

    def _put(self, request_envelope: RequestEnvelope, attributes: dict[str, Any], **condition: Any) -> None:
        row = {self.attribute_name: attributes, "expires": int(self._now()) + SECONDS}
        self._ask("put_item", Item={**self._key(request_envelope), **row}, **condition)

    def _ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._table, operation)(ReturnConsumedCapacity="TOTAL", **parameters)
        except Exception as error:  # boto3 raises its own, urllib3's, and whatever its parser stumbles over
            reason = _reason(error)
            kind = _NotThere if reason == "ConditionalCheckFailedException" else Unavailable
            raise kind(f"DynamoDB: {reason}") from None
        # boto3 takes a body that it can't read for an empty one: "deleted" must not be said on its word.
        if "ConsumedCapacity" not in answer:
            raise Unavailable("DynamoDB: an answer without its receipt")
        return answer


class _NotThere(Unavailable):
    """There is nothing to update."""


def _reason(error: Exception) -> str:
    """Amazon's code for the error, or its type; a message could quote a row."""
    code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None
    return str(code or type(error).__name__)
