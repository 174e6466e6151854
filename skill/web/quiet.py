"""Keep words about people out of the log.

A trace-back ends with the exception's message, and a message can quote the request (the SDK's own "Couldn't parse …"
quotes all of it). So what is logged about an exception is its type and the place in the code, never its message; and
the route's name, never the address that was asked for.
"""

import logging

from flask import has_request_context, request

from skill.journal import place


def without_messages(record: logging.LogRecord) -> bool:
    """A filter for Flask's logger: drop flask_ask_sdk's own lines (ours says it in one) and every trace-back."""
    if record.module == "skill_adapter":
        return False
    if record.exc_info:
        told = f"failed in {request.endpoint}" if has_request_context() else record.getMessage()
        record.msg, record.args = f"{told}: {place(record.exc_info[1])}", ()
        record.exc_info = record.exc_text = None
    return True
