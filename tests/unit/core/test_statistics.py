"""The yardsticks of the promises: they see what is there, and nothing where nothing is."""

import os
import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.statistics import Z_LIMIT, byte_evenness, evenness, kendall


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=40))
def test_kendall_counts_pairs(points: list[tuple[int, int]]) -> None:
    left, right = [x for x, _ in points], [y for _, y in points]
    signs = [((a > c) - (a < c)) * ((b > d) - (b < d)) for (a, b), (c, d) in combinations(points, 2)]
    untied = [sum(x != y for x, y in combinations(side, 2)) for side in (left, right)]
    expected = sum(signs) / (untied[0] * untied[1]) ** 0.5 if all(untied) else 0.0
    assert abs(kendall(left, right)[0] - expected) < 1e-9


def test_kendall_of_an_order_and_its_reverse() -> None:
    assert kendall(range(50), range(50))[0] == 1
    assert kendall(range(50), range(50, 0, -1))[0] == -1
    assert kendall(range(50), range(50))[1] > 2 * Z_LIMIT


def test_z_is_standard_normal_when_there_is_nothing_to_see() -> None:
    chance = random.Random(1)
    values = [kendall(range(60), [chance.randrange(20) for _ in range(60)])[1] for _ in range(400)]
    mean = sum(values) / 400
    spread = (sum((value - mean) ** 2 for value in values) / 400) ** 0.5
    assert abs(mean) < 0.2
    assert 0.9 < spread < 1.1
    assert max(map(abs, values)) < Z_LIMIT


def test_evenness_sees_a_loaded_die() -> None:
    assert abs(evenness([1000, 1010, 990, 1005, 995, 1000])) < Z_LIMIT
    assert evenness([1000, 1000, 1000, 1000, 1000, 1300]) > Z_LIMIT
    assert abs(byte_evenness(os.urandom(100_000))) < Z_LIMIT
    assert byte_evenness(os.urandom(100_000).replace(b"\0", b"\1")) > Z_LIMIT
