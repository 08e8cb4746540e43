"""The lists of what is needed agree, and say nothing about where it was fetched."""

import re
import tomllib
from pathlib import Path

import pytest

import cli

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(r"[a-z0-9.-]+==[A-Za-z0-9.!+-]+( ; [^:/]+?)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def ranges(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def pins(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix(" \\") for line in lines if not line.startswith(" ")}


def test_ranges_to_run_are_the_same_in_both_places() -> None:
    assert ranges("run.in") == {*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]}


def test_ranges_to_develop_are_the_same_in_both_places() -> None:
    assert ranges("dev.in") == set(PROJECT["project"]["optional-dependencies"]["dev"])


def test_development_runs_on_the_versions_that_users_get() -> None:
    assert pins("run.txt") <= pins("dev.txt")


def test_the_program_says_the_version_of_the_package() -> None:
    assert cli.__version__ == PROJECT["project"]["version"]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_requirements_are_versions_and_hashes_only(name: str) -> None:
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        words = line.removesuffix(" \\").strip()
        assert (HASH if line.startswith(" ") else PINNED).fullmatch(words), line
