"""The words of the player's page: its controls, and what it says after something was done.

In: the `[player]` table of the words. Out: frozen `Controls`, checked as the prompts are (`skill.prompts`).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple

from skill.prompts import Prompt, check


class Controls(NamedTuple):
    """Every word of the page, under its name in the words file. The annotations name what is filled in."""

    page_title: Annotated[Prompt, "title"]
    description: Prompt
    trail: Prompt
    trail_page: Prompt
    intro: Prompt
    skip: Prompt
    no_script: Prompt
    player: Prompt
    play: Prompt
    pause: Prompt
    sentence: Prompt
    sentence_back: Prompt
    sentence_again: Prompt
    sentence_on: Prompt
    section: Prompt
    section_back: Prompt
    section_on: Prompt
    time: Prompt
    back: Prompt
    forward: Prompt
    where: Prompt
    position: Prompt
    speed: Prompt
    slower: Prompt
    faster: Prompt
    normal: Prompt
    contents: Prompt
    text: Prompt
    text_hint: Prompt
    play_section: Prompt
    play_section_name: Annotated[Prompt, "title"]
    size: Prompt
    smaller: Prompt
    smaller_name: Prompt
    usual: Prompt
    usual_name: Prompt
    larger: Prompt
    larger_name: Prompt
    settings: Prompt
    go_on: Prompt
    follow: Prompt
    keys_on: Prompt
    theme: Prompt
    theme_auto: Prompt
    theme_light: Prompt
    theme_dark: Prompt
    theme_contrast: Prompt
    forget: Prompt
    kept: Prompt
    keys: Prompt
    keys_hint: Prompt
    key_play: Prompt
    key_sentence_back: Prompt
    key_sentence_again: Prompt
    key_sentence_on: Prompt
    key_section_back: Prompt
    key_section_on: Prompt
    key_back: Prompt
    key_forward: Prompt
    key_slower: Prompt
    key_faster: Prompt
    key_where: Prompt
    downloads: Prompt
    downloads_intro: Prompt
    megabytes: Annotated[Prompt, "size"]
    kilobytes: Annotated[Prompt, "size"]
    file_whole: Prompt
    file_audiobook: Prompt
    file_epub: Prompt
    file_daisy_text: Prompt
    file_daisy_audio: Prompt
    file_transcript: Prompt
    install: Prompt
    offline: Prompt
    about: Prompt
    source: Prompt
    read: Annotated[Prompt, "read"]
    date_unknown: Prompt
    independent: Annotated[Prompt, "publisher"]
    information: Prompt
    emergency: Annotated[Prompt, "emergency"]
    further: Prompt
    privacy: Prompt
    playing: Prompt
    paused: Prompt
    at_section: Annotated[Prompt, "count", "number", "title"]
    at_sentence: Annotated[Prompt, "sentence", "sentences"]
    at_heading: Prompt
    at_position: Annotated[Prompt, "at", "whole"]
    at_speed: Annotated[Prompt, "speed"]
    first: Prompt
    last: Prompt
    slowest: Annotated[Prompt, "speed"]
    fastest: Annotated[Prompt, "speed"]
    size_now: Annotated[Prompt, "size"]
    size_smallest: Annotated[Prompt, "size"]
    size_largest: Annotated[Prompt, "size"]
    theme_now: Annotated[Prompt, "theme"]
    setting_on: Annotated[Prompt, "setting"]
    setting_off: Annotated[Prompt, "setting"]
    forgotten: Prompt
    broken: Prompt
    clock_of: Annotated[Prompt, "at", "whole"]
    second: Prompt
    seconds: Annotated[Prompt, "seconds"]
    minute: Prompt
    minutes: Annotated[Prompt, "minutes"]
    minute_seconds: Annotated[Prompt, "seconds"]
    minutes_seconds: Annotated[Prompt, "minutes", "seconds"]
    not_built: Prompt


def build(table: Mapping[str, tuple[str, ...]], fault: Callable[[str, str], Exception]) -> Controls:
    """The words of `table` (name → lines). `fault(place, what is wrong and the mend)` makes the error to raise."""
    return Controls(**check(table, Controls.__annotations__, "player", fault))
