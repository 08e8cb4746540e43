"""The baselines' SQLCipher: the same PRAGMAs as ours, and nothing of ours around it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3

from benchmarks.scratch import Home
from vault.crypto.derive import database_key
from vault.store import sqlcipher


def connect(path: Path, key: str) -> Any:
    """A connection with a raw key (key and salt in hex, 96 digits)."""
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{key}'\"")
    for pragma in sqlcipher._PRAGMAS:
        connection.execute(pragma)
    return connection


@contextmanager
def database_of(home: Home, static: bytes) -> Iterator[Any]:
    """A connection of its own to a vault's database."""
    path = Path(home.paths.database())
    with path.open("rb") as file:
        salt = file.read(sqlcipher.SALT_BYTES)
    connection = connect(path, database_key(static, salt).hex() + salt.hex())
    try:
        yield connection
    finally:
        connection.close()


def plain_table(path: Path, texts: Iterator[str]) -> str:
    """A new database with a plain table of notes, as a program without promises would have it. Its key in hex."""
    key = os.urandom(48).hex()
    connection = connect(path, key)
    connection.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO note(text) VALUES(?)", ((text,) for text in texts))
    connection.execute("COMMIT")
    connection.close()
    return key
