"""Where the listener is, and what a typed word does to it. Pure. In: a `State` and a word. Out: a `Step`.

Nothing here makes a sound or reads a clock: `audio.play.player` does, and tells this where the sound had got to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from audio.catalogue import Catalogue, Entry, Line
from skill.labels import Labels

SPEEDS = (50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)
"""Per cent; those who listen with a screen reader every day go fast."""


@dataclass(frozen=True, slots=True)
class State:
    """A place in the edition."""

    section: int = 0
    line: int = 0
    offset: float = 0.0
    """Seconds into the sentence, as at normal speed."""
    speed: int = 100
    """Per cent, one of `SPEEDS`."""
    playing: bool = True
    ended: bool = False
    """The listener, or the edition, came to the end."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a word does."""

    state: State
    say: tuple[str, ...] = ()
    """Printed, each a line."""
    moves: bool = True
    """Whether the sound begins anew, or stops; it goes on while a question is answered."""


Act = Callable[[State, Catalogue, Labels], Step]


def typed(labels: Labels) -> Mapping[str, Act]:
    """What each word does. Enter alone pauses, and plays on."""
    acts: dict[str, Act] = {"": _toggle}
    for prompt, act in (
        (labels.type_play, _play), (labels.type_pause, _pause), (labels.type_next, _next),
        (labels.type_previous, _previous), (labels.type_back, _back), (labels.type_repeat, _repeat),
        (labels.type_slower, _slower), (labels.type_faster, _faster), (labels.type_where, _where),
        (labels.type_help, _help), (labels.type_stop, _stop),
    ):  # fmt: skip
        acts |= dict.fromkeys(prompt.lines, act)
    return acts


def act(state: State, word: str, catalogue: Catalogue, labels: Labels) -> Step:
    """What a typed line does; a word that is not known is said back."""
    known = typed(labels).get(word.strip().lower())
    if known:
        return known(state, catalogue, labels)
    return Step(state, labels.play_unknown.say(heard=repr(word.strip())), moves=False)


def go_on(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    """The next sentence, after one was heard to its end."""
    if state.line + 1 < len(catalogue.entries[state.section].lines):
        return Step(replace(state, line=state.line + 1, offset=0.0))
    if state.section + 1 < len(catalogue.entries):
        return Step(replace(state, section=state.section + 1, line=0, offset=0.0))
    return Step(replace(state, playing=False, ended=True), labels.play_end.say())


def place(state: State, catalogue: Catalogue) -> tuple[Entry, Line, float]:
    """The section and the sentence, and the second at which the sentence's pause ends."""
    entry = catalogue.entries[state.section]
    following = state.line + 1
    end = entry.lines[following].start if following < len(entry.lines) else entry.duration
    return entry, entry.lines[state.line], end


def section_line(state: State, catalogue: Catalogue, labels: Labels) -> str:
    """What is said when a section is gone to: its number, and its title."""
    title = catalogue.entries[state.section].title
    return labels.play_section.line(number=str(state.section + 1), count=str(len(catalogue.entries)), title=title)


def _toggle(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return (_pause if state.playing else _play)(state, catalogue, labels)


def _play(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return Step(replace(state, playing=True))


def _pause(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return Step(replace(state, playing=False), labels.play_paused.say())


def _next(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    if state.section + 1 == len(catalogue.entries):
        return Step(state, labels.play_last.say(), moves=False)
    return _to(replace(state, section=state.section + 1, line=0), catalogue, labels)


def _previous(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    first = state.section == 0
    step = _to(replace(state, section=max(0, state.section - 1), line=0), catalogue, labels)
    return Step(step.state, (*labels.play_first.say(), *step.say)) if first else step


def _to(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    moved = replace(state, offset=0.0, playing=True)
    return Step(moved, (section_line(moved, catalogue, labels),))


def _back(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    if state.line:
        return Step(replace(state, line=state.line - 1, offset=0.0, playing=True))
    if not state.section:
        return Step(replace(state, offset=0.0, playing=True), labels.play_first.say())
    last = len(catalogue.entries[state.section - 1].lines) - 1
    return _to(replace(state, section=state.section - 1, line=last), catalogue, labels)


def _repeat(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return Step(replace(state, offset=0.0, playing=True))


def _slower(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return _at(state, -1, labels, labels.play_slowest.line())


def _faster(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return _at(state, 1, labels, labels.play_fastest.line())


def _at(state: State, by: int, labels: Labels, edge: str) -> Step:
    wanted = SPEEDS.index(state.speed) + by
    if not 0 <= wanted < len(SPEEDS):
        return Step(state, (edge,), moves=False)
    return Step(replace(state, speed=SPEEDS[wanted]), labels.play_speed.say(speed=str(SPEEDS[wanted])))


def _where(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    entry = catalogue.entries[state.section]
    said = labels.play_where.say(
        number=str(state.section + 1), count=str(len(catalogue.entries)), title=entry.title,
        sentence=str(state.line + 1), sentences=str(len(entry.lines)), speed=str(state.speed),
    )  # fmt: skip
    return Step(state, (*said, entry.lines[state.line].text), moves=False)


def _help(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return Step(state, labels.play_help.say(), moves=False)


def _stop(state: State, catalogue: Catalogue, labels: Labels) -> Step:
    return Step(replace(state, playing=False, ended=True), labels.play_stopped.say())
