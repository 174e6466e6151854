"""The simulator's page, /try: say or type something, and see what the skill makes of it. Only for this machine.

In: an utterance, as JSON or as a recording. Out: JSON that the page shows. Nothing is stored: a recording is gone when
its words are known, and a conversation lives in memory until it is left alone for half an hour.

    GET  /try           the page; /try/try.js and /try/try.css with it
    POST /try/say       {"utterance": "…"}, {"launch": true}, or a WAV body → the turn
    POST /try/speech    {} → the last reply as WAV
    POST /try/test      {} → the conversation as a test of the project

Each POST names its conversation (X-Conversation, a UUID that the page makes up) and its locale (X-Locale).
"""

from skill.web.trying.blueprint import RECORDING_LIMIT, create_try

__all__ = ["RECORDING_LIMIT", "create_try"]
