"""The bundle for AWS: the same bytes twice, for any processor, and alive under Amazon's own runtime client."""

import importlib.metadata
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lambda_client import SKILL, envelope, plain, request
from runtime_api import RuntimeApi

from deploy import package
from skill import page, reader

RUNTIME = ("awslambdaric", "simplejson", "snapshot_restore_py")
"""What AWS itself puts beside the bundle."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bundle") / "lambda.zip"
    package.build(target)
    return target


@pytest.fixture(scope="module")
def unpacked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the runtime client alone, so that nothing else of this machine can stand in for the bundle's."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        for file in importlib.metadata.files(name.replace("_", "-")) or ():
            top = file.parts[0]
            if not top.endswith(".dist-info") and top != ".." and not (folder / top).exists():
                (folder / top).symlink_to(Path(str(file.locate())).parents[len(file.parts) - 1] / top)
    return folder


@contextmanager
def running(api: RuntimeApi, unpacked: Path, runtime: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The runtime client on the bundle, with none of this Python's own packages (-S)."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-m", "awslambdaric", "lambda_function.lambda_handler"],
        cwd=unpacked,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, (unpacked, runtime))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "skill",
            **environment,
        },
        stdout=subprocess.DEVNULL,  # a pipe that nobody reads is full after some three hundred lines of the log
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_same_files_make_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    os.utime(package.ROOT / "lambda_function.py")  # a time of today must not show
    assert package.main(["--out", str(again)]) == 0
    assert again.read_bytes() == bundle.read_bytes()


def test_it_says_how_large_it_is_and_what_packed_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert package.main(["--out", str(tmp_path / "lambda.zip")]) == 0
    said = capsys.readouterr().out
    assert " MB, " in said
    assert f"Python {'.'.join(map(str, sys.version_info[:3]))}" in said
    assert package.PYTHON in said


def test_it_holds_what_answers_and_no_more(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as packed:
        names = packed.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name and ".data/" not in name}
    locked = {line.split("==")[0] for line in package.LOCK.read_text().splitlines() if "==" in line}
    folders = {"dateutil" if name == "python-dateutil" else name.replace("-", "_") for name in locked}
    folders = folders - {"ask_sdk_dynamodb_persistence_adapter", "six"} | {"ask_sdk_dynamodb", "six.py"}
    assert tops - {"audio"} == folders | {"lambda_function.py", "skill", "LICENSE", "NOTICE"}
    assert {name for name in names if name.startswith("audio/")} == {
        path.relative_to(package.ROOT).as_posix() for each in package.CAPTIONS for path in package.ROOT.glob(each)
    }
    assert {
        "skill/screen.py",
        "skill/screen.json",
        "skill/streaming.py",
        "skill/recording.py",
        "skill/dialogue/playing.py",
    } <= set(names)
    here = {path.name for path in page.WORDS.parent.glob("*.toml")} - {page.WORDS.name}
    assert {name for name in names if name.startswith("skill/words/")} == {
        f"skill/words/{name}" for name in (page.PACKED.name, *here)
    }
    assert not [name for name in names if name.startswith(package.NOT_ON_AWS)]
    with zipfile.ZipFile(bundle) as packed:
        words = reader.unpack(packed.read("skill/words/en.json").decode())
    assert "prompts" in words
    assert "player" not in words


def test_every_file_is_plain_and_old(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as packed:
        entries = packed.infolist()
    assert {(each.date_time, each.external_attr >> 16) for each in entries} == {((1980, 1, 1, 0, 0, 0), 0o644)}
    assert [each.filename for each in entries] == sorted(each.filename for each in entries)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x/fast.so", b"anything"),
        ("x/fast.pyd", b""),
        ("x/__pycache__/x.cpython-313.pyc", b""),
        ("x/tool", b"\x7fELF\x02\x01"),
        ("x/tool", b"MZ\x90"),
        ("x/tool", b"\xcf\xfa\xed\xfe"),
    ],
)
def test_a_compiled_file_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(package.BundleError, match="compiled"):
        package.check({"fine.py": b"", name: content})


def test_a_wheel_of_another_hash_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "bundle.txt"
    lock.write_text("nothing-there==1 --hash=sha256:" + 64 * "0")
    monkeypatch.setattr(package, "LOCK", lock)
    monkeypatch.setattr(package, "_pip", lambda *_: "")
    with pytest.raises(package.BundleError, match="--lock"):
        package.wheels()


def test_without_a_network_one_sentence_says_so(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(package.BundleError, match="network"):
        package._pip("download", "--quiet", "--no-index", f"--dest={tmp_path}", "ask-sdk-core")


def test_the_words_are_packed_whole() -> None:
    words = reader.read(page.WORDS)
    assert reader.unpack(reader.pack(words)) == words


def test_faulty_words_are_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise page.WordsError("en.toml", "topics", "is empty")

    monkeypatch.setattr(page, "load_all", fails)
    with pytest.raises(package.BundleError, match=r"en\.toml, at topics: is empty"):
        list(package.own_files())


# --- alive -----------------------------------------------------------------------------------------------------------


def test_it_answers_a_thousand_times_and_survives_a_refusal(unpacked: Path, runtime: Path) -> None:
    ours = envelope(request("AmputationIntent"), new=True)
    other = {**ours, "context": {"System": {"application": {"applicationId": "amzn1.ask.skill.other"}}}}
    opening = envelope(request("LaunchRequest"), new=True)
    emergency = envelope(request("EmergencyIntent"), new=True)
    events = [opening, *(500 * [ours]), other, "no envelope", *(498 * [ours]), emergency, ours]
    with RuntimeApi(events) as api, running(api, unpacked, runtime, SKILL_ID=SKILL["applicationId"]):
        api.wait()
    kinds = [kind for kind, _ in api.answers]
    assert kinds == ["response", *(500 * ["response"]), "error", "error", *(500 * ["response"])]
    assert "Sarcoma Treatment Guide" in plain(api.answers[0][1]["response"]["outputSpeech"])
    assert "911" in plain(api.answers[1001][1]["response"]["outputSpeech"]).replace(" ", "")
    assert api.answers[501][1]["errorType"] == "AskSdkException"
    sections = [
        told for number, (kind, told) in enumerate(api.answers) if kind == "response" and number not in {0, 1001}
    ]
    spoken = {plain(told["response"]["outputSpeech"]) for told in sections}
    assert len(spoken) == 1
    assert "surgery" in spoken.pop().lower()


def test_all_that_it_loads_is_its_own(unpacked: Path) -> None:
    program = (
        "import json, lambda_function, ask_sdk_dynamodb.adapter, sys; "
        "print(json.dumps([m.__file__ for m in sys.modules.values() if getattr(m, '__file__', None)]))"
    )
    where = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "AWS_DEFAULT_REGION": "us-east-1", "SKILL_ID": "x"}
    ran = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=unpacked, env=where, capture_output=True, text=True, check=True
    )
    standard = (str(Path(os.__file__).parent), str(unpacked))
    assert not [path for path in json.loads(ran.stdout) if not path.startswith(standard)]


def test_every_listener_s_words_are_in_the_picture_that_starts_are_taken_from(unpacked: Path) -> None:
    program = "import lambda_function; from skill import page; print(page.load.cache_info().currsize)"
    where = {"PYTHONDONTWRITEBYTECODE": "1", "SKILL_ID": "x", "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
    command = [sys.executable, "-S", "-c", program]
    ran = subprocess.run(command, cwd=unpacked, env=where, capture_output=True, text=True, check=True)
    assert int(ran.stdout) == len(page.locales()) + 1


def test_what_cannot_start_is_told(unpacked: Path, runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "lambda_function.py").write_text("import not_there\n")
    with RuntimeApi([envelope(request("LaunchRequest"))]) as api, running(api, tmp_path, runtime):
        api.wait()
    assert api.broken[0]["errorType"] == "Runtime.ImportModuleError"
