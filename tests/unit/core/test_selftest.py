"""The self-test says that all is well when it is, and not when it isn't."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import cheap_kdf
from tests.support.independent import derive, seal
from vault import errors, selftest
from vault.crypto import aead, stretch
from vault.service import Vault
from vault.service import notes as service_notes


def failing(scratch: Path) -> list[str]:
    results = list(selftest.run(str(scratch)))
    assert tuple(name for name, _ in results) == selftest.CHECKS
    return [name for name, passed in results if not passed]


def test_every_check_holds_here_with_the_real_cost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "POLICY", cheap_kdf.REAL)
    assert failing(tmp_path) == []


def test_its_known_answers_come_from_elsewhere() -> None:
    counting = bytes(range(64))
    derived = derive(counting[:32], b"ongemerkt-kek--1", counting[:32], counting[32:], counting[:16], counting[16:32])
    assert derived.hex() == selftest._DERIVED
    assert seal(counting[:32], counting[:16], b"S", 7, counting[:24], b"ongemerkt").hex() == selftest._SEALED


def keeps_box(slots: Any) -> Any:
    return iter(())


def broken(*_: object, **__: object) -> Any:
    raise MemoryError


BREAKAGES: dict[str, tuple[object, str, Callable[..., Any], list[str]]] = {
    "derivation": (selftest, "epoch_wrap_key", lambda *_: bytes(32), [selftest.DERIVATION]),
    "a box that opens anywhere": (aead, "equal", lambda *_: True, []),
    "stretching": (stretch, "argon2id", lambda *_: bytes(32), [selftest.STRETCHING]),
    "no memory": (stretch, "argon2id", broken, [selftest.STRETCHING, *selftest.CHECKS[4:]]),
    "reading": (service_notes, "decode", lambda data: "", [selftest.WRITTEN]),
    "hiding": (selftest, "_holds_canary", lambda path: True, [selftest.HIDDEN]),
    "shredding": (Vault, "shred", lambda vault, starts: 1, [selftest.SHREDDED, selftest.OLD_COPY]),
    "the disk": (selftest, "create_vault", broken, list(selftest.CHECKS[4:])),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_what_is_broken_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, instead, expected = BREAKAGES[name]
    monkeypatch.setattr(where, what, instead)
    assert failing(tmp_path) == expected


def test_an_error_is_a_failed_check_and_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> Any:
        raise errors.StorageFailed(full=True)

    monkeypatch.setattr(selftest, "open_vault", refused)
    assert failing(tmp_path) == [selftest.WRITTEN, selftest.SHREDDED, selftest.OLD_COPY]
