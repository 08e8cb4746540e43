"""Cheap key derivation for every property."""

from collections.abc import Iterator

import pytest

from tests.support import cheap_kdf
from vault.crypto import stretch


@pytest.fixture(autouse=True, scope="module")
def cheap() -> Iterator[None]:
    """Cheap for a whole module: hypothesis runs its examples inside one test."""
    before = stretch.POLICY
    cheap_kdf.install()
    yield
    stretch.POLICY = before
