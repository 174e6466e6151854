"""Safe words: danger to life, despair, and questions that only the healthcare team can answer."""

from skill.dialogue.choosing import BOTH
from skill.dialogue.reading import place
from skill.dialogue.turn import Card, Offer, Reply, State, Turn, ask, close
from skill.page import Page


def emergency(page: Page, state: State, turn: Turn) -> Reply:
    """One short sentence with the country's number, on the card too; then the session is closed."""
    lines = page.prompts.emergency.say()
    return close(state, lines, card=Card(page.prompts.emergency_title.line(), "\n".join(lines)))


def crisis(page: Page, state: State, turn: Turn) -> Reply:
    """Kind words and the country's numbers, on the card too; offers to say them again, and stays."""
    prompts = page.prompts
    lines = prompts.crisis.say()
    return ask(
        state, lines, prompts.crisis_question.line(), prompts.crisis_reprompt.line(), offer=Offer("again"),
        card=Card(prompts.crisis_title.line(), "\n".join(lines[1:])),
    )  # fmt: skip


def personal_advice(page: Page, state: State, turn: Turn) -> Reply:
    """Can't advise, the healthcare team can; the nearest section is offered."""
    prompts = page.prompts
    name, offer = _nearest(page, state, turn.id_of("treatment"), turn.id_of("recurrence"))
    return ask(
        state, prompts.advice.say(offered=name), prompts.advice_question.line(),
        prompts.offered_reprompt.line(offered=name), offer=offer,
    )  # fmt: skip


def _nearest(page: Page, state: State, treatment: str | None, recurrence: str | None) -> tuple[str, Offer]:
    """What to offer: the section on what was named, else where the listener is, else the first."""
    here = place(page, state)
    recurrence = None if recurrence == BOTH else recurrence
    if treatment and recurrence is None and here:
        recurrence = here.topic.recurrence
    topic = page.of_pair(treatment, recurrence)
    if topic is None and treatment in page.treatments:
        return page.treatments[str(treatment)], Offer("treatment", str(treatment))
    topic = topic or page.of_pair(None, recurrence) or (here.topic if here else page.topics[0])
    return topic.name, Offer("read", topic.id)
