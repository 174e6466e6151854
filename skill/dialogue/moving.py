"""Moving about in what is read: on, back, again, slower, by sentences, away and back again."""

from skill.dialogue import choosing, remembering, telling
from skill.dialogue.reading import WHOLE_PAGE, Place, closing, current_topic, place, read, speak
from skill.dialogue.turn import Offer, Reply, State, Turn, ask, close
from skill.page import Page, Topic

NORMAL_RATE = 100

RATES = (60, 70, 85, NORMAL_RATE, 115, 130, 150, 175, 200)
"""Steps of speech, per cent. Alexa takes 20 to 200; the mean listener still follows about 298 words a minute, near
the 175 step, and blind listeners follow more (Bragg 2021)."""


def next_topic(page: Page, state: State, turn: Turn) -> Reply:
    """The next section in page order; the first before any."""
    here = place(page, state)
    return _go(page, state, page.after(here.last) if here else page.topics[0], page.prompts.last_section.say())


def previous_topic(page: Page, state: State, turn: Turn) -> Reply:
    """The section before in page order; the first before any."""
    here = place(page, state)
    if here is None:
        return read(page, state, page.topics[0].id)
    first = here.first if here.sentence is None else here.topic
    return _go(page, state, page.before(first), page.prompts.first_section.say())


def _go(page: Page, state: State, topic: Topic | None, edge: tuple[str, ...]) -> Reply:
    if topic is not None:
        return read(page, state, topic.id)
    return ask(state, edge, page.prompts.edge_question.line(), page.prompts.anything_reprompt.line())


def read_all(page: Page, state: State, turn: Turn) -> Reply:
    """The whole page, in parts of about a minute."""
    return read(page, state, WHOLE_PAGE)


def play_edition(page: Page, state: State, turn: Turn) -> Reply:
    """No recording can be played here: says so, and reads instead what was to be heard, the page or a part of it."""
    before = page.prompts.play_edition.say()
    if not turn.slots:
        return read(page, state, WHOLE_PAGE, before=before)
    reply = choosing.topic_intent(page, state, turn)
    return _replace_lines(reply, (*before, *reply.lines)) if reply.topic else reply


def next_sentence(page: Page, state: State, turn: Turn) -> Reply:
    """The sentence after the last one spoken; at the end of a section, the next one is offered."""
    here = place(page, state)
    if here is None:
        return read(page, state, page.topics[0].id, sentence=0)
    if here.index + 1 < len(here.sentences):
        return speak(page, state, Place(here.passage, here.part, here.index + 1))
    if here.part + 1 < len(here.passage.parts):
        return speak(page, state, Place(here.passage, here.part + 1, 0))
    return _stay(page, state, here, page.prompts.last_sentence.say())


def previous_sentence(page: Page, state: State, turn: Turn) -> Reply:
    """The sentence before the last one spoken; at the start of a section, its first sentence again."""
    here = place(page, state)
    if here is None:
        return next_sentence(page, state, turn)
    if here.index > 0:
        return speak(page, state, Place(here.passage, here.part, here.index - 1))
    if here.part > 0:
        last = len(Place(here.passage, here.part - 1, None).sentences) - 1
        return speak(page, state, Place(here.passage, here.part - 1, last))
    return speak(page, state, Place(here.passage, 0, 0), before=page.prompts.first_sentence.say())


def _stay(page: Page, state: State, here: Place, lines: tuple[str, ...]) -> Reply:
    """Says `lines` about the place and asks the question that belongs to it; the place stays."""
    question, reprompt, offer = closing(page, here)
    return ask(state, lines, question, reprompt, offer=offer, topic=here.topic_id, following=True)


def repeat(page: Page, state: State, turn: Turn) -> Reply:
    """The last reply once more, whatever it was."""
    if state.question is None or state.reprompt is None:
        return telling.launch(page, state, turn)
    topic = current_topic(page, state)
    return Reply(state.said, state._replace(spoke=topic), state.question, state.reprompt, topic=topic)


def slower(page: Page, state: State, turn: Turn) -> Reply:
    """One step slower, heard at once on what was just read."""
    rate = max((each for each in RATES if each < state.rate), default=None)
    return _at_rate(page, state, rate, page.prompts.slower.say(), page.prompts.slowest.say())


def faster(page: Page, state: State, turn: Turn) -> Reply:
    """One step faster."""
    rate = min((each for each in RATES if each > state.rate), default=None)
    return _at_rate(page, state, rate, page.prompts.faster.say(), page.prompts.fastest.say())


def normal_speed(page: Page, state: State, turn: Turn) -> Reply:
    """Back to the voice's own speed."""
    said = page.prompts.normal_speed.say()
    return _at_rate(page, state, NORMAL_RATE, said, said)


def _at_rate(
    page: Page, state: State, rate: int | None, changed: tuple[str, ...], at_the_end: tuple[str, ...]
) -> Reply:
    """What was read, again, at another rate; an open question is asked again; else only the news."""
    lines = changed if rate else at_the_end
    state = state._replace(rate=rate or state.rate)
    here = place(page, state)
    if state.asking:
        return _replace_lines(choosing.which_recurrence(page, state, state.asking), lines)
    if here is None:
        return ask(state, lines, page.prompts.what_next_question.line(), page.prompts.anything_reprompt.line())
    return speak(page, state, here, before=lines)


def _replace_lines(reply: Reply, lines: tuple[str, ...]) -> Reply:
    """The same reply with other lines before its question."""
    return reply._replace(lines=lines, state=reply.state._replace(said=lines))


def pause(page: Page, state: State, turn: Turn) -> Reply:
    """Waits: the place is kept while the session lives."""
    prompts = page.prompts
    return ask(
        state, prompts.paused.say(), prompts.paused_question.line(), prompts.paused_reprompt.line(),
        offer=Offer("resume"), asking=state.asking,
    )  # fmt: skip


def resume(page: Page, state: State, turn: Turn) -> Reply:
    """Goes back to the place, or to the question that was open."""
    if state.asking:
        return choosing.which_recurrence(page, state, state.asking)
    here = place(page, state)
    if here is not None:
        return speak(page, state, here)
    prompts = page.prompts
    lines = (prompts.memory_away if turn.memory == "away" else prompts.nothing_to_resume).say()
    return ask(
        state, lines, prompts.what_next_question.line(), prompts.launch_reprompt.line(),
        offer=Offer("read", page.topics[0].id),
    )  # fmt: skip


def where(page: Page, state: State, turn: Turn) -> Reply:
    """Which section of how many, under which, and which sentence: the page's "You are here"."""
    prompts = page.prompts
    if state.asking:
        lines = prompts.where_asking.say(treatment=page.treatments[state.asking])
        return _replace_lines(choosing.which_recurrence(page, state, state.asking), lines)
    here = place(page, state)
    if here is None:
        return ask(
            state, prompts.where_nowhere.say(), prompts.what_next_question.line(), prompts.launch_reprompt.line(),
            offer=Offer("read", page.topics[0].id),
        )  # fmt: skip
    topic = here.topic
    parent = page.topic(topic.parent)
    lines = prompts.where.say(number=page.count(topic.number), count=page.count(len(page.topics)), topic=topic.name)
    if parent:
        lines += prompts.where_under.say(parent=parent.name)
    number, total = here.within
    lines += prompts.where_sentence.say(sentence=page.count(number), sentences=page.count(total))
    return _stay(page, state, here, lines)


def yes(page: Page, state: State, turn: Turn) -> Reply:
    """Does what was offered."""
    offer, here = state.offer, place(page, state)
    if state.asking and (offer is None or offer.kind == "play"):
        return choosing.not_understood(page, state)
    match offer.kind if offer else None, offer.of if offer else "":
        case "read", topic if page.topic(topic):
            return read(page, state, topic)
        case "treatment", treatment if treatment in page.treatments:
            return choosing.choose(page, state, treatment, None)
        case "part", _ if here and here.part + 1 < len(here.passage.parts):
            return read(page, state, here.passage.name, part=here.part + 1)
        case "sentence", _ if here:
            return next_sentence(page, state, turn)
        case "list", named if named.isdecimal():
            return telling.list_topics(page, state, turn, named=int(named))
        case "link", _:
            return telling.send_link(page, state, turn)
        case "again", _ if state.question and state.reprompt:
            return Reply(state.said, state, state.question, state.reprompt, topic=state.spoke)
        case "resume", _:
            return resume(page, state, turn)
        case "remember", _:
            return remembering.agreed(page, state, turn)
    prompts = page.prompts
    return ask(state, prompts.nothing_offered.say(), prompts.what_next_question.line(), prompts.launch_reprompt.line())


def no(page: Page, state: State, turn: Turn) -> Reply:
    """Declines what was offered; when nothing is, leaves."""
    prompts = page.prompts
    if state.offer is not None and state.offer.kind == remembering.OFFER:
        return remembering.declined(page, state)
    if state.offer is None and not state.asking and state.question is not None:
        return close(state, prompts.goodbye.say(), forget_place=True)
    return ask(state, prompts.declined.say(), prompts.declined_question.line(), prompts.anything_reprompt.line())


def leave(page: Page, state: State, turn: Turn) -> Reply:
    """Stop, cancel, home: says goodbye, closes, and forgets the place."""
    return close(state, page.prompts.goodbye.say(), forget_place=True)


def start_over(page: Page, state: State, turn: Turn) -> Reply:
    """The launch words again; the place is kept."""
    return telling.launch(page, state, turn)
