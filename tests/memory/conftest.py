"""A moto server for the tests of the memory, started by the first that asks for it."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def aws() -> Iterator[pytest.MonkeyPatch]:
    """The environment of AWS, with nobody's own credentials."""
    # Not imported from `stores` here: that imports boto3, which looks at the environment.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "ca-central-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        yield patch


@pytest.fixture(scope="session")
def endpoint(aws: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a DynamoDB on loopback; stores made while it is there talk to it."""
    import stores

    with stores.dynamodb() as address:
        aws.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
        yield address
