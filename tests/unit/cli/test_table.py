"""First words fit their width, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.table import columns, first_words


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Zegt vaak ja.", 20, "Zegt vaak ja."),
        ("Zegt vaak ja.", 13, "Zegt vaak ja."),
        ("Zegt vaak ja.", 12, "Zegt vaak…"),
        ("Zegt\n\n  vaak\tja.", 20, "Zegt vaak ja."),
        ("onafgebrokenwoord", 8, "onafgeb…"),
        ("会議のメモ", 6, "会議…"),
        ("cafe\u0301 en rust", 6, "cafe\u0301…"),
        ("\x1b[31mrood", 20, "␛[31mrood"),
    ],
)
def test_first_words_are_cut_to_the_width(text: str, width: int, shown: str) -> None:
    assert first_words(text, width) == shown


@given(st.text(min_size=1), st.integers(12, 200))
def test_first_words_never_take_more_columns_than_there_are(text: str, width: int) -> None:
    shown = first_words(text, width)
    assert sum(map(columns, shown)) <= width
    assert "\n" not in shown
    assert "\x1b" not in shown


def test_a_megabyte_is_cut_by_its_start() -> None:
    assert first_words("woord " * 200_000, 20) == "woord woord woord…"
