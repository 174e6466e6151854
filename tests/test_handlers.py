"""Alexa's requests in the shapes that devices send: what comes back, and that nothing that comes in makes it fail."""

import copy
import json
import logging
from typing import Any

import pytest
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model import RequestEnvelope
from hypothesis import given, settings
from hypothesis import strategies as st
from lambda_client import Device, Heard, envelope, plain, request, slot

import lambda_function
from skill import dialogue, handlers

Json = dict[str, Any]
SPEAKS = ("outputSpeech", "card", "reprompt")
LOUD = "an-unlikely-word-of-the-listener"


def send(event: Any) -> Heard:
    """One request through the Lambda entry."""
    return Heard(lambda_function.lambda_handler(event, None))


def asked(intent: str, **slots: str | None) -> Json:
    return envelope(request(intent, slots))


# ── shapes that devices send ──


def without_session() -> Json:
    event = asked("OverviewIntent")
    del event["session"]
    return event


def without_attributes() -> Json:
    event = asked("OverviewIntent")
    del event["session"]["attributes"]
    return event


def with_screen() -> Json:
    event = asked("OverviewIntent")
    event["context"]["System"]["device"]["supportedInterfaces"] = {
        "Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.3"}}
    }
    event["context"]["Alexa.Presentation.APL"] = {"token": "t", "version": "AriaRuntimeLibrary-4.0"}
    event["context"]["Viewport"] = {"shape": "ROUND", "pixelWidth": 480, "pixelHeight": 480, "dpi": 160}
    event["context"]["Viewports"] = [{"type": "APL", "id": "main", "shape": "ROUND", "dpi": 160}]
    return event


def with_person_and_place() -> Json:
    event = asked("OverviewIntent")
    event["context"]["System"]["person"] = {"personId": "amzn1.ask.person.1", "accessToken": "t"}
    event["context"]["System"]["unit"] = {"unitId": "amzn1.ask.unit.1", "persistentUnitId": "amzn1.alexa.unit.1"}
    event["context"]["Geolocation"] = {
        "timestamp": "2026-11-23T10:00:00Z",
        "coordinate": {"latitudeInDegrees": 45.4, "longitudeInDegrees": -75.7, "accuracyInMeters": 5},
        "locationServices": {"status": "RUNNING", "access": "ENABLED"},
    }
    event["context"]["AudioPlayer"] = {"playerActivity": "IDLE", "offsetInMilliseconds": 0}
    return event


def with_unknown_fields() -> Json:
    event = asked("OverviewIntent")
    for holder in (event, event["session"], event["context"], event["request"], event["request"]["intent"]):
        holder["newer"] = {"than": ["the", "SDK"], "is": None}
    return event


def with_unknown_values() -> Json:
    event = asked("OverviewIntent")
    event["request"]["intent"]["confirmationStatus"] = "MAYBE"
    event["request"]["dialogState"] = "MUSING"
    return event


@pytest.mark.parametrize(
    "make", [without_session, without_attributes, with_screen, with_person_and_place, with_unknown_fields]
)
def test_a_question_is_answered_whatever_surrounds_it(make: Any) -> None:
    heard = send(make())
    assert "come back" in json.dumps(heard.body), "by voice, or by the screen's own voice"
    assert heard.open


def test_without_a_session_no_attributes_are_sent() -> None:
    assert "sessionAttributes" not in send(without_session()).response


def test_values_newer_than_the_sdk_lose_no_session() -> None:
    heard = send(with_unknown_values())
    assert heard.speech
    assert heard.open


@pytest.mark.parametrize("field", ["confirmationStatus", "dialogState", "slot confirmationStatus", "resolution code"])
def test_an_emergency_is_understood_among_values_newer_than_the_sdk(field: str) -> None:
    event = asked("EmergencyIntent")
    spare = slot("spare", "x")
    event["request"]["intent"]["slots"] = {"spare": spare}
    if field == "dialogState":
        event["request"][field] = "MUSING"
    elif field == "confirmationStatus":
        event["request"]["intent"][field] = "MAYBE"
    elif field == "slot confirmationStatus":
        spare["confirmationStatus"] = "MAYBE"
    else:
        spare["resolutions"]["resolutionsPerAuthority"][0]["status"]["code"] = "ER_SUCCESS_PERHAPS"
    heard = send(event)
    assert heard.speech.startswith("Call 911")
    assert not heard.open


@pytest.mark.parametrize("kind", ["slots", "launch"])
def test_what_was_asked_survives_values_newer_than_the_sdk(kind: str) -> None:
    event = asked("TopicIntent", treatment="surgery", recurrence="?knee")
    event["request"]["intent"]["slots"]["treatment"]["confirmationStatus"] = "MAYBE"
    if kind == "launch":
        event["request"] = request("LaunchRequest") | {"timestamp": "the day after"}
    heard = send(event)
    assert heard.topic == ("surgery" if kind == "slots" else None)
    assert ("same place" if kind == "slots" else "Hello") in heard.speech


def test_the_answer_is_that_of_a_plain_sdk_skill() -> None:
    """The Lambda entry, our `answer`, and the SDK's own way to call a skill give one answer."""
    skill = handlers.build_skill()
    assert isinstance(skill, CustomSkill)
    for event in (asked("OverviewIntent"), asked("CrisisIntent"), envelope(request("LaunchRequest"), new=True)):
        read = skill.serializer.deserialize(json.dumps(event), RequestEnvelope)
        by_sdk = skill.serializer.serialize(skill.invoke(read, None))
        assert by_sdk == handlers.answer(skill, event) == lambda_function.lambda_handler(event, None)


def test_the_sdk_s_own_lambda_handler_gives_the_same_answer() -> None:
    builder = CustomSkillBuilder()
    for handler in (handlers.SilentHandler, handlers.SpeakingHandler, handlers.UnknownRequestHandler):
        builder.add_request_handler(handler())
    event = asked("ClinicalTrialsIntent")
    theirs = builder.lambda_handler()(event, None)
    ours = lambda_function.lambda_handler(event, None)
    assert theirs["response"] == ours["response"]
    assert theirs["sessionAttributes"] == ours["sessionAttributes"]


def test_the_answer_is_json_of_alexa_s_shape() -> None:
    answer = lambda_function.lambda_handler(asked("OverviewIntent"), None)
    assert json.loads(json.dumps(answer))["response"] == answer["response"]
    assert answer["version"] == "1.0"
    assert answer["response"]["outputSpeech"]["type"] == "SSML"
    assert answer["response"]["reprompt"]["outputSpeech"]["type"] == "SSML"
    assert answer["response"]["card"]["type"] == "Simple"
    assert answer["response"]["shouldEndSession"] is False


# ── slots ──


def test_no_match_is_not_the_word_that_was_said() -> None:
    heard = send(asked("TopicIntent", treatment="?surgery"))
    assert heard.topic is None
    assert "three things" in heard.speech


def test_a_slot_without_its_value_is_empty() -> None:
    assert send(asked("TopicIntent", treatment=None, recurrence="local")).topic == "local"


def test_of_two_authorities_the_one_that_matched_counts() -> None:
    event = asked("TopicIntent", treatment="surgery", recurrence="local")
    for filled in event["request"]["intent"]["slots"].values():
        authorities = filled["resolutions"]["resolutionsPerAuthority"]
        authorities.insert(0, {"authority": "amzn1.er-authority.dynamic", "status": {"code": "ER_SUCCESS_NO_MATCH"}})
        authorities.append({"authority": "amzn1.er-authority.late", "status": {"code": "ER_ERROR_TIMEOUT"}})
    assert send(event).topic == "local.surgery"


@pytest.mark.parametrize("code", ["ER_SUCCESS_NO_MATCH", "ER_ERROR_TIMEOUT", "ER_ERROR_EXCEPTION"])
def test_only_a_match_is_a_match(code: str) -> None:
    event = asked("TopicIntent", treatment="surgery")
    event["request"]["intent"]["slots"]["treatment"]["resolutions"]["resolutionsPerAuthority"][0]["status"] = {
        "code": code
    }
    assert send(event).topic is None


@pytest.mark.parametrize("slots", [None, {}, {"treatment": {"name": "treatment"}}, {"treatment": None}])
def test_missing_slots(slots: Any) -> None:
    event = asked("TopicIntent")
    event["request"]["intent"]["slots"] = slots
    heard = send(event)
    assert heard.open
    assert heard.topic is None
    assert "went wrong" not in heard.speech


def test_a_slot_without_resolutions() -> None:
    event = asked("SpellIntent")
    event["request"]["intent"]["slots"] = {"word": {"name": "word", "value": "sarcoma", "confirmationStatus": "NONE"}}
    assert "S, A, R, C, O, M, A" in send(event).speech


# ── requests that are no question ──

SILENT = [
    {"type": "SessionEndedRequest", "reason": "USER_INITIATED"},
    {"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"},
    {"type": "SessionEndedRequest", "reason": "ERROR", "error": {"type": "INVALID_RESPONSE", "message": LOUD}},
    {"type": "SessionEndedRequest", "reason": "OF_TOMORROW"},
    {
        "type": "System.ExceptionEncountered",
        "error": {"type": "INVALID_RESPONSE", "message": LOUD},
        "cause": {"requestId": "amzn1.echo-api.request.0"},
    },
    {"type": "System.ExceptionEncountered"},
    {"type": "AlexaSkillEvent.SkillDisabled", "eventCreationTime": "2026-11-23T10:00:00Z"},
    {"type": "AlexaSkillEvent.SkillEnabled"},
    {"type": "AlexaSkillEvent.OfTomorrow"},
    {"type": "AudioPlayer.PlaybackStarted", "token": "t", "offsetInMilliseconds": 0},
    {"type": "AudioPlayer.PlaybackFinished", "token": "t"},
    {"type": "AudioPlayer.PlaybackNearlyFinished", "token": "t"},
    {"type": "AudioPlayer.PlaybackStopped", "token": "t"},
    {"type": "AudioPlayer.PlaybackFailed", "token": "t", "error": {"type": "MEDIA_ERROR_UNKNOWN", "message": LOUD}},
    {"type": "PlaybackController.NextCommandIssued"},
    {"type": "PlaybackController.PreviousCommandIssued"},
    {"type": "PlaybackController.PlayCommandIssued"},
    {"type": "PlaybackController.PauseCommandIssued"},
]


@pytest.mark.parametrize("told", SILENT, ids=lambda told: f"{told['type']} {told.get('reason', '')}".strip())
@pytest.mark.parametrize("in_session", [True, False])
def test_where_nothing_may_be_said_nothing_is(told: Json, in_session: bool) -> None:
    event = envelope(request("LaunchRequest") | told, {"reading": "local"})
    if not in_session:
        del event["session"]
    body = send(event).body
    assert not [key for key in SPEAKS if key in body]
    assert body.get("shouldEndSession") is not False


@pytest.mark.parametrize("told", SILENT, ids=lambda told: f"{told['type']} {told.get('reason', '')}".strip())
def test_what_alexa_quotes_is_not_logged(told: Json, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(envelope(request("LaunchRequest") | told))
    assert LOUD not in caplog.text


@pytest.mark.parametrize(
    "told",
    [
        {"type": "Display.ElementSelected", "token": "t"},
        {"type": "Connections.Response", "name": "Buy", "status": {"code": "200"}, "token": ""},
        {"type": "OfTomorrow.Happened"},
        {"type": ""},
        {},
    ],
    ids=lambda told: str(told.get("type")),
)
def test_an_unknown_kind_of_request_is_told_what_can_be_asked(told: Json) -> None:
    made = {key: value for key, value in request("LaunchRequest").items() if key != "type"} | told
    heard = send(envelope(made, {"reading": "local", "rate": 85}))
    assert heard.open
    assert heard.speech.endswith("?")
    assert heard.attributes["reading"] == "local", "the place is kept"


# ── where the listener is ──


@pytest.mark.parametrize(("locale", "number"), [("fr-CA", "911"), ("es-US", "911"), ("hi-IN", "112")])
def test_another_language_of_a_known_country_has_its_number(locale: str, number: str) -> None:
    assert number in send(envelope(request("EmergencyIntent", locale=locale))).speech


@pytest.mark.parametrize("locale", ["en-NZ", "de-DE", "ja-JP", "", "en", "CA", "-", None])
@pytest.mark.parametrize("intent", ["EmergencyIntent", "CrisisIntent"])
def test_an_unknown_country_is_given_no_other_country_s_number(intent: str, locale: str | None) -> None:
    heard = send(envelope(request(intent, locale=locale)))
    assert not any(letter.isdigit() for letter in heard.speech + str(heard.card))
    assert "say-as" not in heard.ssml
    assert "your local emergency number" in heard.speech


def test_numbers_are_said_digit_by_digit_and_shown_whole() -> None:
    heard = send(envelope(request("CrisisIntent", locale="en-GB")))
    assert '<say-as interpret-as="digits">116</say-as> <say-as interpret-as="digits">123</say-as>' in heard.ssml
    assert '<say-as interpret-as="digits">999</say-as>' in heard.ssml
    assert "116 123" in heard.speech
    assert "say-as" not in str(heard.card)


# ── the place over a closed session ──


def test_after_an_emergency_the_place_can_be_returned_to() -> None:
    state = send(asked("TopicIntent", treatment="surgery", recurrence="local")).attributes
    closed = send(envelope(request("EmergencyIntent"), state))
    assert not closed.open
    assert send(envelope(request("AMAZON.ResumeIntent"), closed.attributes, new=True)).topic == "local.surgery"


@pytest.mark.parametrize("intent", ["AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"])
def test_after_stop_nothing_is_left_of_the_place(intent: str) -> None:
    state = send(asked("OverviewIntent")).attributes
    closed = send(envelope(request(intent), state))
    assert "reading" not in closed.attributes
    assert "said" not in closed.attributes


# ── when something fails ──


def fails(*_: Any) -> Any:
    raise RuntimeError(LOUD)


def test_the_catch_all_speaks_and_stays_and_logs_no_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dialogue, "respond", fails)
    event = asked("SpellIntent", word=f"?{LOUD}")
    with caplog.at_level(logging.DEBUG):
        heard = send(event)
    assert heard.open
    assert "went wrong" in heard.speech
    assert heard.speech.endswith("?")
    assert plain(heard.body["reprompt"]["outputSpeech"]).endswith("?")
    assert "RuntimeError" in caplog.text
    assert LOUD not in caplog.text


def test_the_catch_all_keeps_silent_where_nothing_may_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers.SilentHandler, "handle", fails)
    body = send(envelope(request("LaunchRequest") | {"type": "AudioPlayer.PlaybackStarted", "token": "t"})).body
    assert not [key for key in SPEAKS if key in body]


def test_the_catch_all_speaks_where_there_is_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "respond", fails)
    assert "went wrong" in send(without_session()).speech


def test_a_request_that_is_half_read_is_not_quoted_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    event = asked("SpellIntent", word=f"?{LOUD}")
    event["request"]["timestamp"] = LOUD
    with caplog.at_level(logging.DEBUG):
        assert send(event).speech
    assert LOUD not in caplog.text


# ── damage ──

JUNK = st.sampled_from([None, True, 0, -1, 1.5, "", "x", [], {}, [{}], {"x": []}, "²", "\ud800", 10**30])


def _paths(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        inner += [(*way, key), *_paths(each, (*way, key))]
    return inner


WHOLE = envelope(
    request("TopicIntent", {"treatment": "surgery", "recurrence": "?knee"}),
    {"reading": "page", "part": 1, "sentence": 2, "offer": {"kind": "list", "of": "3"}, "said": ["One."], "rate": 85},
)
PATHS = _paths(WHOLE)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK | st.just("remove")), min_size=1, max_size=4))
def test_no_damage_to_a_request_raises(damages: list[tuple[tuple[Any, ...], Any]]) -> None:
    event = copy.deepcopy(WHOLE)
    for (*way, last), shared in damages:
        junk = copy.deepcopy(shared)  # a later damage may reach into it
        holder: Any = event
        for key in way:
            fits = isinstance(holder, dict) and key in holder
            fits = fits or (isinstance(holder, list) and isinstance(key, int) and key < len(holder))
            holder = holder[key] if fits else None
        if isinstance(holder, dict):
            holder.pop(last, None) if junk == "remove" else holder.__setitem__(last, junk)
        elif isinstance(holder, list) and isinstance(last, int) and last < len(holder):
            holder[last] = junk
    heard = send(event)
    assert heard.speech
    assert heard.open is heard.speech.endswith("?")
    json.dumps(heard.response)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("junk", ["remove", None, 7, "x", [], {}], ids=repr)
def test_no_single_damage_raises(path: tuple[Any, ...], junk: Any) -> None:
    event = copy.deepcopy(WHOLE)
    *way, last = path
    holder: Any = event
    for key in way:
        holder = holder[key]
    if junk == "remove":
        del holder[last]
    else:
        holder[last] = junk
    assert send(event).speech


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    )
)
@settings(deadline=None)
def test_what_is_no_request_at_all_is_answered(event: Any) -> None:
    assert send(event).speech


def test_a_failure_keeps_the_place_and_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device()
    device.ask("OverviewIntent")
    device.ask("SlowerIntent")
    with monkeypatch.context() as patched:
        patched.setattr(dialogue, "respond", lambda *_: 1 / 0)
        device.ask("AMAZON.NextIntent")
    heard = device.ask("AMAZON.ResumeIntent")
    assert heard.topic == "overview"
    assert "85%" in heard.ssml


def test_can_fulfill_is_answered_without_a_word() -> None:
    event = envelope(request("OverviewIntent") | {"type": "CanFulfillIntentRequest"})
    assert "outputSpeech" not in lambda_function.lambda_handler(event, None)["response"]
