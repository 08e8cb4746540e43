"""A vault with its home, and another computer's files."""

from pathlib import Path

import pytest

from tests.support import cheap_kdf
from tests.support.computer import Tree
from tests.support.vaults import Place
from vault.crypto import stretch


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap for this test, and the policy as it was after it."""
    monkeypatch.setattr(stretch, "POLICY", stretch.POLICY)
    cheap_kdf.install()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A closed vault with the usual work per guess: home/data, and its anchor in home/state."""
    home = tmp_path / "home"
    home.mkdir()
    made = Place(home)
    made.create(cost="normal").close()
    return made


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Another computer."""
    return Tree(tmp_path / "tree")
