"""The words around the audio edition's files: what each is for, who reads, what the terminal player says.

In: the `[edition.labels]` table of the words. Out: a frozen `Labels`, checked as the prompts are (`skill.prompts`).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple

from skill.prompts import Prompt, check


class Labels(NamedTuple):
    """Every label, under its name in the words file. The annotations name what is filled in when it is used."""

    maker: Prompt
    """Who published the edition: not the page's publisher."""
    voice: Annotated[Prompt, "engine", "version", "voice", "accent"]
    whole_page: Prompt
    """Begins the name of each file that holds the whole page, after the topics' own."""
    daisy_text: Prompt
    daisy_audio: Prompt
    accessibility: Prompt
    about: Prompt
    contents: Prompt
    transcript: Annotated[Prompt, "title"]
    # what each file is for
    for_topic: Annotated[Prompt, "title"]
    for_topic_captions: Annotated[Prompt, "title"]
    for_whole: Prompt
    for_audiobook: Prompt
    for_playlist: Prompt
    for_captions: Prompt
    for_transcript: Prompt
    for_chapters: Prompt
    for_epub: Prompt
    for_daisy_text: Prompt
    for_daisy_audio: Prompt
    for_player: Prompt
    for_index: Prompt
    # the page that comes with a release
    release_title: Annotated[Prompt, "title"]
    release_intro: Prompt
    release_choose: Prompt
    release_files: Prompt
    release_size: Annotated[Prompt, "size"]
    release_checksums: Prompt
    release_license: Prompt
    # the terminal player: what it says
    play_start: Prompt
    play_help: Prompt
    play_section: Annotated[Prompt, "number", "count", "title"]
    play_where: Annotated[Prompt, "number", "count", "title", "sentence", "sentences", "speed"]
    play_paused: Prompt
    play_speed: Annotated[Prompt, "speed"]
    play_slowest: Prompt
    play_fastest: Prompt
    play_first: Prompt
    play_last: Prompt
    play_end: Prompt
    play_stopped: Prompt
    play_unknown: Annotated[Prompt, "heard"]
    play_silent: Prompt
    # the terminal player: what is typed
    type_play: Prompt
    type_pause: Prompt
    type_next: Prompt
    type_previous: Prompt
    type_back: Prompt
    type_repeat: Prompt
    type_slower: Prompt
    type_faster: Prompt
    type_where: Prompt
    type_help: Prompt
    type_stop: Prompt


def build(table: Mapping[str, tuple[str, ...]], fault: Callable[[str, str], Exception]) -> Labels:
    """The labels of `table` (name → lines). `fault(place, what is wrong and the mend)` makes the error to raise."""
    return Labels(**check(table, Labels.__annotations__, "edition.labels", fault))
