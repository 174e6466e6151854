"""How the skill grows with made-up content: 10, 100 and 1,000 topics. An answer must not take longer for it."""

import copy
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.processes import ROOT, WARM, WORK, environment, run
from bench.rows import Row, compared, paired
from interaction_model import build, limits, phrases
from interaction_model.phrases import PhrasesError
from skill import page, reader

SIZES = (10, 100, 1000)
PLACE = "from pathlib import Path; from skill import page; page.PACKED = Path({path!r})\n"


def words(topics: int) -> dict[str, Any]:
    """Our words and, after the page's own sections, made-up ones."""
    made = copy.deepcopy(reader.read(page.WORDS))
    for number in range(len(made["topics"]), topics):
        made["topics"][f"made_up_{number}"] = {
            "label": f"Made up {number}.", "name": f"made-up section {number}", "say": [f"made up {number}"],
            "parts": [[f"This is sentence {each} of the made-up section {number}." for each in range(8)]],
            "spell": "made", "intents": [_intent(number)],
        }  # fmt: skip
    return made


def _intent(number: int) -> str:
    """Names of intents have letters alone."""
    return "MadeUp" + "".join(chr(ord("A") + int(digit)) for digit in str(number)) + "Intent"


def packed(topics: int) -> Path:
    """Those words in a file, as the bundle has them."""
    path = WORK / f"words-{topics}.json"
    path.write_text(reader.pack(words(topics)), encoding="utf-8")
    return path


def model(topics: int) -> dict[str, Any]:
    """The interaction model for that many topics."""
    here = reader.parse(words(topics), "en-US", "made up")
    told = phrases.load()
    more = {
        name: told.intents.get(name, [f"what about {topic.name}"]) for topic in here.topics for name in topic.intents
    }
    return build.model(replace(told, intents={**more, **told.intents}), here)


def rows() -> Iterator[Row]:
    """The answer, the start, and the model's size against Alexa's limits."""
    env = environment(ROOT)
    files = {size: str(packed(size)) for size in SIZES}

    def warm(size: int) -> float:
        return float(run(PLACE.format(path=files[size]) + WARM.format(module="lambda_function"), env)[1])

    def load(size: int) -> float:
        begun = time.process_time()
        reader.parse(words(size), "en-US", "made up")
        return 1000 * (time.process_time() - begun)

    for size in SIZES[1:]:
        found = paired(partial(warm, size), partial(warm, SIZES[0]), 7)
        yield compared(f"warm answer, {size} topics", found, f"{SIZES[0]} topics", 1.1)
    for size in SIZES[1:]:
        found = paired(partial(load, size), partial(load, SIZES[0]), 3)
        yield compared(f"reading the words, {size} topics", found, f"{SIZES[0]} topics; a start, once")
    for size in SIZES:
        made = model(size)
        bytes_ = limits.size(made)
        try:
            limits.check(made, "made up")
            verdict = "fits"
        except PhrasesError as error:
            verdict = f"refused: {error}"
        yield Row(
            f"interaction model, {size} topics", f"{bytes_ / 1e6:.2f} MB", f"{limits.LARGEST / 1e6:.2f} MB",
            bytes_ / limits.LARGEST, None, f"Alexa's limit: {verdict}",
        )  # fmt: skip
