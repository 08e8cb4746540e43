"""The evaluation text of the guard is what its README says, and the scorer counts as it says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.support.guard_score import KINDS, Line, Span, covers, parse, parse_line, read, score, weighing

DATA = Path(__file__).parents[1] / "data" / "guard"
FILES = [f"{held}{name}.txt" for name in ("plain", "hard", "news") for held in ("", "heldout_", "other_", "third_")]


def both(name: str) -> list[Line]:
    return read(DATA / f"{name}.txt") + read(DATA / f"heldout_{name}.txt")


def kinds(lines: list[Line]) -> Counter[str]:
    return Counter(mark[2] for line in lines for mark in line.marks)


def nothing(text: str) -> list[Span]:
    return []


def eleven(digits: str) -> bool:
    return (
        len(digits) == 9
        and sum((9 - at) * int(digit) for at, digit in enumerate(digits[:8])) % 11 == int(digits[8])
        and digits != "000000000"
    )


def ninety_seven(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


@pytest.mark.parametrize(
    ("name", "dev", "held", "marked"),
    [("plain", 160, 80, range(145, 161)), ("hard", 200, 100, range(165, 176)), ("news", 134, 66, range(110, 120))],
)
def test_counts_are_as_promised(name: str, dev: int, held: int, marked: range) -> None:
    assert len(read(DATA / f"{name}.txt")) == dev
    assert len(read(DATA / f"heldout_{name}.txt")) == held
    lines = both(name)
    if name == "news":
        assert sum(any(mark[2] == "naam" for mark in line.marks) for line in lines) in marked
        assert sum(not any(mark[2] == "naam" for mark in line.marks) for line in lines) == 90
    else:
        assert sum(bool(line.marks) for line in lines) in marked


@pytest.mark.parametrize(
    ("name", "count", "marked"),
    [
        ("other_plain", 150, 96),
        ("other_hard", 150, 85),
        ("other_news", 130, 75),
        ("third_plain", 139, 87),
        ("third_hard", 150, 85),
        ("third_news", 120, 70),
    ],
)
def test_the_other_authors_files_are_as_they_were_given(name: str, count: int, marked: int) -> None:
    lines = read(DATA / f"{name}.txt")
    assert len(lines) == count
    only = {"naam"} if "news" in name else set(KINDS)
    assert sum(any(mark[2] in only for mark in line.marks) for line in lines) == marked


def test_plain_has_enough_of_every_kind() -> None:
    counted = kinds(both("plain"))
    least = dict.fromkeys(KINDS, 6) | {"naam": 60, "datum": 25, "plaats": 15, "organisatie": 20}
    assert {kind: counted[kind] for kind in KINDS if counted[kind] < least[kind]} == {}


@pytest.mark.parametrize("name", ["plain", "hard"])
@pytest.mark.parametrize("held", ["", "heldout_"])
def test_every_kind_is_on_both_sides(name: str, held: str) -> None:
    assert set(kinds(read(DATA / f"{held}{name}.txt"))) == set(KINDS)


def test_no_two_lines_are_alike() -> None:
    texts = [line.text.casefold() for file in FILES for line in read(DATA / file)]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


@pytest.mark.parametrize("file", FILES)
def test_marks_have_whole_words_and_true_numbers(file: str) -> None:
    for line in read(DATA / file):
        assert line.text == line.text.strip()
        for start, end, kind, text in line.marks:
            assert line.text[start:end] == text
            assert not line.text[start - 1 : start].isalnum() or start == 0, line.text
            assert not line.text[end : end + 1].isalnum(), line.text
            if kind == "bsn":
                assert eleven(re.sub(r"\D", "", text)), text
            if kind == "iban":
                assert ninety_seven(re.sub(r"[\W_]", "", text).upper()), text
            if kind == "kvk":
                assert len(re.sub(r"\D", "", text)) == 8, text


def test_parsing_takes_marks_out_and_keeps_their_places() -> None:
    line = parse_line("Belt [[naam:Ans]] op [[datum:3 mei]].")
    assert line == Line("Belt Ans op 3 mei.", ((5, 8, "naam", "Ans"), (12, 17, "datum", "3 mei")))
    assert parse("# a comment\n\nNiets.\n") == [Line("Niets.", ())]


@pytest.mark.parametrize("raw", ["[[huisdier:Rex]]", "[[naam:Ans", "Ans]]", "[[naam: Ans]]", "[[naam]]"])
def test_malformed_marks_are_refused(raw: str) -> None:
    with pytest.raises(ValueError):
        parse_line(raw)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mevrouw Jansen", "Jansen"),
        ("drs. M. van den Berg", "MvandenBerg"),
        ("mw. dr. Bos", "Bos"),
        ("de heer Van Houten", "VanHouten"),
        ("Ans", "Ans"),
        ("Prins", "Prins"),
        ("De Heer", "DeHeer"),
    ],
)
def test_titles_do_not_weigh(text: str, kept: str) -> None:
    assert "".join(text[at] for at in weighing((0, len(text), "naam", text))) == kept


def test_half_of_the_letters_is_enough_and_less_is_not() -> None:
    mark: Span = (0, 8, "naam", "Ab Cd Ef")
    assert covers((0, 4, "naam", "Ab C"), mark)
    assert not covers((0, 3, "naam", "Ab "), mark)
    assert not covers((8, 20, "naam", ""), mark)


def test_score_counts_what_it_says() -> None:
    lines = parse("[[naam:Ans]] en [[plaats:Ede]] zagen Bert\nNiets.\nToch Iets\n[[naam:Gijs]] weg\n")
    answers: dict[str, list[Span]] = {
        "Ans en Ede zagen Bert": [(0, 3, "naam", "Ans"), (7, 10, "naam", "Ede"), (17, 21, "naam", "Bert")],
        "Toch Iets": [(5, 9, "organisatie", "Iets")],
    }
    got = score(lambda text: answers.get(text, []), lines)
    assert (got.marked, got.found, got.kind_right, got.clean, got.flagged) == (3, 2, 1, 2, 1)
    assert got.per_kind == {"naam": (1, 2), "plaats": (1, 1)}
    assert got.recall == 2 / 3
    assert got.kind_share == 0.5
    assert got.flagged_share == 0.5
    assert [mark[3] for mark, _ in got.misses] == ["Gijs"]
    assert [mark[3] for mark, _, _ in got.wrong_kinds] == ["Ede"]
    assert [text for _, text in got.false_alarms] == ["Toch Iets"]
    assert [find[3] for find, _ in got.extra] == ["Bert"]

    persons = score(lambda text: answers.get(text, []), lines, only=["naam"])
    assert (persons.marked, persons.found, persons.clean, persons.flagged) == (2, 1, 2, 0)


def test_a_scan_that_finds_nothing_has_no_recall_and_no_alarms() -> None:
    got = score(nothing, both("plain"))
    assert got.recall == 0
    assert got.flagged == 0
    assert got.clean == 84
