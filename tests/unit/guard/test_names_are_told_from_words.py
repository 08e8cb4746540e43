"""Persons, places and organisations, against the capitals that are innocent."""

import pytest

from tests.unit.guard.conftest import Guard
from vault.guard import scan

NAMES = [
    ("Jan wil de komende weken vaker nee zeggen.", "Jan"),
    ("Gesprek met Fatima El Idrissi over haar grenzen.", "Fatima El Idrissi"),
    ("gesprek met sanne over haar grenzen", "sanne"),
    ("Volgens Pieter de Groot loopt het vast.", "Pieter de Groot"),
    ("Contact via drs. M. van den Berg.", "drs. M. van den Berg"),
    ("Mevrouw Jansen wil dat niet.", "Mevrouw Jansen"),
    ("collega mark neemt taken over", "mark"),
    ("J. huilde toen het over haar zusje ging.", "J."),
    ("Conflict met Van den Broek over de roosters.", "Van den Broek"),
    ("Roos vindt het lastig.", "Roos"),
    ("Wil zegt dat het te laat is.", "Wil"),
    ("Met Joy gesproken.", "Joy"),
    ("Het ging over Peters driftbuien.", "Peters"),
    ("op hanna's kamer zat ze te huilen", "hanna's"),
    ("MIRJAM BELLEN OVER VERVOLG", "MIRJAM"),
    ("Iedereen noemt haar Pipje.", "Pipje"),
    ("De nieuwe chef, Szymon Kowalczyk, mailt alles.", "Szymon Kowalczyk"),
    ("Kabinet viel, zei Quqlderan boos.", "Quqlderan"),  # in no list at all
]

PLACES = [
    ("Verhuisd van Rotterdam naar een dorp.", "Rotterdam"),
    ("woont in nijmegen en fietst", "nijmegen"),
    ("Geen vrienden in Bergen op Zoom.", "Bergen op Zoom"),
    ("Zijn ouders wonen in Best.", "Best"),
    ("gevlucht uit syrie", "syrie"),
]

ORGANISATIONS = [
    ("Haar manager bij Philips geeft weinig.", "Philips"),
    ("zit al zes jaar bij philips", "philips"),
    ("Werkt voor de gemeente Zutphen.", "gemeente Zutphen"),
    ("Contract bij Jansen & Zn. Installatietechniek loopt af.", "Jansen & Zn. Installatietechniek"),
    ("ze zingt bij popkoor de noot", "popkoor de noot"),
    ("Solliciteert bij Stichting Trajectum.", "Stichting Trajectum"),
    ("Wil niet meer terug naar ING.", "ING"),
]

INNOCENT = [
    "Wil je iets drinken, vroeg ik.",
    "Wil graag eerder naar huis.",
    "Roos op de kast: het beeld van de vrouw die alles draagt.",
    "Ben benieuwd hoe het verder gaat.",
    "koos voor zichzelf en dat was nieuw",
    "Eerst sprak de Criticus, daarna pas het Kind.",
    "Werkt met GROW, STARR en het model van Rogers.",
    "Kernkwadranten van Ofman gebruikt.",
    "Belde via Teams, zocht in Excel.",
    "Haar Duitse schoonfamilie spreekt geen Nederlands.",
    "Wacht op het UWV, HR zwijgt, het MT ook.",
    "Thema: Grenzen. Vraag: Waar hou ik op?",
    'Hij zei: "Niemand mist mij daar."',
    "Verantwoordelijkheidsgevoelsverlamming, haar eigen woord.",
    "Functioneringsgesprekkenangst, noemt hij het.",
    "DOEL VAN DIT TRAJECT: STEVIGER STAAN",
    "* Volgende stap: Lijstje maken",
    "Jan en alleman belt hem, boven Jan is hij nog niet.",
    "Moeder Teresa spelen, daar is ze goed in.",
    "De Roos van Leary op de vloer.",
    "Zij wil, ik ben, elke dag weer.",
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_a_person_is_found(guard: Guard, text: str, expected: str) -> None:
    assert guard.pairs(text) == [("naam", expected)]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_a_place_is_found(guard: Guard, text: str, expected: str) -> None:
    assert guard.pairs(text) == [("plaats", expected)]


@pytest.mark.parametrize(("text", "expected"), ORGANISATIONS)
def test_an_organisation_is_found(guard: Guard, text: str, expected: str) -> None:
    assert guard.pairs(text) == [("organisatie", expected)]


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_capitals_and_words_are_left_alone(guard: Guard, text: str) -> None:
    assert guard.pairs(text) == []


def test_a_name_found_once_is_a_name_everywhere_in_the_note(guard: Guard) -> None:
    alone = "Storm op komst, dat beeld."
    assert guard.pairs(alone) == []
    assert guard.of("naam", "Collega Storm belde. " + alone) == ["Storm", "Storm"]


def test_a_last_name_is_known_again_without_the_first(guard: Guard) -> None:
    found = guard.of("naam", "Gesproken met Karin Vos. Later bleek dat Vos vertrekt.")
    assert found == ["Karin Vos", "Vos"]


def test_a_word_stays_a_word_though_somebody_is_called_so(guard: Guard) -> None:
    found = guard.of("naam", "Collega Storm belde. Buiten was het een storm van jewelste.")
    assert found == ["Storm"]


def test_what_the_coach_allows_is_left_alone(guard: Guard) -> None:
    text = "Gesproken met Sanne en met Piet."
    assert [find.text for find in scan(text, guard.lists, allow=["SANNE"])] == ["Piet"]
    assert [find.text for find in scan(text, guard.lists, allow={"sanne", "Piet"})] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday Sarah Jenkins called about her job.", [("naam", "Sarah Jenkins")]),
        ("She moved to Manchester in May 2021.", [("plaats", "Manchester"), ("datum", "May 2021")]),
        ("He is 43 years old and tired.", [("leeftijd", "43 years old")]),
        ("I feel that my English is poor on Mondays.", []),
    ],
)
def test_english_notes_are_read_too(guard: Guard, text: str, expected: list[tuple[str, str]]) -> None:
    assert guard.pairs(text) == expected
