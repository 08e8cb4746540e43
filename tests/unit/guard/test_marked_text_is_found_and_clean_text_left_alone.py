"""The scores on the text that the guard was tuned on stay above a floor; the held-out text is the lead's to score."""

from pathlib import Path

import pytest

from tests.support.guard_score import KINDS, Span, read, score
from tests.support.notes import generate
from tests.unit.guard.conftest import Guard

DATA = Path(__file__).parents[2] / "data" / "guard"


@pytest.mark.parametrize(
    ("name", "recall", "kind", "flagged"),
    [
        ("plain.txt", 0.98, 0.95, 0.02),
        ("hard.txt", 0.95, 0.95, 0.05),
        ("news.txt", 0.97, 0.95, 0.05),
        ("own.txt", 0.95, 0.95, 0.05),
        ("other_plain.txt", 0.98, 0.95, 0.02),
        ("other_hard.txt", 0.95, 0.95, 0.05),
        ("other_news.txt", 0.97, 0.95, 0.05),
        ("third_plain.txt", 0.98, 0.95, 0.02),
        ("third_hard.txt", 0.93, 0.95, 0.10),
        ("third_news.txt", 0.97, 0.95, 0.05),
        ("own_news.txt", 0.97, 0.95, 0.05),
    ],
)
def test_scores_stay_above_the_floor(guard: Guard, name: str, recall: float, kind: float, flagged: float) -> None:
    def scan(text: str) -> list[Span]:
        return [(find.start, find.end, find.kind, find.text) for find in guard.scan(text)]

    result = score(scan, read(DATA / name), ["naam"] if "news" in name else KINDS)
    assert result.recall >= recall, result.misses
    assert result.kind_share >= kind, result.wrong_kinds
    assert result.flagged_share <= flagged, result.false_alarms


def test_notes_as_a_coach_writes_them_are_left_alone(guard: Guard) -> None:
    for note in generate(seed=7, count=40):
        assert guard.pairs(note) == [], note
