"""Replacing find by find gives what replacing all at once would: nobody gets the word of somebody else."""

from tests.unit.guard.conftest import Guard
from vault.guard import Find, redact, replacements, splice
from vault.guard.roles import alike, blanked, remembered

TEXT = (
    "Sanne de Wit en Piet ruziën; collega Karin en collega Kees ook. Sanne wint van Karin. "
    "Van Deventer naar Zwolle, dus weg uit Deventer."
)


def one_by_one(guard: Guard, text: str) -> str:
    known: dict[str, str] = {}
    while finds := guard.scan(blanked(text, known)):
        words, numbers, said = replacements(text, finds, known), alike(finds), remembered(text, finds, known)
        chosen = [at for at, number in enumerate(numbers) if number == numbers[0]]
        for at in chosen:
            known.update(said[at])
        text = splice(text, [finds[at] for at in chosen], [words[at] for at in chosen])
    return text


def test_one_by_one_ends_where_all_at_once_does(guard: Guard) -> None:
    assert one_by_one(guard, TEXT) == redact(TEXT, guard.scan(TEXT))


def test_a_letter_that_stands_in_the_note_is_not_given_to_somebody_else(guard: Guard) -> None:
    text = "Persoon A belde. Later kwam Fatima uit [plaats], nu in Zwolle."
    assert replacements(text, guard.scan(text)) == ["persoon B", "[plaats A]"]


def test_who_comes_back_is_called_as_before(guard: Guard) -> None:
    text = "Met Fatima en Piet."
    finds = guard.scan(text)
    known = {word: label for said in remembered(text, finds) for word, label in said.items()}
    later = "Met persoon A en persoon B. Piet belde Joris."
    assert replacements(later, guard.scan(blanked(later)), known) == ["Persoon B", "persoon C"]


def test_alike_is_the_same_person_or_the_same_text() -> None:
    finds = [
        Find(0, 12, "naam", "Jan de Vries"),
        Find(20, 23, "naam", "Jan"),
        Find(30, 34, "naam", "Piet"),
        Find(40, 47, "datum", "3 maart"),
        Find(50, 57, "datum", "3 Maart"),
    ]
    assert alike(finds) == [0, 0, 1, 2, 2]


def test_the_letter_of_a_neutral_word_is_not_taken_for_an_initial(guard: Guard) -> None:
    text = "Met persoon B. Piet belde, en collega C. Fatima ook."
    known = {"kees": "collega C"}
    assert [find.text for find in guard.scan(blanked(text, known))] == ["Piet", "Fatima"]
    assert len(blanked(text, known)) == len(text)
