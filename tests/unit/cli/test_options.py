"""The command line: global options on either side of the command word, and one command imported at most."""

import subprocess
import sys

import pytest

from cli import options
from cli.commands import COMMANDS
from cli.options import UsageError, parse, split

GLOBAL = [
    (["--vault", "map"], "vault", "map"),
    (["--vault=map"], "vault", "map"),
    (["--json"], "json", True),
    (["--yes"], "yes", True),
    (["--lang", "nl"], "lang", "nl"),
    (["--passphrase-file", "-"], "passphrase_file", "-"),
    (["--passphrase-fd", "3"], "passphrase_fd", 3),
]


@pytest.mark.parametrize(("words", "name", "value"), GLOBAL)
@pytest.mark.parametrize("place", range(4))
def test_a_global_option_means_the_same_everywhere(words: list[str], name: str, value: object, place: int) -> None:
    argv = ["edit", "bakemo", "brief.txt"]
    command, rest = split([*argv[:place], *words, *argv[place:]])
    assert command == "edit"
    found = parse("edit", rest)
    assert getattr(found, name) == value
    assert (found.handle, found.file) == ("bakemo", "brief.txt")


def test_the_last_of_two_values_counts() -> None:
    command, rest = split(["--lang", "nl", "list", "--lang", "en"])
    assert command == "list"
    assert parse("list", rest).lang == "en"
    assert options.option_value(["--lang", "nl", "list", "--lang=en"], "--lang") == "en"


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        ([], None),
        (["--json"], None),
        (["--help"], None),
        (["--vault"], None),
        (["--vault", "list"], None),
        (["--vault", "list", "show", "x"], "show"),
        (["--keep", "6m", "add"], None),
        (["-", "add"], None),
    ],
)
def test_the_command_is_the_first_word_that_is_no_option(argv: list[str], command: str | None) -> None:
    assert split(argv)[0] == command


def test_words_after_two_dashes_are_no_options() -> None:
    _, rest = split(["find", "--", "--json", "-x"])
    assert parse("find", rest).words == ["--json", "-x"]


@pytest.mark.parametrize(
    "argv",
    [
        ["list", "extra"],
        ["show"],
        ["keep", "bakemo"],
        ["add", "--kee", "6m"],
        ["init", "--cost", "cheap"],
        ["list", "--passphrase-fd", "-1"],
        ["list", "--passphrase-fd", "x"],
        ["list", "--vault", ""],
        ["list", "--lang", "fr"],
        ["passphrase"],
        ["passphrase", "reset"],
        ["add", "--guard", "maybe"],
        ["guard", "forbid"],
        ["guard", "allow", "een", "twee"],
        ["completion", "tcsh"],
        ["list", "--locked"],
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused(argv: list[str]) -> None:
    with pytest.raises(UsageError):
        parse(argv[0], argv[1:])


def test_an_unknown_command_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'list'"):
        parse("lst", [])


@pytest.mark.parametrize("name", [name for name, _module, _help in COMMANDS])
def test_every_command_has_help(name: str) -> None:
    text = options.command_parser(name).format_help()
    assert f"usage: ongemerkt {name}" in text
    assert "--passphrase-file" in text


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_import_nothing_slow(word: str) -> None:
    slow = (
        "typing",
        "dataclasses",
        "pathlib",
        "json",
        "shutil",
        "vault",
        "prompt_toolkit",
        "nacl",
        "datetime",
        "locale",
    )
    script = (
        "import os, sys; before = set(sys.modules)\n"
        "from cli.main import main\n"
        f"code = main([{word!r}], {{}}, lambda: None)\n"
        f"print(code, sorted(set(sys.modules) - before & set({slow!r}) | set(sys.modules) & set({slow!r}) - before)"
        ", file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = done.stderr
    assert loaded.startswith("0 ")
    assert not [name for name in slow if f"'{name}'" in loaded], loaded
