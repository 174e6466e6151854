"""A device with a screen, as the tests see one: requests that say so, and touches."""

from dataclasses import dataclass
from typing import Any

from lambda_client import Device, Heard, envelope, request

import lambda_function

Json = dict[str, Any]

VIEWPORTS: dict[str, Json] = {
    "hub-round": {"width": 480, "height": 480, "shape": "round", "mode": "hub"},
    "hub-small": {"width": 960, "height": 480, "shape": "rectangle", "mode": "hub"},
    "hub-landscape": {"width": 1280, "height": 800, "shape": "rectangle", "mode": "hub"},
    "hub-portrait": {"width": 1200, "height": 1920, "shape": "rectangle", "mode": "hub"},
    "tv": {"width": 960, "height": 540, "shape": "rectangle", "mode": "tv"},
}
"""Amazon's viewport profiles, in dp, one of each kind."""

THEMES = ("dark", "light", "high-contrast")

APL = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2023.3"}}}


def with_screen(sent: Json) -> Json:
    """The envelope as a device with a screen sends it."""
    sent["context"]["System"]["device"]["supportedInterfaces"] = APL
    sent["context"]["Viewport"] = {
        "shape": "RECTANGLE", "pixelWidth": 1280, "pixelHeight": 800, "dpi": 160, "theme": "dark",
    }  # fmt: skip
    return sent


@dataclass
class Screen(Device):
    """As `Device`, with a screen."""

    def ask(self, asks: str, **slots: str | None) -> Heard:
        return self._send(request(asks, slots, self.locale))

    def touch(self, *arguments: Any) -> Heard:
        """A touch on what sends these arguments."""
        kind = "Alexa.Presentation.APL.UserEvent"
        event = {"type": kind, "token": "guide", "arguments": list(arguments), "source": {"type": "TouchWrapper"}}
        return self._send({**request("LaunchRequest", None, self.locale), **event})

    def _send(self, asked: Json) -> Heard:
        sent = with_screen(envelope(asked, self.attributes, new=not self.in_session))
        heard = Heard(lambda_function.lambda_handler(sent, None))
        if "shouldEndSession" in heard.body:
            self.in_session = heard.open
            self.attributes = heard.attributes if heard.open else {}
        return heard
