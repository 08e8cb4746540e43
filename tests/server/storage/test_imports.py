"""What a server with its database in a folder doesn't load, and no server does (P15)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OPENED = """
import sys
from sync.server.storage import open_storage
open_storage(sys.argv[1], sys.argv[2]).close()
print(*sys.modules)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backend_loads_what_it_needs(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database = "sqlite" if kind == "sqlite" else request.getfixturevalue("postgres_address")
    loaded = subprocess.run(
        [sys.executable, "-c", OPENED, database, str(tmp_path)], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    assert not {"vault", "nacl", "cryptography", "sqlcipher3", "sqlalchemy"} & set(loaded)
    assert ("psycopg" in loaded) == (kind == "postgresql")
    assert ("sqlite3" in loaded) == (kind == "sqlite")
