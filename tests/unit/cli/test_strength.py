"""What people in the Netherlands take for a passphrase is called weak, and generated phrases are called strong."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.strength import HIGHEST, strength
from vault import spoken, words

# What to ask about: a month of guessing, or less.
WEAK = """
    ikhouvanjou|ik hou van jou|Ik hou van je!|welkom2026|Welkom01!|welkomthuis|Ajax1900!|Feyenoord010|qwerty12
    qwertyuiop|amsterdam020|Rotterdam!|wachtwoord123|w@chtwoord|geheimwachtwoord|ditismijnwachtwoord|janneke1985|Janssen!1985
    12-03-1974|12031974|12 maart 1974|01-01-2000 Jan|zomer2026!|Zomer 2026|appeltaart|zonnebloempitten|Kwartelei1!
    hallohallo|liefdeisalles|coaching2025|coachingsessie|kees en marie|p@ssw0rd|hfjdksla|aaaaaaaaaaaa|123456789|abcdefgh
    prinses2010|mijngeheim|voetbal10
"""
# More than a month, and not enough to call it strong.
MIDDLING = """
    mijnhondheetbobbie|de kat zit op de mat|elke dag een nieuwe dag|alle eendjes zwemmen in het water
    paard accu nietje|to be or not to be
"""
STRONG = """
    zonlicht wandelen kubus penseel haring|leeuw-tractor-noga-vlecht-mosterd|Ademen, zuinig, verf, vijg, komedie
    xK9#mQ2$vL7p|Ik ga in de zomer altijd naar Frankrijk met de kinderen
    argument persoon hekje lengte amateur
"""


def listed(table: str) -> list[str]:
    return [typed.strip() for line in table.strip().split("\n") for typed in line.split("|")]


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(listed(WEAK)) + len(listed(MIDDLING)) + len(listed(STRONG)) >= 40


@pytest.mark.parametrize("typed", listed(WEAK))
def test_what_is_tried_early_is_weak(typed: str) -> None:
    assert strength(typed).level <= 1
    assert strength(typed).tip


@pytest.mark.parametrize("typed", listed(MIDDLING))
def test_sentences_and_sayings_are_not_called_strong(typed: str) -> None:
    assert 1 < strength(typed).level < HIGHEST
    assert strength(typed).tip


@pytest.mark.parametrize("typed", listed(STRONG))
def test_what_nobody_guesses_is_strong_and_needs_no_tip(typed: str) -> None:
    assert strength(typed).level == HIGHEST
    assert strength(typed).tip == ""


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_five_generated_words_are_strong_and_two_are_not(lang: str) -> None:
    chance = random.Random(lang)
    for _ in range(30):
        phrase = spoken.phrase(lang, 5, chance.randbytes)
        assert strength(" ".join(phrase)).level == HIGHEST
        assert strength(" ".join(phrase[:2])).level < HIGHEST


@pytest.mark.parametrize("typed", ["schildpad", "janneke", "wachtwoord", "amsterdam"])
def test_capitals_figures_and_signs_lift_no_word_out_of_the_weak(typed: str) -> None:
    for dressed in (typed.title(), f"{typed}1", f"{typed.title()}2026!", f"{typed}!!"):
        assert strength(dressed).level <= 1


def test_each_kind_of_weakness_has_its_own_tip() -> None:
    tips = [strength(typed).tip for typed in ("12031974", "aaaaaaaa", "ik hou van jou", "zomer2026!", "appeltaart")]
    assert len(set(tips)) == len(tips)


@given(st.text(max_size=300))
def test_any_text_has_a_level(typed: str) -> None:
    found = strength(typed)
    assert 0 <= found.level <= HIGHEST
    assert found.guesses >= 0
    assert found.verdict


@pytest.mark.parametrize("typed", ["", " ", "\x00\ud800", "é" * 5000, "ß", "ikhouvanjou" * 500])
def test_strange_input_is_judged_as_well(typed: str) -> None:
    assert strength(typed).level < HIGHEST
