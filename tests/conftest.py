"""What every test shares: the simulator learns once, in a cache of this run that the programs it starts use too; and
what a listener lets it keep is kept in a folder of this run. In CI nothing is skipped.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`XDG_CACHE_HOME` for the whole run: nobody's own cache is read or written."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        # The extra `understanding` has tests of its own: to learn five locales with it would take a quarter of an hour.
        patch.delenv("MORE_UNDERSTANDING", raising=False)
        yield folder


@pytest.fixture(scope="session", autouse=True)
def data_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`XDG_DATA_HOME` for the whole run, and no other memory than a test asks for."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        for name in ("MEMORY_TABLE", "MEMORY_FILE", "MEMORY_KEY", "MEMORY_KEY_BEFORE"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(autouse=True)
def log_reaches_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """`caplog` listens at the root, which the skill's log keeps away from once a test has imported the Lambda entry."""
    monkeypatch.setattr(logging.getLogger("skill"), "propagate", True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run of `.ci/run` in which a test was skipped: it installs what is missing, and passes nothing over."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("NOTHING_SKIPPED") and skipped and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"{len(skipped)} tests were skipped, which this run does not allow", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
