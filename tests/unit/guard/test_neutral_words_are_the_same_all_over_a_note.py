"""What stands in the place of a find: neutral, readable, the same for the same person."""

from pathlib import Path

import pytest

from tests.support.guard_score import read
from tests.unit.guard.conftest import Guard
from vault.guard import Find, redact, replacements, splice

DATA = Path(__file__).parents[2] / "data" / "guard"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Collega Sanne belde.", "Collega belde."),
        ("Collega Sanne belde. Volgens Sanne loopt het.", "Collega belde. Volgens collega loopt het."),
        ("Mevrouw Jansen wil niet.", "Mevrouw wil niet."),
        ("Gesproken met Fatima. Fatima huilde.", "Gesproken met persoon A. Persoon A huilde."),
        ("Sanne en Piet ruziën, Sanne wint.", "Persoon A en persoon B ruziën, persoon A wint."),
        ("collega Jan en collega Kees", "collega A en collega B"),
        ("Ruzie met Karin Vos. Later zei Vos sorry.", "Ruzie met persoon A. Later zei persoon A sorry."),
        ("Verhuisd naar Deventer.", "Verhuisd naar [plaats]."),
        (
            "Van Deventer naar Zwolle, en terug naar Deventer.",
            "Van [plaats A] naar [plaats B], en terug naar [plaats A].",
        ),
        (
            "Op 3 maart en in augustus verhuisd, sinds 2016 ziek.",
            "Op [datum] en in [maand] verhuisd, sinds [jaar] ziek.",
        ),
        ("Werkt bij Philips.", "Werkt bij [organisatie]."),
        ("Bel 06-12345678.", "Bel [telefoon]."),
    ],
)
def test_the_text_reads_on(guard: Guard, text: str, expected: str) -> None:
    assert redact(text, guard.scan(text)) == expected


def test_there_is_one_word_for_each_find(guard: Guard) -> None:
    text = "Collega Sanne uit Deventer, 43 jaar, werkt sinds 2016 bij ING."
    finds = guard.scan(text)
    words = replacements(text, finds)
    assert len(words) == len(finds)
    assert splice(text, finds, words) == redact(text, finds)


def test_a_person_keeps_the_role_that_was_named_once(guard: Guard) -> None:
    text = "Zijn zus Loes belt elke dag. Loes weet van niets."
    assert replacements(text, guard.scan(text)) == ["", "Zus"]


def test_nothing_found_leaves_the_text_as_it_is() -> None:
    assert redact("Een lange stilte.", []) == "Een lange stilte."


@pytest.mark.parametrize("name", ["plain.txt", "hard.txt", "news.txt"])
def test_nothing_of_what_was_found_is_left(guard: Guard, name: str) -> None:
    for line in read(DATA / name):
        finds = guard.scan(line.text)
        words = replacements(line.text, finds)
        rest = redact(line.text, finds)
        for find, word in zip(finds, words, strict=True):
            assert find.text not in word
            # Two or three letters may be part of any other word.
            assert len(find.text) < 4 or find.text not in rest, line.text


def test_more_people_than_letters_get_different_words(guard: Guard) -> None:
    names = [f"Naam{chr(97 + i // 26)}{chr(97 + i % 26)}x" for i in range(60)]
    text = ", ".join(names)
    finds, at = [], 0
    for name in names:
        finds.append(Find(at, at + len(name), "naam", name))
        at += len(name) + 2
    assert len(set(replacements(text, finds))) == 60
