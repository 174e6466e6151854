"""A server in a process of its own, for test_web_serve.py: `web_child.py {"settings": {…}, "chain": {…}, "folder": …}`.

WaitIntent leaves a file "begun" in the folder, and answers when a file "go" is there.
"""

import json
import ssl
import sys
import time
from pathlib import Path
from socket import create_connection, socket

from alexa_requests import skill
from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.utils import is_intent_name
from ask_sdk_model import Response
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.verification import Store

from skill.web import RequestVerifier, Settings, WebError, create_app
from skill.web.fetch import Fetcher
from skill.web.serve import serve


class Waits(AbstractRequestHandler):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("WaitIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        (self.folder / "begun").touch()
        while not (self.folder / "go").exists():
            time.sleep(0.01)
        return handler_input.response_builder.speak("Waited.").set_should_end_session(True).response


def main() -> int:
    told = json.loads(sys.argv[1])
    settings = Settings(**told["settings"])
    verifier = None
    if chain := told.get("chain"):

        def dial(host: str, port: int, timeout: float) -> socket:
            return create_connection(("127.0.0.1", chain["port"]), timeout)

        fetcher = Fetcher(dial, ssl.create_default_context(cadata=chain["web_root"]))
        roots = Store([load_pem_x509_certificate(chain["root"].encode())])
        verifier = RequestVerifier(settings.skill_id, fetch=fetcher, roots=roots)
    try:
        return serve(create_app(skill(Waits(Path(told["folder"]))), settings, verifier=verifier), settings)
    except WebError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
