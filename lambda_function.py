"""The AWS Lambda entry: `lambda_function.lambda_handler`."""

import logging
import os
from typing import Any

from skill import handlers, page

SKILL_ID = os.environ.get("SKILL_ID") or None
"""The id that Amazon gave the skill; requests made for another are refused."""

if SKILL_ID is None:
    logging.getLogger("skill").warning("SKILL_ID is not set: requests made for any skill are accepted")

_skill = handlers.build_skill()
if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
    page.load_all()  # once, into the picture that every later start is taken from


def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    """Alexa request JSON in, response JSON out. Raises `AskSdkException` when the request is another skill's."""
    return handlers.answer(_skill, event, context, skill_id=SKILL_ID)
