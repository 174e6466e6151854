"""The baseline: the smallest skill that ask-sdk-core makes. It says one fixed answer.

BARE_ANSWER (JSON: speech, reprompt, card) gives it an answer as long as the one it is compared with; with MEMORY_TABLE
it looks its listener up there first, through the SDK's own adapter.
"""

import json
import os

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard

ANSWER = json.loads(os.environ.get("BARE_ANSWER", '{"speech": "hi"}'))

TABLE = os.environ.get("MEMORY_TABLE")


class Hello(AbstractRequestHandler):
    """Answers everything with the same words."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        if TABLE:
            _ = handler_input.attributes_manager.persistent_attributes  # looked up, as every such skill does
        builder = handler_input.response_builder.speak(ANSWER["speech"])
        if "reprompt" in ANSWER:
            builder.ask(ANSWER["reprompt"])
        if "card" in ANSWER:
            builder.set_card(SimpleCard("card", ANSWER["card"]))
        return builder.set_should_end_session(False).response


if TABLE:
    from ask_sdk_core.skill_builder import CustomSkillBuilder
    from ask_sdk_dynamodb.adapter import DynamoDbAdapter

    _builder = CustomSkillBuilder(persistence_adapter=DynamoDbAdapter(table_name=TABLE))
else:
    _builder = SkillBuilder()
_builder.add_request_handler(Hello())
lambda_handler = _builder.lambda_handler()
