"""Vaults that earlier versions made: this version opens them with either secret, and shows the same notes.

Seen to fail: one letter changed in a `person`; a settings field moved.
"""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.support import cheap_kdf
from vault.crypto import stretch
from vault.formats import header as header_format
from vault.formats import settings as settings_format
from vault.formats.settings import Settings
from vault.months import Period
from vault.service import Paths, Vault, open_vault

DATA = Path(__file__).parents[1] / "data"
SAMPLES = sorted(path.name for path in DATA.glob("sample-vault-*"))
DAY = date(2026, 12, 15)


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a sample; the real limits of key derivation, since that is what it was made with."""
    monkeypatch.setattr(stretch, "POLICY", cheap_kdf.REAL)
    shutil.copytree(DATA / request.param, tmp_path / "sample")
    return tmp_path / "sample"


@pytest.fixture
def unlock(sample: Path) -> Callable[[str], Vault]:
    """Opens the copy by the secret of this name."""
    lines = (sample / "secrets.txt").read_text(encoding="utf-8").splitlines()
    secrets = dict(line.split(": ", 1) for line in lines)
    paths = Paths(str(sample / "data"), str(sample / "state"))
    return lambda name: open_vault(paths, secrets[name], clock=lambda: DAY)


def test_there_is_a_sample() -> None:
    assert "sample-vault-1" in SAMPLES


@pytest.mark.parametrize("secret", ["passphrase", "recovery code"])
def test_it_opens_and_shows_what_was_written(sample: Path, unlock: Callable[[str], Vault], secret: str) -> None:
    expected = json.loads((sample / "notes.json").read_text(encoding="utf-8"))
    with unlock(secret) as vault:
        assert {note.handle: note.text for note in vault.notes()} == expected
        assert vault.expired_at_open == 0
        status = vault.status()
        assert (status.notes, status.pool, status.cost) == (6, 256, "fast")
        assert vault.keep_default == Period(10, "y")


def test_it_can_be_written_to(unlock: Callable[[str], Vault]) -> None:
    with unlock("passphrase") as vault:
        handles = vault.handles()
        vault.edit(handles[0], "anders")
        vault.shred([handles[1]])
        vault.add_many(["nieuw"] * 300)
    with unlock("recovery code") as vault:
        assert vault.show(handles[0]).text == "anders"
        assert len(vault.handles()) == 5 + 300


def test_its_settings_are_read_and_written_in_the_form_of_today(
    unlock: Callable[[str], Vault], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    decode = settings_format.decode

    def noting(payloads: list[bytes]) -> Settings:
        read.append(payloads[0][0])
        return decode(payloads)

    monkeypatch.setattr(settings_format, "decode", noting)
    with unlock("passphrase") as vault:
        assert (vault.guard_policy, vault.allowed_words(), vault.templates()) == ("ask", [], [])
        kept = vault._state.settings._replace(guard="refuse", allowed=("Inez",))
        vault.set_guard_policy("refuse")
        vault.allow_words(["Inez"])
    with unlock("recovery code") as vault:
        assert vault._state.settings == kept
    assert read == [1, settings_format.VERSION]


def test_it_was_made_with_the_real_cost(sample: Path) -> None:
    header = header_format.decode((sample / "data" / "header").read_bytes())
    assert [method.cost for method in header.methods] == [cheap_kdf.REAL.presets["fast"]] * 2
