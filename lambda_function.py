"""The AWS Lambda entry: `lambda_function.lambda_handler`.

Environment: SKILL_ID, AUDIO_BASE_URL (skill/recording.py), and for a memory MEMORY_TABLE and MEMORY_KEY
(skill/memory/configure.py).
"""

import logging
import os
from typing import Any

from skill import handlers, journal, page

SKILL_ID = os.environ.get("SKILL_ID") or None
"""The id that Amazon gave the skill; requests made for another are refused."""

log = logging.getLogger("skill")

journal.start()
if SKILL_ID is None:
    log.warning("SKILL_ID is not set: requests made for any skill are accepted")


def _memory() -> Any:
    """The memory that the environment names, or None; what it needs is loaded only then."""
    if not (os.environ.get("MEMORY_TABLE") or os.environ.get("MEMORY_FILE")):
        return None
    from skill import memory

    try:
        return memory.configured(os.environ)
    except memory.NoMemory as error:
        log.error("%s", error)
        return None


_skill = handlers.build_skill(_memory())
if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
    from skill import recording, saying

    recording.base()  # logs it if AUDIO_BASE_URL can't be used
    page.load_all()  # once, into the picture that every later start is taken from
    saying.said("stage 4")  # and the patterns for numbers and signs, which other starts load when a text has some


def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    """Alexa request JSON in, response JSON out. Raises `AskSdkException` when the request is another skill's."""
    return handlers.answer(_skill, event, context, skill_id=SKILL_ID)
