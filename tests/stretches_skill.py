"""A small skill of another team, for `certify --handler`: as many stretches as the package tests/data/certify has."""

from typing import Any

Json = dict[str, Any]


def handler(event: Json, context: object) -> Json | None:
    """Request JSON in, response JSON out."""
    request = event["request"]
    print("a skill may print", request["type"])
    if request["type"] not in ("LaunchRequest", "IntentRequest"):
        return None
    name = request.get("intent", {}).get("name", "")
    if name in ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"):
        return {"version": "1.0", "response": {"outputSpeech": speech("Goodbye."), "shouldEndSession": True}}
    part = (request.get("intent", {}).get("slots", {}).get("part") or {}).get("value")
    said = f"Slowly bend your {part}." if part else "You can say: stretch my back."
    return {
        "version": "1.0",
        "sessionAttributes": {"part": part},
        "response": {
            "outputSpeech": speech(f"{said} What next?"),
            "reprompt": {"outputSpeech": speech("What next?")},
            "shouldEndSession": False,
        },
    }


def speech(text: str) -> Json:
    return {"type": "PlainText", "text": text}
