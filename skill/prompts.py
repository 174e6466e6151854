"""The prompts that surround the page's text: which there are, and what each is filled with.

In: the `[prompts]` table of the words. Out: a frozen `Prompts`. mypy sees a misspelt prompt, the loader sees one that
is missing, unknown, or asks for a value that it never gets.

Data that Lambda loads are NamedTuples, or `Frozen` where there are many fields: typed and frozen like dataclasses, at a
tenth of what those cost a cold start.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple

from skill.frozen import Frozen

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Prompt(NamedTuple):
    """Something to say: one line, or several with a pause after each."""

    lines: tuple[str, ...]

    def say(self, **values: str) -> tuple[str, ...]:
        """The lines, filled in."""
        return tuple(line.format(**values) for line in self.lines) if values else self.lines

    def line(self, **values: str) -> str:
        """The lines, filled in and joined into one."""
        return " ".join(self.say(**values))


class Prompts(Frozen):
    """Every prompt, under its name in the words file. The annotations name what is filled in when it is spoken."""

    launch: Prompt
    launch_question: Prompt
    launch_reprompt: Prompt
    first_answer: Prompt
    # reading
    part: Annotated[Prompt, "number", "count"]
    go_on_part: Annotated[Prompt, "number"]
    go_on_part_reprompt: Annotated[Prompt, "number"]
    go_on: Annotated[Prompt, "next"]
    go_on_reprompt: Annotated[Prompt, "next"]
    offer_link: Prompt
    offer_link_reprompt: Prompt
    whole_page: Prompt
    # where did it come back?
    which_recurrence: Annotated[Prompt, "treatment", "count"]
    which_recurrence_question: Prompt
    which_recurrence_reprompt: Prompt
    which_recurrence_again: Prompt
    not_paired: Annotated[Prompt, "treatment", "recurrence", "elsewhere", "instead"]
    not_paired_question: Annotated[Prompt, "offered"]
    not_paired_before_reading: Annotated[Prompt, "treatment", "recurrence", "elsewhere"]
    offered_reprompt: Annotated[Prompt, "offered"]
    # moving about
    last_section: Prompt
    first_section: Prompt
    edge_question: Prompt
    anything_reprompt: Prompt
    nothing_offered: Prompt
    what_next_question: Prompt
    declined: Prompt
    declined_question: Prompt
    goodbye: Prompt
    last_sentence: Prompt
    first_sentence: Prompt
    sentence_question: Prompt
    sentence_reprompt: Prompt
    # speed
    slower: Prompt
    slowest: Prompt
    faster: Prompt
    fastest: Prompt
    normal_speed: Prompt
    # pause, and the place
    paused: Prompt
    paused_question: Prompt
    paused_reprompt: Prompt
    nothing_to_resume: Prompt
    where: Annotated[Prompt, "number", "count", "topic"]
    where_under: Annotated[Prompt, "parent"]
    where_sentence: Annotated[Prompt, "sentence", "sentences"]
    where_nowhere: Prompt
    where_asking: Annotated[Prompt, "treatment"]
    # the list of sections
    list_first: Annotated[Prompt, "total", "count"]
    list_more_one: Prompt
    list_more: Annotated[Prompt, "count"]
    list_item: Annotated[Prompt, "name"]
    list_last_item: Annotated[Prompt, "name"]
    list_only_item: Annotated[Prompt, "name"]
    list_question: Prompt
    list_reprompt: Prompt
    list_end_question: Prompt
    list_end_reprompt: Prompt
    # words, links, who is speaking
    spelled: Annotated[Prompt, "word", "letters"]
    spell_which: Prompt
    meaning_unknown: Prompt
    meaning_which: Prompt
    meaning_question: Annotated[Prompt, "offered"]
    link_sent: Prompt
    about: Prompt
    person: Prompt
    language: Prompt
    ask_team: Annotated[Prompt, "count"]
    ask_team_question: Prompt
    ask_team_reprompt: Prompt
    ask_team_title: Prompt
    # safety
    emergency: Prompt
    emergency_title: Prompt
    crisis: Prompt
    crisis_question: Prompt
    crisis_reprompt: Prompt
    crisis_title: Prompt
    advice: Annotated[Prompt, "offered"]
    advice_question: Prompt
    # not understood, help
    fallback: Prompt
    fallback_question: Prompt
    fallback_reprompt: Prompt
    fallback_again: Prompt
    fallback_again_question: Prompt
    help_start: Prompt
    help_reading: Annotated[Prompt, "topic"]
    help_asking: Annotated[Prompt, "treatment"]
    help_question: Prompt
    help_asking_question: Prompt
    # keeping a place between visits
    remember: Prompt
    forget: Prompt
    memory_consent: Prompt
    memory_consent_question: Prompt
    memory_consent_reprompt: Prompt
    memory_kept: Prompt
    memory_kept_already: Prompt
    memory_declined: Prompt
    memory_not_kept: Prompt
    memory_away: Prompt
    memory_forgotten: Prompt
    memory_not_forgotten: Prompt
    memory_welcome: Prompt
    memory_welcome_question: Prompt
    memory_welcome_reprompt: Prompt
    # the recording
    playing: Annotated[Prompt, "topic"]
    recording_failed: Prompt
    recording_failed_question: Annotated[Prompt, "offered"]
    # on a screen; of a button, what stands on it and what a screen reader says
    screen_reading: Prompt
    screen_previous: Prompt
    screen_repeat: Prompt
    screen_next: Prompt
    screen_topics: Prompt
    screen_smaller: Prompt
    screen_normal: Prompt
    screen_larger: Prompt
    screen_local: Prompt
    screen_distant: Prompt
    screen_both: Prompt
    text_larger: Prompt
    text_smaller: Prompt
    text_normal: Prompt
    text_largest: Prompt
    text_smallest: Prompt
    # what this device, or this version, can't do
    play_edition: Prompt
    text_size: Prompt
    no_loop: Prompt
    no_shuffle: Prompt
    sorry: Prompt
    sorry_question: Prompt
    # cards
    card_source: Prompt
    card_read: Prompt
    card_disclaimer: Prompt
    card_further: Prompt
    card_listen: Annotated[Prompt, "address"]
    card_transcript: Annotated[Prompt, "address"]


def placeholders(text: str) -> set[str]:
    """The names in braces in `text`. Raises `ValueError` on any other brace."""
    if "{" not in text and "}" not in text:
        return set()
    bare = _PLACEHOLDER.sub("", text)
    if "{" in bare or "}" in bare:
        raise ValueError("a brace that no name fills")
    return set(_PLACEHOLDER.findall(text))


def build(table: Mapping[str, tuple[str, ...]], fault: Callable[[str, str], Exception]) -> Prompts:
    """The prompts of `table` (name → lines). `fault(place, what is wrong and the mend)` makes the error to raise."""
    return Prompts(**check(table, Prompts.__annotations__, "prompts", fault))


def check(
    table: Mapping[str, tuple[str, ...]],
    hints: Mapping[str, object],
    place: str,
    fault: Callable[[str, str], Exception],
) -> dict[str, Prompt]:
    """Each entry of `table` as a `Prompt`. `hints`: name → its annotation, which names what it may be filled with.

    Raises a fault for an entry that is missing, unknown, or can't be filled.
    """
    takes = {name: frozenset(getattr(hint, "__metadata__", ())) for name, hint in hints.items()}
    for name in takes.keys() - table.keys():
        raise fault(f"{place}.{name}", "is missing: write it")
    for name in table.keys() - takes.keys():
        raise fault(f"{place}.{name}", "is not a prompt that the skill knows: remove it or mend its name")
    for name, lines in table.items():
        for line in lines:
            try:
                unknown = sorted(placeholders(line) - takes[name])
            except ValueError as error:
                raise fault(f"{place}.{name}", f"has {error}: write just a name between two, or remove it") from error
            if unknown:
                known = ", ".join(sorted(takes[name])) or "none"
                raise fault(f"{place}.{name}", f"uses {{{unknown[0]}}}, which it is never given: it may use {known}")
    return {name: Prompt(lines) for name, lines in table.items()}
