"""The lists, read once for all tests of the guard."""

import pytest

from vault.guard import Find, Lists, load, scan


@pytest.fixture(scope="session")
def lists() -> Lists:
    return load()


class Guard:
    """Scans, and says what was found in a few words."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists

    def scan(self, text: str) -> list[Find]:
        return scan(text, self.lists)

    def pairs(self, text: str) -> list[tuple[str, str]]:
        return [(find.kind, find.text) for find in self.scan(text)]

    def of(self, kind: str, text: str) -> list[str]:
        return [find.text for find in self.scan(text) if find.kind == kind]


@pytest.fixture(scope="session")
def guard(lists: Lists) -> Guard:
    return Guard(lists)
