"""Rules that a machine can check, in every way that the page can look."""

import pytest

from tests.browser import checks

LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
    "more contrast, dark": {"contrast": "more", "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
}
SIZES = (80, 100, 125, 150, 175, 200, 250, 300)


def everything_open(page):
    for summary in page.locator("summary").all():
        summary.click()


@pytest.mark.parametrize("look", LOOKS)
def test_axe(open_page, look):
    page = open_page(**LOOKS[look])
    checks.does(page, "sentence_on")
    everything_open(page)
    checks.axe(page)
    checks.clean(page)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_chosen_theme(open_page, theme):
    page = open_page(color_scheme="light" if theme == "dark" else "dark")
    everything_open(page)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.select_option("#theme", theme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    checks.does(page, "sentence_on")
    checks.axe(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_every_size_of_text(open_page, width):
    page = open_page(viewport={"width": width, "height": 900})
    everything_open(page)
    checks.does(page, "smaller")
    for size in SIZES:
        assert checks.state(page)["size"] == pytest.approx(18 * size / 100)
        checks.fits(page)
        checks.targets(page)
        checks.axe(page)
        checks.does(page, "larger")


def test_text_spacing(open_page):
    page = open_page(viewport={"width": 320, "height": 900})
    page.evaluate(
        """() => { const sheet = document.styleSheets[0];
          sheet.insertRule("* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
            + " word-spacing: 0.16em !important }", sheet.cssRules.length);
          sheet.insertRule("p { margin-bottom: 2em !important }", sheet.cssRules.length); }"""
    )
    checks.fits(page)


@pytest.mark.parametrize("look", ["light", "dark", "forced colours", "more contrast", "phone"])
def test_focus_shows(open_page, look):
    checks.focus_shows(open_page(**LOOKS[look]))


@pytest.mark.parametrize("look", ["light", "dark", "forced colours", "more contrast"])
def test_the_sentence_is_marked(open_page, look):
    checks.marks_the_sentence(open_page(**LOOKS[look]))


def test_text_that_is_easy_to_read(page):
    """WCAG 1.4.8: no justified text, no more than 80 characters a line, lines one and a half apart, paragraphs one and
    a half times as far."""
    for line in page.evaluate(
        """() => [...document.querySelectorAll("#text section p")].map((each) => { const style = getComputedStyle(each);
          return [style.textAlign, parseFloat(style.lineHeight) / parseFloat(style.fontSize),
            each.clientWidth / parseFloat(style.fontSize),
            1 + parseFloat(style.marginBottom) / parseFloat(style.lineHeight)]; })"""
    ):
        assert line[0] == "start"
        assert line[1] >= 1.5
        assert line[2] < 40  # em: a character of running text is about half of one
        assert line[3] >= 1.5


def test_nothing_moves(page):
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_what_a_screen_reader_is_given(page):
    checks.golden(page)


def test_no_clutter(page):
    checks.no_clutter(page)
