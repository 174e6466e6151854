"""Defects put into the page on purpose, each given only to the check that is there to find it: a check that sees
nothing would be as green as a page without faults."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.browser import checks


class Defect(NamedTuple):
    """One change to one kind of file."""

    check: Callable[..., None]
    file: str
    """How the file's address ends."""
    was: str
    """What stands there, as a regular expression."""
    now: str


DEFECTS = {
    "no language": Defect(checks.axe, "/", 'lang="en-CA"', ""),
    "a slider without a name": Defect(checks.axe, "/", ' aria-label="Position"', ""),
    "a button without a name": Defect(checks.axe, "/", ">Where am I\\?</button>", "></button>"),
    "pale text": Defect(checks.axe, ".css", "--soft: #45423c", "--soft: #8a8780"),
    "an accent of 5:1": Defect(checks.axe, ".css", "--accent: #0a4a57", "--accent: #1d7484"),
    "a heading level left out": Defect(checks.axe, "/", "<h2 id=\"section-0\">(.*?)</h2>", r"<h4>\1</h4>"),
    "a table of contents that is no list": Defect(checks.golden, "/", "<ol>(<li>Canadian.*?)</ol>", r"<div>\1</div>"),
    "a heading that only looks like one": Defect(checks.golden, "/", "<h3 (.*?)</h3>", r"<p \1</p>"),
    "sections named alike": Defect(checks.golden, "/", 'aria-label="Play this section: [^"]*"', ""),
    "no group around the size": Defect(checks.golden, "/", 'role="group" aria-labelledby="size"', ""),
    "the text gone from the page": Defect(checks.golden, "/", "The operation takes out all of the tumour", ""),
    "it tells the time while it plays": Defect(
        checks.quiet_while_playing, ".js", r'(get\("clock"\)\.textContent = )', r'get("said").textContent = \1'
    ),
    "the focused slider moves": Defect(
        checks.quiet_while_playing, ".js", r"always \|\| document.activeElement !== seek", "true"
    ),
    "an action without a word": Defect(checks.one_message_each, ".js", r"say\(\.\.\.edge,", "Array.of(...edge,"),
    "two messages for one action": Defect(
        checks.one_message_each, ".js", r"say\(tellSection\(\)\);\n",
        "say(tellSection()); setTimeout(() => say('!'), 9);\n",
    ),
    "no live region": Defect(checks.one_message_each, "/", ' role="status"', ""),
    "a slider that says a number": Defect(checks.slider_speaks, ".js", r"spoken\(total\(\)\), whole", "total(), whole"),
    "a slider that moves by one": Defect(checks.slider_speaks, ".js", "ArrowRight: 5", "ArrowRight: 1"),
    "small targets": Defect(checks.targets, ".css", r"max\(44px, 2\.75rem\)", "30px"),
    "no ring": Defect(checks.focus_shows, ".css", "outline: 3px solid var\\(--ink\\)", "outline: none"),
    "a pale ring": Defect(checks.focus_shows, ".css", "outline: 3px solid var\\(--ink\\)", "outline: 3px solid #ddd"),
    "a bar over the focus": Defect(
        checks.focus_shows, ".css", r"footer \{", "footer { position: fixed; bottom: 0; background: var(--paper);"
    ),
    "a fixed width": Defect(checks.fits, ".css", r"\.panel \{", ".panel { min-width: 60rem;"),
    "text that is cut": Defect(checks.fits, ".css", r"select \{ max", "button { height: 44px } select { max"),
    "a sentence without a mark": Defect(checks.marks_the_sentence, ".css", r"background: var\(--now\)", ""),
    "a mark by colour alone": Defect(checks.marks_the_sentence, ".css", "(--now.*?)text-decoration: underline", r"\1"),
    "a listener on each sentence": Defect(
        checks.no_clutter, ".js", "recall\\(\\);\n    save",
        "recall(); document.querySelectorAll('.s').forEach((s) => s.addEventListener('click', () => 1));\n    save",
    ),
    "a style in the page": Defect(checks.clean, "/", "<h1>", '<h1 style="margin: 0">'),
    "a script in the page": Defect(checks.clean, "/", "</head>", "<script>1</script></head>"),
    "a font from elsewhere": Defect(
        checks.clean, "/", "</head>", '<link rel="stylesheet" href="https://fonts.example/x.css"></head>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_by_its_check(open_page, name):
    defect = DEFECTS[name]
    changed = []

    def route(asked):
        if not asked.request.url.endswith(defect.file):
            return asked.continue_()
        answer = asked.fetch()
        text, count = re.subn(defect.was, defect.now, answer.text(), flags=re.DOTALL)
        changed.append(count)
        return asked.fulfill(response=answer, body=text)

    width = 320 if defect.check is checks.fits else 1280
    page = open_page(route=route, viewport={"width": width, "height": 900})
    if defect.check is checks.fits:
        for _ in range(6):
            checks.does(page, "larger")
    assert sum(changed) > 0, "the defect was not put in: mend what it looks for"
    with pytest.raises(AssertionError):
        defect.check(page)
