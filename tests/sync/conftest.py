"""Vaults of these tests take a cheap key derivation; servers may be on PostgreSQL."""

import pytest

from tests.support import cheap_kdf
from tests.support.postgres import postgres, postgres_address

__all__ = ["postgres", "postgres_address"]


@pytest.fixture(autouse=True, scope="session")
def cheap() -> None:
    """For the whole process: these tests are about other things than guessing."""
    cheap_kdf.install()
