"""P5 (files): two vaults with the same pool can't be told apart by the names and sizes of their files, at any time.

Seen to fail: an index made at the first shred; an anchor file that grew with each commit; a journal kept on.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.vaults import Place
from vault import errors, limits
from vault.months import Period
from vault.service import Template, Vault


def shape(place: Place) -> list[tuple[str, int]]:
    """Every file's name and size; the vault's id, which is random, left out."""
    identity = place.read_header().vault_id.hex()
    return sorted((name.replace(identity, "id"), len(raw)) for name, raw in place.snapshot().items())


def test_a_busy_vault_and_an_idle_one_have_the_same_files_at_all_times(tmp_path: Path) -> None:
    idle, busy = Place(tmp_path / "idle"), Place(tmp_path / "busy")
    idle.create().close()
    shapes = shape(idle)
    vault = busy.create()
    long = "lang " * 2000
    steps: list[Callable[[Vault], object]] = [
        lambda vault: vault.add("kort"),
        lambda vault: vault.add(long),
        lambda vault: vault.add_many(["notitie"] * 100),
        lambda vault: vault.edit(vault.handles()[0], long),
        lambda vault: vault.shred(vault.handles()[:50]),
        lambda vault: vault.keep(vault.handles()[0], Period(3, "m")),
        lambda vault: vault.seal_draft("half"),
        Vault.drop_draft,
        lambda vault: vault.set_keep_default(Period(10, "y")),
        lambda vault: vault.set_idle_minutes(120),
        lambda vault: vault.change_passphrase(busy.passphrase),
        Vault.close,
        lambda _: busy.open().close(),
    ]
    for step in steps:
        step(vault)
        assert shape(busy) == shapes
    with busy.open() as vault:
        vault.shred(vault.handles())
    assert shape(busy) == shapes


def test_the_longest_settings_take_no_more_room_than_the_shortest(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with place.create() as vault:
        shapes = shape(place)
        vault.set_keep_default(Period(3650, "d"))
        vault.set_idle_minutes(1)
        vault.allow_words(f"naam {number:08}" for number in range(585))
        vault.set_templates([Template(f"sjabloon {at}", "vraag? " * 430) for at in range(4)])
        assert shape(place) == shapes
        with pytest.raises(errors.AllowedTooMany):
            vault.allow_words(["naam te veel"])
    with place.open() as vault:
        assert (len(vault.allowed_words()), len(vault.templates())) == (585, 4)
    assert shape(place) == shapes


def grown(place: Place, write: Callable[[Vault], object]) -> list[tuple[str, int]]:
    with place.create() as vault:
        write(vault)
        assert vault.status().pool == 2 * limits.POOL_LEAST
    return shape(place)


def test_two_vaults_that_moved_house_have_the_same_files(tmp_path: Path) -> None:
    many = grown(Place(tmp_path / "many"), lambda vault: vault.add_many(["kort"] * 300))
    once = grown(Place(tmp_path / "once"), lambda vault: vault.add("lang " * 110_000))
    assert many == once


def test_only_the_pool_shows(tmp_path: Path) -> None:
    small, large = Place(tmp_path / "small"), Place(tmp_path / "large")
    small.create().close()
    grown(large, lambda vault: vault.add_many(["kort"] * 300))
    differing = {name for name, size in set(shape(small)) ^ set(shape(large))}
    assert differing == {"data/vault.db"}
