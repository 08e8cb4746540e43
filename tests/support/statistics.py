"""Statistics that tests of indistinguishability need. Every `z` is standard normal when there is nothing to see.

Thresholds: |z| < Z_LIMIT. By chance alone a value lies beyond 5 once in 1.7 million; all such tests together (a few
hundred values) fail by chance less than once in 5,000 runs.
"""

from collections import Counter
from collections.abc import Sequence
from math import sqrt

Z_LIMIT = 5.0


def kendall(left: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    """Kendall's tau-b of two orders, and its z. Ties are allowed on either side. In O(n log n), by merging."""
    pairs = sorted(zip(left, right, strict=True))
    n = len(pairs)
    whole = n * (n - 1) // 2
    ties_left, ties_right = _tied(left), _tied(right)
    discordant, _ = _inversions([value for _, value in pairs])
    concordant = whole - ties_left - ties_right + _tied(pairs) - discordant
    spread = sqrt((whole - ties_left) * (whole - ties_right))
    balance = concordant - discordant
    return (balance / spread if spread else 0.0), _z(balance, left, right)


def _tied(values: Sequence[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(values).values())


def _z(balance: int, left: Sequence[float], right: Sequence[float]) -> float:
    n = len(left)
    one, two = list(Counter(left).values()), list(Counter(right).values())
    variance = (
        n * (n - 1) * (2 * n + 5)
        - sum(t * (t - 1) * (2 * t + 5) for t in one)
        - sum(t * (t - 1) * (2 * t + 5) for t in two)
    ) / 18
    variance += sum(t * (t - 1) for t in one) * sum(t * (t - 1) for t in two) / (2 * n * (n - 1))
    if n > 2:
        triples = sum(t * (t - 1) * (t - 2) for t in one) * sum(t * (t - 1) * (t - 2) for t in two)
        variance += triples / (9 * n * (n - 1) * (n - 2))
    return balance / sqrt(variance) if variance > 0 else 0.0


def _inversions(values: list[float]) -> tuple[int, list[float]]:
    if len(values) < 2:
        return 0, values
    middle = len(values) // 2
    before, first = _inversions(values[:middle])
    after, second = _inversions(values[middle:])
    count, merged, at = before + after, [], 0
    for value in second:
        while at < len(first) and first[at] <= value:
            merged.append(first[at])
            at += 1
        count += len(first) - at
        merged.append(value)
    return count, merged + first[at:]


def evenness(counts: Sequence[int]) -> float:
    """z of Pearson's chi-squared against an even distribution over these counts."""
    total, cells = sum(counts), len(counts)
    expected = total / cells
    chi2 = sum((count - expected) ** 2 for count in counts) / expected
    # Wilson and Hilferty: the cube root of chi-squared is close to normal
    spread = 2 / (9 * (cells - 1))
    return float(((chi2 / (cells - 1)) ** (1 / 3) - (1 - spread)) / sqrt(spread))


def byte_evenness(data: bytes) -> float:
    """z of the bytes' histogram: random data lie within a few, any structure in a few kilobytes far outside."""
    counts = Counter(data)
    return evenness([counts[value] for value in range(256)])


def mean_z(values: Sequence[float]) -> float:
    """z of many independent z together (Stouffer)."""
    return sum(values) / sqrt(len(values))
