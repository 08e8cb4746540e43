"""Names that a coach writes in full once and in haste from then on."""

import pytest

from tests.unit.guard.conftest import Guard
from vault.guard import Lists, Scanner, scan


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Met Robert besproken. R. vindt dat hij te veel doet.", "R."),
        ("terugkoppeling van femke (f. is nu interim)", "f."),
        ("Over Marie-Claire gesproken; mc is degene die luistert.", "mc"),
        ("zoon Kasper blowt, en kas liegt erover", "kas"),
    ],
)
def test_a_name_cut_short_is_the_same_person(guard: Guard, text: str, last: str) -> None:
    assert guard.of("naam", text)[-1] == last


@pytest.mark.parametrize(
    "text",
    [
        "De kas staat vol tomaten.",
        "Optie r. is nog niet bekeken.",
        "zoon Kasper blowt, de kas is leeg",
        "Kasper komt later, geld uit kas is er niet",
    ],
)
def test_what_only_looks_cut_short_is_left_alone(guard: Guard, text: str) -> None:
    assert {"kas", "r."}.isdisjoint(guard.of("naam", text))


def test_a_name_in_another_piece_of_the_note_is_cut_short_all_the_same(lists: Lists) -> None:
    text = "Intake met Kasper.\n\nDe week was zwaar.\nen kas liegt erover\n"
    assert Scanner(lists).finds(text) == scan(text, lists)
    assert [find.text for find in scan(text, lists)] == ["Kasper", "kas"]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("iedereen noemt hem dikkie, al jaren", "naam", ["dikkie"]),
        ("hoop is haar achternaam", "naam", ["hoop"]),
        ("hoop is haar houvast", "naam", []),
        ("Smit was het beroep van zijn vader.", "naam", []),
        ("Bijna veertig, geen kinderen.", "leeftijd", ["veertig"]),
        ("Bijna dertig, veertig mensen op de stoep.", "leeftijd", []),
        ("Woont sinds 2019 in Deventer.", "postcode", []),
        ("Woont sinds 2019 in Deventer.", "datum", ["2019"]),
        ("De overstap van pwc naar het onderwijs.", "organisatie", ["pwc"]),
        ("Werkgever is RET, al twintig jaar.", "organisatie", ["RET"]),
    ],
)
def test_what_a_sentence_says_of_a_word_is_believed(guard: Guard, text: str, kind: str, expected: list[str]) -> None:
    assert guard.of(kind, text) == expected
