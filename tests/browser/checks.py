"""What is looked for in a page. Each check takes a playwright page and raises AssertionError: `test_seeded.py` gives
each one a page with a defect, so that a check that sees nothing is found out."""

import functools
import io
import re
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import av
import numpy as np

GOLDEN = Path(__file__).with_name("player.aria.yaml")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "wcag2aaa", "best-practice"]

FOCUSABLE = "a[href], button, input, select, summary"


@functools.cache
def axe_source() -> str:
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return next(Path(found.origin).parent.rglob("axe*.js")).read_text(encoding="utf-8")


def axe(page: Any) -> None:
    """No violation at A, AA, nor of the AAA rules that axe has (contrast 7:1)."""
    page.evaluate(axe_source())
    options = {
        "runOnly": TAGS,
        "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    }
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


def does(page: Any, name: str) -> None:
    page.locator(f'[data-do="{name}"]').first.click()


def state(page: Any) -> dict[str, Any]:
    """What a listener would notice: section, clock, speed, whether it plays, and the marked sentence."""
    found: dict[str, Any] = page.evaluate(
        """() => ({
          here: document.getElementById("here").textContent,
          clock: document.getElementById("clock").textContent,
          value: document.getElementById("seek").getAttribute("aria-valuetext"),
          speed: document.getElementById("rate").textContent,
          button: document.querySelector('[data-do="play"]').textContent,
          marked: [...document.querySelectorAll("[aria-current=true]")].map((each) => each.id).join(),
          focus: document.activeElement.dataset.do || document.activeElement.id,
          size: parseFloat(getComputedStyle(document.documentElement).fontSize),
        })"""
    )
    return found


def messages(page: Any) -> list[str]:
    page.wait_for_timeout(60)  # a mutation is told after the script has ended
    found: list[str] = page.evaluate("messages.splice(0)")
    return found


def until(page: Any, expression: str, seconds: float = 10) -> None:
    """Waits until `expression` is true. Playwright's own wait evaluates in the page, which the policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def tab_to(page: Any, selector: str, steps: int = 60) -> None:
    """Moves the focus by the Tab key alone."""
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def quiet_while_playing(page: Any) -> None:
    """Nothing is said, and the focused slider keeps still, while the voice reads on."""
    does(page, "section_on")
    does(page, "play")
    page.locator("#seek").focus()
    assert messages(page)
    page.evaluate("moved.length = 0")
    before = state(page)["marked"]
    page.wait_for_timeout(3000)
    assert messages(page) == []
    assert page.evaluate("moved") == []
    assert state(page)["marked"] != before


SAID = {
    "play": r"^Playing\.$",
    "forward": r"^\d+ seconds of 34 seconds\. Section \d+ of 11: .+\.$",
    "back": r"^\d+ seconds? of 34 seconds\.",
    "section_on": r"^Section \d+ of 11: .+\.$",
    "section_back": r"^Section \d+ of 11: .+\.$",
    "sentence_on": r"^Sentence \d of \d\.$",
    "sentence_again": r"^Sentence \d of \d\.$",
    "sentence_back": r"^The heading\.$",
    "faster": r"^Speed 1\.1\.$",
    "slower": r"^Speed 1\.0\.$",
    "normal": r"^Speed 1\.0\.$",
    "larger": r"^Text size 125 per cent\.$",
    "smaller": r"^Text size 100 per cent\.$",
    "usual": r"^Text size 100 per cent\.$",
    "where": r"^Paused\. Section \d+ of 11: .+\. (Sentence \d of \d|The heading)\. \d+ seconds? of .+\. Speed 1\.0\.$",
    "forget": r"^Your place and settings are forgotten\.$",
}
"""Each action, in this order → the one thing said after it."""


def one_message_each(page: Any) -> None:
    page.locator("summary", has_text="Settings").click()
    for name, said in SAID.items():
        does(page, name)
        told = messages(page)
        assert len(told) == 1, (name, told)
        assert re.search(said, told[0]), (name, told)


def slider_speaks(page: Any) -> None:
    """The slider's value is words, its keys move by five and thirty seconds, and it is not also announced."""
    page.locator("#seek").focus()
    page.keyboard.press("ArrowRight")
    assert state(page)["value"] == "5 seconds of 34 seconds"
    page.keyboard.press("PageUp")
    assert state(page)["value"] in ("33 seconds of 34 seconds", "34 seconds of 34 seconds")
    page.keyboard.press("Home")
    assert state(page)["value"] == "0 seconds of 34 seconds"
    assert messages(page) == []


def targets(page: Any) -> None:
    """44 by 44 CSS pixels, but for a link within a sentence; a field's label counts with it."""
    small = page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())
          .filter((each) => !each.matches("footer p a, .skip"))
          .map((each) => { const box = (each.closest("label") || each).getBoundingClientRect();
            return [each.outerHTML.slice(0, 60), box.width, box.height]; })
          .filter(([, width, height]) => width < 44 || height < 44)""",
        FOCUSABLE,
    )
    assert small == []


def fits(page: Any) -> None:
    """Nothing to scroll sideways, and no control's text cut off."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], wide
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, a, p, h1, h2, h3, summary, label")]
          .filter((each) => each.checkVisibility() && !each.matches(".skip, .unseen"))
          .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline"
            || each.scrollHeight > each.clientHeight + 6 && getComputedStyle(each).display === "block")
          .map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert cut == []


def picture(page: Any, clip: dict[str, float]) -> Any:
    """Pixels as relative luminance, 0 to 1."""
    with av.open(io.BytesIO(page.screenshot(clip=clip))) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgb24") / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def focus_shows(page: Any, limit: int = 100) -> None:
    """At each stop of the Tab key: the stop is on the screen with nothing over it, and around it pixels change by 3:1,
    as many as a line of 2 pixels around it has."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        # The browser's own ring may need a frame.
        box = page.evaluate(
            """() => { const each = document.activeElement; if (each === document.body) return null;
              const box = each.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
              const over = document.elementFromPoint(x, y);
              return { name: each.outerHTML.slice(0, 80), x: box.x, y: box.y, width: box.width, height: box.height,
                seen: box.y > -1 && box.bottom < innerHeight + 1
                  && (each.contains(over) || over?.contains(each)) }; }"""
        )
        if box is None:
            return
        assert box["seen"], box
        left, top = max(0, box["x"] - 8), max(0, box["y"] - 8)
        screen = page.viewport_size
        width, height = min(box["width"] + 16, screen["width"] - left), min(box["height"] + 16, screen["height"] - top)
        clip = {"x": left, "y": top, "width": width, "height": height}
        with_focus = picture(page, clip)
        page.evaluate("window.last = document.activeElement; last.style.outline = last.style.boxShadow = 'none'")
        without = picture(page, clip)
        page.evaluate("last.style.outline = last.style.boxShadow = ''")
        ratio = (np.maximum(with_focus, without) + 0.05) / (np.minimum(with_focus, without) + 0.05)
        # An outline around two lines of a link is counted by its box.
        assert (ratio >= 3).sum() >= 0.9 * 4 * (box["width"] + box["height"]), box
    raise AssertionError("the Tab key never leaves the page")


def golden(page: Any) -> None:
    """The roles, names and states are those that were read by a person."""
    assert page.locator("body").aria_snapshot() + "\n" == GOLDEN.read_text(encoding="utf-8")


def clean(page: Any) -> None:
    """No violation of the security policy."""
    assert page.evaluate("violations") == []


def marks_the_sentence(page: Any) -> None:
    """The sentence that is heard has a background of its own and an underline."""
    does(page, "sentence_on")
    page.wait_for_timeout(100)
    look = page.evaluate(
        """() => { const each = document.querySelector("[aria-current=true]"), style = getComputedStyle(each);
          return [each.id, style.backgroundColor, style.textDecorationLine,
            getComputedStyle(document.body).backgroundColor]; }"""
    )
    assert look[0] == "s0-1"
    assert look[1] not in ("rgba(0, 0, 0, 0)", look[3])
    assert look[2] == "underline"


def no_clutter(page: Any) -> None:
    """No handler on a sentence, which a screen reader would call clickable, and none by attribute."""
    session = page.context.new_cdp_session(page)
    for selector in (".s", "#text p", "#text section", "#text", "main"):
        found = session.send("Runtime.evaluate", {"expression": f"document.querySelector('{selector}')"})
        listeners = session.send("DOMDebugger.getEventListeners", {"objectId": found["result"]["objectId"]})
        assert listeners["listeners"] == [], selector
    session.detach()
    assert page.locator("[onclick], .s[tabindex], .s[role]").count() == 0
