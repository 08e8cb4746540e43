"""Points in time and ages are found; times of a habit, durations, marks and amounts are not."""

import pytest

from tests.unit.guard.conftest import Guard

DATES = [
    ("Vanaf 3 maart begint het.", "3 maart"),
    ("Verzet naar 14-05-2024.", "14-05-2024"),
    ("In 2025-03-18 stond het.", "2025-03-18"),
    ("uitslag 2 sept. 2024 dus", "2 sept. 2024"),
    ("Overleden in oktober 2021.", "oktober 2021"),
    ("Weer op dinsdag 4 juni.", "dinsdag 4 juni"),
    ("op de derde van maart begint ze", "de derde van maart"),
    ("de operatie is op twaalf juni", "twaalf juni"),
    ("ziek sinds half april", "half april"),
    ("in wk 36 weer beginnen", "wk 36"),
    ("Rooster vanaf week 14.", "week 14"),
    ("Werkt er sinds 2016.", "2016"),
    ("Getrouwd in '98.", "'98"),
    ("zomer 2019 begon het", "zomer 2019"),
    ("In de jaren negentig had hij een zaak.", "jaren negentig"),
    ("vrijdag de 13e was een ramp", "vrijdag de 13e"),
    ("opgenomen op tweede paasdag", "tweede paasdag"),
    ("met kerst ging het mis", "kerst"),
    ("in augustus geopereerd", "augustus"),
    ("geboortedatum 19840312 in de bijlage", "19840312"),
    ("uitslag komt 4/11, tot dan niets", "4/11"),
    ("afspraak 3-3, eerder lukt niet", "3-3"),
    ("on March 3rd, 2024 she left", "March 3rd, 2024"),
]

NO_DATES = [
    "Elke kerst dezelfde ruzie aan tafel.",
    "Kerst is altijd beladen.",
    "Mei of juni maakt hem niet uit.",
    "Op maandag is het weg.",
    "Volgende week verder.",
    "Om half zeven wakker, om kwart over tien uit bed.",
    "Al 12 jaar hetzelfde werk.",
    "Een 7 voor slaap, een 4 voor plezier.",
    "Heeft 2.400 ongelezen mails.",
    "Betaalde 2300 voor een cursus.",
    "In week 3 van de training ging het beter.",
    "In de winter altijd somberder.",
]

AGES = [
    ("Is 43 jaar en twijfelt.", "43 jaar"),
    ("Een vrouw van 38 jaar, twee kinderen.", "38 jaar"),
    ("44-jarige projectleider", "44-jarige"),
    ("zoon (8) slaapt slecht", "8"),
    ("hij wordt vijftig", "vijftig"),
    ("Moeder is eind zestig.", "eind zestig"),
    ("V 58, drie kinderen", "58"),
    ("toen hij zeven was verdween zijn vader", "zeven"),
    ("De oudste is 12.", "12"),
    ("een jongen van twaalf die alles regelt", "twaalf"),
    ("zoontje van drie wordt wakker", "drie"),
    ("Ze wordt deze zomer vijftig en dat hakt erin.", "vijftig"),
    ("Is halverwege de veertig.", "halverwege de veertig"),
    ("Zijn moeder van 84 valt steeds.", "84"),
]

NO_AGES = [
    "25 jaar getrouwd en moe.",
    "Al 12 jaar hetzelfde werk.",
    "Twintig jaar in het onderwijs.",
    "Over 10 jaar wil ze weg zijn.",
    "Gaf zichzelf een zes voor energie en een acht voor plezier.",
    "Het 25-jarig bestaan van de zaak.",
    "Moeder van twee, bezig met alles.",
    "Energie is 4, stemming is 7.",
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_a_point_in_time_is_found(guard: Guard, text: str, expected: str) -> None:
    assert guard.pairs(text) == [("datum", expected)]


@pytest.mark.parametrize("text", NO_DATES)
def test_habits_hours_and_amounts_are_no_dates(guard: Guard, text: str) -> None:
    assert guard.pairs(text) == []


@pytest.mark.parametrize(("text", "expected"), AGES)
def test_an_age_is_found(guard: Guard, text: str, expected: str) -> None:
    assert guard.pairs(text) == [("leeftijd", expected)]


@pytest.mark.parametrize("text", NO_AGES)
def test_durations_and_marks_are_no_ages(guard: Guard, text: str) -> None:
    assert guard.pairs(text) == []


def test_the_ages_of_several_children_are_found(guard: Guard) -> None:
    assert guard.of("leeftijd", "Haar dochters zijn elf en veertien.") == ["elf", "veertien"]
    assert guard.of("leeftijd", "Kinderen van 4 en 7 jaar.") == ["4", "7 jaar"]


def test_the_age_behind_a_title_and_a_name_is_found(guard: Guard) -> None:
    assert guard.of("leeftijd", "Dhr Oosterling, 52, logistiek.") == ["52"]
