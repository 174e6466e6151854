"""Keeping a place between visits: asked for, agreed to, declined, taken back.

Only words are here. What a reply's `keep` says is done by `skill.memory`, and the reply is spoken once it is done;
if it could not be done, `otherwise` is spoken, so that nothing false is said about it.
"""

from skill.dialogue.reading import what_next
from skill.dialogue.turn import Offer, Reply, State, Turn, ask
from skill.page import Page

OFFER = "remember"
"""The kind of offer to which "yes" is consent."""


def remember(page: Page, state: State, turn: Turn) -> Reply:
    """`RememberIntent`: says what would be kept, who could hear it and for how long, and asks."""
    prompts = page.prompts
    if turn.memory == "off":
        return what_next(page, state, prompts.remember.say())
    if turn.memory == "away":
        return what_next(page, state, prompts.memory_away.say())
    if turn.memory == "kept":
        return what_next(page, state, prompts.memory_kept_already.say())
    return ask(
        state, prompts.memory_consent.say(), prompts.memory_consent_question.line(),
        prompts.memory_consent_reprompt.line(), offer=Offer(OFFER), asking=state.asking,
    )  # fmt: skip


def agreed(page: Page, state: State, turn: Turn) -> Reply:
    """Yes to that."""
    if turn.memory == "off":
        return remember(page, state, turn)
    prompts = page.prompts
    otherwise = what_next(page, state, prompts.memory_not_kept.say())
    return what_next(page, state, prompts.memory_kept.say())._replace(keep="yes", otherwise=otherwise)


def declined(page: Page, state: State) -> Reply:
    """No to that: nothing is kept."""
    return what_next(page, state, page.prompts.memory_declined.say())


def forget(page: Page, state: State, turn: Turn) -> Reply:
    """`ForgetIntent`: what is kept is deleted at once, without a question. This visit's place stays for this visit."""
    prompts = page.prompts
    if turn.memory == "off":
        return what_next(page, state, prompts.forget.say())
    otherwise = what_next(page, state, prompts.memory_not_forgotten.say())
    return what_next(page, state, prompts.memory_forgotten.say())._replace(keep="forget", otherwise=otherwise)


def welcome_back(page: Page, state: State) -> Reply:
    """For somebody whose place was kept. It does not name the section: others in the room may not know of it."""
    prompts = page.prompts
    lines = prompts.memory_welcome.say()
    if not state.introduced:
        lines += prompts.first_answer.say()
    return ask(
        state, lines, prompts.memory_welcome_question.line(), prompts.memory_welcome_reprompt.line(),
        offer=Offer("resume"), introduced=True,
    )  # fmt: skip
