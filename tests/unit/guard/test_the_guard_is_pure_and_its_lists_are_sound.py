"""The guard reads nothing but its lists, and those only when asked; the lists are what the guard relies on."""

import ast
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

import vault.guard
from vault.guard import Lists

GUARD = Path(vault.guard.__file__).parent
DATA = GUARD / "data"
MODULES = sorted(path for path in GUARD.rglob("*.py") if path.name != "lists.py")
OUTSIDE = {
    "io", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "sqlcipher3", "subprocess", "tempfile", "time",
    "datetime", "logging", "shutil", "importlib",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def called(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_but_the_reader_of_lists_does_input_or_output(path: Path) -> None:
    assert not imported(path) & OUTSIDE
    assert not called(path) & {"open", "print", "input", "exec", "eval"}


def test_importing_the_guard_reads_no_list() -> None:
    code = "import sys, vault.guard.lists as lists; sys.exit(lists.load.cache_info().currsize)"
    assert subprocess.run((sys.executable, "-c", code), check=False).returncode == 0


def test_check_sums_are_sorted_so_that_a_word_can_be_found() -> None:
    sums = array("I", (DATA / "words.bin").read_bytes())
    if sys.byteorder == "big":
        sums.byteswap()
    assert list(sums) == sorted(set(sums))
    assert len(sums) > 400_000


@pytest.mark.parametrize("word", ["verantwoordelijkheid", "grenzen", "gesprek", "één", "feedback", "mindfulness"])
def test_common_words_are_words(lists: Lists, word: str) -> None:
    assert lists.word(word)


@pytest.mark.parametrize("word", ["sanne", "qqzzx", "jansen", "kowalczyk"])
def test_names_and_nonsense_are_no_words(lists: Lists, word: str) -> None:
    assert not lists.word(word)
    assert not lists.compound(word)


@pytest.mark.parametrize("word", ["kinderopvangstress", "verantwoordelijkheidsgevoelsverlamming", "werkdrukgesprek"])
def test_long_compounds_are_taken_apart(lists: Lists, word: str) -> None:
    assert lists.compound(word)


def test_an_unknown_name_looks_like_a_name(lists: Lists) -> None:
    assert min(map(lists.likeness, ("bertine", "tjarda", "mahsa"))) > 0
    assert max(map(lists.likeness, ("gespreek", "feedbackronde", "pleasen"))) < 0


def test_every_list_says_where_it_comes_from() -> None:
    licences = (DATA / "LICENCES.txt").read_text(encoding="utf-8")
    for path in DATA.iterdir():
        assert path.name in licences or path.name == "LICENCES.txt"


def test_lists_are_lower_case_words_without_accents() -> None:
    for name in ("first", "last", "peoples"):
        for word in (DATA / f"{name}.txt").read_text(encoding="utf-8").split():
            assert word.islower()
            assert word.isascii()
