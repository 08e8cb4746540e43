"""What every promise is tested on: a vault in real files, with a key derivation that costs next to nothing."""

from pathlib import Path

import pytest

from tests.support import cheap_kdf
from tests.support.vaults import Place
from vault.crypto import stretch


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap for this test, and the policy as it was after it."""
    monkeypatch.setattr(stretch, "POLICY", stretch.POLICY)
    cheap_kdf.install()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Where one vault may be made."""
    return Place(tmp_path)
