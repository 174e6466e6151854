"""The simulator's page in a real browser: typed, spoken, by keyboard alone, for the eye and for a screen reader."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from clips import spoken, wav
from playwright.sync_api import Browser, Page, expect
from served import serving
from simulated import PATIENCE, resolver
from test_conversations import test_conversation as runs

from tests.browser import checks

QUESTION = "what happens if it comes back in my lung"
WAYS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}

AS_READ = """\
- banner:
  - heading "Try the guide" [level=1]
  - paragraph: Type or say what you would say to a smart speaker, and see what the skill makes of it. Everything stays \
on this computer.
- main:
  - region "Say something":
    - heading "Say something" [level=2]
    - text: What you would say
    - textbox "What you would say"
    - button "Say it"
    - button "Talk"
    - button "Open the guide"
    - button "Begin anew"
    - paragraph: Your voice is recorded in this page, recognised on this computer, and forgotten at once. Nothing is \
stored.
    - text: Whose English
    - combobox "Whose English":
      - option "Canada" [selected]
      - option "United States"
      - option "United Kingdom"
      - option "Australia"
      - option "India"
  - region "The conversation":
    - heading "The conversation" [level=2]
    - log "The conversation"
    - paragraph:
      - checkbox "Play every reply by itself (a screen reader then keeps silent)"
      - text: Play every reply by itself (a screen reader then keeps silent)
  - region "What the skill made of it":
    - heading "What the skill made of it" [level=2]
    - paragraph: Nothing yet."""

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    for locale in ("en-CA", "en-GB"):
        _ = resolver(locale).learned
    with serving() as address:
        yield f"{address}/try"


@pytest.fixture(scope="module")
def chrome(launch: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears the question."""
    clip = tmp_path_factory.mktemp("microphone") / "question.wav"
    clip.write_bytes(wav(spoken(QUESTION, 48_000, before=0.5, after=3.0), 48_000))
    made = launch(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={clip}%noloop",
    )  # fmt: skip
    yield made
    made.close()


WATCH = """
window.violations = []; window.announced = []; window.unannounced = [];
addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI));
addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    const text = (node.innerText ?? node.textContent ?? "").trim();
    const region = change.target.closest("[aria-live], [role=log], [role=status], [role=alert]");
    if (!text || !region) continue;
    (region.getAttribute("aria-live") === "off" ? unannounced : announced).push(text.replace(/\\s+/g, " "));
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true }));
"""
"""Notes every violation of the security policy, and what is added to live regions."""


@contextmanager
def opened(running: Browser, url: str, **how: Any) -> Iterator[Page]:
    """A page in a context of its own; afterwards it must have had no fault, and asked no other site for anything."""
    context = running.new_context(**how)
    context.grant_permissions(["microphone"])
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(WATCH)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    ours = (url[: url.index("/", 8)], "blob:")
    page.on("request", lambda asked: asked.url.startswith(ours) or faults.append(asked.url))
    try:
        page.goto(url)
        yield page
        assert page.evaluate("() => violations") == []
        assert faults == []
    finally:
        context.close()


@pytest.fixture
def page(chrome: Browser, url: str) -> Iterator[Page]:
    with opened(chrome, url) as shown:
        yield shown


def say(page: Page, utterance: str) -> None:
    turns = page.locator(".turn").count()
    page.get_by_label("What you would say").fill(utterance)
    page.get_by_label("What you would say").press("Enter")
    expect(page.locator(".turn").nth(turns)).to_contain_text("Guide: ")


def told(page: Page, name: str) -> str:
    return page.locator(f"#made-{name}").inner_text()


# ── typed ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_typed_conversation(page: Page) -> None:
    say(page, "what about surgery")
    say(page, "in the same place")
    assert (told(page, "intent"), told(page, "topic"), told(page, "microphone")) == (
        "TopicIntent",
        "local.surgery",
        "open",
    )
    assert told(page, "slots") == "treatment: not filled; recurrence: local, from “in the same place”"
    assert told(page, "session") == "goes on"
    expect(page.get_by_label("What you would say")).to_have_value("")
    expect(page.get_by_label("What you would say")).to_be_focused()
    for name, holds in (("Request", '"recurrence"'), ("Response", "shouldEndSession"), ("Session state", '"reading"')):
        folded = page.get_by_role("region", name=name)
        expect(folded).to_be_hidden()
        page.locator("summary", has_text=re.compile(f"^{name}$")).click()
        expect(folded).to_contain_text(holds)
    say(page, "stop")
    assert (told(page, "microphone"), told(page, "session")) == ("closed", "goes on, ended")
    expect(page.get_by_role("log")).to_contain_text("What you say next begins a new one.")
    say(page, "how about an operation where it started, do they do that")
    assert told(page, "session") == "opened by this turn"
    assert told(page, "runner_up").endswith("Intent")
    assert re.fullmatch(r"\d+ per cent", told(page, "margin"))


def test_the_skill_is_opened_and_begun_anew(page: Page) -> None:
    page.get_by_role("button", name="Open the guide").click()
    expect(page.get_by_role("log")).to_contain_text("Hello, this is Sarcoma Treatment Guide.")
    assert told(page, "intent") == "LaunchRequest"
    page.get_by_role("button", name="Begin anew").click()
    expect(page.get_by_role("log")).to_be_empty()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    say(page, "where am i")
    assert told(page, "session") == "opened by this turn"


def test_what_is_written_is_text(page: Page) -> None:
    say(page, "<img src=x onerror=alert(1)> surgery")
    assert page.locator("#log img").count() == 0
    expect(page.get_by_role("log")).to_contain_text("You: <img src=x onerror=alert(1)> surgery")


def test_nothing_written(page: Page) -> None:
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_role("log")).to_contain_text("Write something first.")


def test_a_server_that_has_gone(page: Page) -> None:
    page.route("**/try/say", lambda route: route.abort())
    page.get_by_label("What you would say").fill("surgery")
    page.get_by_label("What you would say").press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Is it still running?")
    expect(page.get_by_label("What you would say")).to_have_value("surgery")


def test_a_server_that_is_busy(page: Page) -> None:
    busy = {"status": 503, "content_type": "application/json", "body": '{"error": "Try again in a few seconds."}'}
    page.route("**/try/say", lambda route: route.fulfill(**busy))
    page.get_by_role("button", name="Open the guide").click()
    expect(page.get_by_role("log")).to_contain_text("Note: Try again in a few seconds.")


def test_what_is_said_too_early_is_told(page: Page) -> None:
    held: list[Any] = []
    page.route("**/try/say", lambda route: held.append(route))
    page.get_by_role("button", name="Open the guide").click()
    page.get_by_label("What you would say").fill("surgery")
    page.get_by_label("What you would say").press("Enter")
    too_early = page.get_by_text("Note: One moment: the last line is still being answered.")
    expect(too_early).to_have_count(1)
    page.get_by_role("button", name="Talk").click()
    expect(too_early).to_have_count(2)
    expect(page.get_by_label("What you would say")).to_have_value("surgery")
    for route in held:
        route.continue_()
    expect(page.get_by_role("log")).to_contain_text("Guide: ")
    assert len(held) == 1


# ── spoken ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_spoken_question(page: Page) -> None:
    talk = page.get_by_role("button", name="Talk")
    expect(talk).to_have_accessible_description(re.compile("recognised on this computer, and forgotten at once"))
    talk.click()
    listening = page.get_by_role("button", name="Listening: press to send")
    expect(listening).to_be_visible()
    page.wait_for_timeout(3_500)
    listening.click()
    expect(page.get_by_role("log")).to_contain_text(re.compile("Heard: What happens if it comes back in my lungs?"))
    expect(page.get_by_role("log")).to_contain_text("Distant recurrence.")
    assert told(page, "topic") == "distant"
    expect(talk).to_be_visible()
    assert page.evaluate("() => announced.join(' ')").startswith("Heard: What happens")


def test_a_microphone_that_is_refused(page: Page) -> None:
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Talk").click()
    expect(page.get_by_role("log")).to_contain_text("The microphone can't be used.")


COUNTED = """() => {
  window.asked = 0; window.streams = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (how) => {
    asked += 1;
    await new Promise((go) => { window.allow = go; });
    streams.push(await ask(how));
    return streams.at(-1);
  };
}"""
"""The microphone waits to be allowed, and what it gave is known."""

OPEN = "() => streams.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === 'live').length"


def test_a_second_press_while_the_browser_asks(page: Page) -> None:
    page.evaluate(COUNTED)
    talk = page.get_by_role("button", name="Talk")
    talk.click()
    talk.click()
    assert page.evaluate("() => asked") == 1
    page.evaluate("() => allow()")
    page.get_by_role("button", name="Listening: press to send").click()
    expect(talk).to_be_visible()
    assert page.evaluate(OPEN) == 0


def test_a_browser_that_cannot_record(page: Page) -> None:
    page.evaluate(COUNTED)
    page.evaluate("() => { window.MediaRecorder = class { constructor() { throw new Error('no'); } }; }")
    page.get_by_role("button", name="Talk").click()
    page.evaluate("() => allow()")
    expect(page.get_by_role("log")).to_contain_text("The microphone can't be used.")
    assert page.evaluate("() => streams.length") == 1
    assert page.evaluate(OPEN) == 0


def test_without_a_recogniser_and_a_voice_the_page_types_and_says_what_to_add(chrome: Browser) -> None:
    without = "import importlib.util as u; find = u.find_spec"
    hidden = "u.find_spec = lambda name, *more: None if name in ('moonshine_voice', 'hibari') else find(name, *more)"
    with serving(without, hidden) as address, opened(chrome, f"{address}/try") as page:
        talk = page.get_by_role("button", name="Talk")
        expect(talk).to_have_accessible_description(re.compile(r"-m pip install '\.\[voice\]'"))
        talk.click(force=True)  # playwright does not press what says that it is disabled
        expect(page.get_by_role("log")).to_contain_text("pip install '.[voice]'")
        expect(page.get_by_text("pip install '.[audio]'")).to_be_visible()
        say(page, "surgery")
        assert told(page, "topic") == "surgery"
        checks.axe(page)


# ── the reply aloud ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_reply_is_played_and_stopped(page: Page) -> None:
    say(page, "what about surgery")
    page.get_by_role("button", name="Play the reply").click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    stop.click()
    expect(page.get_by_role("button", name="Play the reply")).to_be_visible()


def test_every_reply_by_itself_keeps_the_screen_reader_silent(page: Page) -> None:
    page.get_by_label("Play every reply by itself").check()
    say(page, "what about surgery")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert page.evaluate("() => announced") == []


# ── the conversation as a test ───────────────────────────────────────────────────────────────────────────────────────


def save(page: Page, where: Path) -> dict[str, Any]:
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a test").click()
    assert saved.value.suggested_filename == "conversation.toml"
    saved.value.save_as(where)
    return tomllib.loads(where.read_text(encoding="utf-8"))


@pytest.mark.parametrize("locale", ["en-CA", "en-GB"])
def test_a_saved_conversation_runs_as_it_is(page: Page, tmp_path: Path, locale: str) -> None:
    page.get_by_label("Whose English").select_option(locale)
    page.get_by_role("button", name="Open the guide").click()
    expect(page.locator(".turn").first).to_contain_text("Guide: ")
    for line in (
        "what about surgery", "in the same place", "what does \"metastatic\" mean", "what does flibber mean", "slower",
        "turn on the lamp", "i can't breathe", "repeat", "stop", "surgery for my lung",
    ):  # fmt: skip
        say(page, line)
    told = save(page, tmp_path / "conversation.toml")
    assert len(told["turn"]) == 11
    assert told.get("locale", "en-CA") == locale
    runs(told, locale)


# ── by keyboard alone ────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_by_keyboard(page: Page) -> None:
    def focused() -> str:
        name: str = page.evaluate(
            "() => { const e = document.activeElement; return e.id || e.textContent.trim() || e.tagName; }"
        )
        return name

    def tab_to(name: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if focused() == name:
                return
        pytest.fail(f"the Tab key does not reach {name}")

    order = []
    for _ in range(8):
        page.keyboard.press("Tab")
        order.append(focused())
    assert order == ["utterance", "Say it", "talk", "open", "again", "locale", "log", "always"]
    tab_to("utterance")
    page.keyboard.type("what about surgery")
    page.keyboard.press("Enter")
    expect(page.locator(".turn").first).to_contain_text("Guide: ")
    tab_to("Request")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Request")).to_be_visible()
    tab_to("save")
    with page.expect_download():
        page.keyboard.press("Space")
    tab_to("talk")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Listening: press to send")).to_be_focused()
    page.wait_for_timeout(3_500)
    page.keyboard.press("Space")
    expect(page.locator(".turn").nth(1)).to_contain_text("Guide: ")
    tab_to("again")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What you would say")).to_be_focused()


@pytest.mark.parametrize("way", WAYS)
def test_the_focus_is_seen(chrome: Browser, url: str, way: str) -> None:
    with opened(chrome, url, **WAYS[way]) as page:
        for name in ("Say it", "Talk", "Open the guide", "Begin anew"):
            button = page.get_by_role("button", name=name)
            box = button.bounding_box()
            assert box
            around = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": box["height"] + 16}
            page.evaluate("() => document.activeElement.blur()")
            before = page.screenshot(clip=around)
            page.get_by_label("What you would say").focus()
            while page.evaluate("() => document.activeElement.textContent") != name:
                page.keyboard.press("Tab")
            assert page.screenshot(clip=around) != before, name


# ── for a screen reader, and for the eye ─────────────────────────────────────────────────────────────────────────────


def test_only_the_reply_is_announced(page: Page) -> None:
    say(page, "what about surgery")
    expect(page.get_by_role("log")).to_contain_text("You: what about surgery")
    announced = page.evaluate("() => announced")
    assert " ".join(announced).startswith("Guide: The page speaks of surgery")
    assert " ".join(announced).count("Guide: ") == 1
    assert not any("You:" in each for each in announced)
    assert page.evaluate("() => unannounced") == ["You: what about surgery"]
    count = len(announced)
    page.locator("summary", has_text="Request").click()
    page.get_by_role("button", name="Play the reply").click()
    page.wait_for_timeout(1_500)
    assert len(page.evaluate("() => announced")) == count, "nothing is announced while the reply plays"
    assert page.locator("[aria-live]:not([aria-live=off]), [role=status], [role=alert]").count() == 0


def test_the_page_as_a_screen_reader_has_it(page: Page) -> None:
    # Whole and by hand: what is left out here would be allowed to change.
    assert page.locator("body").aria_snapshot() == AS_READ


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing(chrome: Browser, url: str, way: str) -> None:
    with opened(chrome, url, **WAYS[way]) as page:
        checks.axe(page)
        say(page, "what about surgery")
        for summary in page.locator("summary").all():
            summary.click()
        checks.axe(page)


@pytest.mark.parametrize("way", ["light", "narrow"])
def test_targets_are_large_and_nothing_is_cut_off(chrome: Browser, url: str, way: str) -> None:
    with opened(chrome, url, **WAYS[way]) as page:
        say(page, "what about surgery")
        for summary in page.locator("summary").all():
            summary.click()
        small = page.evaluate("""() => [...document.querySelectorAll("button, select, summary, input")]
          .map((e) => e.type === "checkbox" ? e.parentElement : e).filter((e) => e.offsetParent)
          .map((e) => [e.textContent.slice(0, 20), e.getBoundingClientRect()])
          .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)""")
        assert small == []
        width = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1]


def test_text_at_twice_its_size_and_spaced_out(chrome: Browser, url: str) -> None:
    with opened(chrome, url, viewport={"width": 640, "height": 800}) as page:
        say(page, "what about surgery")
        page.evaluate("""() => { const s = document.documentElement.style; s.fontSize = "225%"; s.lineHeight = "1.5";
          s.letterSpacing = "0.12em"; s.wordSpacing = "0.16em"; }""")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    say(page, "what about surgery")
    assert page.context.cookies() == []
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


def test_it_is_small(page: Page) -> None:
    sizes = page.evaluate(
        "async () => { let n = 0; for (const p of ['', '/try.js', '/try.css', '/icon.svg'])"
        " n += (await (await fetch('/try' + p)).blob()).size; return n; }"
    )
    assert sizes < 60_000
