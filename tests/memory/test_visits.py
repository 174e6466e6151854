"""What a listener hears of the memory, from the question to "forget me", and what reaches the store meanwhile."""

import logging
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from lambda_client import LOCALES, request
from listener import (
    ANNA,
    BEN,
    FORGET,
    FULL_DISK,
    KEY,
    LAUNCH,
    NEXT,
    NO,
    REMEMBER,
    RESUME,
    YES,
    Listener,
    Shelf,
    asked_by,
    parsed,
    remembering,
)  # fmt: skip

from skill import handlers, page
from skill.dialogue import State
from skill.memory import Away, Kept, Key, Memory, Visit

OVERVIEW, SURGERY, STOP = "OverviewIntent", "LungOperationIntent", "AMAZON.StopIntent"
AWAY = "memory does not answer"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def anna(shelf: Shelf) -> Listener:
    return Listener(remembering(shelf))


def agrees(listener: Listener) -> None:
    """Reads the section on lung operations and has the place kept."""
    heard = listener.asks([LAUNCH, SURGERY, REMEMBER, YES])
    assert "From now on I keep your place" in heard.speech


# ── consent ──


def test_the_question_says_what_is_kept_by_whom_it_can_be_heard_and_for_how_long(anna: Listener, shelf: Shelf) -> None:
    heard = anna.asks([LAUNCH, REMEMBER])
    for told in ("section", "sentence", "speed", "introduction", "no name", "Alexa account", "90 days", "forget me"):
        assert told in heard.speech
    assert heard.speech.endswith("Shall I keep your place?")
    assert heard.open
    assert not shelf.rows
    assert "save" not in shelf.asked


def test_yes_keeps_and_only_what_is_told(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    assert list(shelf.rows.values()) == [Kept("distant.surgery", 0, None, 100, True).attributes()]


@pytest.mark.parametrize("answer", [NO, "AMAZON.HelpIntent", NEXT, "AMAZON.PauseIntent", "AMAZON.FallbackIntent", STOP])
def test_anything_but_yes_keeps_nothing(anna: Listener, shelf: Shelf, answer: str) -> None:
    anna.asks([LAUNCH, SURGERY, REMEMBER, answer])
    anna.asks([YES, NEXT, YES])
    assert not shelf.rows


def test_no_is_told_to_be_heeded(anna: Listener) -> None:
    assert "I keep nothing" in anna.asks([LAUNCH, REMEMBER, NO]).speech


@pytest.mark.parametrize("between", ["AMAZON.RepeatIntent"])
def test_the_question_said_again_is_still_the_question(anna: Listener, shelf: Shelf, between: str) -> None:
    anna.asks([LAUNCH, REMEMBER, between, YES])
    assert len(shelf.rows) == 1


def test_the_question_about_the_recurrence_stays_open_meanwhile(anna: Listener, shelf: Shelf) -> None:
    anna.ask("TopicIntent", treatment="surgery")
    heard = anna.asks([REMEMBER, YES])
    assert heard.speech.endswith("Where did the cancer come back?")
    assert anna.ask("TopicIntent", recurrence="distant").topic == "distant.surgery"
    assert next(iter(shelf.rows.values()))["reading"] == "distant.surgery"


def test_who_is_remembered_is_told_so_and_not_asked_again(anna: Listener) -> None:
    agrees(anna)
    assert "keep your place already" in anna.ask(REMEMBER).speech
    anna.ask(STOP)
    assert "keep your place already" in anna.ask(REMEMBER).speech


def test_a_session_of_another_can_fake_no_consent(shelf: Shelf) -> None:
    """Ben's device sends what Anna's session held: asked, and even agreed."""
    memory = remembering(shelf)
    anna, ben = Listener(memory), Listener(memory, BEN)
    ben.ask(LAUNCH)
    anna.asks([LAUNCH, OVERVIEW, REMEMBER])
    ben.attributes = dict(anna.attributes)
    assert "keep your place" not in ben.ask(YES).speech
    assert not shelf.rows
    anna.ask(YES)
    ben.attributes = dict(anna.attributes)
    ben.ask(NEXT)
    assert len(shelf.rows) == 1
    assert next(iter(shelf.rows.values()))["reading"] == "overview"
    assert "already" not in ben.ask(REMEMBER).speech


@pytest.mark.parametrize(
    "forged", ["asked", "given", "unsaved", "given " + "0" * 64, "given é", "", 7, None, ["given"]]
)
def test_a_made_up_word_is_none(anna: Listener, shelf: Shelf, forged: Any) -> None:
    anna.ask(LAUNCH)
    anna.attributes = {"memory": forged, "offer": {"kind": "remember", "of": ""}, "question": "?", "reprompt": "?"}
    anna.ask(YES)
    anna.ask(NEXT)
    assert not shelf.rows


def test_an_earlier_session_s_seal_is_worth_nothing(anna: Listener, shelf: Shelf) -> None:
    anna.asks([LAUNCH, REMEMBER])
    old = dict(anna.attributes)
    anna.hang_up()
    anna.ask(LAUNCH)
    anna.attributes = old
    anna.ask(YES)
    assert not shelf.rows


# ── the place ──


def test_welcome_back_offers_the_place_without_naming_it(anna: Listener) -> None:
    agrees(anna)
    anna.asks(["NextSentenceIntent", "SlowerIntent"])
    anna.hang_up()
    heard = anna.ask(LAUNCH)
    assert heard.speech == "Welcome back to Sarcoma Treatment Guide. Shall I go on where you were?"
    assert 'rate="85%"' in heard.ssml
    assert heard.topic is None
    assert anna.ask(YES).topic == "distant.surgery"


def test_no_to_going_on_leaves_everything_else_open(anna: Listener) -> None:
    agrees(anna)
    anna.hang_up()
    anna.asks([LAUNCH, NO])
    assert anna.ask(OVERVIEW).topic == "overview"


@pytest.mark.parametrize("ended", ["hang_up", STOP, "EmergencyIntent", "AMAZON.NavigateHomeIntent"])
def test_going_back_after_the_session_has_ended(anna: Listener, ended: str) -> None:
    agrees(anna)
    anna.ask("NextSentenceIntent")
    anna.ask("PreviousSentenceIntent")
    anna.hang_up() if ended == "hang_up" else anna.ask(ended)
    heard = anna.ask(RESUME)
    assert heard.topic == "distant.surgery"
    assert "not medical advice" not in heard.speech


def test_an_emergency_waits_for_nothing(shelf: Shelf) -> None:
    memory = remembering(shelf)
    agrees(Listener(memory))
    shelf.asked.clear()
    for intent in ("EmergencyIntent", "CrisisIntent", STOP):
        Listener(memory).ask(intent)
        Listener(memory).asks(["AMAZON.HelpIntent", intent])
    assert not shelf.asked


def test_who_has_not_said_yes_has_no_place_after_the_session(anna: Listener) -> None:
    anna.asks([LAUNCH, OVERVIEW])
    anna.hang_up()
    assert "no place to go back to" in anna.ask(RESUME).speech
    anna.hang_up()
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")


@pytest.mark.parametrize("gone", ["a.section.of.old", "page ", "x" * 5000])
def test_a_section_that_is_gone_is_not_spoken_of(anna: Listener, shelf: Shelf, gone: str) -> None:
    agrees(anna)
    row = next(iter(shelf.rows.values()))
    row |= {"reading": gone, "rate": 70}
    anna.hang_up()
    heard = anna.ask(LAUNCH)
    assert heard.speech.startswith("Hello, this is")
    assert 'rate="70%"' in heard.ssml
    anna.hang_up()
    assert "no place to go back to" in anna.ask(RESUME).speech
    assert anna.ask(OVERVIEW).topic == "overview"
    assert next(iter(shelf.rows.values()))["reading"] == "overview"


@pytest.mark.parametrize(("part", "sentence"), [(9, 0), (0, 99), (10**9, 10**9), (-1, -1), ("one", "two")])
def test_a_section_that_became_shorter_is_gone_on_with(anna: Listener, shelf: Shelf, part: Any, sentence: Any) -> None:
    agrees(anna)
    next(iter(shelf.rows.values())).update(part=part, sentence=sentence)
    anna.hang_up()
    assert anna.ask(RESUME).topic == "distant.surgery"


@pytest.mark.parametrize("passage", [*(topic.id for topic in page.load().topics), "page", "surgery", "radiation"])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_passage_is_gone_back_to(passage: str, locale: str) -> None:
    shelf = Shelf()
    shelf.rows[KEY.listener(parsed(asked_by(ANNA)))] = Kept(passage, 0, 0, 100, True).attributes()
    anna = Listener(remembering(shelf))
    heard = anna.ask(RESUME)
    assert heard.topic is not None
    assert heard.open


# ── how often the store is asked ──


def test_a_question_in_one_breath_is_answered_without_the_store_and_read_at_the_second_turn(
    anna: Listener, shelf: Shelf
) -> None:
    agrees(anna)
    anna.hang_up()
    shelf.asked.clear()
    anna.ask("ClinicalTrialsIntent")
    assert not shelf.asked
    anna.ask("AMAZON.PreviousIntent")
    assert shelf.asked == ["get", "update"]
    assert next(iter(shelf.rows.values()))["reading"] == "no_treatment"


def test_the_store_is_read_once_a_session_and_written_when_the_place_changes(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    anna.hang_up()
    shelf.asked.clear()
    anna.ask(LAUNCH)
    assert shelf.asked == ["get"]
    shelf.asked.clear()
    anna.asks(["AMAZON.HelpIntent", "AboutIntent", "WhereAmIIntent", "CrisisIntent", "AMAZON.RepeatIntent"])
    assert not shelf.asked
    anna.asks([NEXT, NEXT])
    assert shelf.asked == ["update", "update"]


def test_who_has_not_said_yes_costs_one_read_a_session(anna: Listener, shelf: Shelf) -> None:
    anna.asks([LAUNCH, OVERVIEW, NEXT, NEXT, "SlowerIntent", RESUME])
    assert shelf.asked == ["get"]


# ── forgetting ──


def test_forget_me_deletes_at_once_and_keeps_the_session_s_own_place(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    heard = anna.ask(FORGET)
    assert "I now keep nothing about you" in heard.speech
    assert not shelf.rows
    assert anna.ask(NEXT).topic == "distant.radiation"
    assert not shelf.rows
    anna.hang_up()
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")


def test_forget_me_as_the_first_words(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    anna.hang_up()
    shelf.asked.clear()
    anna.ask(FORGET)
    assert shelf.asked == ["delete"]
    assert not shelf.rows


def test_who_disables_the_skill_is_forgotten(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    ben = Listener(remembering(shelf), BEN)
    agrees(ben)
    assert "outputSpeech" not in anna.disables()["response"]
    assert list(shelf.rows) == [KEY.listener(parsed(asked_by(BEN)))]


def test_a_second_device_that_is_still_talking_brings_nothing_back(shelf: Shelf) -> None:
    memory = remembering(shelf)
    kitchen, bedroom = Listener(memory), Listener(memory)
    agrees(kitchen)
    bedroom.ask(LAUNCH)
    kitchen.ask(FORGET)
    bedroom.asks([YES, NEXT, NEXT])
    assert not shelf.rows


# ── when the store fails ──


def test_nothing_false_is_said_when_the_memory_fails(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    anna.hang_up()
    shelf.broken = FULL_DISK
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    anna.hang_up()
    heard = anna.ask(RESUME)
    assert AWAY in heard.speech
    assert "no place" not in heard.speech
    assert AWAY in anna.ask(REMEMBER).speech
    heard = anna.ask(FORGET)
    assert "can't be sure that everything is deleted" in heard.speech
    assert heard.open
    assert "outputSpeech" not in anna.disables()["response"]


def test_a_yes_that_could_not_be_kept_is_said_so(anna: Listener, shelf: Shelf) -> None:
    anna.asks([LAUNCH, OVERVIEW, REMEMBER])
    shelf.broken = FULL_DISK
    heard = anna.ask(YES)
    assert "can't be sure that your place is kept" in heard.speech
    assert heard.open
    shelf.broken = None
    anna.ask(NEXT)
    assert not shelf.rows, "it is asked again, not taken for granted"


def test_the_next_good_write_works_again(shelf: Shelf) -> None:
    now = [0.0]
    anna = Listener(remembering(shelf, clock=lambda: now[0]))
    agrees(anna)
    shelf.broken = FULL_DISK
    assert anna.ask(NEXT).topic == "distant.radiation"
    shelf.asked.clear()
    assert anna.ask(NEXT).topic == "no_treatment"
    assert not shelf.asked, "a store that failed is left alone for a while"
    shelf.broken = None
    now[0] += 60
    anna.ask("AMAZON.HelpIntent")
    assert next(iter(shelf.rows.values()))["reading"] == "no_treatment", "what could not be written is written then"


def test_a_resting_store_is_asked_when_the_listener_insists(anna: Listener, shelf: Shelf) -> None:
    agrees(anna)
    shelf.broken = FULL_DISK
    anna.ask(NEXT)
    shelf.broken = None
    assert "keep nothing about you" in anna.ask(FORGET).speech
    assert not shelf.rows


@pytest.mark.parametrize(
    "garbage", [{"x": 1}, "text", [1], 7, {"reading": ["a"], "rate": "fast"}, {"unreadable": True}]
)
def test_garbage_is_taken_for_nothing(
    anna: Listener, shelf: Shelf, garbage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.rows[KEY.listener(parsed(asked_by(ANNA)))] = garbage
    assert anna.ask(LAUNCH).speech.startswith("Hello, this is")
    assert "went wrong" not in anna.ask(OVERVIEW).speech
    anna.asks([REMEMBER, YES])
    assert all(record.levelno < logging.ERROR for record in caplog.records)


def test_any_fault_of_a_store_stays_behind_the_seam(anna: Listener, shelf: Shelf) -> None:
    for fault in (ValueError("MARKED"), KeyError("x"), RecursionError(), MemoryError()):
        shelf.broken = fault
        anna.hang_up()
        assert anna.ask(LAUNCH).speech.startswith("Hello, this is")


def test_a_request_without_a_user_has_no_memory(shelf: Shelf) -> None:
    skill = handlers.build_skill(remembering(shelf))
    event = asked_by(ANNA, request("RememberIntent"))
    del event["session"]["user"], event["context"]["System"]["user"]
    heard = handlers.answer(skill, event)
    assert "can't keep your place between visits here" in heard["response"]["outputSpeech"]["ssml"]
    assert not shelf.asked


def test_nobody_to_delete_is_a_fault_that_is_told(shelf: Shelf) -> None:
    event = asked_by(ANNA)
    del event["session"]["user"], event["context"]["System"]["user"]
    with pytest.raises(Away):
        remembering(shelf).forget(parsed(event))


# ── another key ──


def test_places_move_to_a_new_key_when_they_are_read(shelf: Shelf) -> None:
    agrees(Listener(remembering(shelf)))
    key = Key("another secret of this test")
    fresh = Shelf(key)
    anna = Listener(Memory(key, [fresh, shelf]))
    assert anna.ask(LAUNCH).speech.startswith("Welcome back")
    assert not shelf.rows
    assert len(fresh.rows) == 1
    anna.ask(FORGET)
    assert not fresh.rows


def test_forget_me_deletes_what_is_kept_under_either_key(shelf: Shelf) -> None:
    agrees(Listener(remembering(shelf)))
    key = Key("another secret of this test")
    fresh = Shelf(key)
    Listener(Memory(key, [fresh, shelf])).disables()
    assert not shelf.rows


def test_keys_and_users_have_different_digests() -> None:
    anna, ben = parsed(asked_by(ANNA)), parsed(asked_by(BEN))
    other = Key("another secret of this test")
    digests = {KEY.listener(anna), KEY.listener(ben), other.listener(anna), other.listener(ben)}
    assert len(digests) == 4
    assert all(len(each) == 64 and ANNA not in each for each in digests)


# ── any conversation ──

INTENTS = (
    LAUNCH, OVERVIEW, SURGERY, REMEMBER, FORGET, YES, NO, NEXT, RESUME, STOP, "SlowerIntent", "EmergencyIntent",
    "CrisisIntent", "AMAZON.RepeatIntent", "AMAZON.PauseIntent", "AMAZON.HelpIntent", "NextSentenceIntent",
)  # fmt: skip


class Visits(RuleBasedStateMachine):
    """Two listeners, two devices of the first, a store that breaks: nobody is kept who did not say yes just then."""

    @initialize()
    def begins(self) -> None:
        self.shelf, self.now = Shelf(), [0.0]
        memory = remembering(self.shelf, clock=lambda: self.now[0])
        self.listeners = [Listener(memory), Listener(memory), Listener(memory, BEN)]
        self.agreed: set[str] = set()

    @rule(who=st.sampled_from([0, 1, 2]), intent=st.sampled_from(INTENTS))
    def asks(self, who: int, intent: str) -> None:
        listener = self.listeners[who]
        asked = listener.attributes.get("offer", {}).get("kind") == "remember"
        heard = listener.ask(intent)
        assert heard.speech
        assert "went wrong" not in heard.speech
        assert heard.open is heard.speech.endswith("?")
        if intent == YES and asked:
            kept = "From now on I keep your place" in heard.speech
            assert kept is (self.shelf.broken is None)
            self.agreed |= {listener.user} if kept else set()
        elif intent == FORGET:
            deleted = "I now keep nothing" in heard.speech
            assert deleted is (self.shelf.broken is None)
            self.agreed -= {listener.user} if deleted else set()
        elif intent != "AMAZON.RepeatIntent":  # which says again what was said
            assert "From now on" not in heard.speech
        if intent == LAUNCH and "Welcome back" in heard.speech:
            assert listener.user in self.agreed

    @rule(who=st.sampled_from([0, 1, 2]))
    def says_nothing(self, who: int) -> None:
        self.listeners[who].hang_up()

    @rule(fault=st.sampled_from([None, None, FULL_DISK, ValueError("x")]))
    def breaks_or_mends(self, fault: Exception | None) -> None:
        self.shelf.broken = fault

    @rule()
    def waits(self) -> None:
        self.now[0] += 60

    @invariant()
    def holds_those_who_agreed(self) -> None:
        if hasattr(self, "shelf"):
            users = {KEY.listener(parsed(asked_by(user))): user for user in (ANNA, BEN)}
            assert {users[row] for row in self.shelf.rows} == self.agreed
            assert all(row.keys() == set(Kept._fields) for row in self.shelf.rows.values())


Visits.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestVisits = Visits.TestCase


def test_a_visit_without_a_word_reads_nothing_of_a_state(shelf: Shelf) -> None:
    visit = Visit(remembering(shelf), parsed(asked_by(ANNA, new=True)))
    assert visit.attributes == {}
    assert Kept.of(State()).into(State(rate=85)) == State(rate=85)
