"""Completion scripts know every command and option, and no shell finds fault with them."""

import shutil
import subprocess

import pytest

from cli.commands import COMMANDS
from cli.commands.completion import bash, fish, specs, zsh

MAKERS = {"bash": bash, "zsh": zsh, "fish": fish}


@pytest.mark.parametrize("shell", MAKERS)
def test_every_command_and_option_is_in_the_script(shell: str) -> None:
    found = specs()
    script = MAKERS[shell](found)
    assert "--locked" not in script
    for name, _module, _help in COMMANDS:
        assert name in script
    for spec in found:
        for option in spec.options:
            for word in option.names:
                assert word.lstrip("-") in script


@pytest.mark.parametrize("shell", [shell for shell in MAKERS if shutil.which(shell)])
def test_the_shell_accepts_its_script(shell: str) -> None:
    script = MAKERS[shell](specs())
    done = subprocess.run([shell, "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ongemerkt", "pa"], "passphrase"),
        (["ongemerkt", "--json", "--vault", "x", "sta"], "status"),
        (["ongemerkt", "passphrase", "ch"], "change"),
        (["ongemerkt", "guard", "pol"], "policy"),
        (["ongemerkt", "guard", "policy", "reda"], "redact"),
        (["ongemerkt", "add", "--guard", "o"], "off"),
        (["ongemerkt", "scan", "pyproject.to"], "pyproject.toml"),
        (["ongemerkt", "init", "--cost", "fa"], "fast"),
        (["ongemerkt", "add", "--kee"], "--keep"),
        (["ongemerkt", "list", "--lang", "n"], "nl"),
        (["ongemerkt", "factor", "add", "keyf"], "keyfile"),
        (["ongemerkt", "list", "--key-file", "pyproject.to"], "pyproject.toml"),
    ],
)
def test_bash_offers_what_fits(words: list[str], offered: str) -> None:
    script = bash(specs())
    quoted = " ".join(f"'{word}'" for word in words)
    ask = f'COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _ongemerkt; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], text=True, capture_output=True, check=True)
    assert done.stdout.split() == [offered]
