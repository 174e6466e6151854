"""Which section answers: from a treatment, a recurrence, and what was spoken of before."""

from collections.abc import Iterable

from skill.dialogue.reading import place, read
from skill.dialogue.turn import Offer, Reply, State, Turn, ask
from skill.page import RECURRENCES, Page

BOTH = "both"


def topic_intent(page: Page, state: State, turn: Turn) -> Reply:
    """`TopicIntent`: a treatment, a recurrence, or both; "and if it has spread?" keeps the treatment spoken of."""
    return _with_slots(page, state, turn, elliptical=True)


def recurrence_intent(page: Page, state: State, turn: Turn) -> Reply:
    """`RecurrenceIntent`: a question about a recurrence in full, so that only an open question adds to it."""
    return _with_slots(page, state, turn, elliptical=False)


def _with_slots(page: Page, state: State, turn: Turn, *, elliptical: bool) -> Reply:
    treatment, recurrence = turn.id_of("treatment"), turn.id_of("recurrence")
    if treatment is None and "treatment" in turn.slots:
        # A treatment was named that the page does not have (entity resolution found no match).
        return not_understood(page, state)
    if treatment is None and recurrence is None:
        return not_understood(page, state)
    treatment, recurrence = in_context(page, state, treatment, recurrence, elliptical=elliptical)
    return choose(page, state, treatment, recurrence)


def in_context(
    page: Page, state: State, treatment: str | None, recurrence: str | None, *, elliptical: bool
) -> tuple[str | None, str | None]:
    """The treatment and the recurrence that are meant, given what was asked or read before."""
    if state.asking and treatment in (None, state.asking):
        return state.asking, recurrence
    here = place(page, state)
    if here is None:
        return treatment, recurrence
    of_both = here.topic_id in page.treatments
    if treatment and recurrence is None:
        return treatment, BOTH if of_both else here.topic.recurrence
    carried = here.topic.treatment
    changes = of_both or recurrence != here.topic.recurrence
    if elliptical and state.following and carried and changes and sections(page, carried, recurrence):
        return carried, recurrence
    return treatment, recurrence


def sections(page: Page, treatment: str | None, recurrence: str | None) -> list[str]:
    """The recurrences, of those asked for, under which the page speaks of a treatment."""
    asked: Iterable[str] = RECURRENCES if recurrence in (None, BOTH) else (str(recurrence),)
    return [each for each in asked if page.of_pair(treatment, each)]


def choose(page: Page, state: State, treatment: str | None, recurrence: str | None) -> Reply:
    """The reply for a treatment, a recurrence (one, or both), or one for the other."""
    if treatment is None:
        return _recurrence(page, state, recurrence)
    found = sections(page, treatment, recurrence)
    if recurrence is None and len(found) > 1:
        return which_recurrence(page, state, treatment)
    if not found:
        return not_paired(page, state, treatment, recurrence)
    if len(found) > 1:
        return read(page, state, treatment)
    topic = page.of_pair(treatment, found[0])
    assert topic is not None  # noqa: S101 - `sections` found it
    return read(page, state, topic.id, before=_missing_half(page, treatment, recurrence, found[0]))


def _recurrence(page: Page, state: State, recurrence: str | None) -> Reply:
    first = page.of_pair(None, RECURRENCES[0] if recurrence == BOTH else recurrence)
    if first is None:
        return not_understood(page, state)
    reply = read(page, state, first.id)
    second = page.of_pair(None, RECURRENCES[1]) if recurrence == BOTH else None
    if second is None:
        return reply
    return _offering(page, reply, second.id)


def _offering(page: Page, reply: Reply, topic_id: str) -> Reply:
    """The same reply, but offering to go on to another topic than the next one."""
    topic = page.topic(topic_id)
    if topic is None:
        return reply
    prompts, state = page.prompts, reply.state
    return ask(
        state, reply.lines, prompts.go_on.line(next=topic.name), prompts.go_on_reprompt.line(next=topic.name),
        offer=Offer("read", topic.id), topic=reply.topic, card=reply.card, following=True,
    )  # fmt: skip


def _missing_half(page: Page, treatment: str, recurrence: str | None, found: str) -> tuple[str, ...]:
    """When both recurrences were asked for and the page has one: what it does not have, said first."""
    if recurrence != BOTH:
        return ()
    missing = next(each for each in RECURRENCES if each != found)
    return page.prompts.not_paired_before_reading.say(
        treatment=page.treatments[treatment], recurrence=page.recurrences[missing], elsewhere=page.recurrences[found]
    )


def which_recurrence(page: Page, state: State, treatment: str, *, misses: int = 0) -> Reply:
    """Asks where the cancer came back; with `misses`, once more, after an answer that was not understood."""
    prompts = page.prompts
    if misses:
        lines = prompts.which_recurrence_again.say()
    else:
        count = page.count(len(RECURRENCES))
        lines = prompts.which_recurrence.say(treatment=page.treatments[treatment], count=count)
    return ask(
        state, lines, prompts.which_recurrence_question.line(), prompts.which_recurrence_reprompt.line(),
        topic=None if misses else treatment, asking=treatment, misses=misses,
    )  # fmt: skip


def not_paired(page: Page, state: State, treatment: str, recurrence: str | None) -> Reply:
    """Says that the page does not speak of a treatment for a recurrence, and what it does speak of."""
    prompts = page.prompts
    if recurrence not in page.recurrences:
        return not_understood(page, state)
    topic = page.of_pair(None, recurrence)
    elsewhere = [page.recurrences[each] for each in sections(page, treatment, BOTH)]
    instead = [
        page.treatments[each.treatment] for each in page.topics if each.recurrence == recurrence and each.treatment
    ]
    if topic is None or not elsewhere or not instead:
        return not_understood(page, state)
    lines = prompts.not_paired.say(
        treatment=page.treatments[treatment], recurrence=page.recurrences[str(recurrence)],
        elsewhere=page.both(elsewhere), instead=page.both(instead),
    )  # fmt: skip
    question = prompts.not_paired_question.line(offered=topic.name)
    return ask(state, lines, question, prompts.offered_reprompt.line(offered=topic.name), offer=Offer("read", topic.id))


def not_understood(page: Page, state: State) -> Reply:
    """Nothing that the page answers: two in a row change the prompt; an open question is asked again once."""
    prompts = page.prompts
    misses = state.misses + 1
    if misses > 1:
        return ask(
            state, prompts.fallback_again.say(), prompts.fallback_again_question.line(),
            prompts.anything_reprompt.line(), misses=misses,
        )  # fmt: skip
    if state.asking:
        return which_recurrence(page, state, state.asking, misses=misses)
    near = nearest(page, state)
    return ask(
        state, (*prompts.fallback.say(), *options(page, near)), prompts.fallback_question.line(),
        prompts.fallback_reprompt.line(), offer=Offer("read", near[0]), misses=misses,
    )  # fmt: skip


def nearest(page: Page, state: State, count: int = 3) -> list[str]:
    """The ids of the topics nearest to the listener's place: those that follow it, then the page's main ones."""
    here = place(page, state)
    following = page.topics[here.topic.number :] if here else ()
    main = (topic for topic in page.topics if topic.parent is None and not (here and topic.id == here.topic.id))
    return list(dict.fromkeys(topic.id for topic in (*following, *main)))[:count] or [page.topics[0].id]


def options(page: Page, topic_ids: list[str]) -> tuple[str, ...]:
    """Topics as the lines of a spoken list."""
    prompts = page.prompts
    names = [topic.name for topic_id in topic_ids if (topic := page.topic(topic_id))]
    if len(names) == 1:
        return prompts.list_only_item.say(name=names[0])
    return tuple(prompts.list_item.line(name=name) for name in names[:-1]) + prompts.list_last_item.say(name=names[-1])
