"""Rules that every reply keeps, wherever the dialogue has got to: walked breadth-first, and at random."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from lambda_client import LOCALES, Device, Heard

import interaction_model
from skill import page, session, speech
from skill.dialogue import ANSWERS, Offer, Reply, Slot, State, Turn, respond, sorry
from skill.page import Page

MODELS = Path(interaction_model.__file__).parent / "skill-package" / "interactionModels" / "custom"

TREATMENTS = ("surgery", "radiation", "chemotherapy", "?immunotherapy")
RECURRENCES = ("local", "distant", "both", "?knee")
TERMS = ("recurrent", "clinical_trial", "?liposarcoma")
WORDS = ("sarcoma", "?<b>&amp;", "?" + "x" * 500, "?\ud800\ufffe")
LEAVING = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
KEEPS_THE_PLACE = (
    "AMAZON.HelpIntent", "AMAZON.FallbackIntent", "PersonalAdviceIntent", "EmergencyIntent", "CrisisIntent",
    "ListTopicsIntent", "AboutIntent", "SendLinkIntent", "AMAZON.PauseIntent", "AMAZON.StartOverIntent",
    "AskTeamIntent", "RememberIntent", "ForgetIntent", "LanguageIntent", "TalkToPersonIntent", "LaunchRequest",
)  # fmt: skip
NO_TOPIC = (
    "LaunchRequest", "AMAZON.HelpIntent", "ListTopicsIntent", "AMAZON.FallbackIntent", "PersonalAdviceIntent",
    "EmergencyIntent", "CrisisIntent", "AMAZON.StopIntent", "AMAZON.PauseIntent", "AMAZON.StartOverIntent",
    "AMAZON.NavigateHomeIntent",
)  # fmt: skip
DEEP = 2
"""Turns that are walked in every order; what more turns do, the random walk looks for."""


def intents_of(here: Page) -> tuple[str, ...]:
    """Every intent that is answered: those of the dialogue, those that lead to a topic, and one unknown."""
    return (*sorted(ANSWERS), *(intent for topic in here.topics for intent in topic.intents), "OfATomorrowIntent")


def turn(intent: str, **slots: str | None) -> Turn:
    """A turn with its filled slots; "?word" is a word that was not matched."""
    filled = {name: value for name, value in slots.items() if value}
    return Turn(intent, {n: Slot(v.lstrip("?"), None if v.startswith("?") else v) for n, v in filled.items()})


def turns(here: Page) -> Iterator[Turn]:
    """Every intent, with every combination of its slots' values."""
    for intent in intents_of(here):
        if intent in ("TopicIntent", "RecurrenceIntent", "PersonalAdviceIntent"):
            for treatment, recurrence in itertools.product((None, *TREATMENTS), (None, *RECURRENCES)):
                yield turn(intent, treatment=treatment, recurrence=recurrence)
        elif intent == "DefineIntent":
            yield from (turn(intent, term=term) for term in (None, *TERMS))
        elif intent == "SpellIntent":
            yield from (turn(intent, word=word) for word in (None, *WORDS))
        else:
            yield turn(intent)


def check(here: Page, reply: Reply, where: str) -> None:
    """The rules of platform.md and of the brief that any reply keeps."""
    assert reply.open is (reply.question is not None), where
    assert (reply.reprompt is not None) is reply.open, where
    assert reply.speech, where
    assert all(line.strip() for line in reply.speech), where
    if reply.open:
        assert reply.question, where
        assert reply.reprompt, where
        assert reply.speech[-1] == reply.question, where
        assert reply.question.endswith("?"), where
        assert reply.reprompt.endswith("?"), where
    else:
        assert not reply.speech[-1].endswith("?"), where
    ssml = speech.ssml(reply.speech, rate=reply.state.rate, numbers=here.country.numbers)
    assert len(ssml) < 8000, where
    assert reply.card is None or 0 < len(reply.card.title) + len(reply.card.text) < 8000, where
    assert reply.topic is None or reply.topic in {topic.id for topic in here.topics} | {"surgery", "radiation"}, where
    assert reply.state.spoke == reply.topic, where
    assert 20 <= reply.state.rate <= 200, where
    saved = json.dumps(session.save(reply.state))
    assert session.restore(json.loads(saved)) == reply.state, where
    assert len(saved) + len(ssml) < 20_000, where


def bearing(state: State) -> State:
    """What of a state bears on the next reply's shape; the words that were said last are for repeating alone."""
    return state._replace(said=(), question=state.question and "?", reprompt=state.reprompt and "?", spoke=None)


def walk(here: Page) -> Iterator[tuple[State, Turn, Reply]]:
    """Every turn from every distinct state up to `DEEP` turns from the start."""
    reached, frontier = {State()}, [State()]
    for _ in range(DEEP):
        beyond = []
        for state in frontier:
            for asked in turns(here):
                reply = respond(here, state, asked)
                yield state, asked, reply
                if reply.open and bearing(reply.state) not in reached:
                    reached.add(bearing(reply.state))
                    beyond.append(reply.state)
        frontier = beyond


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reply_keeps_the_rules(locale: str) -> None:
    here = page.load(locale)
    walked = 0
    for state, asked, reply in walk(here):
        check(here, reply, f"{asked.intent} {dict(asked.slots)} at {state.reading}")
        if asked.intent in LEAVING:
            assert not reply.open
            assert reply.state.reading is None
        elif asked.intent == "EmergencyIntent":
            assert not reply.open
            assert len(reply.lines) == 1
            assert len(reply.lines[0].split()) <= 15
            assert here.country.emergency in reply.lines[0]
            assert reply.card
            assert here.country.emergency in reply.card.text
        elif asked.intent == "CrisisIntent":
            assert reply.open
            told = " ".join(reply.lines)
            assert here.country.emergency in told
            assert here.country.crisis in told
        elif asked.intent != "AMAZON.NoIntent":
            assert reply.open, f"{asked} after {state}"
        if asked.intent in NO_TOPIC:
            assert reply.topic is None
        if asked.intent in KEEPS_THE_PLACE:
            assert (reply.state.reading, reply.state.part, reply.state.sentence) == (
                state.reading, state.part, state.sentence,
            )  # fmt: skip
        walked += 1
    assert walked > 1000


def test_a_place_kept_through_any_refusal_is_returned_to() -> None:
    here = page.load()
    for topic, intent in itertools.product(here.topics, KEEPS_THE_PLACE):
        state = respond(here, State(), turn("LaunchRequest")).state
        while state.reading != topic.id:
            state = respond(here, state, turn("AMAZON.NextIntent")).state
        away = respond(here, state, turn(intent)).state
        back = respond(here, away, turn("AMAZON.ResumeIntent"))
        assert back.topic == topic.id, intent
        assert topic.parts[0][0] in " ".join(back.lines)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("intent", ["ListTopicsIntent", "AMAZON.FallbackIntent"])
def test_lists_hold_at_most_three_options_their_count_first(intent: str, locale: str) -> None:
    here = page.load(locale)
    names = {topic.name for topic in here.topics}
    numbers = {"one": 1, "two": 2, "three": 3}
    state = State()
    for topic in (None, *here.topics):
        reply = respond(here, state, turn(intent))
        while reply.open:
            listed = [line for line in reply.lines if line.removeprefix("and ").rstrip(",.") in names]
            head = " ".join(reply.lines[: reply.lines.index(listed[0])])
            assert 1 <= len(listed) <= 3
            counted = [number for word, number in numbers.items() if re.search(rf"\b{word}\b", head)]
            assert counted == [len(listed)], head
            if not reply.state.offer or reply.state.offer.kind != "list":
                break
            reply = respond(here, reply.state, turn("AMAZON.YesIntent"))
        if topic:
            state = respond(here, State(), turn("LaunchRequest")).state
            while state.reading != topic.id:
                state = respond(here, state, turn("AMAZON.NextIntent")).state


def test_help_stays_and_differs_by_place() -> None:
    here = page.load()
    start = respond(here, State(), turn("AMAZON.HelpIntent"))
    reading = respond(here, respond(here, State(), turn("OverviewIntent")).state, turn("AMAZON.HelpIntent"))
    asked = respond(here, State(), turn("TopicIntent", treatment="surgery"))
    asking = respond(here, asked.state, turn("AMAZON.HelpIntent"))
    assert len({start.lines, reading.lines, asking.lines}) == 3
    assert start.open
    assert reading.open
    assert asking.open
    assert asking.state.asking == "surgery"


def test_yes_to_go_on_walks_the_whole_page() -> None:
    here = page.load()
    reply = respond(here, State(), turn("OverviewIntent"))
    heard = [reply.topic]
    while reply.state.offer and reply.state.offer.kind == "read":
        reply = respond(here, reply.state, turn("AMAZON.YesIntent"))
        heard.append(reply.topic)
    assert heard == [topic.id for topic in here.topics]


def test_reading_everything_speaks_every_sentence_once_and_in_order() -> None:
    here = page.load("en-GB")
    reply = respond(here, State(introduced=True), turn("ReadAllIntent"))
    told = list(reply.lines)
    while reply.state.offer and reply.state.offer.kind == "part":
        reply = respond(here, reply.state, turn("AMAZON.YesIntent"))
        told += reply.lines
    text, at = " ".join(told), 0
    for topic in here.topics:
        for sentence in topic.parts[0]:
            assert text.count(sentence) == 1, sentence
            assert text.index(sentence) > at
            at = text.index(sentence)


@pytest.mark.parametrize("start", ["OverviewIntent", "ReadAllIntent", "surgery"])
def test_sentences_go_to_the_start_and_forward_to_the_end(start: str) -> None:
    here = page.load()
    first = turn("TopicIntent", treatment=start, recurrence="both") if start == "surgery" else turn(start)
    state = respond(here, State(), first).state
    back = []
    for _ in range(60):
        reply = respond(here, state, turn("PreviousSentenceIntent"))
        state = reply.state
        back.append(reply.lines[-1])
    assert len(set(back[-10:])) == 1, "it stays on the first sentence"
    forward = [back[-1]]
    for _ in range(60):
        reply = respond(here, state, turn("NextSentenceIntent"))
        if reply.lines == here.prompts.last_sentence.say():
            break
        state = reply.state
        forward.append(reply.lines[-1])
    assert len(forward) == len(set(forward)), "no sentence is spoken twice"
    read = {
        "OverviewIntent": here.topics[:1],
        "ReadAllIntent": here.topics,
        "surgery": [topic for topic in here.topics if topic.treatment == "surgery"],
    }
    assert forward == [line for topic in read[start] for line in topic.parts[0]]
    for sentence in reversed(forward[:-1]):
        reply = respond(here, state, turn("PreviousSentenceIntent"))
        state = reply.state
        assert reply.lines[-1] == sentence, "and back again, across the parts of the whole page"


def test_a_list_that_is_out_of_bounds_begins_again() -> None:
    here = page.load()
    reply = respond(here, State(offer=Offer("list", "10")), turn("AMAZON.YesIntent"))
    assert reply.lines == respond(here, State(), turn("ListTopicsIntent")).lines


def test_our_own_fault_is_told_and_stays_open() -> None:
    for locale in (*LOCALES, page.ELSEWHERE):
        here = page.load(locale)
        check(here, sorry(here, State()), locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_intent_of_the_model_is_answered_and_every_answer_can_be_asked_for(locale: str) -> None:
    told = json.loads((MODELS / f"{locale}.json").read_text(encoding="utf-8"))
    modelled = {intent["name"] for intent in told["interactionModel"]["languageModel"]["intents"]}
    answered = {intent for topic in page.load(locale).topics for intent in topic.intents} | set(ANSWERS)
    assert modelled == answered - {"LaunchRequest"}


ANY_INTENT = st.sampled_from(intents_of(page.load()))


class Visits(RuleBasedStateMachine):
    """A device in any locale that is asked anything, through the Lambda entry: nothing fails, the rules hold."""

    def __init__(self) -> None:
        super().__init__()
        self.device = Device()
        self.heard: Heard | None = None

    @initialize(locale=st.sampled_from(LOCALES))
    def opens(self, locale: str) -> None:
        self.device = Device(locale)
        self.heard = self.device.ask("LaunchRequest")

    @rule(intent=ANY_INTENT)
    def asks(self, intent: str) -> None:
        self.heard = self.device.ask(intent)

    @rule(
        intent=st.sampled_from(["TopicIntent", "RecurrenceIntent", "PersonalAdviceIntent"]),
        treatment=st.sampled_from([None, *TREATMENTS]),
        recurrence=st.sampled_from([None, *RECURRENCES]),
    )
    def asks_about(self, intent: str, treatment: str | None, recurrence: str | None) -> None:
        self.heard = self.device.ask(intent, treatment=treatment, recurrence=recurrence)

    @rule(word=st.text(max_size=30).map("?{}".format))
    def spells(self, word: str) -> None:
        self.heard = self.device.ask("SpellIntent", word=word)

    @rule(term=st.sampled_from(TERMS))
    def asks_for_a_meaning(self, term: str) -> None:
        self.heard = self.device.ask("DefineIntent", term=term)

    @rule()
    def says_nothing(self) -> None:
        self.device.hang_up()

    @invariant()
    def keeps_the_rules(self) -> None:
        if self.heard is None:
            return
        body = self.heard.body
        assert self.heard.speech
        assert "went wrong" not in self.heard.speech, "the catch-all spoke"
        assert body["shouldEndSession"] is (not self.heard.open)
        assert self.heard.open is self.heard.speech.endswith("?")
        assert self.heard.open is bool(self.heard.reprompt)
        assert len(self.heard.ssml) < 8000
        assert self.heard.card is None or len(self.heard.card) < 8000
        assert len(json.dumps(self.heard.response).encode()) < 24_576


Visits.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestVisits = Visits.TestCase
