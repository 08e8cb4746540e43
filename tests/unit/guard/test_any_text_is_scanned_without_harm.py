"""Any text gives finds in order, without overlap, that are slices of it, in steps that grow with its length."""

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.guard import KINDS, Lists, load, redact, replacements, scan


def pieces(text: str) -> list[str]:
    return text.split("|")


PIECES = st.sampled_from(
    pieces(
        "Jan |jan |de |Van |van den |Berg |mevr. |J. |Roos |wil |Wil |collega |bij |in |Deventer |den haag |Bergen op |"
        "Philips |Stichting |& |BV |06 |12 |3 |maart |2019 |'98 |week |jaar |(8) |nul |zes |punt |nl |at |@|.nl|NL91 |"
        "ABNA |0417 |7411 |AB |straat |Kerkstraat |\n|. |, |: |\"|'s |-|111222333 |kvk |bsn |kerst |met |op |É|ǅ|\u0301"
    )
)


def check(text: str, lists: Lists) -> None:
    finds = scan(text, lists)
    end = 0
    for find in finds:
        assert end <= find.start < find.end <= len(text)
        assert find.text == text[find.start : find.end]
        assert find.kind in KINDS
        end = find.end
    assert len(replacements(text, finds)) == len(finds)
    redact(text, finds)


@given(st.text())
def test_any_text_gives_finds_in_order(text: str) -> None:
    check(text, load())


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_characters_do_too_even_halves_of_pairs(text: str) -> None:
    check(text, load())


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mixture_of_what_the_guard_looks_for_does_too(text: str) -> None:
    check(text, load())


UNITS = pieces(
    "a|A |1|1 |12-|06 |@|a@b.|jan |Jan de |van de |Van Den |J.|j. v.d. |punt |at punt nl |nul |' |. |\n|a-|3 maart |"
    "3 en |maart 3 |week |(8) |https://|x.nl/|NL91 ABNA 0417 1643 00 |Roos en |Bergen op |bij Xyzab |"
    "verantwoordelijkheids|verantwoordelijkheidsgevoels |dr. prof. |mevrouw |43 jaar |2019 |"
    'Kerkstraat 12 |laan van |12-AB-|Smit: "|'
    "Jansen & |stichting De |op de |collega jan |7411 AB |A-B-C "
)


def lines_run(text: str, lists: Lists) -> int:
    """How many lines of the guard run in a scan: a measure that is the same on every machine."""
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
        scan(text, lists)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_twice_the_steps(unit: str, lists: Lists) -> None:
    short = (unit * 800)[:800]
    once, twice = lines_run(short, lists), lines_run((unit * 1600)[:1600], lists)
    assert twice <= 2.3 * once + 2000
