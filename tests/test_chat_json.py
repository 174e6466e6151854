"""`python -m skill chat --json`, a contract: what a client program writes and reads.

A file of `data/chat/` is one run of the program: `about` (what it shows), optionally `locale`, `lines` (each a text,
`{ hex = "…" }` for bytes, or `{ repeat = "…", times = … }`), and the `[[turn]]`s that must come, in order:

    launch      true: the line that opens a session; nothing else is given then
    utterance   as typed; left out where the typed line is not text
    intent      the intent
    slots       slot = "id", or "none"
    topic       a topic id, or "none"
    open        whether the microphone is open
    says        regular expressions found in the speech; says_not: none of them is
    reprompt    "none", or a regular expression found in it
"""

import contextlib
import io
import os
import pty
import re
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated import DATA, LOCALES, PATIENCE, ROOT, Program, command, device, environment, run, turn, turns

from skill.simulator import terminal

FILES = sorted((DATA / "chat").glob("*.toml"))

LAUNCH = {"utterance": None, "intent": "LaunchRequest", "slots": {}, "topic": None, "open": True}


def _bytes(line: Any) -> bytes:
    if isinstance(line, str):
        return line.encode()
    return bytes.fromhex(line["hex"]) if "hex" in line else line["repeat"].encode() * line["times"]


def _none(value: str) -> str | None:
    return None if value == "none" else value


def _compare(read: dict[str, Any], wanted: dict[str, Any]) -> None:
    if wanted.get("launch"):
        assert wanted.keys() == {"launch"}
        assert {name: read[name] for name in LAUNCH} == LAUNCH
        assert "Sarcoma Treatment Guide" in read["speech"]
        return
    assert wanted.keys() <= {"utterance", "intent", "slots", "topic", "open", "says", "says_not", "reprompt"}
    assert read["utterance"] is not None
    for name in ("utterance", "intent", "open"):
        assert read[name] == wanted.get(name, read[name])
    assert read["topic"] == _none(wanted.get("topic", read["topic"]))
    if "slots" in wanted:
        assert read["slots"] == {name: _none(value) for name, value in wanted["slots"].items()}
    for pattern in wanted.get("says", []):
        assert re.search(pattern, read["speech"]), f"{pattern} not in: {read['speech']}"
    for pattern in wanted.get("says_not", []):
        assert not re.search(pattern, read["speech"]), f"{pattern} in: {read['speech']}"
    if wanted.get("reprompt") == "none":
        assert read["reprompt"] is None
    elif "reprompt" in wanted:
        assert re.search(wanted["reprompt"], read["reprompt"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_conversation(file: Path) -> None:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    assert told.keys() <= {"about", "locale", "lines", "turn", "end"}
    given_lines = told.get("end", "\n").encode().join(map(_bytes, told["lines"]))
    done = run("chat", "--json", "--locale", told.get("locale", "en-CA"), given=given_lines)
    read = turns(done.stdout)
    for each, wanted in zip(read, told.get("turn", []), strict=False):
        _compare(each, wanted)
    assert len(read) == len(told.get("turn", []))
    assert (done.returncode, done.stderr) == (0, b"")


def test_every_locale_has_a_conversation() -> None:
    told = [tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES]
    assert {each.get("locale", "en-CA") for each in told} == set(LOCALES)
    assert all(each["about"].endswith(".") for each in told)


def test_a_client_writes_first_and_then_reads_two_lines() -> None:
    with Program("chat", "--json") as program:
        program.write("what about surgery")
        assert turn(program.read_line())["utterance"] is None
        assert turn(program.read_line())["topic"] == "surgery"
        program.write("in the same place")
        assert turn(program.read_line())["topic"] == "local.surgery"
        program.write("stop")
        assert turn(program.read_line())["open"] is False
        program.write("clinical trials")
        assert turn(program.read_line())["intent"] == "LaunchRequest"
        assert turn(program.read_line())["topic"] == "clinical_trials"
        program.write("")
        program.write("clinical trials")
        assert turn(program.read_line())["intent"] == "LaunchRequest"
        assert turn(program.read_line())["topic"] == "clinical_trials"
        assert program.ends() == (0, b"", b"")


def test_a_reader_that_goes_away_leaves_no_trace_back() -> None:
    with Program("chat", "--json") as program:
        program.write("what about surgery")
        program.read_line()
        program.read_line()
        assert program.process.stdout
        program.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            program.write("in the same place")
        assert program.process.stderr
        assert program.process.stderr.read() == b""
        assert program.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("arguments", [("chat",), ("chat", "--json"), ("ask", "surgery"), ("explain", "surgery")])
def test_a_reader_that_was_never_there(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command(*arguments), input=b"surgery\n", stdout=writing, stderr=subprocess.PIPE, cwd=ROOT,
            env=environment(), timeout=PATIENCE,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [("chat",), ("chat", "--json")])
def test_control_and_c(arguments: tuple[str, ...]) -> None:
    with Program(*arguments) as program:
        program.write("clinical trials")
        program.read_line()  # from here on it waits for us, or still writes
        program.process.send_signal(signal.SIGINT)
        status, _, errors = program.ends()
        assert (status, errors.strip()) == (130, b"")


# ── any line at all ──────────────────────────────────────────────────────────────────────────────────────────────────

BLANKS = (b"", b" ", b"\t", b" \t ", b"\r", "\u00a0".encode())

LINES = st.lists(
    st.one_of(
        st.sampled_from([b"stop", b"what about surgery", b"i can't breathe", b"yes", b"open sarcoma treatment guide"]),
        st.sampled_from(BLANKS),
        st.binary(min_size=1, max_size=60).map(lambda line: line.replace(b"\n", b"")),
        st.text(st.characters(exclude_characters="\n", codec="utf-8"), max_size=60).map(str.encode),
    ),
    max_size=8,
)


def _is_blank(line: bytes) -> bool:
    return not line.decode("utf-8", errors="replace").removesuffix("\r").strip(" \t\r\u00a0")


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(LINES)
def test_any_lines_are_one_turn_each(lines: list[bytes]) -> None:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        terminal.chat_json(device(), terminal.read_lines(io.BytesIO(b"\n".join([*lines, b""]))))
    read = iter(turns(output.getvalue().encode()))
    in_session = False
    for line in lines:
        if _is_blank(line):
            in_session = False
            continue
        if not in_session:
            assert next(read)["utterance"] is None
        answer = next(read)
        assert answer["utterance"] == line.decode("utf-8", errors="replace").removesuffix("\r")
        in_session = answer["open"]
    assert list(read) == []


# ── chat for people ──────────────────────────────────────────────────────────────────────────────────────────────────

SENTENCE = re.compile(r"(Guide: )?[A-Za-z0-9].*[.?!:,]")


def _readable(output: bytes) -> list[str]:
    lines = output.decode("utf-8").splitlines()
    for line in lines:
        assert SENTENCE.fullmatch(line), f"no plain line: {line!r}"
        assert line.isprintable(), f"an escape: {line!r}"
    return lines


def test_text_chat_greets_at_once() -> None:
    with Program("chat") as program:
        assert program.read_line() == b"Guide: Hello, this is Sarcoma Treatment Guide."
        status, rest, errors = program.ends()
        assert (status, errors) == (0, b"")
        assert all(line.startswith("Guide: ") for line in _readable(rest))


def test_text_chat_reads_well() -> None:
    said = ["what about surgery", "", "in the same place", "stop", "clinical trials", "\x1b[2J\x07", "x" * 10_000]
    done = run("chat", "--explain", given="\n".join(said).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    lines = _readable(done.stdout)
    assert "Understood as TopicIntent, exactly as the sample “what about {treatment}”." in lines
    assert "Slot treatment: surgery, from “surgery”, word for word." in lines
    assert "Slot recurrence: not filled." in lines
    assert "Guide: Surgery, for a local recurrence." in lines
    assert lines.count("The conversation has ended.") == 1
    assert lines.count("A new conversation begins.") == 1
    assert lines.index("The conversation has ended.") + 1 == lines.index("A new conversation begins.")
    assert lines.count("A card was sent to the Alexa app: Clinical trials.") == 1
    assert "That line is long: I look at its first 500 characters." in lines


def _until(terminal_end: int, ending: bytes) -> bytes:
    read = b""
    while not read.endswith(ending):
        read += os.read(terminal_end, 4096)
    return read


@pytest.fixture
def typist() -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Somebody at a terminal in which text `chat` runs."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("chat"), stdin=theirs, stdout=theirs, stderr=subprocess.STDOUT, cwd=ROOT, env=environment()
    ) as process:
        os.close(theirs)
        yield ours, process
        process.kill()
    os.close(ours)


def test_text_chat_at_a_terminal(typist: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    end, process = typist
    greeting = _until(end, b"You: ").decode().splitlines()
    assert greeting[0] == "Type what you would say, and press Enter. Say stop, or press Control and D, to leave."
    assert greeting[1] == "Guide: Hello, this is Sarcoma Treatment Guide."
    assert greeting[-1] == "You: "
    os.write(end, b"clinical trials\n")
    assert "Guide: Clinical trials.\r\n" in _until(end, b"You: ").decode()
    os.write(end, b"\x04")  # Control and D
    assert process.wait(PATIENCE) == 0
