"""The program of `child.Child`: its one argument is JSON with settings, chain, folder, skill ("hello" or "ours"), and
arrival_seconds.

"hello": WaitIntent leaves a file "begun-…" in the folder, and answers when a file "go" is there.
"""

import json
import ssl
import sys
import threading
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

from skill import handlers
from skill.web import RequestVerifier, Settings, WebError, create_app
from skill.web import serve as serving
from skill.web.fetch import Fetcher


class Waits(AbstractRequestHandler):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("WaitIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        (self.folder / f"begun-{threading.get_ident()}").touch()
        while not (self.folder / "go").exists():
            time.sleep(0.01)
        return handler_input.response_builder.speak("Waited.").set_should_end_session(True).response


def main() -> int:
    told = json.loads(sys.argv[1])
    settings = Settings(**told["settings"])
    serving.ARRIVAL_SECONDS = told.get("arrival_seconds") or serving.ARRIVAL_SECONDS
    verifier = None
    if chain := told.get("chain"):

        def dial(host: str, port: int, timeout: float) -> socket:
            return create_connection(("127.0.0.1", chain["port"]), timeout)

        fetcher = Fetcher(dial, ssl.create_default_context(cadata=chain["web_root"]))
        roots = Store([load_pem_x509_certificate(chain["root"].encode())])
        verifier = RequestVerifier(settings.skill_id, fetch=fetcher, roots=roots)
    try:
        answers = handlers.build_skill() if told["skill"] == "ours" else skill(Waits(Path(told["folder"])))
        return serving.serve(create_app(answers, settings, verifier=verifier), settings)
    except WebError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
