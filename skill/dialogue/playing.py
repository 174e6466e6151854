"""The recording: what is answered while one plays, waits or has failed. Loaded only when one is asked for or at hand.

The device's player is the state: what it plays, how far it is, and whether it plays. Nothing else is kept.
"""

from collections.abc import Callable, Mapping

from skill.dialogue import choosing
from skill.dialogue.player import Play, Playing
from skill.dialogue.turn import Offer, Reply, State, Turn, ask, close
from skill.page import RECURRENCES, Page, Topic

PLAY = "PlayEditionIntent"

OFFER = "play"
"""The kind of an offer while it is asked which of two sections to play."""

Spoken = Callable[[Page, State, Turn], Reply]


STOP = Play("stop")


def respond(page: Page, state: State, turn: Turn, spoken: Spoken) -> Reply:
    """The reply to a turn to which a recording matters; `spoken` gives what would be said without one."""
    now = turn.playing
    if turn.plays and turn.intent == PLAY:
        return play(page, state, turn)
    if turn.plays and turn.intent in ("TopicIntent", "RecurrenceIntent") and _asked(state):
        return play(page, state, turn)
    if now is None:
        return spoken(page, state, turn)
    if turn.intent in ENDS:
        return spoken(page, state, turn)._replace(play=STOP)
    if now.activity == "failed":
        return _instead(page, state, now) if turn.intent in INSTEAD else spoken(page, state, turn)
    if now.activity == "playing" and state.reading is None:
        state = state._replace(reading=now.topic.id)  # where the listener is
    if turn.intent in CONTROLS and now.activity != "waiting":
        return CONTROLS[turn.intent](page, state, now)
    if turn.intent in DECLINED and now.activity == "playing":
        # Nothing is asked, so that it plays on.
        return close(state, spoken(page, state, turn).lines)
    reply = spoken(page, state, turn)
    # Another voice reads now; else the recording waits, and goes on when the session is over.
    return reply._replace(play=STOP) if reply.topic is not None else reply


def play(page: Page, state: State, turn: Turn) -> Reply:
    """From a section on: the one asked for, else from the start. Asks which, where the page has two."""
    treatment, recurrence = turn.id_of("treatment"), turn.id_of("recurrence")
    if treatment is None and "treatment" in turn.slots:
        return choosing.not_understood(page, state)
    if treatment or recurrence or state.asking:
        treatment, recurrence = choosing.in_context(page, state, treatment, recurrence, elliptical=True)
    if treatment is None and recurrence is None:
        return _from(page, state, page.topics[0])
    # Of both recurrences the local one comes first on the page, and the other one follows.
    alone = RECURRENCES[0] if recurrence == choosing.BOTH else str(recurrence)
    found = choosing.sections(page, treatment, recurrence) if treatment else [alone]
    if treatment and recurrence is None and len(found) > 1:
        reply = choosing.which_recurrence(page, state, treatment)
        return reply._replace(state=reply.state._replace(offer=Offer(OFFER)))
    first = page.of_pair(treatment, found[0]) if found else None
    return choosing.choose(page, state, treatment, recurrence) if first is None else _from(page, state, first)


def _asked(state: State) -> bool:
    return state.asking is not None and state.offer is not None and state.offer.kind == OFFER


def _from(page: Page, state: State, topic: Topic) -> Reply:
    prompts = page.prompts
    lines = (*(() if state.introduced else prompts.first_answer.say()), *prompts.playing.say(topic=topic.name))
    return _start(state, topic, lines=lines)


def _start(state: State, topic: Topic, offset: int = 0, lines: tuple[str, ...] = ()) -> Reply:
    reply = close(state._replace(reading=topic.id, part=0, sentence=None), lines)
    return reply._replace(topic=topic.id, state=reply.state._replace(spoke=topic.id), play=Play("start", topic, offset))


def pause(page: Page, state: State, now: Playing) -> Reply:
    """Silence. The player keeps the second."""
    return close(state, ())._replace(play=Play("pause"))


def resume(page: Page, state: State, now: Playing) -> Reply:
    """On from the same second."""
    return _start(state, now.topic, now.offset)


def repeat(page: Page, state: State, now: Playing) -> Reply:
    """The section from its start."""
    return _start(state, now.topic)


def start_over(page: Page, state: State, now: Playing) -> Reply:
    """The page from its start."""
    return _start(state, page.topics[0])


def following(page: Page, state: State, now: Playing) -> Reply:
    """The next section; after the last, says so, and lets it play on."""
    topic = page.after(now.topic)
    return _start(state, topic) if topic else close(state, page.prompts.last_section.say())


def preceding(page: Page, state: State, now: Playing) -> Reply:
    """The section before; before the first, says so, and lets it play on."""
    topic = page.before(now.topic)
    return _start(state, topic) if topic else close(state, page.prompts.first_section.say())


def where(page: Page, state: State, now: Playing) -> Reply:
    """Which section of how many, under which; then it plays on."""
    prompts, topic = page.prompts, now.topic
    parent = page.topic(topic.parent)
    lines = prompts.where.say(number=page.count(topic.number), count=page.count(len(page.topics)), topic=topic.name)
    return close(state, lines + (prompts.where_under.say(parent=parent.name) if parent else ()))


def _instead(page: Page, state: State, now: Playing) -> Reply:
    """The recording did not play: says so, and offers to read the section."""
    prompts, name = page.prompts, now.topic.name
    return ask(
        state, prompts.recording_failed.say(), prompts.recording_failed_question.line(offered=name),
        prompts.offered_reprompt.line(offered=name), offer=Offer("read", now.topic.id),
    )  # fmt: skip


CONTROLS: Mapping[str, Callable[[Page, State, Playing], Reply]] = {
    "AMAZON.PauseIntent": pause,
    "AMAZON.ResumeIntent": resume,
    "AMAZON.NextIntent": following,
    "AMAZON.PreviousIntent": preceding,
    "AMAZON.RepeatIntent": repeat,
    "AMAZON.StartOverIntent": start_over,
    "WhereAmIIntent": where,
}

DECLINED = ("AMAZON.LoopOnIntent", "AMAZON.LoopOffIntent", "AMAZON.ShuffleOnIntent", "AMAZON.ShuffleOffIntent")

ENDS = ("EmergencyIntent", "CrisisIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
"""After these nothing may go on by itself, not even what has been paused."""

INSTEAD = (
    "LaunchRequest", "AMAZON.HelpIntent", "AMAZON.FallbackIntent", "AMAZON.YesIntent", "AMAZON.NoIntent", *CONTROLS,
    *DECLINED,
)  # fmt: skip
"""To these the failed recording is told first; whoever asks for something of their own is answered that."""


# ── what the player tells, which may be answered by a directive alone ──


def nearly_finished(page: Page, topic: Topic, token: str) -> Play | None:
    """The next section behind the one that is about to end."""
    following = page.after(topic)
    return Play("enqueue", following, after=token) if following else None


def failed(topic: Topic, offset: int, token: str | None, *, was_again: bool) -> Play | None:
    """One more try, at once, or behind what still plays (`token`); after that nothing: the next spoken turn tells."""
    if was_again:
        return None
    if token is not None:
        return Play("enqueue", topic, after=token, again=True)
    return Play("start", topic, offset, again=True)


def button(page: Page, command: str, now: Playing) -> Play | None:
    """What a remote control's button, or one on the device's screen, does: just what the word does."""
    state = State()
    return CONTROLS[command](page, state, now).play if command in CONTROLS else None
