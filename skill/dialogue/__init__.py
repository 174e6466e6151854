"""The dialogue: (page, state, turn) → reply. Pure: no SDK, no clock, no file.

`ANSWERS` is the table of contents: what each intent is answered by.
"""

from collections.abc import Callable, Mapping

from skill.dialogue import choosing, moving, reading, remembering, safety, telling
from skill.dialogue.turn import Card, Offer, Reply, Slot, State, Turn
from skill.page import Page

__all__ = ["ANSWERS", "Card", "Offer", "Reply", "Slot", "State", "Turn", "respond", "sorry"]

Answer = Callable[[Page, State, Turn], Reply]

ANSWERS: Mapping[str, Answer] = {
    "EmergencyIntent": safety.emergency,
    "CrisisIntent": safety.crisis,
    "PersonalAdviceIntent": safety.personal_advice,
    "LaunchRequest": telling.launch,
    "TopicIntent": choosing.topic_intent,
    "RecurrenceIntent": choosing.recurrence_intent,
    "ReadAllIntent": moving.read_all,
    "AMAZON.NextIntent": moving.next_topic,
    "AMAZON.PreviousIntent": moving.previous_topic,
    "NextSentenceIntent": moving.next_sentence,
    "PreviousSentenceIntent": moving.previous_sentence,
    "AMAZON.RepeatIntent": moving.repeat,
    "SlowerIntent": moving.slower,
    "FasterIntent": moving.faster,
    "NormalSpeedIntent": moving.normal_speed,
    "AMAZON.PauseIntent": moving.pause,
    "AMAZON.ResumeIntent": moving.resume,
    "AMAZON.StartOverIntent": moving.start_over,
    "WhereAmIIntent": moving.where,
    "AMAZON.YesIntent": moving.yes,
    "AMAZON.NoIntent": moving.no,
    "AMAZON.StopIntent": moving.leave,
    "AMAZON.CancelIntent": moving.leave,
    "AMAZON.NavigateHomeIntent": moving.leave,
    "AMAZON.HelpIntent": telling.tell_help,
    "AMAZON.FallbackIntent": telling.fallback,
    "ListTopicsIntent": telling.list_topics,
    "DefineIntent": telling.define,
    "SpellIntent": telling.spell,
    "SendLinkIntent": telling.send_link,
    "AboutIntent": telling.about,
    "TalkToPersonIntent": telling.person,
    "LanguageIntent": telling.language,
    "AskTeamIntent": telling.ask_team,
    "RememberIntent": remembering.remember,
    "ForgetIntent": remembering.forget,
    "PlayEditionIntent": moving.play_edition,
    "LargerTextIntent": telling.text_size,
    "SmallerTextIntent": telling.text_size,
    "NormalTextIntent": telling.text_size,
    "AMAZON.LoopOnIntent": telling.no_loop,
    "AMAZON.LoopOffIntent": telling.no_loop,
    "AMAZON.ShuffleOnIntent": telling.no_shuffle,
    "AMAZON.ShuffleOffIntent": telling.no_shuffle,
}
"""Intent → its answer. An intent that the words file gives to a topic (`intents`) reads that topic."""


def respond(page: Page, state: State, turn: Turn) -> Reply:
    """The reply to one turn. An intent that nothing answers is taken as not understood; nothing is raised."""
    if turn.plays or turn.playing is not None:
        from skill.dialogue import playing

        return playing.respond(page, state, turn, _spoken)
    return _spoken(page, state, turn)


def _spoken(page: Page, state: State, turn: Turn) -> Reply:
    topic = page.of_intent(turn.intent)
    if topic is not None:
        reply = reading.read(page, state, topic.id)
    else:
        reply = ANSWERS.get(turn.intent, telling.fallback)(page, state, turn)
    return _introduced(page, reply)


def _introduced(page: Page, reply: Reply) -> Reply:
    """The reply with half a sentence on what this is and is not, if it is the first that speaks of a section."""
    if reply.topic is None or not reply.open or reply.state.introduced:
        return reply
    first, *others = reply.lines
    return reply._replace(
        lines=(first, *page.prompts.first_answer.say(), *others), state=reply.state._replace(introduced=True)
    )


def sorry(page: Page, state: State) -> Reply:
    """The reply when something failed on our side."""
    return telling.sorry(page, state)
