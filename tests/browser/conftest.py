"""A small edition of tones, served as `make serve` serves it, and a real browser that looks at it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from waitress import wasyncore

from audio.publications import publish
from skill import handlers
from skill.web import Settings, create_app
from skill.web import serve as serving
from skill.web.player import create_player
from tests.editions import edition

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


def missing(what: str) -> NoReturn:
    """A browser that is not there is a skip, which `.ci/run` does not allow."""
    pytest.skip(f"{what} is not installed: on Debian, apt-get install {what}.")


@dataclass
class Site:
    """A server of an edition that can be slow, and can be stopped."""

    folder: Path
    url: str = ""
    delay: threading.Event = field(default_factory=threading.Event)
    """While it is set, a page is answered after ten seconds."""
    over: threading.Event = field(default_factory=threading.Event)
    stop: Callable[[], None] = lambda: None


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    site, settings = Site(folder), Settings(port=0)
    app = create_app(handlers.build_skill(), settings, pages=(create_player(folder),))
    app.before_request(lambda: site.over.wait(10) and None if site.delay.is_set() else None)
    sockets: dict[int, Any] = {}
    server = serving._listen(app, settings, sockets)

    def run() -> None:
        while not site.over.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
        server.task_dispatcher.shutdown(timeout=5)
        wasyncore.close_all(sockets, ignore_all=True)

    thread = threading.Thread(target=run)
    thread.start()

    def stop() -> None:
        if not site.over.is_set():
            site.over.set()
            server.pull_trigger()
            thread.join()

    site.url, site.stop = f"http://127.0.0.1:{server.effective_port}/", stop
    try:
        yield site
    finally:
        stop()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("edition")
    publish(edition(), made)
    return made


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[Site]:
    with serve(folder) as made:
        yield made


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Any]]:
    """Starts the system's own browser, with more arguments if need be."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        missing("chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more])


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Any]) -> Iterator[Any]:
    made = launch()
    yield made
    made.close()


WATCH = """
window.messages = []; window.violations = []; window.moved = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI));
document.addEventListener("DOMContentLoaded", () => {
  for (const live of document.querySelectorAll("[aria-live]:not([aria-live=off]), [role=status], [role=alert]"))
    new MutationObserver(() => live.textContent && messages.push(live.textContent.trim()))
      .observe(live, { childList: true, characterData: true, subtree: true });
  new MutationObserver((all) => { for (const one of all) if (one.target === document.activeElement)
    moved.push(one.target.id + " " + one.attributeName); })
    .observe(document.body, { attributes: true, subtree: true, attributeFilter: ["aria-valuetext", "aria-label"] });
});
"""


@pytest.fixture
def open_page(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Opens the player: `open_page(url=…, keeps=…, **context)`; a fault of the script fails the test."""
    opened, faults = [], []

    def open_(url: str = site.url, route: Callable[[Any], None] | None = None, **options: Any) -> Any:
        options.setdefault("service_workers", "block")
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = browser.new_context(**options)
        opened.append(context)
        context.set_default_timeout(5000)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if route:
            page.route("**/*", route)
        page.goto(url)
        return page

    yield open_
    for context in opened:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    return open_page()
