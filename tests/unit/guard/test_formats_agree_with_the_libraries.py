"""What python-stdnum and phonenumbers hold for true numbers, the guard finds; what they refuse, it does not call so.

The libraries are right but take longer to load than the guard may (docs/adr/0014), so they judge here.
"""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as ibans
from stdnum.nl import bsn as bsns
from stdnum.nl import postcode as postcodes

from tests.unit.guard.conftest import Guard

DIGIT = st.sampled_from("0123456789")
NINE = st.text("0123456789", min_size=9, max_size=9)
FORMATS = (
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.E164,
)
DUTCH_BANKS = ("ABNA", "INGB", "RABO", "SNSB", "TRIO", "BUNQ", "KNAB", "ASNB", "RBRB")


def kinds(guard: Guard, text: str) -> set[str]:
    return {find.kind for find in guard.scan(text)}


def _eleven(eight: str) -> str | None:
    """The BSN that begins with these eight digits, if there is one."""
    return next((eight + last for last in "0123456789" if bsns.is_valid(eight + last)), None)


@given(st.text("0123456789", min_size=8, max_size=8), st.sampled_from(["{}", "{:3}", "{:4}"]))
def test_every_bsn_that_the_library_knows_is_found_once_it_is_called_one(
    guard: Guard, eight: str, grouping: str
) -> None:
    number = _eleven(eight)
    if number is None or number.startswith("00"):
        return
    written = number if grouping == "{}" else " ".join(_grouped(number, int(grouping[2])))
    assert kinds(guard, f"Haar BSN is {written} en dat hoort hier niet.") == {"bsn"}


def _grouped(number: str, size: int) -> list[str]:
    return [number[at : at + size] for at in range(0, len(number), size)]


@given(NINE)
def test_nine_digits_that_the_library_refuses_are_no_bsn(guard: Guard, number: str) -> None:
    if not bsns.is_valid(number):
        assert "bsn" not in kinds(guard, f"Het dossier heeft {number} als kenmerk.")


@given(st.sampled_from(DUTCH_BANKS), st.text("0123456789", min_size=10, max_size=10), st.booleans())
def test_every_dutch_iban_that_the_library_knows_is_found(guard: Guard, bank: str, account: str, grouped: bool) -> None:
    body = bank + account
    number = f"NL{ibans.calc_check_digits('NL00' + body)}{body}"
    # the eleven-test of old account numbers is the bank's business
    assert ibans.is_valid(number, check_country=False)
    written = " ".join(_grouped(number, 4)) if grouped else number
    assert kinds(guard, f"Overmaken naar {written} graag.") == {"iban"}


@given(st.sampled_from(DUTCH_BANKS), st.text("0123456789", min_size=10, max_size=10), st.integers(1, 96))
def test_an_iban_with_other_check_digits_is_none(guard: Guard, bank: str, account: str, off: int) -> None:
    body = bank + account
    right = int(ibans.calc_check_digits("NL00" + body))
    wrong = (right - 2 + off) % 97 + 2
    assert "iban" not in kinds(guard, f"Overmaken naar NL{wrong:02}{body} graag.")


@given(st.integers(0, 99_999_999), st.sampled_from(FORMATS))
def test_every_mobile_number_that_the_library_knows_is_found_in_its_usual_forms(
    guard: Guard, rest: int, form: int
) -> None:
    number = phonenumbers.parse(f"06{rest:08}", "NL")
    if phonenumbers.is_valid_number(number):
        written = phonenumbers.format_number(number, form)
        assert kinds(guard, f"Bereikbaar op {written} na werktijd.") == {"telefoon"}


@pytest.mark.parametrize("region", ["NL", "BE", "DE", "GB", "FR", "MA", "TR", "PL", "ES"])
@pytest.mark.parametrize("kind", [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
def test_the_library_s_own_examples_are_found(guard: Guard, region: str, kind: int) -> None:
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    for form in FORMATS[1:]:
        written = phonenumbers.format_number(example, form)
        assert kinds(guard, f"Bel haar op {written} als het kan.") == {"telefoon"}, written


@given(st.integers(1000, 9999), st.text("ABCDEGHJKLMNPRTVWXZ", min_size=2, max_size=2), st.sampled_from(["", " "]))
def test_every_postcode_that_the_library_knows_is_found(guard: Guard, digits: int, letters: str, gap: str) -> None:
    written = f"{digits}{gap}{letters}"
    if postcodes.is_valid(written):
        assert "postcode" in kinds(guard, f"Adres voor de factuur: {written}.")
