"""The page in a second browser: it plays, and axe finds nothing."""

import json
import shutil
import time

import pytest

from tests.browser import checks
from tests.browser.conftest import missing
from tests.browser.firefox import tab


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        missing("firefox-esr")
    with tab(program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_it_plays(firefox, site):
    firefox.goto(site.url)
    firefox.evaluate("document.querySelector('[data-do=section_on]').click()")
    firefox.evaluate("document.querySelector('[data-do=play]').click()")
    end = time.monotonic() + 10
    while not firefox.evaluate("document.getElementById('clock').textContent >= '0:08'"):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert firefox.evaluate("document.getElementById('said').textContent") == "Playing."
    assert firefox.evaluate("document.querySelector('[aria-current=true]').id").startswith("s1-")


def test_axe(firefox, site):
    firefox.goto(site.url)
    firefox.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    firefox.evaluate(f"{checks.axe_source()}; 0")
    run = f"axe.run(document, {{ runOnly: {checks.TAGS} }})"
    found = firefox.evaluate(f"{run}.then((all) => JSON.stringify(all.violations))")
    assert json.loads(found) == []
