"""A vault of its own for each test of the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.shell import watch
from tests.support.playing import new_vault
from vault.service import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """An open, empty vault in tmp_path."""
    with new_vault(tmp_path) as made:
        yield made


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The idle watch looks at its clock often, so that no test waits for it."""
    monkeypatch.setattr(watch, "_TICK", 0.01)
