"""`python -m skill …`: the skill on one's own machine.

chat        a conversation in the terminal: typed or by voice (--listen, --speak), or with --json for programs
ask         one request, as if said to a speaker in one breath, typed or recorded (--wav FILE)
explain     how an utterance is understood
coverage    what a model, any team's, understands of a file of utterances
serve       the player's page, and the web service for Alexa

Exit statuses: 0 fine, 2 unusable input (one sentence on standard error), 130 interrupted.
"""

import argparse
import functools
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from skill import page
from skill.extras import how_to_add

UNUSABLE, INTERRUPTED = 2, 130

EDITION = Path(__file__).parents[1] / "audio" / "edition"
"""Where `python -m audio build` puts it."""


class UnusableInput(Exception):
    """Something given by the user that can't be used; the message is one sentence that says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    _open_what_is_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no “ or é still gets the rest
    try:
        try:
            options = _parser().parse_args(arguments)
            status: int = options.run(options)
        finally:
            sys.stdout.flush()  # here, where a reader that has gone is no error; --help too comes by
        return status
    except UnusableInput as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is lost, and the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _open_what_is_closed() -> None:
    """Gives an empty input, and outputs to nowhere, for those that whoever started us has closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the interpreter's own are not closed at its end either
            setattr(sys, name, open(os.open(os.devnull, os.O_RDWR), mode, closefd=False))  # noqa: SIM115


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m skill", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(run=run)
        return added

    chat = command("chat", _chat, "a conversation in the terminal")
    chat.add_argument("--json", action="store_true", help="one JSON object a line for each turn")
    ask = command("ask", _ask, "one request, as if said to a speaker in one breath")
    ask.add_argument("--json", action="store_true", help="the reply as one JSON object")
    explain = command("explain", _explain, "how an utterance is understood")
    explain.add_argument("--json", action="store_true", help="as one JSON object")
    coverage = command("coverage", _coverage, "what a model understands of a file of utterances")
    coverage.add_argument("file", type=Path, help="utterances, one a line")
    coverage.add_argument("--json", action="store_true", help="as one JSON object")
    for added in (explain, coverage):
        added.add_argument("--model", type=Path, help="another interaction model, by its path")
    serve = command("serve", _serve, "the player's page, and the web service for Alexa")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    serve.add_argument("--port", type=int, default=8080, help="the port to listen on; 0 lets the system choose")
    serve.add_argument("--no-verify", action="store_true", help="believe every request; loopback only, for development")
    serve.add_argument("--edition", type=Path, default=EDITION, metavar="DIR", help="the audio edition that is played")
    for added in (chat, ask, explain, coverage):
        added.add_argument("--locale", default=page.DEFAULT_LOCALE, choices=page.locales(), help="whose English")
    for added in (chat, ask):
        added.add_argument("--explain", action="store_true", help="say why it was understood so")
    chat.add_argument("--speak", action="store_true", help="hear the replies: what you type cuts them short")
    chat.add_argument("--listen", action="store_true", help="by microphone: Enter starts and ends what you say")
    ask.add_argument("--wav", type=Path, metavar="FILE", help="a recorded question, instead of a typed one")
    ask.add_argument("utterance", nargs="?", help="what is said, between quotes")
    explain.add_argument("utterance", help="what is said, between quotes")
    return parser


def _chat(options: argparse.Namespace) -> int:
    from skill.simulator import terminal

    if options.json and (options.listen or options.speak):
        raise UnusableInput("A program writes and reads what is said: leave out --json, or --listen and --speak.")
    device, resolver = _device(options.locale)
    lines = terminal.read_lines(sys.stdin.buffer)
    if options.json:
        terminal.chat_json(device, lines, resolver if options.explain else None)
        return 0
    play = None
    if options.speak:
        lines, play = _speaking(lines, options.locale)
    if options.listen:
        lines = _listening(lines)
    terminal.chat(device, lines, resolver, explaining=options.explain, play=play)
    if sys.stdin.isatty():
        print()
    return 0


def _ask(options: argparse.Namespace) -> int:
    from skill.simulator import explaining, terminal

    more = {}
    if (options.wav is None) == (options.utterance is None):
        raise UnusableInput("Give one question: typed between quotes, or recorded with --wav FILE.")
    if options.wav:
        options.utterance = more["heard"] = _heard(options.wav)
        if not options.json:
            print(f"Heard: {options.utterance}")
    _check(options.utterance)
    device, resolver = _device(options.locale)
    heard = device.say(options.utterance)
    if options.explain and heard.understanding:
        for line in explaining.explanation(heard.understanding, resolver):
            print(line, file=sys.stderr if options.json else sys.stdout)
    if options.json:
        terminal.put(heard, more)
    else:
        terminal.show(heard)
    return 0


def _heard(recording: Path) -> str:
    """The words in a recording."""
    from skill import voice
    from skill.voice import wav

    try:
        samples = wav.read_file(recording)
        words = voice.recogniser().hear(samples)
    except voice.HearingError as error:
        raise UnusableInput(error) from error
    if not words:
        raise UnusableInput(f"No words were heard in {recording}: speak nearer to the microphone, and record it again.")
    return words


def _listening(lines: Iterator[str]) -> Iterator[str]:
    """Typed lines, and in the place of each empty one what is then said; only typed ones where nothing can listen."""
    from skill import voice
    from skill.simulator import listening, terminal
    from skill.voice.microphone import Microphone

    try:
        return listening.listen(lines, Microphone(), voice.recogniser())
    except voice.HearingError as error:
        terminal.say(f"{error} You can type.")
        return lines


def _speaking(lines: Iterator[str], locale: str) -> tuple[Iterator[str], Callable[[Any], None] | None]:
    """The lines, each of which ends the reply before it, and what plays a reply; nothing does where no voice is."""
    from skill.simulator import terminal

    try:
        from audio.aloud import Aloud
        from audio.play.reply import Replies
    except ImportError:
        terminal.say(f"Replies can't be spoken, because no voice is installed: run {how_to_add('audio')}.")
        return lines, None
    replies = Replies(Aloud(page.load(locale)), terminal.say, cut_in=sys.stdin.isatty())
    return replies.after_each(lines), lambda heard: replies.play(heard.lines, topic=heard.topic, rate=heard.rate)


def _explain(options: argparse.Namespace) -> int:
    from skill.simulator import explaining, invocation
    from skill.simulator.words import tokens

    _check(options.utterance)
    resolver = _resolver_of(options)
    named, words = invocation.one_shot(tokens(options.utterance), resolver.model.invocation)
    if named and not words:
        understanding = explaining.launch(options.utterance)
    else:
        understanding = resolver.resolve(" ".join(words) if named else options.utterance)
    if options.json:
        print(json.dumps(explaining.as_json(understanding, resolver)))
    else:
        print(*explaining.explanation(understanding, resolver), sep="\n")
    return 0


def _coverage(options: argparse.Namespace) -> int:
    from skill.simulator import coverage

    try:
        utterances = options.file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise UnusableInput(f"{options.file} can't be read ({error.strerror}): give a file of utterances.") from error
    measured = coverage.measure(_resolver_of(options), utterances)
    if not measured.understood:
        raise UnusableInput(f"{options.file} holds no utterance: write one a line.")
    if options.json:
        print(json.dumps(measured.as_json()))
    else:
        print(*measured.lines(), sep="\n")
    return 0


def _resolver_of(options: argparse.Namespace) -> Any:
    """The resolver of the model that was named, or of the project's own."""
    from skill.simulator import model

    try:
        return _resolver(model.load(options.model) if options.model else model.committed(options.locale))
    except model.ModelError as error:
        raise UnusableInput(error) from error


def _serve(options: argparse.Namespace) -> int:
    from skill import handlers, journal, recording, web
    from skill.web import player
    from skill.web.serve import serve

    journal.start()
    try:
        if os.environ.get(recording.VARIABLE):
            recording.checked(os.environ[recording.VARIABLE])
        settings = web.Settings(
            skill_id=os.environ.get("SKILL_ID") or None, verify=not options.no_verify, host=options.host,
            port=options.port, public_host=os.environ.get("PUBLIC_HOST") or None, largest_upload=1024 * 1024,
        )  # fmt: skip
        pages = (player.create_player(options.edition), *_try_page(settings, options.edition))
        app = web.create_app(handlers.build_skill(_memory()), settings, pages=pages)
        notes = () if player.is_built(options.edition) else (page.load().controls.not_built.line(),)
        return serve(app, settings, *notes)
    except (web.WebError, recording.BadAddress) as error:
        raise UnusableInput(error) from error


def _try_page(settings: Any, edition: Path) -> Iterator[Any]:
    """The simulator's page, where it can be had; why it can't is said. It hears and speaks with what is installed."""
    from skill import handlers

    try:
        from skill.voice.turns import InTurn
        from skill.web.trying import create_try

        hears = InTurn() if find_spec("moonshine_voice") else None
        speaks = _replies_aloud(edition) if find_spec("hibari") else None
        yield create_try(settings, handlers.build_skill(), hears=hears, speaks=speaks)  # its skill has no memory
    except ImportError:
        print(f"/try is left out: run {how_to_add('talk')} to have it.", file=sys.stderr)
    except ValueError as error:  # UnsafeSettings: others could reach it
        print(f"/try is left out. {error}", file=sys.stderr)


def _replies_aloud(edition: Path) -> Callable[[str, Any], bytes]:
    """What makes a WAV file of a reply, in a locale."""
    from audio.aloud import Aloud

    in_locale = functools.cache(lambda locale: Aloud(page.load(locale), edition))
    return lambda locale, heard: in_locale(locale).wav(heard.lines, topic=heard.topic, rate=heard.rate)


def _memory() -> Any:
    """The memory that the environment names; None, and said, when there is no key or it can't be had."""
    from skill import memory

    try:
        return memory.configured(os.environ)
    except memory.NoMemory as error:
        logging.getLogger("skill").warning("%s", error)
        return None


def _check(utterance: str) -> None:
    from skill.simulator import terminal

    reason = terminal.usable(utterance)
    if reason:
        raise UnusableInput(reason)


def _device(locale: str) -> tuple[Any, Any]:
    """An Echo of that locale that calls the skill as the Lambda entry does, and the resolver in it."""
    from skill import handlers, memory
    from skill.simulator import device, model

    resolver = _resolver(model.committed(locale))
    skill = handlers.build_skill(memory.on_this_machine())
    return device.Device(resolver, functools.partial(handlers.answer, skill), locale), resolver


def _resolver(of: Any) -> Any:
    from skill.simulator import guess, resolver, sense

    made = resolver.Resolver(of)
    if not guess.is_kept(of):
        took = "some minutes, with the extra" if sense.embedder() else "up to a minute"
        print(f"Learning what people say from the interaction model, this once: {took}.", file=sys.stderr)
    made.learned  # noqa: B018 - learned now rather than at the first line, where it would look like a hang
    return made


if __name__ == "__main__":
    sys.exit(main())
