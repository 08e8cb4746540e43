"""`ongemerkt anchor` as it is used, in both languages, with a TPM, without one, and with one that is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import tpm as tpms
from tests.support.command import Program
from tests.support.tpm import Tpm

NO_TPM = "device:/nergens/tpm"


@pytest.fixture
def vault(vault: Program) -> Program:
    """With a vault, on a computer without a TPM."""
    vault.environ["ONGEMERKT_TPM"] = NO_TPM
    return vault


@pytest.fixture
def tpm(tmp_path: Path, vault: Program) -> Iterator[Tpm]:
    """The computer has one after all."""
    for made in tpms.running(tmp_path / "tpm"):
        vault.environ["ONGEMERKT_TPM"] = made.tcti
        yield made


def test_a_file_is_what_there_is_at_first_and_what_it_is_worth_is_said(vault: Program) -> None:
    tpms.library()
    assert vault.json("anchor", "show") == {"anchor": ["file"], "tpm": "missing"}
    assert vault.json("status")["anchor"] == "file"
    done = vault("anchor", "show", passphrase=False)
    assert done.returncode == 0, "it asks for nothing"
    assert "SSD" in done.stdout
    assert "bestand" in vault("anchor", "show", "--lang", "nl", passphrase=False).stdout


def test_the_anchor_moves_to_the_tpm_and_back(vault: Program, tpm: Tpm) -> None:
    handle = vault.add("blijft")
    assert "ongemerkt anchor move tpm" in vault("anchor", "show", passphrase=False).stdout
    assert vault.json("anchor", "move", "tpm", "--yes") == {"anchor": "tpm", "moved": True}
    assert vault.json("anchor", "show") == {"anchor": ["tpm"], "tpm": "ready"}
    assert vault.json("status")["anchor"] == "tpm"
    assert "TPM" in vault("status", "--lang", "nl").stdout
    assert vault.json("anchor", "move", "tpm", "--yes") == {"anchor": "tpm", "moved": False}
    assert vault("shred", vault.add("weg"), "--yes").returncode == 0
    assert vault.json("show", handle)["text"] == "blijft"
    assert vault.json("anchor", "move", "file") == {"anchor": "file", "moved": True}
    assert vault.json("show", handle)["text"] == "blijft"
    assert tpm.counters() == []


def test_with_one_place_only_a_yes_is_asked_first(vault: Program, tpm: Tpm) -> None:
    done = vault("anchor", "move", "tpm")
    assert done.returncode == 3
    assert "mainboard" in done.stderr
    assert "--yes" in done.stderr
    assert vault.json("status")["anchor"] == "file"
    assert "moederbord" in vault("anchor", "move", "tpm", "--lang", "nl").stderr


def test_without_a_tpm_nothing_is_asked_and_nothing_moves(vault: Program) -> None:
    tpms.library()
    done = vault("anchor", "move", "tpm", "--yes", passphrase=False)
    assert done.returncode == 12
    assert "nothing is lost" in done.stderr
    assert "niets verloren" in vault("anchor", "move", "tpm", "--lang", "nl", passphrase=False).stderr


def test_a_tpm_out_of_reach_and_one_that_is_cleared_are_told_apart(vault: Program, tpm: Tpm) -> None:
    assert vault("anchor", "move", "tpm", "--yes").returncode == 0
    vault.environ["ONGEMERKT_TPM"] = NO_TPM
    done = vault("list", "--json")
    assert done.returncode == 12
    assert '"TpmUnreachable"' in done.stdout
    assert "nothing is lost" in done.stderr
    shown = vault("anchor", "show", passphrase=False)
    assert shown.returncode == 0
    assert "nothing is lost" in shown.stdout
    vault.environ["ONGEMERKT_TPM"] = tpm.tcti
    tpm.clear()
    done = vault("list", "--json")
    assert done.returncode == 6
    assert '"AnchorLost"' in done.stdout
    assert "ongemerkt restore --place DIR --replace" in done.stderr
    assert "herstelstick" in vault("list", "--lang", "nl").stderr


def test_the_library_of_the_tpm_says_nothing_itself(vault: Program, tpm: Tpm) -> None:
    assert vault("anchor", "move", "tpm", "--yes").returncode == 0
    tpm.off()
    done = vault("list")
    assert done.returncode == 12
    assert "esys" not in done.stderr.lower()
    assert "tcti" not in done.stderr.lower()
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [["move"], ["show", "tpm"], ["move", "usb"], []])
def test_what_can_not_be_understood_is_exit_2(vault: Program, words: list[str]) -> None:
    assert vault("anchor", *words).returncode == 2


def test_without_a_vault_there_is_no_anchor_to_show(program: Program) -> None:
    assert program("anchor", "show", passphrase=False).returncode == 11
