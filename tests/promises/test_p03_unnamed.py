"""P3: nothing asks for, stores or derives a name; no field for a date, a title or a client exists; the guard stands in
every way in.

Seen to fail: a column `title` in `slot`; a field `changed` in the settings; the source's file name put before a note by
`add_many`; the guard taken out of `add`, of `edit` and of `import`, each by itself; a new command that adds a note.
"""

import ast
import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.command import ROOT, Program
from tests.support.vaults import Place, slots_of
from vault import ledger, limits
from vault.formats import note as note_format
from vault.formats.anchorfile import Anchor, Record
from vault.formats.head import Head
from vault.formats.header import Header, Method
from vault.formats.lockrow import LockRow
from vault.formats.settings import Settings
from vault.service import Vault, create_vault, open_vault
from vault.service import notes as service_notes

NAMING = re.compile(
    r"name|title|client|person|author|subject|who|file|date|time|day|created|changed|tag|label|topic", re.IGNORECASE
)
KNOWN = {"passphrase_characters"}
TEXT = "Gesprek over grenzen. " * 150


def test_a_note_is_its_text_and_nothing_else(place: Place) -> None:
    with place.create() as vault:
        handle = vault.add(TEXT).handle
        body = b"".join(service_notes.payloads(vault._state, slots_of(vault, handle)[0]))
    data = TEXT.encode()
    version, tag, rest = body[:1], body[1 : 1 + note_format.TAG_BYTES], body[1 + note_format.TAG_BYTES :]
    assert version == b"\x01"
    assert len(tag) == 50
    assert rest[:4] == len(data).to_bytes(4, "big")
    assert rest[4 : 4 + len(data)] == data
    assert not any(rest[4 + len(data) :])


def test_equal_texts_lie_as_different_bytes(place: Place) -> None:
    # no derived name either: nothing of a note follows from its text
    with place.create() as vault:
        first, second = vault.add_many([TEXT, TEXT])
        state = vault._state
        one, two = (service_notes.payloads(state, slots_of(vault, handle)[0]) for handle in (first, second))
        assert one[0][1:51] != two[0][1:51], "the tags are alike"
        boxes = [state.store.read_slot(slot) for handle in (first, second) for slot in slots_of(vault, handle)]
        assert len(set(boxes)) == len(boxes)
        assert first != second


def words_of(fields: Iterable[str]) -> list[str]:
    return [field for field in fields if NAMING.search(field) and field not in KNOWN]


def test_no_field_is_there_for_a_name_or_a_date(place: Place) -> None:
    place.create().close()
    for kind in (Settings, Header, Method, Head, LockRow, Anchor, Record):
        assert words_of(kind._fields) == [], kind.__name__
    assert words_of(ledger.Entry._fields) == []
    with place.database() as database:
        columns = [
            row[1] for table in ("slot", "page", "head") for row in database.execute(f"PRAGMA table_info({table})")
        ]
    assert words_of(columns) == []
    assert words_of(["title", "client_code", "created_at", "file_name"]) != []


def test_nothing_that_writes_takes_a_name_or_a_date() -> None:
    for function in (create_vault, open_vault, Vault.add, Vault.add_many, Vault.edit, Vault.seal_draft, Vault.keep):
        assert words_of(inspect.signature(function).parameters) == [], function.__name__


def test_import_stores_the_texts_and_not_where_they_came_from(place: Place) -> None:
    texts = ["Eerste gesprek.", "Tweede gesprek."]
    with place.create() as vault:
        written = vault.add_many(iter(texts))
        state = vault._state
        assert [vault.show(handle).text for handle in written] == texts
        used = [slot for handle in written for slot in slots_of(vault, handle)]
        assert sum(kind != ledger.FREE for kind in state.ledger.kinds) == len(used) == len(texts)
    # nothing but those two slots and their entries: the settings are as they were on the first day
    assert len(place.db.read_bytes()) == 144 * 4096
    assert limits.POOL_LEAST == 256


# -- the guard ---------------------------------------------------------------------------------------------------------

PERSONAL = "Sanne de Boer (sanne.deboer@example.nl) uit Tilburg belt dinsdag 4 juni op 06-12345678."
NAMED = ("Sanne", "Boer", "Tilburg", "4 juni", "12345678", "example")
WAYS_IN = {
    "commands/add.py": "through guarding.guarded, or the editor",
    "commands/edit.py": "through guarding.guarded, or the editor",
    "commands/importing.py": "through guarding.guarded_all",
    "demoday.py": "texts of our own, into a vault that is thrown away",
    "shell/saving.py": "what the editor saves, after its own guard",
}


def test_every_place_that_writes_a_note_is_known() -> None:
    found = set()
    for path in (ROOT / "cli").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("add", "add_many", "edit") and "vault" in ast.unparse(node.func.value):
                found.add(path.relative_to(ROOT / "cli").as_posix())
    assert found == set(WAYS_IN)


@pytest.fixture
def vault(tmp_path: Path) -> Program:
    """The program with a vault that holds one note."""
    program = Program(tmp_path).made()
    program.add("Zegt vaak ja.")
    return program


def stored(vault: Program) -> str:
    """All texts in the vault."""
    return "\n".join(vault.json("show", note["handle"])["text"] for note in vault.json("list")["notes"])


def way_in(way: str, vault: Program, *guard: str) -> int:
    """Brings PERSONAL to the vault in one of the ways there are: the exit code."""
    (handle,) = [note["handle"] for note in vault.json("list")["notes"]]
    file = vault.folder / "notitie.md"
    file.write_text(PERSONAL)
    arguments: dict[str, tuple[list[str], str]] = {
        "add a file": (["add", str(file)], ""),
        "add from a pipe": (["add"], PERSONAL),
        "edit from a file": (["edit", handle, str(file)], ""),
        "edit from a pipe": (["edit", handle, "-"], PERSONAL),
        "import a file": (["import", str(file)], ""),
        "import a folder": (["import", str(vault.folder)], ""),
    }
    words, text = arguments[way]
    return vault(*words, *guard, text=text).returncode


ALL_WAYS = (
    "add a file", "add from a pipe", "edit from a file", "edit from a pipe", "import a file", "import a folder",
)  # fmt: skip


@pytest.mark.parametrize("way", ALL_WAYS)
def test_the_guard_stands_in_every_way_in(vault: Program, way: str) -> None:
    assert way_in(way, vault) == 5
    assert stored(vault) == "Zegt vaak ja."
    assert way_in(way, vault, "--guard", "refuse") == 5
    assert stored(vault) == "Zegt vaak ja."


@pytest.mark.parametrize("way", ALL_WAYS)
def test_nothing_personal_gets_past_a_guard_that_replaces(vault: Program, way: str) -> None:
    assert way_in(way, vault, "--guard", "redact") == 0
    assert "[telefoon]" in stored(vault)
    assert not [word for word in NAMED if word in stored(vault)]


@pytest.mark.parametrize("way", ALL_WAYS)
def test_without_the_guard_it_would_be_stored(vault: Program, way: str) -> None:
    assert way_in(way, vault, "--guard", "off") == 0
    assert PERSONAL in stored(vault)
