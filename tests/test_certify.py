"""The certification checklist: clean packages pass, a seeded fault is found by its own rule alone, rubbish is told."""

import contextlib
import copy
import itertools
import json
import os
import re
import shutil
import string
import struct
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated import ROOT

from interaction_model import __main__ as command
from interaction_model import build, certify, icon, png
from interaction_model.certify import package, reply, spoken, told
from interaction_model.certify.rules import rules

Json = dict[str, Any]
DATA = Path(__file__).parent / "data" / "certify"
STRETCHES = DATA / "stretches"
FAULTS: list[Json] = tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))["fault"]
REPLIES = tomllib.loads((DATA / "replies.toml").read_text(encoding="utf-8"))


def named(faults: list[Json]) -> list[str]:
    """Ids for the tests of some faults."""
    return [f"{fault['rule']}-{at}" for at, fault in enumerate(faults)]


def broken(report: certify.Report) -> set[str]:
    """The rules that found something."""
    return {result.rule.id for result in report.results if result.faults}


# ── every rule has its fault ──


def test_every_rule_has_a_check_and_a_seeded_fault_and_tells_its_source() -> None:
    by_kind = {"package": package.CHECKS, "fill in": package.CHECKS, "told": told.CHECKS, "reply": reply.CHECKS}
    for rule in rules().values():
        assert rule.id in by_kind[rule.kind]
        assert rule.url.startswith("https://")
        assert all(text.endswith(".") for text in (rule.rule, rule.mend))
    assert rules().keys() == {*package.CHECKS, *told.CHECKS, *reply.CHECKS}
    seeded = {fault["rule"] for fault in (*FAULTS, *REPLIES["fault"], *REPLIES["promise"])}
    assert seeded == rules().keys()


# ── packages ──


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the clean package, to damage."""
    return Path(shutil.copytree(STRETCHES, tmp_path / "stretches"))


def test_a_clean_package_of_another_team_passes() -> None:
    report = certify.certify(STRETCHES)
    assert broken(report) == set()
    assert {result.rule.kind for result in report.of("not checked")} == {"told", "reply"}


def damage(folder: Path, change: Json) -> None:
    """Makes one change of `faults.toml`."""
    for file in folder.rglob(change["file"].rpartition("/")[2]):
        if change["file"] == "*.json" and file.name == "skill.json":
            continue
        if "delete" in change:
            file.unlink()
        elif "bytes" in change:
            file.write_text(change["bytes"], encoding="utf-8")
        elif "copy" in change:
            shutil.copy(folder / change["copy"], file)
        elif "draw" in change:
            file.write_bytes(png.write(drawn(change["draw"], png.size(file.read_bytes())[0])))
        else:
            told = json.loads(file.read_text(encoding="utf-8"))
            alter(told, change)
            file.write_text(json.dumps(told), encoding="utf-8")


def alter(told: Any, change: Json) -> None:
    """Changes a place in a file's JSON."""
    *way, last = change["at"]
    for key in way:
        told = told[key]
    if "remove" in change:
        del told[last]
    elif "replace" in change:
        old, new = change["replace"]
        assert old in told[last], "the damage did nothing"
        told[last] = told[last].replace(old, new)
    elif "words" in change:
        told[last] += itertools.islice(made_up_words(), change["words"])
    elif "append" in change:
        added = change["append"] * change.get("times", 1) if isinstance(change["append"], str) else change["append"]
        told[last].append(added)
    else:
        told[last] = change["set"] * change.get("times", 1) if isinstance(change["set"], str) else change["set"]


def made_up_words() -> Iterator[str]:
    return ("x" + "".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=4))


def drawn(kind: str, side: int) -> png.Picture:
    """A bad icon."""
    picture = np.full((side, side, 4), 255, np.uint8)
    picture[:, :, :3] = (122, 28, 40)
    middle = slice(side // 4, 3 * side // 4)
    if kind == "faint":
        picture[middle, middle, :3] = (150, 40, 55)
    elif kind == "corner":
        picture[: side // 4, : side // 4, :3] = 255
        picture[middle, middle, :3] = 255
    else:
        picture[middle, middle][::4, :, :3] = 255
    return picture


@pytest.mark.parametrize("fault", FAULTS, ids=named(FAULTS))
def test_a_seeded_fault_is_found_by_its_own_rule_alone(fault: Json, copied: Path) -> None:
    for change in fault["changes"]:
        damage(copied, change)
    report = certify.certify(copied)
    assert broken(report) == {fault["rule"]}
    wanted = "to be filled in" if fault["rule"].startswith("fill-in") else "fail"
    assert [result.rule.id for result in report.of(wanted)] == [fault["rule"]]


@pytest.mark.parametrize("change", ["category", "locale"])
def test_what_is_for_health_skills_or_english_ones_is_not_asked_of_others(change: str, copied: Path) -> None:
    if change == "category":
        damage(copied, {"file": "skill.json", "at": ["manifest", "publishingInformation", "category"], "set": "GAMES"})
        asked = {"health.advice", "health.information", "health.professionals", "health.emergency"}
    else:
        for file in copied.rglob("*.json"):
            file.write_text(file.read_text(encoding="utf-8").replace("en-US", "it-IT").replace("en-GB", "de-DE"))
            file.rename(file.with_stem({"en-US": "it-IT", "en-GB": "de-DE"}.get(file.stem, file.stem)))
        asked = {"invocation.launch", "invocation.articles", "examples.samples", "health.advice"}
    report = certify.certify(copied)
    assert broken(report) == set()
    assert asked <= {result.rule.id for result in report.of("not checked")}


def test_a_folder_that_holds_the_package_will_do(tmp_path: Path) -> None:
    shutil.copytree(STRETCHES, tmp_path / "skill-package")
    assert broken(certify.certify(tmp_path)) == set()


# ── our own ──


@pytest.fixture
def surrounded() -> Iterator[None]:
    """Where our skill has an edition to play."""
    with certify.surroundings():
        yield


@pytest.fixture(scope="module")
def one_locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our package with one model, so that a walk is short."""
    folder = tmp_path_factory.mktemp("one") / "package"
    shutil.copytree(build.PACKAGE, folder)
    for file in (folder / "interactionModels" / "custom").glob("*.json"):
        if file.stem != "en-GB":
            file.unlink()
    return folder


@pytest.mark.usefixtures("surrounded")
def test_our_own_package_and_every_first_reply_pass() -> None:
    """Every reply, and every reply to that one, is what `make certify` walks; here only the first."""
    folder, skill = certify.ours()
    report = certify.certify(folder, skill, depth=1)
    assert report.of("fail") == []
    assert report.of("not checked") == []
    assert {each.rule.id for each in report.of("to be filled in")} == {"fill-in.privacy", "fill-in.endpoint"}


def test_nobody_s_memory_hears_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMORY_FILE", "/a/real/one")
    with certify.surroundings():
        assert "MEMORY_FILE" not in os.environ
        assert os.environ["AUDIO_BASE_URL"].startswith("https://")
    assert os.environ["MEMORY_FILE"] == "/a/real/one"
    assert "AUDIO_BASE_URL" not in os.environ


def changed(fault: Json) -> certify.Skill:
    """Our skill, some of whose replies are damaged."""
    handler = certify.ours()[1].handler
    assert handler

    def damaged(event: Json, context: object) -> Any:
        request = event["request"]
        response = handler(event, context)
        if fault["on"] not in (request["type"], request.get("intent", {}).get("name")):
            return response
        if "raises" in fault:
            raise KeyError("part")
        filler = fault.get("repeat", "") * fault.get("times", 1)
        for way in fault.get("remove", ()):
            *outer, last = way.split(".")
            del inside(response, outer)[last]
        if "ssml" in fault:
            response["response"]["outputSpeech"] = {"type": "SSML", "ssml": fault["ssml"].replace("{}", filler)}
        for way, value in fault.get("set", {}).items():
            *outer, last = way.split(".")
            filled = json.loads(json.dumps(value).replace("{}", filler)) if filler else copy.deepcopy(value)
            inside(response, outer)[last] = filled
        return response

    return certify.Skill(damaged)


def inside(response: Json, way: list[str]) -> Json:
    for key in way:
        response = response[key]
    return response


@pytest.mark.parametrize("fault", REPLIES["fault"], ids=named(REPLIES["fault"]))
def test_a_fault_in_a_reply_is_found_by_its_own_rule_alone(fault: Json, one_locale: Path) -> None:
    report = certify.certify(one_locale, changed(fault), depth=1)
    found = broken(report) & reply.CHECKS.keys()
    assert found == {fault["rule"]}
    (result,) = (each for each in report.results if each.rule.id == fault["rule"])
    assert all(each.place.startswith("en-GB, on a ") for each in result.faults)


def test_a_fault_that_only_a_second_turn_reaches_is_found(one_locale: Path) -> None:
    handler = certify.ours()[1].handler
    assert handler

    def stuck(event: Json, context: object) -> Any:
        response = handler(event, context)
        stops = event["request"].get("intent", {}).get("name") == "AMAZON.StopIntent"
        if stops and event["session"]["attributes"].get("asking"):
            response["response"]["shouldEndSession"] = False
        return response

    skill = certify.Skill(stuck)
    assert "stop.leaves" not in broken(certify.certify(one_locale, skill, depth=1))
    report = certify.certify(one_locale, skill)
    (result,) = (each for each in report.results if each.rule.id == "stop.leaves")
    assert re.fullmatch(r"en-GB, on a speaker: \w+ surgery, then AMAZON.StopIntent", result.faults[0].place)


@pytest.mark.parametrize(("slots", "ways"), [(2, 9), (3, 27), (4, 18)])
def test_of_many_slots_one_is_changed_at_a_time(slots: int, ways: int, copied: Path) -> None:
    """Three ways to fill each slot: nothing, "left" and a word that is not listed."""
    file = copied / "interactionModels" / "custom" / "en-US.json"
    model = json.loads(file.read_text(encoding="utf-8"))
    language = model["interactionModel"]["languageModel"]
    language["types"] = [{"name": "Side", "values": [{"name": {"value": "left"}}]}]
    named = [{"name": f"side{at}", "type": "Side"} for at in range(slots)]
    language["intents"] = [{"name": "SidesIntent", "slots": named, "samples": ["{side0}"]}]
    file.write_text(json.dumps(model), encoding="utf-8")
    asked = set()

    def handler(event: Json, context: object) -> None:
        request = event["request"]
        if request["locale"] == "en-US" and "intent" in request:
            asked.add(tuple(slot.get("value") for slot in request["intent"]["slots"].values()))

    report = certify.certify(copied, certify.Skill(handler), depth=1)
    assert len(asked) == ways
    assert {(None,) * slots, ("left",) * slots} < asked
    said = "Left out: SidesIntent has more than 64 ways to fill its slots; one slot was changed at a time."
    assert (said in report.lines()) == (slots == 4)


@pytest.mark.parametrize("fault", REPLIES["promise"], ids=named(REPLIES["promise"]))
def test_a_phrase_that_is_told_and_not_kept_is_found(fault: Json) -> None:
    skill = certify.ours()[1]
    assert skill.told
    promises = {phrase: promise for phrase, promise in skill.told.promises.items() if phrase != fault["phrase"]}
    if "promises" in fault:
        promises[fault["phrase"]] = fault["promises"]
    report = certify.certify(build.PACKAGE, certify.Skill(told=told.Told(promises, skill.told.phrases)))
    assert broken(report) & told.CHECKS.keys() == {fault["rule"]}


def test_the_icons_are_those_that_the_program_draws() -> None:
    for side in icon.SIZES:
        assert np.array_equal(png.read(icon.path(side).read_bytes()), icon.draw(side))


# ── the command ──


def run(*arguments: str | Path) -> int:
    return command.main(["certify", *map(str, arguments)])


def test_the_report_reads_line_by_line(capsys: pytest.CaptureFixture[str], copied: Path) -> None:
    damage(copied, FAULTS[1]["changes"][0])
    damage(copied, FAULTS[1]["changes"][1])
    address = ["manifest", "privacyAndCompliance", "locales", "en-US", "privacyPolicyUrl"]
    damage(copied, {"file": "skill.json", "at": address, "set": "https://example.org/privacy"})
    assert run(copied) == 1
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert out.isprintable() or all(line.isprintable() for line in lines), "no colours, no tabs"
    assert lines[1] == "84 rules: 51 passed, 1 failed, 1 to be filled in before submission, 31 not checked."
    assert lines[3] == "Failed, 1 of 1: invocation.words. The invocation name has two words or more."
    assert lines[4] == "Found: en-US.json: it is one word: stretches."
    assert "To be filled in before submission, 1 of 1: fill-in.privacy. The address of the privacy policy" in out
    assert lines[-1] == "Not ready: 1 rules failed. 31 rules were not checked."
    assert all(line == line.strip() for line in lines)


def test_the_report_as_json(capsys: pytest.CaptureFixture[str], copied: Path) -> None:
    damage(copied, FAULTS[1]["changes"][0])
    assert run(copied, "--json") == 1
    read = json.loads(capsys.readouterr().out)
    by_id = {rule["id"]: rule for rule in read["rules"]}
    assert list(by_id) == list(rules())
    assert by_id["invocation.words"] == {
        "id": "invocation.words",
        "status": "fail",
        "rule": "The invocation name has two words or more.",
        "source": {
            "document": "Choose the Invocation Name for a Custom Skill",
            "url": "https://developer.amazon.com/docs/custom-skills/choose-the-invocation-name-for-a-custom-skill.html",
        },
        "note": None,
        "mend": "Add a word: names of one word are for brands that can prove they own them.",
        "reason": None,
        "found": 1,
        "faults": [{"place": "en-US.json", "what": "it is one word: stretches"}],
    }


def test_what_is_to_be_filled_in_fails_only_before_submission(capsys: pytest.CaptureFixture[str], copied: Path) -> None:
    assert run(copied, "--submission") == 0
    assert "nothing is left to be filled in" in capsys.readouterr().out
    (fault,) = (each for each in FAULTS if each["rule"] == "fill-in.endpoint")
    damage(copied, fault["changes"][0])
    assert run(copied) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Not ready to submit: nothing failed, and 1 ")
    assert run(copied, "--submission") == 1


def test_another_team_s_skill_is_walked_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    promises = tmp_path / "promises.toml"
    promises.write_text('"stretch my back" = { intent = "StretchIntent", part = "back" }\n', encoding="utf-8")
    status = run(STRETCHES, "--handler", "tests.stretches_skill:handler", "--promises", promises)
    out, err = capsys.readouterr()
    assert status == 0, out
    assert err == "Calling tests.stretches_skill:handler thousands of times, with its real stores and network.\n"
    assert "Not checked: prompts.promised." in out
    assert "1 not checked." in out


def test_makefile_and_stages_run_it() -> None:
    assert "python -m interaction_model certify" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert '"interaction_model", "certify"' in (ROOT / "tests" / "stages.py").read_text(encoding="utf-8")


# ── rubbish ──


def test_nothing_there_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a-file").write_text("x")
    for folder in (tmp_path, tmp_path / "missing", tmp_path / "a-file"):
        unusable(run(folder), capsys)


def unusable(status: int, capsys: pytest.CaptureFixture[str], about: str = "") -> None:
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1, err
    assert re.search(r"\S\.$", err.strip()), err
    assert about in err


RUBBISH = {
    "not JSON": b"{", "not UTF-8": b"\xff\xfe{}", "a list": b"[]", "nothing": b"", "a number": b"7", "null": b"null",
    "half a character": b'{"manifest": {"name": "\\ud800"}, "interactionModel": "\\ud800"}',
    "deep": b"[" * 200_000, "digits": b"1" * 5000, "huge": b" " * 10_000_001,
    "other": b'{"manifest": [], "interactionModel": {"languageModel": []}}',
    "inner": b'{"manifest": {"publishingInformation": 5}, "interactionModel": {"languageModel": {"intents": 1}}}',
}  # fmt: skip


@pytest.mark.parametrize("file", ["skill.json", "interactionModels/custom/en-GB.json"])
@pytest.mark.parametrize("rubbish", RUBBISH)
def test_a_file_of_rubbish_is_told_in_a_sentence(
    rubbish: str, file: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / file).write_bytes(RUBBISH[rubbish])
    unusable(run(copied), capsys, Path(file).name)


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        (["--handler", "no_such_module:handler"], "no_such_module:handler"),
        (["--handler", "json:no_such_function"], "json:no_such_function"),
        (["--handler", "json"], "module:function"),
        (["--handler", "json:__name__"], "no function"),
        (["--promises", "no-such-file.toml"], "no-such-file.toml"),
        (["--promises", "Makefile"], "not TOML"),
        (["--promises", "pyproject.toml"], "pyproject.toml"),
    ],
)
def test_what_is_given_of_a_skill_and_is_rubbish(
    arguments: list[str], about: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    unusable(run(STRETCHES, *arguments), capsys, about)


def test_options_for_another_s_package_need_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    unusable(run("--handler", "json:loads"), capsys, "give its folder")


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in some JSON."""
    yield way
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*way, key))


FILES = [file.relative_to(STRETCHES) for file in sorted(STRETCHES.rglob("*.json"))]
PLACES = [
    (file, way) for file in FILES for way in places(json.loads((STRETCHES / file).read_text(encoding="utf-8"))) if way
]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ANY_JSON), min_size=1, max_size=3))
def test_a_value_of_any_kind_anywhere_is_a_finding_or_a_sentence(
    changes: list[tuple[Any, Any]], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(STRETCHES, tmp_path_factory.mktemp("any") / "package"))
    for (file, way), value in changes:
        root = json.loads((folder / file).read_text(encoding="utf-8"))
        here = root
        try:
            for key in way[:-1]:
                here = here[key]
            here[way[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
        (folder / file).write_text(json.dumps(root), encoding="utf-8")
    capsys.readouterr()
    status = run(folder)
    if status == 2:
        unusable(status, capsys)
    else:
        assert status in (0, 1)
        assert capsys.readouterr().err == ""


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300), at=st.integers(0, 600), into=st.binary(min_size=1, max_size=8))
def test_a_picture_of_any_bytes_is_read_or_refused(data: bytes, at: int, into: bytes) -> None:
    small = (STRETCHES / "assets" / "images" / "small.png").read_bytes()
    for picture in (data, png.SIGNATURE + data, small[:at] + into + small[at + len(into) :], small[:at]):
        with contextlib.suppress(png.PngError):
            assert png.read(picture).shape[2] == 4


# ── pictures and speech, taken apart ──


def filtered(here: bytes, above: bytes, kind: int, step: int) -> bytes:
    """A row of a PNG as the standard's section 9 packs it, byte by byte."""
    made = bytearray([kind])
    for at, value in enumerate(here):
        left, up = (here[at - step] if at >= step else 0), above[at]
        corner = above[at - step] if at >= step else 0
        paeth = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
        made.append((value - (0, left, up, (left + up) // 2, paeth)[kind]) % 256)
    return bytes(made)


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(("colour", "step"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_every_plain_kind_of_png_is_read(kind: int, colour: int, step: int) -> None:
    pixels = np.random.default_rng(7).integers(0, 256, (5, 6, step), np.uint8)
    rows = [row.tobytes() for row in pixels]
    packed = b"".join(
        filtered(row, over, kind, step) for row, over in zip(rows, [bytes(6 * step), *rows], strict=False)
    )
    read = png.read(png_of(colour, packed))
    assert np.array_equal(read[:, :, : min(step, 3) if step > 2 else 1], pixels[:, :, : 3 if step > 2 else 1])
    assert np.array_equal(read[:, :, 3], pixels[:, :, -1] if colour in (4, 6) else np.full((5, 6), 255))


def test_a_palette_is_read() -> None:
    read = png.read(png_of(3, 5 * bytes([0, 1, 0, 1, 0, 1, 0]), PLTE=b"\1\2\3\4\5\6", tRNS=b"\7"))
    assert read[0, :2].tolist() == [[4, 5, 6, 255], [1, 2, 3, 7]]


def png_of(colour: int, packed: bytes, **chunks: bytes) -> bytes:
    """A PNG of 6 by 5 pixels."""
    head = struct.pack(">IIBBBBB", 6, 5, 8, colour, 0, 0, 0)
    parts = {"IHDR": head, **chunks, "IDAT": zlib.compress(packed), "IEND": b""}
    return png.SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name.encode() + data + struct.pack(">I", zlib.crc32(name.encode() + data))
        for name, data in parts.items()
    )


@pytest.mark.parametrize(
    ("ssml", "text", "pauses"),
    [
        ("<speak>Is  it?</speak>", "Is it?", [0]),
        ('<speak>One,<break time="1.5s"/>two.<break strength="strong"/></speak>', "One, two.", [1500, 500]),
        ('<speak><prosody rate="80%">A &amp; <s>b</s><break/>c</prosody></speak>', "A & b c", [250, 0]),
        ('<speak><amazon:effect name="whispered">Hush.</amazon:effect></speak>', "Hush.", [0]),
        pytest.param(
            f"<speak>{'<s>a ' * 3000}b{'</s> c' * 3000}</speak>", "a " * 3000 + "b" + " c" * 3000, [0], id="deep"
        ),
    ],
)
def test_speech_is_taken_apart(ssml: str, text: str, pauses: list[float]) -> None:
    read = spoken.read({"type": "SSML", "ssml": ssml})
    assert (read.well_formed, read.text, [piece.pause for piece in read.pieces]) == (True, text, pauses)


@pytest.mark.parametrize("speech", [None, 7, [], {}, {"ssml": 7}, {"type": "SSML"}])
def test_what_is_no_speech_is_nothing(speech: Any) -> None:
    assert spoken.read(speech) == spoken.NOTHING
