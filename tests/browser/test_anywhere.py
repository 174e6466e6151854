"""The page from a folder, without JavaScript, without a network, and when a new edition comes."""

import json
import shutil
import time
from urllib.parse import unquote

from audio.publications import publish
from tests.browser import checks
from tests.browser.checks import does, state, until
from tests.browser.conftest import serve
from tests.editions import edition


def test_from_a_folder(open_page, folder):
    page = open_page((folder / "index.html").as_uri())
    does(page, "section_on")
    does(page, "play")
    until(page, "document.getElementById('clock').textContent > '0:06'")
    assert state(page)["button"] == "Pause"


def test_without_javascript(open_page, folder):
    page = open_page(java_script_enabled=False)
    text = page.locator("body").inner_text()
    index = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    for topic in index["topics"]:
        for spoken in topic["spoken"]:
            assert spoken["text"].rstrip(".") in text
    assert page.locator("audio[controls]").count() == 11
    assert [page.locator(each).first.is_visible() for each in (".panel", ".size", ".heading button")] == [False] * 3
    for audio in page.locator("audio").all():
        assert (folder / unquote(audio.get_attribute("src"))).is_file()


def test_no_request_to_others_and_no_violation(open_page, site):
    asked = []
    page = open_page("about:blank")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    does(page, "sentence_on")
    page.wait_for_timeout(500)
    assert asked
    assert all(url.startswith(site.url) for url in asked)
    checks.clean(page)


def test_no_sound_is_fetched_before_it_is_played(open_page, site):
    asked = []
    page = open_page("about:blank")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    page.wait_for_timeout(300)
    assert not [url for url in asked if ".mp3" in url]


def test_the_page_is_light(folder):
    files = [folder / "index.html", folder / "sw.js", *(folder / "player").iterdir()]
    assert sum(file.stat().st_size for file in files) < 60_000


def test_downloads_are_there(page, folder):
    links = page.locator(".files a").all()
    assert len(links) == 6
    for link in links:
        assert (folder / unquote(link.get_attribute("href"))).is_file()
        assert "bytes" in link.inner_text()


def installed(open_page, site):
    page = open_page(site.url, service_workers="allow")
    page.locator("#offline").wait_for(state="visible", timeout=10_000)
    return page


def test_offline_it_reloads_seeks_and_plays(open_page, folder):
    with serve(folder) as site:
        page = installed(open_page, site)
        site.stop()
        page.reload()
        does(page, "forward")
        does(page, "play")
        until(page, "document.getElementById('clock').textContent > '0:30'")
        assert state(page)["here"].startswith("Section 10 ")
        until(page, "document.getElementById('clock').textContent > '0:31'")
        answer = page.evaluate(
            """async () => { const { sections } = JSON.parse(document.getElementById("data").textContent);
              const url = sections[9].src + "?v=" + sections[9].hash;
              const ask = async (range) => { const answer = await fetch(url, { headers: { Range: range } });
                return [answer.status, (await answer.arrayBuffer()).byteLength, answer.headers.get("Content-Range")]; };
              return [await ask("bytes=10-19"), await ask("bytes=-5"), await ask("bytes=99999999-")]; }"""
        )
        size = next(folder.glob("09 *.mp3")).stat().st_size
        assert answer[0] == [206, 10, f"bytes 10-19/{size}"]
        assert answer[1] == [206, 5, f"bytes {size - 5}-{size - 1}/{size}"]
        assert answer[2][:2] == [416, 0]


def test_a_network_that_is_too_slow_is_not_waited_for(open_page, folder):
    with serve(folder) as site:
        page = installed(open_page, site)
        site.delay.set()
        start = time.monotonic()
        page.reload(timeout=9000)
        assert state(page)["button"] == "Play"
        assert 1.5 < time.monotonic() - start < 6
        site.delay.clear()


def test_a_new_text_comes_with_the_next_visit(open_page, folder, tmp_path):
    made = tmp_path / "edition"
    shutil.copytree(folder, made)
    with serve(made) as site:
        page = installed(open_page, site)
        assert "radiotherapy" not in page.locator("#text").inner_text()
        shutil.rmtree(made)
        made.mkdir()
        publish(edition("en-GB"), made)
        page.reload()
        assert "radiotherapy" in page.locator("#text").inner_text()
        until(page, "caches.keys().then((names) => names.length === 2)")
        until(
            page,
            "navigator.serviceWorker.getRegistration().then((one) => !one.waiting && !one.installing)",
        )
        site.stop()
        page.reload()
        assert "radiotherapy" in page.locator("#text").inner_text()
        does(page, "play")
        until(page, "document.getElementById('clock').textContent > '0:00'")


def test_it_can_be_installed(page, folder):
    manifest = json.loads((folder / "player" / "app.webmanifest").read_text(encoding="utf-8"))
    assert manifest["display"] == "standalone"
    assert manifest["name"] == "Treatments for recurrent soft tissue sarcoma"
    for icon in manifest["icons"]:
        assert (folder / "player" / icon["src"]).is_file()
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []
