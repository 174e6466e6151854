"""Previews of the screens, by Chromium: pictures for developers, and the sizes and colours that the tests judge.

    python -m tests.preview FOLDER      a picture of each screen on each device, in each theme

`preview.js` draws what skill/screen.json says as HTML; it is not Amazon's viewer, which can't be installed.
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from screens import THEMES, VIEWPORTS, Screen

Json = dict[str, Any]

SCRIPT = Path(__file__).with_name("preview.js")
CHROMIUM = os.environ.get("PUPPETEER_EXECUTABLE_PATH") or shutil.which("chromium") or shutil.which("google-chrome")

SCENES = (
    ("launch", [("LaunchRequest", {})]),
    ("section", [("TopicIntent", {"treatment": "surgery", "recurrence": "local"})]),
    ("which", [("TopicIntent", {"treatment": "radiation"})]),
    ("emergency", [("EmergencyIntent", {})]),
    ("crisis", [("CrisisIntent", {})]),
    ("larger", [("OverviewIntent", {}), ("LargerTextIntent", {}), ("LargerTextIntent", {})]),
    ("both", [("TopicIntent", {"treatment": "radiation", "recurrence": "both"})]),
)


def scene(turns: list[tuple[str, dict[str, str]]], locale: str = "en-CA") -> Json:
    """What a screen shows after some turns: its RenderDocument directive."""
    device = Screen(locale)
    for asks, slots in turns:
        heard = device.ask(asks, **slots)
    render: Json = heard.body["directives"][0]
    return render


def page(render: Json, viewport: Json, theme: str, speaking: str | None = None) -> str:
    """The preview as HTML."""
    given = {
        "document": render["document"],
        "datasources": {"screen": render["datasources"]["screen"]},
        "viewport": {**viewport, "theme": "light" if theme == "light" else "dark"},
        "environment": {"screenMode": "high-contrast" if theme == "high-contrast" else "normal"},
        "speaking": speaking,
    }
    return (
        '<!DOCTYPE html><meta charset="utf-8"><body style="margin:0;font-family:sans-serif"><div id="stage"></div>'
        f'<script id="told" type="application/json"></script><script>window.GIVEN = {json.dumps(given)};</script>'
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"
    )


def _chromium(source: str, *options: str) -> str:
    assert CHROMIUM, "there is no Chromium"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "preview.html"
        file.write_text(source, encoding="utf-8")
        command = [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/user",
        ]
        ran = subprocess.run(
            [*command, *options, file.as_uri()], capture_output=True, text=True, check=True, timeout=60
        )
    return ran.stdout


def drawn(pages: list[str]) -> list[Json]:
    """What each page drew: texts with their colours, touch targets with their sizes, in dp."""
    frames = "".join(f'<iframe srcdoc="{html.escape(each)}" width="2000" height="2200"></iframe>' for each in pages)
    gather = (
        "<script>onload = () => { document.title = 'x'; document.getElementById('all').textContent = JSON.stringify("
        "[...document.querySelectorAll('iframe')].map(f => JSON.parse("
        "f.contentDocument.getElementById('told').textContent))); }</script>"
    )
    source = f'<!DOCTYPE html><meta charset="utf-8"><script id="all" type="application/json"></script>{frames}{gather}'
    found = re.search(r'<script id="all" type="application/json">(.*?)</script>', _chromium(source, "--dump-dom"), re.S)
    assert found
    read: list[Json] = json.loads(found[1])
    return read


def picture(source: str, viewport: Json, target: Path) -> None:
    """A PNG of the page."""
    _chromium(source, f"--screenshot={target}", f"--window-size={viewport['width']},{viewport['height']}")


def main(folder: Path) -> None:
    """Every scene on every device in the dark theme, and the section in every theme."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, turns in SCENES:
        render = scene(turns)
        for device, viewport in VIEWPORTS.items():
            for theme in THEMES if name == "section" else THEMES[:1]:
                source = page(render, viewport, theme, "line1" if name == "section" else None)
                picture(source, viewport, folder / f"{name}-{device}-{theme}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
