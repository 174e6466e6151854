"""The chapters inside the recordings, as a player reads them. In: a `Catalogue`. Out: `Finding`s."""

from collections.abc import Iterator

from audio.catalogue import Catalogue
from audio.check.finding import AGAIN, Finding

NEAR = 0.03
"""Seconds: the audiobook's chapters stand on its own frames."""

LONGER = 0.2
"""Seconds that an encoder may add at the end."""


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Faults of the whole page's recordings."""
    import av

    wanted = [(entry.title, entry.start) for entry in catalogue.entries]
    for file in (*catalogue.of_kind("whole"), *catalogue.of_kind("audiobook")):
        path = catalogue.folder / file.path
        if not path.is_file():
            continue
        try:
            with av.open(path) as container:
                found = [(each["metadata"].get("title", ""), float(each["start"] * (each["time_base"] or 0)))
                         for each in container.chapters()]  # fmt: skip
                duration = (container.duration or 0) / av.time_base
        except av.error.FFmpegError as error:
            yield Finding(file.path, "the whole file", f"can't be read as sound ({error.strerror}): {AGAIN}")
            continue
        if [title for title, _ in found] != [title for title, _ in wanted]:
            yield Finding(file.path, "its chapters", f"are not the topics, in order: {AGAIN}")
        for (title, start), (_, begin) in zip(found, wanted, strict=False):
            if abs(start - begin) > NEAR:
                yield Finding(file.path, f"chapter {title}", f"starts at {start:.3f} s, not at {begin:.3f}: {AGAIN}")
        if not 0 <= duration - catalogue.duration <= LONGER:
            yield Finding(
                file.path, "its end", f"lasts {duration:.3f} s, the index says {catalogue.duration:.3f}: {AGAIN}"
            )
