"""Second factors: every trouble has its sentence, and nothing of them is loaded where none is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.factoring import AGAIN, REASONS, AtTerminal
from cli.failures import explain
from tests.support.command import ROOT
from vault import errors


@pytest.mark.parametrize("reason", errors.SECURITY_KEY)
def test_every_trouble_with_a_security_key_is_told_in_words_of_its_own(reason: str) -> None:
    code, kind, sentence = explain(errors.SecurityKeyFailed(reason))
    assert (code, kind) == (3, "SecurityKeyFailed")
    assert sentence.endswith((".", '"', "'ongemerkt[coach]'"))
    assert "\n" not in sentence


def test_the_sentences_are_those_of_the_reasons_there_are() -> None:
    assert set(REASONS) == set(errors.SECURITY_KEY)
    assert set(AGAIN) <= set(REASONS)
    assert len(set(REASONS.values())) == len(REASONS)


def test_a_wrong_pin_says_how_often_it_may_be_tried() -> None:
    assert "1 more time." in explain(errors.SecurityKeyFailed("pin", 1))[2]
    assert "3 more times." in explain(errors.SecurityKeyFailed("pin", 3))[2]


def test_a_key_that_may_not_be_used_is_told_with_the_rule_that_lets_one() -> None:
    assert 'TAG+="uaccess"' in explain(errors.SecurityKeyFailed("forbidden"))[2]


def test_that_a_factor_was_asked_for_shows_and_which_of_the_two_is_wrong_does_not() -> None:
    told = explain(errors.WrongSecret(True)), explain(errors.WrongSecret())
    assert told[0][:2] == told[1][:2] == (3, "WrongSecret")
    assert "passphrase or the second factor" in told[0][2]


@pytest.mark.parametrize("typed", ["~/sleutel", "'{}/sleutel'", '"{}/sleutel" ', "  {}/sleutel"])
def test_a_path_is_read_as_it_is_typed_or_dragged_into_a_terminal(
    typed: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "sleutel").touch()
    monkeypatch.setattr(AtTerminal, "_line", staticmethod(lambda prompt: typed.format(own_home)))
    assert AtTerminal(None, still=True).ask_key_file(or_key=False) == str(own_home / "sleutel")


# Seen to fail with `from vault.service.factors import …` at the top of vault/service/vault.py.
def test_a_vault_without_factors_loads_nothing_of_them(tmp_path: Path) -> None:
    code = f"""
import sys
from datetime import date
from tests.support import cheap_kdf
cheap_kdf.install()
from cli import main
from cli.context import Context
from vault import service
paths = service.Paths({str(tmp_path / "data")!r}, {str(tmp_path / "state")!r})
day = lambda: date(2027, 1, 15)
keep = service.parse_period("1y")
service.create_vault(paths, "paard accu nietje", keep=keep, clock=day, cost="fast")[0].close()
service.open_vault(paths, "paard accu nietje", clock=day, factors=lambda _: {{}}).close()
late = ("fido2", "cryptography", "vault.factor", "vault.service.factors", "cli.factoring")
print([name for name in sys.modules if name in late or name.startswith("vault.factor.")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_key_file_does_without_what_speaks_with_security_keys() -> None:
    code = "import vault.service.factors, vault.factor.keyfile, cli.factoring, sys; print('fido2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
