"""Known containers, made from the specification alone: opened, or refused in their class, by two implementations."""

import base64
import json
from typing import Any

import pytest

from tests.support.independent_export import opened
from tests.vectors import make_export
from vault import errors
from vault.export import container, document
from vault.export.note import Note
from vault.formats.reader import FormatError, UnknownVersion

VECTORS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(make_export.HERE.glob("*.json"))}
SAYS: dict[type[Exception], str] = {
    FormatError: "damaged",
    UnknownVersion: "newer",
    errors.ParametersRefused: "refused",
    errors.WrongSecret: "unfit",
}


def ours(data: bytes, code: str) -> tuple[str, Any]:
    try:
        lang, notes = document.decode(container.unseal(data, code))
    except tuple(SAYS) as error:
        return SAYS[type(error)], None
    return "opens", json.loads(document.encode(notes, lang))


@pytest.mark.parametrize("name", VECTORS)
def test_a_container_is_opened_or_refused_in_its_class(name: str) -> None:
    vector = VECTORS[name]
    data = base64.b64decode(vector["container"])
    one, other = ours(data, vector["code"]), opened(data, vector["code"])
    assert one[0] == vector["expect"]
    assert one == other


def test_the_vectors_are_those_that_the_script_makes() -> None:
    made = {name: (expect, data) for name, (_, expect, data, _) in make_export.vectors().items()}
    assert made == {name: (v["expect"], base64.b64decode(v["container"])) for name, v in VECTORS.items()}


def test_what_is_written_is_opened_by_the_independent_reader() -> None:
    notes = [Note("Eén 🙂\n\n#rust", 3), Note("twee")]
    data = container.seal(document.encode(notes, "nl"), make_export.CODE, lambda size: bytes(range(size)))
    state, found = opened(data, make_export.CODE)
    assert state == "opens"
    assert [(note["text"], note.get("months_left")) for note in found["notes"]] == notes
    # section 3.4: the size says no more than how many blocks of 4,096 bytes
    assert (len(data) - 86 - 16 - 32) % 4096 == 0
