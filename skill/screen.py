"""A reply on a screen (APL). In: the page, a reply and the intent that it answers. Out: what is still said by the voice
alone, and the directives. And back: what a touch asks for.

The text of a section is spoken sentence by sentence by the screen's own commands, each lit up while it is heard; Alexa
says what is left before that. Nothing is said twice. `screen.json` is the one document; all that differs is data.
Loaded only for a device that has a screen.
"""

import functools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ask_sdk_model import RequestEnvelope

from skill import dialogue, naming, speech
from skill.dialogue.reading import Place, place
from skill.dialogue.turn import NORMAL_SIZE, TEXT_SIZES, Reply, Slot, Turn
from skill.page import RECURRENCES, TREATMENTS, Page, Topic

Json = dict[str, Any]

DOCUMENT = Path(__file__).with_name("screen.json")

TOKEN = "guide"  # noqa: S105 - a name for what is shown, by which commands find it
INTERFACE = "Alexa.Presentation.APL"

CONTENTS = ("LaunchRequest", "ListTopicsIntent", "AMAZON.HelpIntent", "AMAZON.StartOverIntent")
"""What these say is a list, or leads to one: the screen shows the sections first, and what is said small below."""

SLOTS = {"treatment": TREATMENTS, "recurrence": (*RECURRENCES, "both")}
"""What a touch may fill."""


def show(page: Page, reply: Reply, intent: str) -> tuple[tuple[str, ...], list[Any]]:
    """What the voice alone says, and the directives. After a goodbye, or when a recording begins, nothing is shown."""
    resized = intent in ("LargerTextIntent", "NormalTextIntent", "SmallerTextIntent")
    call = _call(page, reply, reply.state.said if resized else reply.lines)
    if call is None and not reply.open:
        return reply.speech, []
    at = place(page, reply.state)
    said, items = _parted(at, reply.lines) if at else (reply.lines, ())
    # Whoever changes the size wants to see the section in it.
    stays = at is not None and not items and resized
    if at and call is None and (items or stays):
        known = {page.prompts.first_answer.line(), at.first.label}  # in the note, and the title
        shown, spoken = _section(at, items, [_line(line) for line in said if line not in known])
        data = _data(page, reply, at, shown)
    else:
        spoken = ()
        data = call or _other(page, reply, intent)
    size = TEXT_SIZES[NORMAL_SIZE if reply.state.size is None else reply.state.size]
    properties: Json = {**data, "size": size}
    for number, text in spoken:
        ssml = speech.ssml((text,), rate=reply.state.rate, numbers=page.country.numbers)
        properties[f"ssml{number}"] = ssml
    directives = [_render(properties, [number for number, _ in spoken])]
    if not spoken:
        return reply.speech, directives
    directives.append(_speak([number for number, _ in spoken]))
    question = () if reply.question is None else (reply.question,)
    return (*said, *page.prompts.screen_reading.say(), *question), directives


def _parted(at: Place, lines: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that come before the text of the place, and that text with the labels inside it; none if there is none.

    A line of the text is all sentences of a stretch, or the one sentence that was asked for.
    """
    texts = {" ".join(stretch.sentences) for stretch in at.stretches}
    if at.sentence is not None:
        texts = {at.sentences[at.index]}
    labels = {stretch.topic.label for stretch in at.stretches[1:]}
    before: list[str] = []
    inside: list[str] = []
    for line in lines:
        (inside if line in texts or line in labels else before).append(line)
    return tuple(before), tuple(inside)


def _section(at: Place, items: Iterable[str], shown: list[Json]) -> tuple[list[Json], tuple[tuple[int, str], ...]]:
    """What is `shown` before the text and the text, line by line; and which lines are spoken, by number."""
    spoken_lines = set(items)
    spoken: list[tuple[int, str]] = []
    for stretch in at.stretches:
        if len(at.stretches) > 1:
            if stretch is not at.stretches[0] and stretch.topic.label in spoken_lines:
                spoken.append((len(shown), stretch.topic.label))
            shown.append({"text": stretch.topic.title, "heading": True})
        for sentence in stretch.sentences:
            if " ".join(stretch.sentences) in spoken_lines or sentence in spoken_lines:
                spoken.append((len(shown), sentence))
            shown.append({"text": sentence, "heading": False})
    return shown, tuple(spoken)


def _data(page: Page, reply: Reply, at: Place, lines: list[Json]) -> Json:
    trail, title = "", page.treatments.get(at.passage.name, page.title)
    if len(at.stretches) == 1:
        trail, title = _trail(page, at.topic), at.topic.title
    return {
        "trail": trail, "title": title[0].upper() + title[1:], "number": "", "lines": lines,
        "question": reply.question or "", "choices": [], "buttons": _buttons(page),
        "note": page.prompts.first_answer.line(),
    }  # fmt: skip


def _call(page: Page, reply: Reply, lines: tuple[str, ...]) -> Json | None:
    """A number to call, large, and nothing beside it, where `lines` name one, for the first time or again."""
    prompts, country = page.prompts, page.country
    if lines == prompts.emergency.say():
        title, number = prompts.emergency_title.line(), country.emergency
    elif lines == prompts.crisis.say():
        title, number = prompts.crisis_title.line(), country.crisis
    else:
        return None
    return {
        "trail": "", "title": title, "number": number if number[0].isdecimal() else "",
        "lines": [_line(line) for line in lines], "question": reply.question or "",
        "choices": [], "buttons": [], "note": "",
    }  # fmt: skip


def _other(page: Page, reply: Reply, intent: str) -> Json:
    """What is no section: words, and what can be chosen."""
    choices = [_choice(page, topic) for topic in page.topics]
    if reply.state.asking:
        choices = _recurrences(page, reply.state.asking)
    note = page.prompts.first_answer.line()
    lines = [_line(line) for line in reply.lines if line != note]
    if intent in CONTENTS or reply.state.asking:  # what can be chosen comes first
        lines, note = [], " ".join(reply.lines)
    return {
        "trail": "", "title": page.title, "number": "", "lines": lines, "question": reply.question or "",
        "choices": choices, "buttons": _buttons(page), "note": note,
    }  # fmt: skip


def _line(text: str) -> Json:
    return {"text": text, "heading": False}


def _trail(page: Page, topic: Topic) -> str:
    """Where a section stands: "Local recurrence › Surgery"; under none, the page."""
    parent = page.topic(topic.parent)
    if parent is None:
        return "" if topic.title == page.title else page.title
    return f"{parent.title} › {naming.own(topic)}"


def _button(label: str, say: str, intent: str, **slots: str | None) -> Json:
    return {"label": label, "say": say, "does": [intent, *(slots.get(name) or "" for name in SLOTS)]}


def _buttons(page: Page) -> list[Json]:
    prompts = page.prompts
    bar = (
        (prompts.screen_previous, "AMAZON.PreviousIntent"), (prompts.screen_repeat, "AMAZON.RepeatIntent"),
        (prompts.screen_next, "AMAZON.NextIntent"), (prompts.screen_topics, "ListTopicsIntent"),
        (prompts.screen_smaller, "SmallerTextIntent"), (prompts.screen_normal, "NormalTextIntent"),
        (prompts.screen_larger, "LargerTextIntent"),
    )  # fmt: skip
    return [_button(prompt.lines[0], prompt.lines[1], intent) for prompt, intent in bar]


def _choice(page: Page, topic: Topic) -> Json:
    title = topic.title
    if topic.treatment or topic.recurrence:
        return _button(title, title, "TopicIntent", treatment=topic.treatment, recurrence=topic.recurrence)
    return _button(title, title, topic.intents[0])


def _recurrences(page: Page, treatment: str) -> list[Json]:
    """The answers to "where did the cancer come back?"."""
    prompts = page.prompts
    answers = zip((prompts.screen_local, prompts.screen_distant, prompts.screen_both), SLOTS["recurrence"], strict=True)
    return [
        _button(prompt.lines[0], prompt.lines[1], "TopicIntent", treatment=treatment, recurrence=recurrence)
        for prompt, recurrence in answers
    ]


def _render(properties: Json, spoken: list[int]) -> Json:
    # A transformer for each sentence by its own name: paths into lists are not told of in Amazon's reference.
    transformers = [
        {"inputPath": f"ssml{number}", "transformer": "ssmlToSpeech", "outputName": f"said{number}"}
        for number in spoken
    ]
    screen = {"type": "object", "properties": properties, "transformers": transformers}
    return {
        "type": f"{INTERFACE}.RenderDocument", "token": TOKEN, "document": _document(),
        "datasources": {"screen": screen},
    }  # fmt: skip


@functools.cache
def _document() -> Json:
    document: Json = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return document


def _speak(spoken: list[int]) -> Json:
    commands = [
        {"type": "SpeakItem", "componentId": f"line{number}", "highlightMode": "line", "align": "center"}
        for number in spoken
    ]
    return {
        "type": f"{INTERFACE}.ExecuteCommands", "token": TOKEN,
        "commands": [{"type": "Sequential", "commands": commands}],
    }  # fmt: skip


def touched(envelope: RequestEnvelope, page: Page) -> Turn | None:
    """What a touch asks for: an intent and its slots, as if they had been said; None if it is none of ours."""
    told = getattr(envelope.request, "arguments", None)
    if not isinstance(told, list) or not told or not all(isinstance(each, str) for each in told):
        return None
    intent, *values = told
    if intent not in dialogue.ANSWERS and page.of_intent(intent) is None:
        return None
    slots = {}
    for (name, ids), value in zip(SLOTS.items(), values, strict=False):
        if value and value not in ids:
            return None
        if value:
            slots[name] = Slot(value, value)
    return Turn(intent, slots)
