"""The prompts that surround the page's text: which there are, and what each is filled with.

In: the `[prompts]` table of the words. Out: a frozen `Prompts`. mypy sees a misspelt prompt, the loader sees one that
is missing, unknown, or asks for a value that it never gets.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to say: one line, or several with a pause after each."""

    lines: tuple[str, ...]

    def say(self, **values: str) -> tuple[str, ...]:
        """The lines, filled in."""
        return tuple(line.format(**values) for line in self.lines)

    def line(self, **values: str) -> str:
        """The lines, filled in and joined into one."""
        return " ".join(self.say(**values))


def _takes(*names: str) -> Any:
    """A prompt whose text may use the values `names`."""
    return field(metadata={"takes": frozenset(names)})


@dataclass(frozen=True, slots=True)
class Prompts:
    """Every prompt, under its name in the words file. The names in `_takes` are filled in when it is spoken."""

    launch: Prompt
    launch_question: Prompt
    launch_reprompt: Prompt
    first_answer: Prompt
    # reading
    part: Prompt = _takes("number", "count")
    go_on_part: Prompt = _takes("number")
    go_on_part_reprompt: Prompt = _takes("number")
    go_on: Prompt = _takes("next")
    go_on_reprompt: Prompt = _takes("next")
    offer_link: Prompt = _takes()
    offer_link_reprompt: Prompt = _takes()
    whole_page: Prompt = _takes()
    # where did it come back?
    which_recurrence: Prompt = _takes("treatment", "count")
    which_recurrence_question: Prompt = _takes()
    which_recurrence_reprompt: Prompt = _takes()
    which_recurrence_again: Prompt = _takes()
    not_paired: Prompt = _takes("treatment", "recurrence", "elsewhere", "instead")
    not_paired_question: Prompt = _takes("offered")
    not_paired_before_reading: Prompt = _takes("treatment", "recurrence", "elsewhere")
    offered_reprompt: Prompt = _takes("offered")
    # moving about
    last_section: Prompt = _takes()
    first_section: Prompt = _takes()
    edge_question: Prompt = _takes()
    anything_reprompt: Prompt = _takes()
    nothing_offered: Prompt = _takes()
    what_next_question: Prompt = _takes()
    declined: Prompt = _takes()
    declined_question: Prompt = _takes()
    goodbye: Prompt = _takes()
    again_missing: Prompt = _takes()
    last_sentence: Prompt = _takes()
    first_sentence: Prompt = _takes()
    sentence_question: Prompt = _takes()
    sentence_reprompt: Prompt = _takes()
    # speed
    slower: Prompt = _takes()
    slowest: Prompt = _takes()
    faster: Prompt = _takes()
    fastest: Prompt = _takes()
    normal_speed: Prompt = _takes()
    # pause, and the place
    paused: Prompt = _takes()
    paused_question: Prompt = _takes()
    paused_reprompt: Prompt = _takes()
    nothing_to_resume: Prompt = _takes()
    where: Prompt = _takes("number", "count", "topic")
    where_under: Prompt = _takes("parent")
    where_sentence: Prompt = _takes("sentence", "sentences")
    where_nowhere: Prompt = _takes()
    where_asking: Prompt = _takes("treatment")
    # the list of sections
    list_first: Prompt = _takes("total", "count")
    list_more: Prompt = _takes("count")
    list_item: Prompt = _takes("name")
    list_last_item: Prompt = _takes("name")
    list_only_item: Prompt = _takes("name")
    list_question: Prompt = _takes()
    list_reprompt: Prompt = _takes()
    list_end_question: Prompt = _takes()
    list_end_reprompt: Prompt = _takes()
    # words, links, who is speaking
    spelled: Prompt = _takes("word", "letters")
    spell_which: Prompt = _takes()
    spell_question: Prompt = _takes()
    meaning_unknown: Prompt = _takes()
    meaning_which: Prompt = _takes()
    meaning_question: Prompt = _takes("offered")
    link_sent: Prompt = _takes()
    link_question: Prompt = _takes()
    about: Prompt = _takes()
    person: Prompt = _takes()
    language: Prompt = _takes()
    ask_team: Prompt = _takes("count")
    ask_team_question: Prompt = _takes()
    ask_team_reprompt: Prompt = _takes()
    ask_team_title: Prompt = _takes()
    # safety
    emergency: Prompt = _takes()
    emergency_title: Prompt = _takes()
    crisis: Prompt = _takes()
    crisis_question: Prompt = _takes()
    crisis_reprompt: Prompt = _takes()
    crisis_title: Prompt = _takes()
    advice: Prompt = _takes("offered")
    advice_question: Prompt = _takes()
    # not understood, help
    fallback: Prompt = _takes()
    fallback_question: Prompt = _takes()
    fallback_reprompt: Prompt = _takes()
    fallback_again: Prompt = _takes()
    fallback_again_question: Prompt = _takes()
    help_start: Prompt = _takes()
    help_reading: Prompt = _takes("topic")
    help_asking: Prompt = _takes("treatment")
    help_question: Prompt = _takes()
    help_asking_question: Prompt = _takes()
    # what this device, or this version, can't do
    remember: Prompt = _takes()
    forget: Prompt = _takes()
    play_edition: Prompt = _takes()
    text_size: Prompt = _takes()
    no_loop: Prompt = _takes()
    no_shuffle: Prompt = _takes()
    sorry: Prompt = _takes()
    sorry_question: Prompt = _takes()
    # cards
    card_source: Prompt = _takes()
    card_read: Prompt = _takes()
    card_disclaimer: Prompt = _takes()
    card_further: Prompt = _takes()


def placeholders(text: str) -> set[str]:
    """The names in braces in `text`. Raises `ValueError` on a lone brace."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def build(table: Mapping[str, tuple[str, ...]], fault: Callable[[str, str], Exception]) -> Prompts:
    """The prompts of `table` (name → lines). `fault(place, what is wrong and the mend)` makes the error to raise."""
    return Prompts(**check(table, fields(Prompts), "prompts", fault))


def check(
    table: Mapping[str, tuple[str, ...]],
    known: tuple[Field[Any], ...],
    place: str,
    fault: Callable[[str, str], Exception],
) -> dict[str, Prompt]:
    """Each line group of `table` as a `Prompt`; raises a fault for one that is missing, unknown or can't be filled."""
    allowed = {each.name: each.metadata.get("takes", frozenset()) for each in known}
    for name in allowed.keys() - table.keys():
        raise fault(f"{place}.{name}", "is missing: write it")
    for name in table.keys() - allowed.keys():
        raise fault(f"{place}.{name}", "is not a prompt that the skill knows: remove it or mend its name")
    for name, lines in table.items():
        for line in lines:
            unknown = sorted(placeholders(line) - allowed[name])
            if unknown:
                may = ", ".join(sorted(allowed[name])) or "none"
                raise fault(f"{place}.{name}", f"uses {{{unknown[0]}}}, which it is never given: it may use {may}")
    return {name: Prompt(lines) for name, lines in table.items()}
