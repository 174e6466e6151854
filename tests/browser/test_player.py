"""Everything that a listener can do, by keyboard alone, and what is said after it."""

import re

import pytest

from tests.browser import checks
from tests.browser.checks import does, messages, state, tab_to, until


def test_no_autoplay(page):
    page.wait_for_timeout(500)
    assert state(page)["button"] == "Play"
    assert messages(page) == []


def test_quiet_while_playing(page):
    checks.quiet_while_playing(page)


def test_one_message_after_each_action(page):
    checks.one_message_each(page)


def test_the_slider(page):
    checks.slider_speaks(page)


def test_every_button_by_the_keyboard_alone(page):
    tab_to(page, '[data-do="larger"]')
    page.keyboard.press("Enter")
    assert state(page)["size"] == 22.5
    tab_to(page, "#seek")
    page.keyboard.press("PageUp")
    assert state(page)["clock"].startswith("0:30")
    page.keyboard.press("Home")
    tab_to(page, '[data-do="play"]')
    page.keyboard.press("Space")
    until(page, "document.getElementById('clock').textContent.startsWith('0:01')")
    assert state(page)["button"] == "Pause"
    page.keyboard.press("Space")
    assert state(page)["button"] == "Play"
    for name in ("sentence_back", "sentence_again", "sentence_on", "back", "forward", "section_back", "section_on"):
        tab_to(page, f'[data-do="{name}"]')
        messages(page)
        page.keyboard.press("Enter")
        assert len(messages(page)) == 1
    tab_to(page, '[data-do="where"]')
    page.keyboard.press("Enter")
    assert "Section" in messages(page)[0]
    tab_to(page, "#speed")
    page.keyboard.press("End")
    assert state(page)["speed"] == "3.0"
    page.keyboard.press("ArrowLeft")
    assert state(page)["speed"] == "2.9"
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "#go_on")
    page.keyboard.press("Space")
    assert messages(page) == ["On: Go on to the next section at the end of one."]
    tab_to(page, "#theme")
    page.keyboard.press("ArrowDown")
    until(page, "document.documentElement.dataset.theme === 'light'")
    tab_to(page, '[data-section="3"]')
    page.keyboard.press("Enter")
    assert state(page)["here"] == "Section 4 of 11: Local recurrence: surgery."
    tab_to(page, ".files a")


def test_tab_reaches_everything_in_the_page_s_order_and_leaves(page):
    page.locator("summary").evaluate_all("(all) => all.forEach((each) => each.parentNode.open = true)")
    page.evaluate(
        """(selector) => { window.stops = [...document.querySelectorAll(selector)]
          .filter((each) => each.checkVisibility()); }""",
        checks.FOCUSABLE,
    )
    for number in range(page.evaluate("stops.length")):
        page.keyboard.press("Tab")
        assert page.evaluate("stops.indexOf(document.activeElement)") == number
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_every_button_answers_to_the_keyboard_with_one_message(page, key):
    page.locator("summary", has_text="Settings").click()
    for name, said in checks.SAID.items():
        page.locator(f'[data-do="{name}"]').first.focus()
        page.keyboard.press(key)
        told = messages(page)
        assert len(told) == 1, (name, told)
        assert re.search(said, told[0]), (name, told)


KEYS = {
    "n": "Section 2 of 11: Treatments for recurrent soft tissue sarcoma.",
    "p": "Section 1 of 11: About this recording.",
    "a": "Sentence 1 of 9.",
    "r": "Sentence 1 of 9.",
    "b": "The heading.",
    "l": "30 seconds of 34 seconds",
    "j": "of 34 seconds",
    "f": "Speed 1.1.",
    "s": "Speed 1.0.",
    "w": "Section ",
    "k": "Playing.",
}


def test_shortcuts(page):
    for key, said in KEYS.items():
        page.keyboard.press(key)
        told = messages(page)
        assert len(told) == 1
        assert said in told[0]


def test_shortcuts_are_listed(page):
    page.locator("summary", has_text="Shortcut keys").click()
    assert set(page.locator("kbd").all_inner_texts()) == set(KEYS)


def test_shortcuts_can_be_switched_off_and_stay_off(page):
    page.locator("summary", has_text="Settings").click()
    page.locator("#keys_on").click()
    page.reload()
    page.keyboard.press("n")
    assert messages(page) == []
    assert state(page)["here"].startswith("Section 1 ")


def test_a_shortcut_leaves_the_browser_s_own_keys_alone(page):
    page.keyboard.press("Alt+n")
    page.locator("summary", has_text="Settings").click()
    page.locator("#theme").focus()
    page.keyboard.press("d")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert state(page)["here"].startswith("Section 1 ")


def test_it_stops_at_the_end_of_a_section(page):
    does(page, "section_on")
    does(page, "section_on")
    does(page, "play")
    until(page, "document.querySelector('[data-do=play]').textContent === 'Play'")
    assert state(page)["here"].startswith("Section 3 ")
    messages(page)
    does(page, "sentence_again")
    assert messages(page) == ["Sentence 2 of 2."]
    until(page, "document.querySelector('[data-do=play]').textContent === 'Play'")
    does(page, "play")
    assert state(page)["here"].startswith("Section 4 ")


def test_it_goes_on_if_it_is_told_to(page):
    page.locator("summary", has_text="Settings").click()
    page.locator("#go_on").click()
    for _ in range(2):
        does(page, "section_on")
    does(page, "play")
    messages(page)
    until(page, "document.getElementById('here').textContent.startsWith('Section 4')")
    assert state(page)["button"] == "Pause"
    assert messages(page) == []


def test_sentences_lead_across_sections(page):
    does(page, "section_on")
    does(page, "sentence_back")
    assert messages(page)[-1] == "Section 1 of 11: About this recording. Sentence 9 of 9."
    does(page, "sentence_on")
    assert messages(page)[-1].endswith("The heading.")
    assert state(page)["marked"] == "s1-0"


def test_the_ends(page):
    does(page, "section_back")
    assert messages(page) == ["This is the beginning."]
    does(page, "back")
    assert messages(page)[0].startswith("This is the beginning. 0 seconds")
    for _ in range(10):
        does(page, "section_on")
    messages(page)
    does(page, "section_on")
    assert messages(page) == ["This is the end."]


def test_a_sentence_can_be_clicked(page):
    page.locator("#s3-2").click()
    assert messages(page) == ["Section 4 of 11: Local recurrence: surgery. Sentence 2 of 5."]
    assert state(page)["marked"] == "s3-2"


def test_speed_keeps_the_pitch_and_outlives_a_section(page):
    made = "(window.made ??= [], window.Audio = class extends Audio { constructor() { super(); made.push(this); } })"
    page.add_init_script(made)
    page.reload()
    for _ in range(25):
        does(page, "faster")
    assert messages(page)[-1] == "Speed 3.0, the fastest."
    does(page, "section_on")
    does(page, "play")
    until(page, "made[0].currentTime > 0.3")
    assert page.evaluate("[made[0].playbackRate, made[0].preservesPitch]") == [3, True]
    for _ in range(30):
        does(page, "slower")
    assert messages(page)[-1] == "Speed 0.5, the slowest."


def test_place_speed_and_size_are_remembered_here_only(page):
    page.locator("#s4-2").click()
    until(page, "document.getElementById('clock').textContent > '0:10'")
    does(page, "play")
    does(page, "faster")
    does(page, "larger")
    before = state(page)
    page.reload()
    after = state(page)
    assert {**after, "focus": ""} == {**before, "focus": ""}
    assert messages(page) == []
    assert page.context.cookies() == []
    page.locator("summary", has_text="Settings").click()
    does(page, "forget")
    page.reload()
    assert state(page)["here"].startswith("Section 1 ")
    assert state(page)["speed"] == "1.0"


@pytest.mark.parametrize("kept", ["{", "[]", "null", '{"size":7,"theme":"x","speed":99,"section":"gone","at":-1}'])
def test_what_is_kept_may_be_damaged(page, kept):
    page.evaluate("(kept) => { for (const key of ['audio edition en-CA']) localStorage.setItem(key, kept); }", kept)
    page.add_init_script(f"localStorage.setItem('audio edition en-CA', {kept!r})")
    page.reload()
    assert state(page)["here"].startswith("Section 1 ")
    assert state(page)["speed"] == "1.0"
    assert state(page)["size"] == 18


def test_without_storage(open_page):
    page = open_page("about:blank")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
    page.goto(open_page().url)
    does(page, "larger")
    assert state(page)["size"] == 22.5


def test_media_keys(page):
    page.add_init_script(
        "window.media = {}; navigator.mediaSession.setActionHandler = (name, action) => { media[name] = action; };"
    )
    page.reload()
    page.evaluate("media.nexttrack()")
    assert state(page)["here"].startswith("Section 2 ")
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Treatments for recurrent soft tissue sarcoma"
    page.evaluate("media.previoustrack()")
    does(page, "play")
    page.evaluate("media.pause()")
    assert state(page)["button"] == "Play"
    assert {"play", "pause", "seekbackward", "seekforward", "seekto", "stop"} <= set(
        page.evaluate("Object.keys(media)")
    )


def test_a_recording_that_is_gone_is_told(open_page):
    page = open_page(route=lambda route: route.abort() if ".mp3" in route.request.url else route.continue_())
    does(page, "play")
    until(page, "document.getElementById('said').textContent.includes('be played here')")
    assert state(page)["button"] == "Play"


def test_minutes_are_said_in_words(page):
    """The edition of the tests is short, so the times are made longer."""
    page.route(
        "**/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=re.sub(
                r'"(start|duration)":([\d.]+)', lambda found: f'"{found[1]}":{float(found[2]) * 10}', answer.text()
            ),
        ),
    )
    page.reload()
    page.locator("#seek").focus()
    for _ in range(13):
        page.keyboard.press("ArrowRight")
    assert state(page)["value"].startswith("1 minute 5 of 5 minutes")
    page.keyboard.press("ArrowLeft")
    assert state(page)["value"].startswith("1 minute of 5 minutes")
    assert state(page)["clock"].startswith("1:00 of 5:")
