"""Vaults of these tests take a cheap key derivation."""

import pytest

from tests.support import cheap_kdf
from vault.crypto import stretch


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap for this test, and the policy as it was after it."""
    monkeypatch.setattr(stretch, "POLICY", stretch.POLICY)
    cheap_kdf.install()
