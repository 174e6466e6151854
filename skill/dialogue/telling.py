"""What is told about the guide, its words and its sections: launch, help, lists, meanings, links."""

from skill.dialogue import remembering
from skill.dialogue.choosing import not_understood, options
from skill.dialogue.reading import current_topic, place, source, what_next
from skill.dialogue.turn import NORMAL_SIZE, TEXT_SIZES, Card, Offer, Reply, State, Turn, ask
from skill.page import Page
from skill.speech import normalise

AT_A_TIME = 3
"""Sections named in one breath: more than three options at a time are not remembered (Amazon's design guide)."""

LONGEST_SPELLED = 40
"""Signs of a word that is spelled out; what is longer was not one word."""


def launch(page: Page, state: State, turn: Turn) -> Reply:
    """Who speaks, what this is and is not, whose page it is, three things to ask for, and a question."""
    prompts = page.prompts
    if turn.intent == "LaunchRequest" and turn.memory == "kept" and place(page, state):
        return remembering.welcome_back(page, state)
    return ask(
        state, prompts.launch.say(), prompts.launch_question.line(), prompts.launch_reprompt.line(),
        offer=Offer("read", page.topics[0].id), introduced=True,
    )  # fmt: skip


def tell_help(page: Page, state: State, turn: Turn) -> Reply:
    """Help for where the listener is: at the start, in a section, or before an open question."""
    prompts, here = page.prompts, place(page, state)
    if state.asking:
        lines = prompts.help_asking.say(treatment=page.treatments[state.asking])
        question, reprompt = prompts.help_asking_question.line(), prompts.which_recurrence_reprompt.line()
        return ask(state, lines, question, reprompt, asking=state.asking)
    lines = prompts.help_reading.say(topic=here.topic.name) if here else prompts.help_start.say()
    return ask(state, lines, prompts.help_question.line(), prompts.anything_reprompt.line())


def list_topics(page: Page, state: State, turn: Turn, *, named: int = 0) -> Reply:
    """Three sections of the page, their count first. `named`: how many were named before."""
    prompts = page.prompts
    topics = page.topics[named : named + AT_A_TIME]
    if not topics:
        return list_topics(page, state, turn)
    count = page.count(len(topics))
    if named == 0:
        lines = prompts.list_first.say(total=page.count(len(page.topics)), count=count)
    elif len(topics) == 1:
        lines = prompts.list_more_one.say()
    else:
        lines = prompts.list_more.say(count=count)
    lines += options(page, [topic.id for topic in topics])
    named += len(topics)
    if named < len(page.topics):
        question, reprompt, offer = prompts.list_question, prompts.list_reprompt, Offer("list", str(named))
    else:
        question, reprompt, offer = prompts.list_end_question, prompts.list_end_reprompt, None
    return ask(state, lines, question.line(), reprompt.line(), offer=offer)


def define(page: Page, state: State, turn: Turn) -> Reply:
    """What a word means, if the page explains it; the section that does is offered."""
    prompts, slot = page.prompts, turn.slots.get("term")
    if slot is None:
        return what_next(page, state, prompts.meaning_which.say())
    term = page.terms.get(slot.id or "")
    topic = page.topic(term.topic) if term else None
    if term is None or topic is None:
        return what_next(page, state, prompts.meaning_unknown.say())
    if state.asking:
        return what_next(page, state, (term.meaning,), topic=topic.id)
    return ask(
        state, (term.meaning,), prompts.meaning_question.line(offered=topic.name),
        prompts.offered_reprompt.line(offered=topic.name), offer=Offer("read", topic.id), topic=topic.id,
    )  # fmt: skip


def spell(page: Page, state: State, turn: Turn) -> Reply:
    """A word letter by letter: the one asked for, or the hard word of the section that was read."""
    prompts, here, slot = page.prompts, place(page, state), turn.slots.get("word")
    word = normalise(slot.heard) if slot else here.topic.spell if here else ""
    letters = [letter for letter in word.upper() if letter.isalpha()]
    if not letters or len(word) > LONGEST_SPELLED:
        lines = prompts.spell_which.say()
    else:
        word = word[0].upper() + word[1:]
        lines = prompts.spelled.say(word=word, letters=", ".join(letters))
    return what_next(page, state, lines, topic=current_topic(page, state))


def send_link(page: Page, state: State, turn: Turn) -> Reply:
    """A card with the page's address: web addresses are not read out."""
    prompts = page.prompts
    further = "\n".join((*prompts.card_further.say(), *page.further_reading))
    card = Card(page.title, f"{source(page)}\n\n{further}")
    return what_next(page, state, prompts.link_sent.say(), topic=current_topic(page, state), card=card)


def about(page: Page, state: State, turn: Turn) -> Reply:
    """Who made this, whose page it is, how old our copy is, and what is kept."""
    return what_next(page, state, page.prompts.about.say())


def person(page: Page, state: State, turn: Turn) -> Reply:
    """Whether there is a person to talk to."""
    return what_next(page, state, page.prompts.person.say())


def language(page: Page, state: State, turn: Turn) -> Reply:
    """Which languages there are."""
    return what_next(page, state, page.prompts.language.say())


def ask_team(page: Page, state: State, turn: Turn) -> Reply:
    """Questions to take to the healthcare team, spoken and on a card."""
    prompts = page.prompts
    lines = prompts.ask_team.say(count=page.count(len(prompts.ask_team.lines) - 2))
    question, reprompt = prompts.ask_team_question.line(), prompts.ask_team_reprompt.line()
    card = Card(prompts.ask_team_title.line(), "\n".join((*lines[1:-1], "", source(page))))
    return ask(state, lines, question, reprompt, offer=Offer("again"), card=card)


def text_size(page: Page, state: State, turn: Turn) -> Reply:
    """Larger or smaller text on a screen; for the ear, that is slower or faster."""
    prompts = page.prompts
    if not turn.screen:
        return _and_still(page, state, prompts.text_size.say())
    before = NORMAL_SIZE if state.size is None else state.size
    size, lines = {
        "LargerTextIntent": (before + 1, prompts.text_larger),
        "SmallerTextIntent": (before - 1, prompts.text_smaller),
    }.get(turn.intent, (NORMAL_SIZE, prompts.text_normal))
    if not 0 <= size < len(TEXT_SIZES):
        size, lines = before, prompts.text_smallest if size < 0 else prompts.text_largest
    return _and_still(page, state._replace(size=size), lines.say())


def _and_still(page: Page, state: State, lines: tuple[str, ...]) -> Reply:
    """Says `lines`; what was said, asked and offered before stays as it was."""
    if state.question is None or state.reprompt is None:
        return what_next(page, state, lines)
    return Reply(lines, state._replace(misses=0, spoke=None), state.question, state.reprompt)


def no_loop(page: Page, state: State, turn: Turn) -> Reply:
    """Loop on or off: declined."""
    return what_next(page, state, page.prompts.no_loop.say())


def no_shuffle(page: Page, state: State, turn: Turn) -> Reply:
    """Shuffle on or off: declined."""
    return what_next(page, state, page.prompts.no_shuffle.say())


def sorry(page: Page, state: State) -> Reply:
    """Something failed on our side: said plainly, and the session stays open."""
    prompts = page.prompts
    return ask(state, prompts.sorry.say(), prompts.sorry_question.line(), prompts.anything_reprompt.line())


def fallback(page: Page, state: State, turn: Turn) -> Reply:
    """Not understood, or not on the page."""
    return not_understood(page, state)
