"""Debian's Chromium, driven by playwright; and the server in a process of its own. A missing browser fails in CI."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 60

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

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


def chromium() -> str:
    """The browser's path; without one the test is skipped, but fails in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell("Chromium is not installed: apt-get install chromium")
    return str(found)


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *more])
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(running: Browser, url: str, **how: Any) -> Iterator[Page]:
    """A page in a context of its own; afterwards it must have had no fault, and broken no policy."""
    context = running.new_context(**how)
    context.grant_permissions(["microphone"])
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(WATCH)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request", lambda asked: asked.url.startswith((url[: url.index("/", 8)], "blob:")) or faults.append(asked.url)
    )
    try:
        page.goto(url)
        yield page
        assert page.evaluate("() => violations") == []
        assert faults == []
    finally:
        context.close()


@contextmanager
def serving(*before: str) -> Iterator[str]:
    """The address of `python -m skill serve`; `before` is Python that is run first in its process."""
    program = "; ".join(["import sys", *before, "from skill.__main__ import main", "sys.exit(main())"])
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, "serve", "--port", "0"],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ | {"SKILL_ID": "", "PUBLIC_HOST": ""},
    )  # fmt: skip
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert "Serving on " in line, line
        yield line.split()[2]
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
