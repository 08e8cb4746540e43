"""Whatever a note holds, every format carries it whole, and says so after reading it back by itself."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.exports import CODE, NASTY, any_text, cheap, noted_text
from vault import errors, limits
from vault.export import FORMATS, Note, document, export, html, md, verify

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/spec/export.schema.json").read_text("utf-8"))
NOTES = st.lists(st.builds(Note, noted_text, st.none() | st.integers(0, 120)), max_size=5)
QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap(monkeypatch)


def drawn(size: int) -> bytes:
    return bytes(range(size))


@pytest.mark.parametrize("kind", ["html", "md", "json"])
@given(notes=NOTES, lang=st.just("nl"))
@QUICK
def test_any_notes_come_back_as_they_were(kind: str, notes: list[Note], lang: str) -> None:
    verify(kind, export(kind, notes, lang=lang, code=CODE, draw=drawn), notes, CODE)


@given(notes=st.lists(st.builds(Note, noted_text), max_size=3))
@settings(QUICK, max_examples=40)
def test_any_notes_are_typeset_with_every_character(notes: list[Note]) -> None:
    verify("pdf", export("pdf", notes, lang="nl", code=None, draw=drawn), notes, None)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "age"])
def test_texts_that_break_programs_come_through(kind: str, text: str) -> None:
    notes = [Note("ervoor"), Note(text, 3), Note("erna")]
    verify(kind, export(kind, notes, lang="nl", code=CODE, draw=drawn), notes, CODE)


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "age"])
def test_the_longest_note_fits(kind: str) -> None:
    line = "Zeven woorden over hoe het gesprek ging. "
    notes = [Note((line * (limits.NOTE_BYTES // len(line) + 1))[: limits.NOTE_BYTES])]
    verify(kind, export(kind, notes, lang="nl", code=CODE, draw=drawn), notes, CODE)


@given(NOTES)
@QUICK
@example([])
@example([Note("#rust\n#grenzen\n", 0)])
def test_the_document_is_what_its_schema_says(notes: list[Note]) -> None:
    written = json.loads(export("json", [note for note in notes if note.text], lang="en", code=None, draw=drawn))
    jsonschema.validate(written, SCHEMA, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "wrong",
    [{"date": "2026-11-25"}, {"name": "x"}, {"handle": "bakemo"}, {"months_left": 121}, {"text": 3}, {"text": "a\0"}],
    ids=str,
)
def test_the_schema_has_no_room_for_anything_else(wrong: dict[str, object]) -> None:
    written = json.loads(document.encode([Note("tekst")], "nl"))
    written["notes"][0] |= wrong
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, SCHEMA, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d"])
@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_no_text_is_refused_without_quoting_it(kind: str, text: str) -> None:
    with pytest.raises(errors.NoteNotText) as raised:
        export(kind, [Note(text)], lang="nl", code=CODE, draw=drawn)
    assert not str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None or raised.value.__suppress_context__


@pytest.mark.parametrize("kind", ["html", "md", "json"])
def test_too_much_is_refused_before_it_is_made(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORT_BYTES", 1000)
    with pytest.raises(errors.ExportTooLarge):
        export(kind, [Note("x" * 999), Note("y" * 2)], lang="nl", code=CODE, draw=drawn)


@pytest.mark.parametrize(
    "code", [None, "", "aalbes", "aalbes dambord kerrie rijden stoer", "a b c d e f", CODE + " " + CODE]
)
@pytest.mark.parametrize("kind", ["html", "age"])
def test_no_file_is_sealed_with_a_code_that_nobody_could_type(kind: str, code: str | None) -> None:
    with pytest.raises(ValueError, match="code"):
        export(kind, [Note("tekst")], lang="nl", code=code, draw=drawn)


@given(st.binary(max_size=400) | any_text.map(str.encode))
@QUICK
def test_any_bytes_are_refused_with_our_own_error(data: bytes) -> None:
    before, after = html.frame("nl")
    for kind, some in [("html", data), ("html", before + data + after), ("md", data), ("json", data), ("pdf", data)]:
        with pytest.raises(errors.ExportNotVerified):
            verify(kind, some, [Note("tekst")], CODE)
    with pytest.raises(errors.ExportNotVerified):
        verify("age", data, [Note("tekst")], CODE)


def test_notes_cannot_hold_the_line_between_notes() -> None:
    # seen to fail with a line of three asterisks whatever the notes hold
    notes = [Note("a\n\n***\n\nb"), Note("****")]
    assert md.decode(md.write(notes, "nl", "", drawn)) == [note.text for note in notes]
