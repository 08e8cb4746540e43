"""Lesson 21: export-and-shred destroys only after `verify`. So no export with anything wrong in it may pass.

Seen to fail: with any one comparison in a format's `verify` taken out, a case here passes verification.
"""

import pytest

from tests.support import notes as generated
from tests.support.exports import CODE, cheap
from vault import errors
from vault.export import FORMATS, SEALED, Note, export, verify

OTHER_CODE = "vlakte dambord kerrie rijden stoer aalbes"
NOTES = [Note(text, 3) for text in generated.generate(4, 12)]


def drawn(size: int) -> bytes:
    return bytes(size)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap(monkeypatch)


@pytest.fixture(scope="module", params=FORMATS)
def made(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        return request.param, export(request.param, NOTES, lang="nl", code=CODE, draw=drawn)


def refused(kind: str, data: bytes, notes: list[Note] = NOTES, code: str = CODE) -> bool:
    try:
        verify(kind, data, notes, code)
    except errors.ExportNotVerified:
        return True
    return False


def test_what_is_right_passes(made: tuple[str, bytes]) -> None:
    assert not refused(*made)


def test_an_empty_file_is_refused(made: tuple[str, bytes]) -> None:
    assert refused(made[0], b"")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.98])
def test_a_file_cut_short_by_a_full_disk_is_refused(made: tuple[str, bytes], part: float) -> None:
    kind, data = made
    assert refused(kind, data[: int(len(data) * part)])


def test_a_file_of_zeros_after_a_power_cut_is_refused(made: tuple[str, bytes]) -> None:
    kind, data = made
    assert refused(kind, bytes(len(data)))
    assert refused(kind, data[:-4096] + bytes(4096))


def test_one_note_fewer_in_the_file_is_refused(made: tuple[str, bytes]) -> None:
    kind, data = made
    assert refused(kind, data, [*NOTES, Note("Nog een notitie, die er niet in staat.")])
    assert refused(kind, data, [*NOTES, NOTES[0]])


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind not in {"pdf", "age"}])
@pytest.mark.parametrize("at", range(0, 1000, 97))
def test_a_flipped_bit_anywhere_is_refused(kind: str, at: int) -> None:
    data = bytearray(export(kind, NOTES, lang="nl", code=CODE, draw=drawn))
    data[len(data) * at // 1000] ^= 4
    assert refused(kind, bytes(data))


def test_other_notes_or_another_order_are_refused(made: tuple[str, bytes]) -> None:
    kind, data = made
    if kind != "pdf":  # a PDF holds every letter; what else is on it, nobody reads back
        assert refused(kind, data, NOTES[1:])
        assert refused(kind, data, NOTES[::-1])
    changed = [*NOTES[:5], Note(NOTES[5].text.replace("e", "x", 1), 3), *NOTES[6:]]
    assert refused(kind, data, changed)


@pytest.mark.parametrize("kind", ["html", "pdf", "json"])
def test_another_time_left_is_refused(kind: str) -> None:
    # a text with a sign that no font shows is looked at letter by letter; what stands around it still has to be there
    notes = [NOTES[0], Note("goed \U0010fffd zo", 3)]
    data = export(kind, notes, lang="nl", code=CODE, draw=drawn)
    assert not refused(kind, data, notes)
    assert refused(kind, data, [notes[0], notes[1]._replace(months_left=4)])
    assert refused(kind, data, [notes[0]._replace(months_left=None), notes[1]])


def test_another_code_is_refused(made: tuple[str, bytes]) -> None:
    kind, data = made
    assert refused(kind, data, code=OTHER_CODE) == (kind in SEALED)
    assert not refused(kind, data, code=f"  {CODE.upper()} ")


def test_a_page_with_another_script_around_the_right_box_is_refused() -> None:
    data = export("html", NOTES, lang="nl", code=CODE, draw=drawn)
    assert refused("html", data.replace(b'"use strict"', b'"use  strict"'))


def test_a_pdf_whose_words_run_off_the_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # the protection of section 7 taken out: a long word is no longer broken, so PDFium does not see its end
    import re

    from vault.export import pdf

    monkeypatch.setattr(pdf, "_LONG", re.compile(r"(?!)"))
    notes = [Note("w" * 500)]
    assert refused("pdf", export("pdf", notes, lang="nl", code=None, draw=drawn), notes)


def test_without_the_extra_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    data = export("pdf", NOTES, lang="nl", code=None, draw=drawn)
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(errors.ExportNeeds) as raised:
        export("pdf", NOTES, lang="nl", code=None, draw=drawn)
    assert raised.value.extra == "pdf"
    with pytest.raises(errors.ExportNeeds):
        verify("pdf", data, NOTES, None)
