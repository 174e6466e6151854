"""The code bundle for AWS Lambda: `python -m deploy.package` writes build/lambda.zip, the same bytes every time.

In: the skill's own files and the wheels that bundle.txt names by hash. Out: one zip, and a line with its size.
`--lock` writes bundle.txt anew from pyproject.toml, with the newest releases that its ranges allow.

    BundleError     what came would not run on AWS, or is not what was locked
"""

import argparse
import hashlib
import json
import platform
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from skill import page, reader
from skill.page import WordsError

ROOT = Path(__file__).parents[1]
LOCK = Path(__file__).parent / "bundle.txt"
BUNDLE = ROOT / "build" / "lambda.zip"
WHEELS = ROOT / "build" / "wheels"

PYTHON = "3.13"
"""What runs on AWS, as template.yaml says."""

CAPTIONS = ("audio/edition/edition.json", "audio/edition/[0-9][0-9] *.vtt")
"""Of the audio edition, if it was built here: what goes with its recordings to a device with a screen."""

OWN = ("lambda_function.py", "LICENSE", "NOTICE", "skill/**/*.py", "skill/**/*.toml", "skill/screen.json", *CAPTIONS)
NOT_ON_AWS = (
    "skill/__main__.py", "skill/controls.py", "skill/extras.py", "skill/simulator/", "skill/voice/", "skill/web/",
    "skill/words/en.toml",
)  # fmt: skip
"""Doors of one's own machine, which need packages that are not in the bundle; and the words, which are packed."""

UNSPOKEN = ("player",)
"""Tables of the words that nothing on AWS reads."""

AWS_DATA = ("dynamodb/", "endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json")
"""Of the four hundred services that boto3 and botocore describe, the one that keeps the memory."""

COMPILED = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe", b"!<arch>")
"""How programs for one processor begin: Linux, Windows, macOS, libraries."""

LARGEST = 50_000_000
"""Bytes of a zip that Lambda takes straight from an upload."""

ANY_PROCESSOR = (
    "--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none", f"--python-version={PYTHON}",
)  # fmt: skip
"""pip's options for wheels of pure Python. (charset_normalizer has one beside its compiled ones.)"""


class BundleError(Exception):
    """The bundle can't be made; the message says why and what to try."""


def build(target: Path = BUNDLE) -> int:
    """Writes the bundle beside its place and then over it; gives the number of its files. Raises `BundleError`."""
    files = dict(own_files())
    for wheel in wheels():
        files |= wheel_files(wheel)
    check(files)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".new")
    write(files, beside)
    if beside.stat().st_size > LARGEST:
        raise BundleError(f"The bundle has {beside.stat().st_size} bytes, and Lambda takes {LARGEST}: pack less.")
    beside.replace(target)
    return len(files)


def own_files() -> Iterator[tuple[str, bytes]]:
    """What of this repository answers on AWS: name in the bundle, content. Raises `BundleError` for faulty words."""
    for pattern in OWN:
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(NOT_ON_AWS):
                yield name, path.read_bytes()
    try:
        page.load_all()
    except WordsError as error:
        raise BundleError(str(error)) from error
    words = {name: table for name, table in reader.read(page.WORDS).items() if name not in UNSPOKEN}
    yield page.PACKED.relative_to(ROOT).as_posix(), reader.pack(words).encode()


def wheels() -> list[Path]:
    """The locked wheels, from build/wheels, or from the package index where that has not all of them."""
    locked = _locked()
    if not locked <= set(_kept()):
        WHEELS.mkdir(parents=True, exist_ok=True)
        _pip("download", "--quiet", "--no-deps", "--require-hashes", f"--requirement={LOCK}", f"--dest={WHEELS}")
    kept = _kept()
    if not locked <= set(kept):
        raise BundleError("pip brought other files than bundle.txt names: run `python -m deploy.package --lock`.")
    return [kept[digest] for digest in sorted(locked)]


def _locked() -> set[str]:
    lines = LOCK.read_text(encoding="utf-8").split()
    return {word.removeprefix("--hash=sha256:") for word in lines if word.startswith("--hash=")}


def _kept() -> dict[str, Path]:
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in WHEELS.glob("*.whl")}


def wheel_files(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel that the function needs, its licence among them."""
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/") and _is_needed(name)}


def _is_needed(name: str) -> bool:
    package, _, inside = name.partition("/data/")
    return package not in {"boto3", "botocore"} or inside.startswith(AWS_DATA)


def check(files: Mapping[str, bytes]) -> None:
    """Raises `BundleError` if something among `files` runs on one kind of processor alone."""
    for name, content in files.items():
        if content.startswith(COMPILED) or name.endswith((".so", ".pyd", ".dll", ".dylib", ".pyc")):
            raise BundleError(f"{name} is compiled for one processor or Python: lock a wheel in pure Python instead.")


def write(files: Mapping[str, bytes], target: Path) -> None:
    """Zips `files`, the same ones to the same bytes: sorted, all of one time and mode."""
    with zipfile.ZipFile(target, "w") as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # its time is the zip format's first: 1 January 1980
            entry.create_system = 3  # Unix, whatever packs it
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name], compresslevel=9)


def lock() -> None:
    """Writes bundle.txt: each package at one version, by the hash of its pure wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["aws"]]
    with tempfile.TemporaryDirectory() as nowhere:
        options = ("--quiet", "--dry-run", "--ignore-installed", "--report=-", f"--target={nowhere}")
        report = _pip("install", *options, *wanted)
    lines = sorted(
        f"{each['metadata']['name'].lower()}=={each['metadata']['version']}"
        f" --hash=sha256:{each['download_info']['archive_info']['hashes']['sha256']}"
        for each in json.loads(report)["install"]
    )
    head = (
        "# Written by `python -m deploy.package --lock`: the Lambda bundle's wheels, in pure Python, by their hashes."
    )
    LOCK.write_text("\n".join((head, *lines, "")), encoding="utf-8")


def _pip(command: str, *options: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "pip", command, "--disable-pip-version-check", *ANY_PROCESSOR, *options],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise BundleError("pip could not bring the wheels (its lines are above): is there a network, this once?")
    return ran.stdout


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 2 when the bundle can't be made."""
    parser = argparse.ArgumentParser(prog="python -m deploy.package", description="Write the bundle for AWS Lambda.")
    parser.add_argument("--lock", action="store_true", help="first write deploy/bundle.txt anew")
    parser.add_argument("--out", type=Path, default=BUNDLE, metavar="FILE", help="default: build/lambda.zip")
    told = parser.parse_args(arguments)
    try:
        if told.lock:
            lock()
        count = build(told.out)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 2
    digest = hashlib.sha256(told.out.read_bytes()).hexdigest()
    print(f"{told.out}: {told.out.stat().st_size / 1e6:.1f} MB, {count} files, SHA-256 {digest}")
    print(f"Packed by Python {platform.python_version()}; AWS runs it on Python {PYTHON}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
