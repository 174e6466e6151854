"""Session attributes: whatever a device sends back becomes a valid state, and a state survives the way and back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill import page, session
from skill.dialogue import ANSWERS, Offer, Slot, State, Turn, respond

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
OFFERS = ("read", "treatment", "part", "sentence", "list", "link", "again", "resume")
KEYS = (
    "reading", "part", "sentence", "following", "asking", "offer", "rate", "misses", "introduced", "said", "question",
    "reprompt", "spoke",
)  # fmt: skip
LIKELY = st.sampled_from(
    ["local", "page", "surgery", "chemotherapy", "no such topic", 0, -1, 3, 10**9, True, None, "²"]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(KEYS),
    JSON | LIKELY | st.fixed_dictionaries({"kind": st.sampled_from(OFFERS) | JSON, "of": LIKELY | JSON}),
)


def check(state: State) -> None:
    """The state is of the types that it declares, and within bounds."""
    assert state.reading is None or (isinstance(state.reading, str) and state.reading)
    assert type(state.part) is int
    assert state.part >= 0
    assert state.sentence is None or (type(state.sentence) is int and state.sentence >= 0)
    assert isinstance(state.following, bool)
    assert isinstance(state.introduced, bool)
    assert state.asking in (None, "surgery", "radiation", "chemotherapy")
    assert state.offer is None or (isinstance(state.offer.kind, str) and isinstance(state.offer.of, str))
    assert type(state.rate) is int
    assert 20 <= state.rate <= 200
    assert type(state.misses) is int
    assert state.misses >= 0
    assert all(isinstance(line, str) and line for line in state.said)
    for text in (state.question, state.reprompt, state.spoke):
        assert text is None or isinstance(text, str)


@given(JSON | ATTRIBUTES)
def test_any_attributes_give_a_valid_state(attributes: Any) -> None:
    check(session.restore(attributes))


@given(ATTRIBUTES, st.sampled_from(sorted(ANSWERS)))
def test_a_made_up_state_makes_no_intent_fail(attributes: dict[str, Any], intent: str) -> None:
    reply = respond(page.load(), session.restore(attributes), Turn(intent))
    check(reply.state)
    assert reply.speech


@given(ATTRIBUTES)
def test_saving_what_was_restored_changes_nothing(attributes: dict[str, Any]) -> None:
    state = session.restore(attributes)
    assert session.restore(json.loads(json.dumps(session.save(state)))) == state


@pytest.mark.parametrize(
    "state",
    [
        State(),
        State(reading="overview", sentence=0, offer=Offer("sentence"), following=True),
        State(reading="page", part=2, misses=1, said=("One.", "Two."), question="Shall I?", reprompt="Shall I go on?"),
        State(asking="radiation", rate=175, introduced=True, spoke="radiation"),
        State(reading="local", offer=Offer("read", "local.surgery"), rate=60),
    ],
)
def test_the_way_there_and_back(state: State) -> None:
    assert session.restore(json.loads(json.dumps(session.save(state)))) == state


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted({*ANSWERS, "OverviewIntent", "ClinicalTrialsIntent"})),
            st.sampled_from([None, "surgery", "radiation", "chemotherapy"]),
            st.sampled_from([None, "local", "distant", "both"]),
        ),
        max_size=12,
    )
)
def test_every_state_that_the_dialogue_reaches_survives(turns: list[tuple[str, str | None, str | None]]) -> None:
    here, state = page.load(), State()
    for intent, treatment, recurrence in turns:
        filled = {"treatment": treatment, "recurrence": recurrence}
        slots = {name: Slot(value, value) for name, value in filled.items() if value}
        state = respond(here, state, Turn(intent, slots)).state
        check(state)
        assert session.restore(json.loads(json.dumps(session.save(state)))) == state


def test_what_holds_nothing_is_not_sent() -> None:
    assert session.save(State()) == {"part": 0, "rate": 100, "misses": 0}


def test_nothing_said_by_the_listener_is_kept() -> None:
    """The words that filled a slot are the listener's; only ids and our own lines go back to Alexa."""
    heard = {"treatment": Slot("my left knee", None), "recurrence": Slot("my left knee", None)}
    for intent in ("TopicIntent", "RecurrenceIntent", "PersonalAdviceIntent", "DefineIntent"):
        slots = {**heard, "term": Slot("my left knee", None)}
        kept = json.dumps(session.save(respond(page.load(), State(), Turn(intent, slots)).state))
        assert "knee" not in kept


@pytest.mark.parametrize("rate", [19, 201, 0, -100, True, "85", 85.5, None])
def test_a_rate_that_alexa_refuses_is_the_normal_one(rate: Any) -> None:
    assert session.restore({"rate": rate}).rate == 100
