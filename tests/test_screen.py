"""What a device with a screen gets: data for one document, each word once, touches that do what words do."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import preview
import pytest
from lambda_client import LOCALES, Device, Heard, envelope, plain, request
from screens import THEMES, VIEWPORTS, Screen, with_screen

import lambda_function
from skill import dialogue, handlers, page, screen
from skill.dialogue.turn import TEXT_SIZES

ROOT = Path(__file__).parents[1]
LIMIT = 24_000
"""Bytes of a whole response, by Amazon's older and stricter figure."""

Json = dict[str, Any]

SECTIONS: list[tuple[str, dict[str, str | None]]] = [
    ("OverviewIntent", {}), ("NoTreatmentIntent", {}), ("ClinicalTrialsIntent", {}), ("ReadAllIntent", {}),
    ("TopicIntent", {"recurrence": "local"}), ("TopicIntent", {"recurrence": "distant"}),
    ("TopicIntent", {"recurrence": "both"}), ("NextSentenceIntent", {}),
    *(("TopicIntent", {"treatment": treatment, "recurrence": recurrence})
      for treatment in ("surgery", "radiation", "chemotherapy") for recurrence in ("local", "distant", "both")),
]  # fmt: skip


def properties(heard: Heard) -> Json:
    shown: Json = heard.body["directives"][0]["datasources"]["screen"]["properties"]
    return shown


def spoken_by_screen(heard: Heard) -> list[str]:
    """What the screen's commands speak, in their order, each checked to be there to be spoken."""
    render, *rest = heard.body["directives"]
    if not rest:
        return []
    (execute,) = rest
    assert execute["type"] == "Alexa.Presentation.APL.ExecuteCommands"
    assert execute["token"] == render["token"]
    (sequence,) = execute["commands"]
    shown = render["datasources"]["screen"]
    outputs = {each["outputName"]: each for each in shown["transformers"]}
    said = []
    for command in sequence["commands"]:
        assert (command["type"], command["highlightMode"]) == ("SpeakItem", "line")
        number = re.fullmatch(r"line(\d+)", command["componentId"])[1]
        transformer = outputs.pop(f"said{number}")
        assert transformer["transformer"] == "ssmlToSpeech"
        said.append(plain({"ssml": shown["properties"][transformer["inputPath"]]}))
        assert shown["properties"]["lines"][int(number)]["text"].rstrip(".") == said[-1].rstrip(".")
    assert not outputs, "every sentence that is made into speech is spoken"
    return said


def sentences(text: str) -> Counter[str]:
    return Counter(re.split(r"(?<=[.?!])\s+", text))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("asks", "slots"), SECTIONS)
def test_a_section_is_heard_once_by_two_voices(asks: str, slots: dict[str, str | None], locale: str) -> None:
    dot, show = Device(locale).ask(asks, **slots), Screen(locale).ask(asks, **slots)
    items = spoken_by_screen(show)
    line = page.load(locale).prompts.screen_reading.line()
    if dot.topic is None or "same place, somewhere else" in dot.speech:  # nothing is read
        assert items == []
        assert show.ssml == dot.ssml
        return
    assert items
    heard = sentences(show.speech) + sentences(" ".join(items))
    assert heard == sentences(dot.speech) + sentences(line)
    assert show.speech.endswith("?")
    assert (show.topic, show.reprompt, show.open) == (dot.topic, dot.reprompt, dot.open)
    assert show.card == dot.card
    assert show.attributes == dot.attributes


@pytest.mark.parametrize("locale", LOCALES)
def test_every_response_is_small_enough(locale: str) -> None:
    for asks in (*dialogue.ANSWERS, *(intent for topic in page.load(locale).topics for intent in topic.intents)):
        assert len(json.dumps(Screen(locale).ask(asks).response)) < LIMIT, asks
    device = Screen(locale)
    for asks, slots in [*SECTIONS, ("ReadAllIntent", {}), ("AMAZON.YesIntent", {}), ("AMAZON.YesIntent", {})]:
        assert len(json.dumps(device.ask(asks, **slots).response)) < LIMIT, asks


def test_the_whole_page_is_read_part_by_part_with_its_labels() -> None:
    device, dot = Screen(), Device()
    line = page.load().prompts.screen_reading.line()
    for asks in ("ReadAllIntent", "AMAZON.YesIntent", "AMAZON.YesIntent"):
        show, told = device.ask(asks), dot.ask(asks)
        items = spoken_by_screen(show)
        assert sentences(show.speech) + sentences(" ".join(items)) == sentences(told.speech) + sentences(line)
    assert len(items) > 8


def test_what_is_read_for_both_recurrences_has_a_heading_for_each() -> None:
    heard = Screen().ask("TopicIntent", treatment="radiation", recurrence="both")
    shown = properties(heard)
    assert (shown["trail"], shown["title"]) == ("", "Radiation therapy")
    headings = ["Radiation therapy, for a local recurrence", "Radiation therapy, for a distant recurrence"]
    assert [line["text"] for line in shown["lines"] if line["heading"]] == headings
    assert [each for each in spoken_by_screen(heard) if each.rstrip(".") in headings] == [f"{headings[1]}."]


def test_all_that_is_heard_can_be_read() -> None:
    asked = [*SECTIONS, *((intent, {}) for intent in dialogue.ANSWERS if intent not in QUIET)]
    for asks, slots in asked:
        heard = Screen().ask(asks, **slots)
        shown = properties(heard)
        read = " ".join([
            shown["title"] + ".", *(line["text"] for line in shown["lines"]), shown["note"], shown["question"],
        ])  # fmt: skip
        own = page.load().prompts.screen_reading.line()
        for sentence in sentences(heard.speech):
            assert sentence.rstrip(".") in read or sentence == own, (asks, slots)


def test_title_trail_and_one_sentence() -> None:
    device = Screen()
    shown = properties(device.ask("TopicIntent", treatment="surgery", recurrence="local"))
    assert (shown["trail"], shown["title"]) == ("Local recurrence › Surgery", "Surgery, for a local recurrence")
    assert properties(device.ask("AMAZON.PreviousIntent"))["trail"] == page.load().title
    assert properties(device.ask("OverviewIntent"))["trail"] == ""
    first = device.ask("PreviousSentenceIntent")
    assert len(properties(first)["lines"]) == 6, "all of the section stays in sight"
    assert len(spoken_by_screen(first)) == 1


def test_speed_is_kept_in_what_the_screen_speaks() -> None:
    device = Screen()
    device.ask("OverviewIntent")
    slower = device.ask("SlowerIntent")
    assert '<prosody rate="85%">' in properties(slower)["ssml1"]
    assert '<prosody rate="85%">' in slower.ssml


def test_an_emergency_is_large_and_alone() -> None:
    heard = Screen("en-GB").ask("EmergencyIntent")
    shown = properties(heard)
    assert (shown["number"], shown["title"], shown["buttons"], shown["choices"]) == ("999", "Call 999", [], [])
    assert heard.speech.startswith("Call 999 now")
    assert not heard.open
    assert properties(Screen().ask("CrisisIntent"))["number"] == "988"
    assert properties(Screen("en-NZ").ask("EmergencyIntent"))["number"] == ""  # no number is guessed


def test_crisis_numbers_stay_large_when_they_are_said_again() -> None:
    device = Screen()
    for asks in ("CrisisIntent", "AMAZON.YesIntent", "AMAZON.RepeatIntent"):
        assert properties(device.ask(asks))["number"] == "988"


def test_an_emergency_during_a_recording_is_shown_and_stops_it() -> None:
    for asks, number in (("EmergencyIntent", "911"), ("CrisisIntent", "988")):
        sent = with_screen(envelope(request(asks), new=True))
        player = {"token": "edition-1:local", "playerActivity": "PLAYING", "offsetInMilliseconds": 5}
        sent["context"]["AudioPlayer"] = player
        heard = Heard(lambda_function.lambda_handler(sent, None))
        assert properties(heard)["number"] == number
        assert "AudioPlayer.Stop" in [each["type"] for each in heard.body["directives"]]


def test_a_screen_that_fails_costs_no_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    screen._document.cache_clear()
    monkeypatch.setattr(screen, "DOCUMENT", tmp_path / "missing.json")
    heard = Screen().ask("EmergencyIntent")
    assert heard.speech.startswith("Call 911 now")
    assert not heard.body.get("directives")
    assert Screen().ask("OverviewIntent").ssml == Device().ask("OverviewIntent").ssml


def test_a_goodbye_shows_nothing() -> None:
    assert not Screen().ask("AMAZON.StopIntent").body.get("directives")


def test_text_grows_and_shrinks_and_stays_for_the_session() -> None:
    device = Screen()
    device.ask("TopicIntent", recurrence="local")
    sizes, said = [], []
    for asks in (*3 * ["LargerTextIntent"], *4 * ["SmallerTextIntent"], "NormalTextIntent", "LargerTextIntent"):
        heard = device.ask(asks)
        sizes.append(properties(heard)["size"])
        said.append(heard.speech)
        assert properties(heard)["title"] == "Local recurrence", "the section stays in sight"
        assert spoken_by_screen(heard) == []
    assert sizes == [TEXT_SIZES[each] for each in (2, 3, 3, 2, 1, 0, 0, 1, 2)]
    assert "as large as" in said[2]
    assert "as small as" in said[6]
    assert properties(device.ask("AMAZON.NextIntent"))["size"] == TEXT_SIZES[2]
    assert properties(Screen().ask("OverviewIntent"))["size"] == TEXT_SIZES[1]


def test_nobody_s_attributes_choose_another_size() -> None:
    for size in (-1, 4, 99, "2", True, 1.5, None):
        sent = with_screen(envelope(request("OverviewIntent"), {"size": size}))
        answer = lambda_function.lambda_handler(sent, None)
        shown = answer["response"]["directives"][0]["datasources"]["screen"]["properties"]
        assert shown["size"] == TEXT_SIZES[1]


QUIET = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")

SCREENS = (
    ("LaunchRequest", {}), ("AMAZON.HelpIntent", {}), ("ListTopicsIntent", {}), ("AMAZON.FallbackIntent", {}),
    ("TopicIntent", {"treatment": "radiation"}), ("TopicIntent", {"recurrence": "local"}), ("AboutIntent", {}),
)  # fmt: skip


@pytest.mark.parametrize(("asks", "slots"), SCREENS)
def test_a_touch_does_just_what_the_word_does(asks: str, slots: dict[str, str]) -> None:
    shown = properties(Screen().ask(asks, **slots))
    touches = [*shown["buttons"], *shown["choices"]]
    assert len(touches) >= 7
    for each in touches:
        assert each["label"]
        assert each["say"], "a screen reader has a name for it"
        word, finger = Screen(), Screen()
        word.ask(asks, **slots)
        finger.ask(asks, **slots)
        intent, treatment, recurrence = each["does"]
        filled = {"treatment": treatment, "recurrence": recurrence}
        said = word.ask(intent, **{name: value for name, value in filled.items() if value})
        assert finger.touch(*each["does"]).response == said.response
        assert asks == "AMAZON.FallbackIntent" or "does not answer" not in said.speech


def test_every_section_is_a_choice() -> None:
    shown = properties(Screen().ask("LaunchRequest"))
    assert [each["label"] for each in shown["choices"]] == [topic.title for topic in page.load().topics]
    topics = [Screen().touch(*each["does"]).topic for each in shown["choices"]]
    assert topics == [topic.id for topic in page.load().topics]


UNKNOWN = (
    (), ("",), ("Delete",), ("OverviewIntent", "appendix"), ("TopicIntent", "surgery", "nowhere"), (5,), (None,),
    ({"a": 1},), ("TopicIntent", 5), ("x" * 5000,), (["OverviewIntent"],),
)  # fmt: skip


@pytest.mark.parametrize("arguments", UNKNOWN, ids=str)
def test_a_touch_that_is_none_of_ours_is_left_alone(arguments: tuple[Any, ...]) -> None:
    device = Screen()
    device.ask("TopicIntent", recurrence="local")
    before = dict(device.attributes)
    heard = device.touch(*arguments)
    assert heard.body == {}
    assert json.dumps(heard.attributes) == json.dumps(before)
    assert device.ask("AMAZON.NextIntent").topic == "local.surgery"


@pytest.mark.parametrize("kind", ["RuntimeError", "LoadIndexListData", "LoadTokenListData", "OfTomorrow"])
def test_what_else_the_screen_tells_gets_silence(kind: str) -> None:
    sent = with_screen(envelope({**request("LaunchRequest"), "type": f"Alexa.Presentation.APL.{kind}"}))
    assert lambda_function.lambda_handler(sent, None)["response"] == {}


def test_a_device_without_a_screen_gets_no_more_than_before() -> None:
    """The same bytes whether it says that it has no screen, has another kind, or says nothing."""
    asked = [*SECTIONS, *((intent, {}) for intent in dialogue.ANSWERS)]
    for asks, slots in asked:
        answers = set()
        for interfaces in ({}, {"Alexa.Presentation.APLT": {"runtime": {"maxVersion": "1.0"}}}, {"Display": {}}, None):
            sent = envelope(request(asks, slots), {"reading": "local"})
            sent["context"]["System"]["device"]["supportedInterfaces"] = interfaces
            answers.add(json.dumps(lambda_function.lambda_handler(sent, None)))
        (answer,) = answers
        assert "Alexa.Presentation" not in answer
        assert "size" not in json.loads(answer).get("sessionAttributes", {})


def test_alexa_s_own_classes_know_every_directive() -> None:
    from ask_sdk_model import Directive

    serializer = handlers.LenientSerializer()
    for directive in Screen().ask("OverviewIntent").body["directives"]:
        assert serializer.serialize(serializer.deserialize(json.dumps(directive), Directive)) == directive


def test_every_component_of_the_document_that_is_touched_has_a_name_and_a_role() -> None:
    touchable = [each for each in _components(json.loads(screen.DOCUMENT.read_text())) if "onPress" in each]
    assert touchable
    for each in touchable:
        assert each["role"] == "button"
        assert each["accessibilityLabel"] == "${say}"
        assert int(each["minHeight"].removesuffix("dp")) >= 48
        assert int(each["minWidth"].removesuffix("dp")) >= 48


def _components(node: Any) -> list[Json]:
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = [node] if isinstance(node, dict) and "type" in node else []
    return own + [each for child in inside for each in _components(child)]


# ── with programs from outside: Amazon's validator, and Chromium ──


def _validated(*files: Path) -> list[list[Json]]:
    """What Amazon's validator finds in documents, or a skip."""
    folder = os.environ.get("APL_SUGGESTER")
    if not folder or not shutil.which("node"):
        pytest.skip("Amazon's validator: npm install apl-suggester, and name its folder in APL_SUGGESTER")
    command = ["node", str(ROOT / "tests" / "apl.js"), str(Path(folder).resolve()), *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[list[Json]] = json.loads(ran.stdout)
    return found


def test_amazon_s_validator_finds_nothing(tmp_path: Path) -> None:
    assert _validated(screen.DOCUMENT) == [[]]


DAMAGES = (
    ('"fontWeight": "700"', '"fontWeight": "fat"'), ('"direction": "row"', '"direction": "sideways"'),
    ('"maxLines": 3', '"maxLines": "three"'),
)  # fmt: skip


@pytest.mark.parametrize(("this", "that"), DAMAGES)
def test_amazon_s_validator_does_find_faults(this: str, that: str, tmp_path: Path) -> None:
    text = screen.DOCUMENT.read_text(encoding="utf-8")
    assert this in text
    damaged = tmp_path / "damaged.json"
    damaged.write_text(text.replace(this, that), encoding="utf-8")
    assert _validated(damaged) != [[]]


@pytest.fixture(scope="module")
def drawn() -> dict[tuple[str, str, str], Json]:
    """Every scene on every device in every theme, as Chromium draws it: texts, colours, sizes."""
    if preview.CHROMIUM is None:
        pytest.skip("there is no Chromium to draw the screens")
    keys, pages = [], []
    for name, turns in preview.SCENES:
        render = preview.scene(turns)
        for device, viewport in VIEWPORTS.items():
            for theme in THEMES:
                keys.append((name, device, theme))
                pages.append(preview.page(render, viewport, theme, "line1"))
    return dict(zip(keys, preview.drawn(pages), strict=True))


def _luminance(color: str) -> float:
    """Of "#RRGGBB", by WCAG 2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_every_text_has_seven_to_one(drawn: dict[tuple[str, str, str], Json]) -> None:
    pairs = {(each["color"], each["on"], key[2]) for key, told in drawn.items() for each in told["text"]}
    assert {theme for *_, theme in pairs} == set(THEMES)
    assert len(pairs) >= 10
    low = {pair: contrast(pair[0], pair[1]) for pair in pairs if contrast(pair[0], pair[1]) < 7}
    assert not low


def test_the_sentence_that_is_spoken_has_a_colour_of_its_own(drawn: dict[tuple[str, str, str], Json]) -> None:
    for (name, *_), told in drawn.items():
        if name == "section":
            assert len({each["color"] for each in told["text"] if each["size"] == told["text"][2]["size"]}) >= 2


def test_touch_targets_are_large_and_nothing_is_cut_off(drawn: dict[tuple[str, str, str], Json]) -> None:
    assert len(drawn) == len(preview.SCENES) * len(VIEWPORTS) * len(THEMES)
    for key, told in drawn.items():
        assert told["missing"] == [], key
        assert told["text"], key
        width = VIEWPORTS[key[1]]["width"]
        for each in told["touch"]:
            assert each["width"] >= 48, (key, each)
            assert each["height"] >= 48, (key, each)
            assert each["role"] == "button"
            assert each["label"]
        for each in (*told["touch"], *told["text"]):
            assert each["left"] >= 0, (key, each)
            assert each["right"] <= width, (key, each)
            assert not each["cut"], (key, each)


def test_the_previews_can_be_made(tmp_path: Path) -> None:
    if preview.CHROMIUM is None:
        pytest.skip("there is no Chromium to draw the screens")
    render = preview.scene([("EmergencyIntent", {})])
    target = tmp_path / "emergency.png"
    preview.picture(preview.page(render, VIEWPORTS["hub-round"], "dark"), VIEWPORTS["hub-round"], target)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_another_size_changes_nothing_else() -> None:
    """A crisis line's number stays where somebody asks to see it larger; an offer still stands after a section."""
    for before in ("OverviewIntent", "CrisisIntent"):
        device = Screen()
        device.ask("OverviewIntent")
        device.ask(before)
        device.ask("LargerTextIntent")
        heard = device.ask("SmallerTextIntent")
        assert properties(heard)["number"] == ("988" if before == "CrisisIntent" else "")
        assert device.ask("AMAZON.YesIntent").topic == (None if before == "CrisisIntent" else "local")
        assert ("988" in device.ask("AMAZON.RepeatIntent").speech) == (before == "CrisisIntent")
