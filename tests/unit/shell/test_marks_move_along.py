"""Marks stay on the words that they are about, whatever is typed around them."""

from hypothesis import given
from hypothesis import strategies as st

from cli.shell.marks import ByLine, shifted
from vault.guard import Find, load, scan

TEXT = "Met Jan.\nOp 3 maart\nbelde Fatima met Jan."
FINDS = scan(TEXT, load())
ANY = st.text("Ja n.\n3#", max_size=12)


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), ANY)
def test_a_mark_that_moves_along_stands_on_the_same_words(one: int, other: int, put_in: str) -> None:
    new = TEXT[: min(one, other)] + put_in + TEXT[max(one, other) :]
    for find in shifted(TEXT, new, FINDS):
        assert new[find.start : find.end] == find.text


def test_a_mark_goes_when_its_word_is_cut_or_grows_and_stays_when_something_is_put_beside_it() -> None:
    assert [find.text for find in FINDS] == ["Jan", "3 maart", "Fatima", "Jan"]
    first = FINDS[:1]
    assert shifted(TEXT, "Met Ja.", first) == []
    assert shifted("Met Jan", "Met Jansen", first) == []
    assert shifted("Met Jan", "Met Jan ", first) == first
    assert shifted(TEXT, "Nu. " + TEXT, first) == [Find(8, 11, "naam", "Jan")]


def test_a_find_over_a_line_end_is_marked_on_both_lines() -> None:
    by_line = ByLine(["ab", "cd"], [Find(1, 4, "naam", "b\nc")])
    assert [(mark.start, mark.end) for mark in by_line(0)] == [(1, 2)]
    assert [(mark.start, mark.end) for mark in by_line(1)] == [(0, 1)]
