"""The words around the audio edition's files: what each is for, who reads, what the terminal player says.

In: the `[edition.labels]` table of the words. Out: a frozen `Labels`, checked as the prompts are (`skill.prompts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from skill.prompts import Prompt, check


def _takes(*names: str) -> Any:
    """A label whose text may use the values `names`."""
    return field(metadata={"takes": frozenset(names)})


@dataclass(frozen=True, slots=True)
class Labels:
    """Every label, under its name in the words file. The names in `_takes` are filled in when it is used."""

    maker: Prompt
    """Who published the edition: not the page's publisher."""
    voice: Prompt = _takes("engine", "version", "voice", "accent")
    whole_page: Prompt = _takes()
    """Begins the name of each file that holds the whole page, after the topics' own."""
    daisy_text: Prompt = _takes()
    daisy_audio: Prompt = _takes()
    accessibility: Prompt = _takes()
    about: Prompt = _takes()
    contents: Prompt = _takes()
    transcript: Prompt = _takes("title")
    # what each file is for
    for_topic: Prompt = _takes("title")
    for_topic_captions: Prompt = _takes("title")
    for_whole: Prompt = _takes()
    for_audiobook: Prompt = _takes()
    for_playlist: Prompt = _takes()
    for_captions: Prompt = _takes()
    for_transcript: Prompt = _takes()
    for_chapters: Prompt = _takes()
    for_epub: Prompt = _takes()
    for_daisy_text: Prompt = _takes()
    for_daisy_audio: Prompt = _takes()
    for_index: Prompt = _takes()
    # the page that comes with a release
    release_title: Prompt = _takes("title")
    release_intro: Prompt = _takes()
    release_choose: Prompt = _takes()
    release_files: Prompt = _takes()
    release_size: Prompt = _takes("size")
    release_checksums: Prompt = _takes()
    release_license: Prompt = _takes()
    # the terminal player: what it says
    play_start: Prompt = _takes()
    play_help: Prompt = _takes()
    play_section: Prompt = _takes("number", "count", "title")
    play_where: Prompt = _takes("number", "count", "title", "sentence", "sentences", "speed")
    play_paused: Prompt = _takes()
    play_speed: Prompt = _takes("speed")
    play_slowest: Prompt = _takes()
    play_fastest: Prompt = _takes()
    play_first: Prompt = _takes()
    play_last: Prompt = _takes()
    play_end: Prompt = _takes()
    play_stopped: Prompt = _takes()
    play_unknown: Prompt = _takes("heard")
    play_silent: Prompt = _takes()
    # the terminal player: what is typed
    type_play: Prompt = _takes()
    type_pause: Prompt = _takes()
    type_next: Prompt = _takes()
    type_previous: Prompt = _takes()
    type_back: Prompt = _takes()
    type_repeat: Prompt = _takes()
    type_slower: Prompt = _takes()
    type_faster: Prompt = _takes()
    type_where: Prompt = _takes()
    type_help: Prompt = _takes()
    type_stop: Prompt = _takes()


def build(table: Mapping[str, tuple[str, ...]], fault: Callable[[str, str], Exception]) -> Labels:
    """The labels of `table` (name → lines). `fault(place, what is wrong and the mend)` makes the error to raise."""
    return Labels(**check(table, fields(Labels), "edition.labels", fault))
