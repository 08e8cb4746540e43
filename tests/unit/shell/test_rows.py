"""Words wrap, nothing gets lost on the way, and nothing drives the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.shell.hits import around, hits
from cli.shell.plain import one_line, plain
from cli.shell.rows import Mark, Row, cells, cut, index_at, paint, row_of, shown, wrap, wrap_again

LINES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n"), max_size=300) | st.text(
    "aé \t字", max_size=300
)


@given(LINES, st.integers(2, 100))
def test_rows_hold_every_character_once_and_fit(line: str, width: int) -> None:
    rows = wrap(line, width)
    assert [rows[0].start, *(row.end for row in rows)] == [*(row.start for row in rows), len(line)]
    for row in rows:
        assert cells(line[row.start : row.end]) <= max(width, 5), "a row is wider than the screen"


@given(LINES, st.integers(10, 100))
def test_a_word_is_cut_only_when_it_is_wider_than_the_screen(line: str, width: int) -> None:
    for row in wrap(line, width)[:-1]:
        before, after = line[row.end - 1], line[row.end : row.end + 1]
        if before not in " \t" and after not in ("", " ", "\t"):
            start = max(line.rfind(sep, 0, row.end) for sep in " \t") + 1
            stops = [at for sep in " \t" if (at := line.find(sep, row.end)) >= 0]
            assert cells(line[start : min(stops, default=len(line))]) > width - 1


@given(LINES, st.integers(2, 40), st.data())
def test_every_place_in_a_line_is_found_back_on_its_row(line: str, width: int, data: st.DataObject) -> None:
    rows = wrap(line, width)
    index = data.draw(st.integers(0, len(line)))
    number = row_of(rows, index)
    row = rows[number]
    assert row.start <= index <= row.end
    x = cells(line[row.start : index])
    found = index_at(line, row, x, last=number == len(rows) - 1)
    assert cells(line[row.start : found]) <= x


@given(LINES, st.integers(1, 80))
def test_a_cut_line_fits(line: str, width: int) -> None:
    assert cells(cut(line, width)) <= width


@given(LINES, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300))))
def test_marks_change_the_style_never_the_text(line: str, places: list[tuple[int, int]]) -> None:
    marks = [Mark(min(place), max(place), "x") for place in places]
    painted = paint(line, Row(0, len(line)), "", marks)
    assert "".join(text for _, text in painted) == shown(line)


def test_what_turns_the_direction_of_writing_around_is_shown_as_a_sign() -> None:
    assert shown("a\u202eb\u2066c\td") == "a�b�c    d"


@given(st.text())
def test_plain_text_holds_no_control_character(text: str) -> None:
    cleaned = plain(text)
    assert not any((ord(char) < 32 and char not in "\t\n") or 0x7F <= ord(char) < 0xA0 for char in cleaned)
    assert plain(cleaned) == cleaned
    cleaned.encode()
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("line", "words", "expected"),
    [
        ("Grenzen en GRENZEN", ["grenzen"], ["Grenzen", "GRENZEN"]),
        ("Reünie, reunie", ["REUNIE"], ["Reünie", "reunie"]),
        ("Straße", ["strasse"], ["Straße"]),
        ("e\u0301en", ["een"], ["e\u0301en"]),
        ("een twee", ["twee", "een"], ["een", "twee"]),
        ("niets", [""], []),
    ],
)
def test_hits_ignore_case_and_accents(line: str, words: list[str], expected: list[str]) -> None:
    assert [line[mark.start : mark.end] for mark in hits(line, words)] == expected


def test_an_excerpt_holds_the_hit() -> None:
    text = "begin " * 500 + "het kwartelei\nligt hier " + "einde " * 500
    excerpt = around(text, ["kwartelei"], 100)
    assert excerpt.startswith("…")
    assert "het kwartelei ligt hier" in excerpt
    assert len(excerpt) <= 201
    assert around("kort", ["kort"], 100) == "kort"


@given(LINES, LINES, st.integers(2, 100), st.data())
def test_a_line_wrapped_again_after_a_change_is_as_if_wrapped_anew(
    old: str, put_in: str, width: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    new = old[:start] + put_in + old[end:]
    assert wrap_again(new, width, old, wrap(old, width)) == wrap(new, width)
