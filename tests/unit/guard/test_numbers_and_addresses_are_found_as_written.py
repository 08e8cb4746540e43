"""Each format: what is found, exactly, and what looks like it and is left alone."""

import pytest

from tests.unit.guard.conftest import Guard

FOUND = [
    ("telefoon", "Bel 06-12345678 na vijven.", "06-12345678"),
    ("telefoon", "nr 06 12 34 56 78 privé", "06 12 34 56 78"),
    ("telefoon", "vast: (038) 421 22 33", "(038) 421 22 33"),
    ("telefoon", "Bel terug op 0570 613327 als het niet lukt.", "0570 613327"),
    ("telefoon", "haar nummer: +31 6 1234 5678", "+31 6 1234 5678"),
    ("telefoon", "uit België: 0032 475 12 34 56", "0032 475 12 34 56"),
    ("telefoon", "nul zes twaalf vierendertig zesenvijftig achtenzeventig", None),
    ("email", "Mail staat op p.devries@voorbeeld.nl.", "p.devries@voorbeeld.nl"),
    ("email", "naar H.VISSER+werk@VOORBEELD.NL graag", "H.VISSER+werk@VOORBEELD.NL"),
    ("email", "k.bos (at) voorbeeld (punt) nl", None),
    ("email", "jan punt de vries apenstaartje voorbeeld punt nl", None),
    ("email", "mail anna at gmail punt com even", "anna at gmail punt com"),
    ("bsn", "Haar BSN is 111222333.", "111222333"),
    ("bsn", "(bsn 1112.22.333)", "1112.22.333"),
    ("bsn", "stond er: 123456782, zomaar", "123456782"),
    ("iban", "Rekening NL91ABNA0417164300 voor de factuur.", "NL91ABNA0417164300"),
    ("iban", "op nl91 abna 0417 1643 00 graag", "nl91 abna 0417 1643 00"),
    ("iban", "naar DE89370400440532013000", "DE89370400440532013000"),
    ("postcode", "de code is 7411 AB, zei ze", "7411 AB"),
    ("postcode", "postcode 1091 eh", "1091 eh"),
    ("postcode", "stuur naar 7411AB", "7411AB"),
    ("adres", "Woont in de Kerkstraat 12, boven", "Kerkstraat 12"),
    ("adres", "aan de berkenweg 12 bis woont hij", "berkenweg 12 bis"),
    ("adres", "Laan van Meerdervoort 100 was het", "Laan van Meerdervoort 100"),
    ("adres", "naar postbus 1234", "postbus 1234"),
    ("adres", "ze woont aan de Herengracht", "Herengracht"),
    ("kvk", "Ingeschreven onder KvK 69599084.", "69599084"),
    ("kvk", "Handelsregister: 1460.0880, beide broers", "1460.0880"),
    ("kenteken", "Rijdt in een auto met kenteken GB-002-X.", "GB-002-X"),
    ("kenteken", "op de oprit 63-fb-lj", "63-fb-lj"),
    ("kenteken", "zijn auto SZ 295 D stond er", "SZ 295 D"),
    ("url", "Zie https://voorbeeld.nl/in/piet-jansen.", "https://voorbeeld.nl/in/piet-jansen"),
    ("url", "op www.voorbeeld.nl staat alles", "www.voorbeeld.nl"),
    ("url", "haar site (lichtenruimte.nl/agenda) is af", "lichtenruimte.nl/agenda"),
    ("url", "kijk op voorbeeldpraktijk punt nl", "voorbeeldpraktijk punt nl"),
]

LEFT_ALONE = [
    "Kost 1500 euro per maand, en 12.500 per jaar.",
    "Werkt 36 uur, feitelijk 50, en slaapt er 4.",
    "Ordernummer 123456782 bleef liggen.",  # passes the 11-test, is announced as something else
    "Het getal 123456789 zegt niets.",  # fails it
    "NL00ABNA0417164300 klopt niet.",
    "Schaal van 1-10, eerst 3-4, nu 7.",
    "Tel 1-2-3 en adem uit, 24/7 beschikbaar.",
    "Versie 2.0.1 van het plan.",
    "Acht uur slaap en 8 glazen water.",
    "Loopt 5 km, weegt 80 kg, 1500 mb data.",
    "Onderweg 3 keer gestopt.",
    "1. Waardering 2. Wens 3. Voorstel",
    "Stuurde 130 mails, las er 12.",
    "Zij zei: punt. Nieuwe regel.",
    "twee drie vier vijf zes zeven acht, telde hij",
]


@pytest.mark.parametrize(("kind", "text", "expected"), FOUND)
def test_what_has_a_form_is_found_to_the_letter(guard: Guard, kind: str, text: str, expected: str | None) -> None:
    finds = [find for find in guard.scan(text) if find.kind == kind]
    assert [find.text for find in finds] == [expected or text]
    assert text[finds[0].start : finds[0].end] == finds[0].text


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_numbers_are_left_alone(guard: Guard, text: str) -> None:
    assert guard.pairs(text) == []


@pytest.mark.parametrize("code", ["XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9"])
@pytest.mark.parametrize("lower", [False, True])
def test_every_side_code_is_a_plate(guard: Guard, code: str, lower: bool) -> None:
    plate = code.replace("X", "K").replace("9", "4")
    plate = plate.lower() if lower else plate
    assert guard.pairs(f"het was {plate} die daar stond") == [("kenteken", plate)]


def test_a_shop_with_a_point_in_its_name_is_no_site(guard: Guard) -> None:
    assert guard.pairs("Werkt bij Bol.com op niveau.") == [("organisatie", "Bol.com")]
    assert guard.of("url", "Kijk op bol.com/acties eens") == ["bol.com/acties"]
