"""The notes that other tests and the benchmarks use."""

import re
import time

import pytest

from tests.support.notes import generate


def test_same_seed_gives_same_notes_and_another_seed_others() -> None:
    assert list(generate(1, 50)) == list(generate(1, 50))
    assert not set(generate(1, 50)) & set(generate(2, 50))


@pytest.mark.parametrize(("least", "most"), [(500, 4000), (500, 16_000), (1, 2), (4096, 16_384)])
def test_sizes_keep_within_bounds(least: int, most: int) -> None:
    sizes = [len(note.encode()) for note in generate(3, 500, least=least, most=most)]
    assert least <= min(sizes)
    assert max(sizes) <= most


@pytest.mark.parametrize(("most", "mean"), [(4000, 1500), (16_000, 3000)])
def test_mean_is_about_what_was_asked(most: int, mean: int) -> None:
    sizes = [len(note.encode()) for note in generate(4, 3000, most=most, mean=mean)]
    assert mean * 0.9 < sum(sizes) / len(sizes) < mean * 1.1


def test_notes_differ() -> None:
    assert len(set(generate(5, 2000))) == 2000


def test_no_digits_and_no_capital_inside_a_sentence() -> None:
    for note in generate(6, 300):
        assert not re.search(r"\d", note)
        assert not re.search(r"[a-zë,;] [A-Z]", note)


def test_ten_thousand_notes_take_less_than_two_seconds() -> None:
    before = time.process_time()
    assert sum(1 for _ in generate(7, 10_000)) == 10_000
    assert time.process_time() - before < 2


@pytest.mark.parametrize("sizes", [(0, 10, None), (10, 10, None), (10, 20, 30)])
def test_impossible_sizes_are_refused(sizes: tuple[int, int, int | None]) -> None:
    least, most, mean = sizes
    with pytest.raises(ValueError, match="ordered"):
        next(generate(8, 1, least=least, most=most, mean=mean))
