"""What an utterance means in the committed models, and the request that a device then sends."""

import json
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import IntentRequest, LaunchRequest, RequestEnvelope, SessionEndedRequest
from ask_sdk_model.slu.entityresolution import StatusCode
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated import DATA, LOCALES, device, resolver

from skill import page
from skill.simulator.device import intent_request
from skill.simulator.model import FALLBACK, ModelError, load
from skill.simulator.resolver import Resolver, Understanding

Json = dict[str, Any]

ROUTES = ("exact", "guess", "fallback")


def checked(understanding: Understanding, of: Resolver) -> Understanding:
    """`understanding`, after checking all that must hold of any."""
    intent = of.model.by_name[understanding.intent]
    assert understanding.slots.keys() == intent.slots.keys(), "every declared slot, filled or not"
    for slot, filled in understanding.slots.items():
        if filled is not None:
            ids = {value.id for value in of.model.types.get(intent.slots[slot], ())}
            assert filled.heard
            assert filled.id in ids | {None}
            assert (filled.id is None) is (filled.how == "open")
    assert understanding.route in ROUTES
    assert 0 <= understanding.probability <= 1.0001
    assert understanding.runner_up != understanding.intent
    return understanding


SPOKEN = st.lists(
    st.sampled_from(
        "what about the surgery radiation chemo same place lung not spell leiomyosarcoma xyzzy mean stop my arm hurts "
        "i can't breathe alexa page next 4 — é".split()
    ),
    max_size=12,
).map(" ".join)


@settings(deadline=None, max_examples=300)
@given(st.one_of(SPOKEN, st.text(st.characters(), max_size=60), st.from_regex(r"[a-z' ]{1,80}", fullmatch=True)))
def test_any_text_is_an_intent_of_the_model(said: str) -> None:
    understanding = checked(resolver().resolve(said), resolver())
    assert understanding.utterance == said
    envelope = json.dumps(device()._envelope(intent_request(understanding)))
    read = DefaultSerializer().deserialize(envelope, RequestEnvelope)
    assert isinstance(read.request, IntentRequest)
    assert read.request.intent.name == understanding.intent


@pytest.mark.parametrize("said", ["", " ", "x" * 10_000, "surgery " * 1_250, "\x00", "\ud800", "\u202e", "’" * 400])
def test_hard_lines(said: str) -> None:
    checked(resolver().resolve(said), resolver())
    resolver().nearest(said)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_literal_sample_is_its_own_intent(locale: str) -> None:
    """A sample without slots is that intent exactly, and no other intent's sample takes the same words."""
    wrong = []
    for intent in resolver(locale).model.intents:
        for sample in intent.samples:
            if "{" not in sample:
                understanding = checked(resolver(locale).resolve(sample), resolver(locale))
                if (understanding.intent, understanding.route, understanding.runner_up) != (intent.name, "exact", None):
                    wrong.append((intent.name, sample, understanding.intent, understanding.runner_up))
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_that_the_words_offer_is_understood(locale: str) -> None:
    phrases = page.load(locale).phrases
    assert len(phrases) >= 10
    missed = [phrase for phrase in phrases if resolver(locale).resolve(phrase).intent == FALLBACK]
    assert missed == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_topic_is_reached_by_its_names(locale: str) -> None:
    topics = page.load(locale).topics
    assert [topic.id for topic in topics] == [
        "overview", "local", "local.surgery", "local.radiation", "distant", "distant.chemotherapy", "distant.surgery",
        "distant.radiation", "no_treatment", "clinical_trials",
    ]  # fmt: skip
    for topic in topics:
        for name in (*topic.say, topic.name):
            echo = device(locale)
            echo.launch()
            heard = echo.say(name)
            assert (name, heard.topic, heard.open) == (name, topic.id, True)


def test_urgent_comes_first_where_it_is_close() -> None:
    for said in ("i have a lot of blood coming up and what about surgery", "i can't breathe at all please help"):
        assert resolver().resolve(said).intent == "EmergencyIntent"


# ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def deserialised(envelope: Json) -> RequestEnvelope:
    read = DefaultSerializer().deserialize(json.dumps(envelope), RequestEnvelope)
    assert isinstance(read, RequestEnvelope)
    assert read.context.system.application.application_id == read.session.application.application_id
    return read


def test_a_matched_value() -> None:
    heard = device().say("what about an operation")
    read = deserialised(heard.request)
    assert isinstance(read.request, IntentRequest)
    slot = read.request.intent.slots["treatment"]
    (authority,) = slot.resolutions.resolutions_per_authority
    assert (slot.value, authority.status.code) == ("an operation", StatusCode.ER_SUCCESS_MATCH)
    assert [each.value.id for each in authority.values] == ["surgery"]
    assert read.request.intent.slots["recurrence"].value is None
    assert read.request.intent.slots["recurrence"].resolutions is None
    assert heard.slots == {"treatment": "surgery", "recurrence": None}


def test_a_value_that_the_model_does_not_list() -> None:
    heard = device().say("spell leiomyosarcoma")
    slot = deserialised(heard.request).request.intent.slots["word"]
    (authority,) = slot.resolutions.resolutions_per_authority
    assert (slot.value, authority.status.code) == ("leiomyosarcoma", StatusCode.ER_SUCCESS_NO_MATCH)
    assert not authority.values
    assert heard.slots == {"word": None}


def test_a_session_from_launch_to_silence() -> None:
    echo = device("en-GB")
    opened = deserialised(echo.launch().request)
    assert isinstance(opened.request, LaunchRequest)
    assert (opened.session.new, opened.request.locale, echo.in_session) == (True, "en-GB", True)
    asked = deserialised(echo.say("clinical trials").request)
    assert (asked.session.new, asked.session.session_id) == (False, opened.session.session_id)
    assert asked.session.attributes, "what the reply gave is sent back"
    assert asked.request.request_id != opened.request.request_id
    echo.hang_up()
    assert not echo.in_session
    echo.hang_up()  # once more does no harm
    again = deserialised(echo.launch().request)
    assert again.session.new
    assert again.session.session_id != opened.session.session_id
    assert not again.session.attributes, "nothing is left of the session before"


def test_a_silence_is_told_to_the_skill() -> None:
    told: list[Json] = []

    def listening(envelope: Json, context: None) -> Json:
        told.append(envelope)
        return {"version": "1.0", "response": {"shouldEndSession": False}}

    echo = type(device())(resolver(), listening, "en-CA")
    echo.launch()
    echo.launch()
    echo.hang_up()
    kinds = [each["request"]["type"] for each in told]
    assert kinds == ["LaunchRequest", "SessionEndedRequest", "LaunchRequest", "SessionEndedRequest"]
    assert isinstance(deserialised(told[-1]).request, SessionEndedRequest)


def test_a_reply_without_a_word() -> None:
    """Another skill's handler may say nothing at all."""
    heard = type(device())(resolver(), lambda envelope, context: {"response": {}}, "en-CA").say("stop")
    assert (heard.speech, heard.lines, heard.reprompt, heard.card, heard.topic, heard.open) == (
        "", (), None, None, None, False,
    )  # fmt: skip


# ── any model ────────────────────────────────────────────────────────────────────────────────────────────────────────

ANY = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda inner: st.lists(
    inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "value", "samples", "id"]), inner, max_size=2),
    max_leaves=4)  # fmt: skip


def _places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, inner in items for place in _places(inner, (*here, key)))]


MODEL = json.loads((DATA / "models" / "pizza.json").read_text(encoding="utf-8"))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_model_with_any_fault_is_refused_or_works(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """One entry of a good model is replaced by anything, or left out."""
    damaged = json.loads(json.dumps(MODEL))
    place = data.draw(st.sampled_from(_places(MODEL)[1:]))
    inside = damaged
    for key in place[:-1]:
        inside = inside[key]
    if data.draw(st.booleans()):
        del inside[place[-1]]
    else:
        inside[place[-1]] = data.draw(ANY)
    path = tmp_path_factory.getbasetemp() / "any-model.json"
    path.write_text(json.dumps(damaged), encoding="utf-8")
    refused = ""
    try:
        made = Resolver(load(path))
    except ModelError as error:
        refused = str(error)
    if refused:
        assert refused.startswith(f"{path} ")
        assert refused.endswith(".")
        assert "\n" not in refused
        return
    for said in ("i want a large margherita", "add champignons", "?"):
        if made.grammar.parse(tuple(said.split())):
            checked(made.resolve(said), made)
    assert made.nearest("add champignons")


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        *((each, "EmergencyIntent") for each in (
            "911", "call 911", "Dial 9-1-1!", "i need 911", "should i call 911", "ring 999", "phone 000", "call 112",
        )),
        *((each, "CrisisIntent") for each in (
            "988", "call 988", "what is the crisis line", "say the crisis line again", "call the Samaritans", "116 123",
            "13 11 14", "I need the crisis line", "give me the crisis number",
        )),
    ],
)  # fmt: skip
def test_a_number_to_call_is_understood_however_it_is_written(typed: str, intent: str) -> None:
    """A recogniser, and whoever types, writes numbers in digits; the samples have words."""
    assert device().say(typed).intent == intent
