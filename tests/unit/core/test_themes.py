"""Themes are labels in the note itself: read from it, put into it, and nothing else of it is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.themes import LONGEST, label, themes, with_themes, without_themes

LABELS = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True), max_size=5, unique=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zegt vaak ja.\n\n#grenzen #werkdruk", ("grenzen", "werkdruk")),
        ("#Grenzen\nZegt vaak ja.\n  #grenzen\t#rouw ", ("grenzen", "rouw")),
        ("# Grenzen\nZegt vaak ja.", ()),
        ("Zegt #grenzen te willen.", ()),
        ("#1 op de lijst", ()),
        ("#1\n#2", ()),
        ("#een_eigen-woord", ("een_eigen-woord",)),
        ("##grenzen", ()),
        ("#" + "a" * (LONGEST + 1), ()),
        ("", ()),
    ],
)
def test_themes_are_lines_of_labels_only(text: str, found: tuple[str, ...]) -> None:
    assert themes(text) == found


@given(st.text(), LABELS)
def test_what_is_put_in_is_read_back_and_put_in_again_changes_nothing(text: str, labels: list[str]) -> None:
    once = with_themes(text, labels)
    assert themes(once) == tuple(labels)
    assert with_themes(once, labels) == once


@given(st.text(), LABELS)
def test_the_text_itself_stays(text: str, labels: list[str]) -> None:
    before = without_themes(text).rstrip("\n")
    assert without_themes(with_themes(text, labels)).rstrip("\n") == before


@given(st.text())
def test_any_typing_gives_a_label_that_is_read_back_or_nothing(typed: str) -> None:
    name = label(typed)
    assert themes(f"#{name}") == ((name,) if name else ())
