"""Handles: six letters for each of 614,125 numbers, each its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import errors
from vault.handles import COUNT, LETTERS, clean, number_of, spell


def test_every_number_has_its_own_letters_and_back() -> None:
    spelled = {spell(number): number for number in range(COUNT)}
    assert len(spelled) == COUNT == (17 * 5) ** 3
    assert {len(handle) for handle in spelled} == {LETTERS}
    assert all(number_of(handle) == number for handle, number in list(spelled.items())[::97])


@given(st.integers(0, COUNT - 1), st.integers(1, LETTERS))
def test_a_handle_or_its_start_is_read_in_any_case(number: int, length: int) -> None:
    handle = spell(number)
    assert number_of(clean(f" {handle.upper()}\n")) == number
    assert clean(handle[:length]) == handle[:length]


@given(st.text(max_size=9))
def test_any_letters_are_the_start_of_a_handle_or_refused(typed: str) -> None:
    try:
        letters = clean(typed)
    except errors.HandleMalformed:
        return
    assert 1 <= len(letters) <= LETTERS
    whole = letters + "ba" * 3 if len(letters) % 2 == 0 else letters + "a" + "ba" * 3
    assert spell(number_of(whole[:LETTERS])).startswith(letters)


@pytest.mark.parametrize("typed", ["", " ", "a", "bb", "ba1", "bababab", "ba ba", "cababa", "xaxaxa", "béba", "ba-ba"])
def test_what_is_no_handle_is_refused(typed: str) -> None:
    with pytest.raises(errors.HandleMalformed):
        clean(typed)
