"""Real stores for the tests: SQLite files, and DynamoDB tables in a moto server on loopback."""

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import boto3

from skill.memory import Key
from skill.memory.dynamodb import DynamoDbStore

REGION = "ca-central-1"

AWS = {
    "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip
"""The environment of a program that talks to the moto server and to nobody else."""


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as made:
        return int(made.getsockname()[1])


@contextmanager
def dynamodb() -> Iterator[str]:
    """The address of a moto server in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _listening(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _listening(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "moto ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("moto does not listen")


def create_table(endpoint: str) -> str:
    """A table as deploy/ makes it; its name."""
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    name = f"memory-{uuid.uuid4()}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    return name


def rows(endpoint: str, table: str) -> list[dict[str, object]]:
    """Everything in a table, as the server holds it."""
    found: list[dict[str, object]] = boto3.client("dynamodb", endpoint_url=endpoint).scan(TableName=table)["Items"]
    return found


def table_store(key: Key, table: str, now: Callable[[], float] = time.time) -> DynamoDbStore:
    return DynamoDbStore(table, key.listener, now=now)
