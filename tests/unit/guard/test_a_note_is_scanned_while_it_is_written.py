"""The live scanner finds what a scan of the whole note finds, and looks only at what has changed."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.guard_score import read
from vault.guard import Lists, Scanner, load, scan

DATA = Path(__file__).parents[2] / "data" / "guard"
NOTE = 16 * 1024


def sentences() -> list[str]:
    return [line.text for name in ("plain", "hard", "news") for line in read(DATA / f"{name}.txt")]


def note(size: int, longest: int, seed: int = 1) -> str:
    """A note of `size` letters in paragraphs of up to `longest` sentences."""
    chance = random.Random(seed)
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        row = [chance.choice(sentences()) for _ in range(chance.randint(1, longest))]
        lines.append(" ".join(one if one.endswith((".", "!", "?")) else one + "." for one in row))
    return "\n".join(lines)[:size]


@pytest.mark.parametrize("longest", [1, 4, 20])
def test_a_whole_note_gives_what_a_scan_gives(lists: Lists, longest: int) -> None:
    text = note(NOTE, longest)
    whole, live = scan(text, lists), Scanner(lists).finds(text)
    # Where a sentence would be told by the one before it they may differ.
    assert len(set(whole) ^ set(live)) <= len(whole) // 50


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\r\n",
        "Jan belde.",
        "Met Sjors gebeld.\n\nsjors is moe\n",
        "Vandaag was het een lang gesprek over de nieuwe baan van\nJansen en over de reis naar\nZwolle.",
        'Ze komt bij dr. Smit en bij mevr. De Boer, en die zegt: "Kom maar." Toen ging ze. ' * 4,
        "Gebeld met J. Visser over alles wat er op het werk speelt en nog veel meer dan dat. Visser wil weg. " * 4,
    ],
)
def test_short_notes_and_odd_ends_give_exactly_that(lists: Lists, text: str) -> None:
    assert Scanner(lists).finds(text) == scan(text, lists)


def edits(text: str, count: int) -> Iterator[str]:
    """The note after each of `count` changes at one place or another."""
    chance = random.Random(count)
    for _ in range(count):
        at = chance.randrange(len(text))
        new = chance.choice(["a", " ", "\n", "Joost", ". ", "J"])
        text = text[:at] + new + text[at + chance.randrange(3) :]
        yield text


def test_after_any_change_it_finds_what_a_new_scanner_finds(lists: Lists) -> None:
    text = note(3000, 3)
    kept = Scanner(lists)
    for changed in edits(text, 120):
        assert kept.finds(changed) == Scanner(lists).finds(changed)


@given(st.lists(st.sampled_from(["Sanne", "sanne", " ", "\n", ". ", "Ik zag ", "met ", "Roos", "12 mei", "x"])))
def test_any_mixture_gives_finds_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    for find in Scanner(load()).finds(text):
        assert end <= find.start < find.end
        assert find.text == text[find.start : find.end]
        end = find.end


def test_a_name_in_a_new_line_is_found_in_the_old_ones_and_forgotten_with_it(lists: Lists) -> None:
    scanner = Scanner(lists)
    old = "Daarna was blorpie moe.\n"
    assert scanner.finds(old) == []
    assert [find.text for find in scanner.finds(old + "Collega Blorpie belde.\n")] == ["blorpie", "Blorpie"]
    assert scanner.finds(old) == []


def test_what_the_coach_allows_is_left_alone_from_then_on(lists: Lists) -> None:
    scanner = Scanner(lists, ["Zwolle"])
    text = "Sanne woont in Zwolle.\nSanne is moe."
    assert [find.text for find in scanner.finds(text)] == ["Sanne", "Sanne"]
    scanner.allow("sanne")
    assert scanner.finds(text) == []


def steps(scanner: Scanner, text: str) -> int:
    """How many lines of the guard run in a scan."""
    count = 0

    def local(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def entered(frame: FrameType, _event: str, _argument: Any) -> Any:
        return local if "guard" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        scanner.finds(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("longest", [1, 20])
def test_one_key_costs_a_twentieth_of_the_whole(lists: Lists, longest: int) -> None:
    scanner = Scanner(lists)
    text = note(NOTE, longest)
    first = steps(scanner, text)
    middle = len(text) // 2
    key = steps(scanner, text[:middle] + "e" + text[middle:])
    assert key < first / 20
    # Without what it keeps (seen by forgetting it) it is the whole again.
    scanner.forget()
    assert steps(scanner, text) > first / 2


def test_forgetting_drops_the_text(lists: Lists) -> None:
    scanner = Scanner(lists)
    scanner.finds("Met Sjors gebeld.")
    assert "Sjors" in repr(vars(scanner))
    scanner.forget()
    assert "Sjors" not in repr(vars(scanner))
