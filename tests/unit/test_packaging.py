"""The lists of what is needed agree, and say nothing about where it was fetched."""

import re
import tomllib
from pathlib import Path

import pytest

import cli

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
PINNED_FILES = sorted(path.name for path in (ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"[a-z0-9.-]+==[A-Za-z0-9.!+-]+( ; [^:/]+?)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def ranges(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def pins(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    # what a pin holds for (after the semicolon) follows from who asks for it, so it differs from file to file
    return {line.removesuffix(" \\").partition(" ;")[0] for line in lines if not line.startswith(" ")}


@pytest.mark.parametrize(("name", "extras"), [("run.in", ["coach"]), ("server.in", ["server", "postgresql"])])
def test_ranges_to_run_are_the_same_in_both_places(name: str, extras: list[str]) -> None:
    assert ranges(name) == {*(line for extra in extras for line in EXTRAS[extra]), *PROJECT["build-system"]["requires"]}


def test_nothing_is_installed_that_was_not_asked_for() -> None:
    assert PROJECT["project"]["dependencies"] == []


def test_coach_and_server_share_no_more_than_one_library() -> None:
    names = [{re.split(r"[\[><=]", line)[0] for line in EXTRAS[extra]} for extra in ("coach", "server")]
    assert names[0] & names[1] == {"cryptography"}


def test_ranges_to_develop_are_the_same_in_both_places() -> None:
    assert ranges("dev.in") == set(EXTRAS["dev"])


def test_ranges_for_the_tpm_are_the_same_in_both_places() -> None:
    assert ranges("tpm.in") == set(EXTRAS["tpm"])


@pytest.mark.parametrize("name", ["tpm.txt", "tpm-build.txt"])
def test_the_way_to_the_tpm_runs_and_is_built_on_the_versions_that_users_get(name: str) -> None:
    known = dict(pin.split("==") for pin in pins("run.txt"))
    asked = dict(pin.split("==") for pin in pins(name))
    assert {each: asked[each] for each in asked.keys() & known.keys()}.items() <= known.items()
    if name == "tpm.txt":
        # all of it but itself is there already when it is installed
        assert asked.keys() - known.keys() == {"tpm2-pytss"}


@pytest.mark.parametrize("name", sorted({*PINNED_FILES} - {"dev.txt", "tpm.txt", "tpm-build.txt"}))
def test_development_runs_on_the_versions_that_users_get(name: str) -> None:
    assert pins(name) <= pins("dev.txt")


def test_the_program_says_the_version_of_the_package() -> None:
    assert cli.__version__ == PROJECT["project"]["version"]


@pytest.mark.parametrize("name", PINNED_FILES)
def test_requirements_are_versions_and_hashes_only(name: str) -> None:
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        words = line.removesuffix(" \\").strip()
        assert (HASH if line.startswith(" ") else PINNED).fullmatch(words), line
