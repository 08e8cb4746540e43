"""What `import` leaves out, and what it must not leave out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.stripping import strip

TEXT = "Zegt vaak ja.\n\nWil leren wachten."


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: Jan\ndate: 2024-05-14\ntags:\n  - werk\n---\n\n",
        '---\n"title": Jan\n...\n',
        "# Gesprek met Jan\n\n",
        "Gesprek met Jan\n===============\n",
        "# 14 mei 2024\n",
        "2024-05-14\n\n# Gesprek\n\n",
        "\n\n# Gesprek\n14-05-2024\n",
        "---\ntitle: x\n---\n# Gesprek\nDinsdag 14 mei 2024, 14:30 uur\n\n",
    ],
)
def test_front_matter_title_and_date_are_left_out(head: str) -> None:
    assert strip(head + TEXT, markdown=True)[0] == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "2024-05-14",
        "14-05-2024",
        "14/5/24",
        "14.05.2024",
        "14 mei",
        "14 mei 2024",
        "14 Mei '24",
        "dinsdag 14 mei 2024",
        "di. 14 mei",
        "Datum: 14 mei 2024",
        "date: 2024-05-14 14:30",
        "2024-05-14T14:30:00",
        "**14 mei 2024**",
        "## 14 mei 2024",
        "May 14, 2024",
        "14th May 2024",
        "mei 2024",
        "1e september",
    ],
)
def test_a_first_line_that_is_only_a_date_is_left_out(line: str) -> None:
    assert strip(f"{line}\n{TEXT}", markdown=True)[0] == TEXT
    assert strip(f"{line}\n{TEXT}", markdown=False)[0] == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "Vanaf 3 maart begint de nieuwe functie.",
        "14 mei was een goede dag.",
        "3 stappen gezet",
        "#werk is het thema",
        "---\nEen eerste gedachte.\n---\nEen tweede.",
        "---\nzonder einde: ja\nnog een regel",
        "Mei of juni maakt niet uit.\n# Geen titel meer",
        "12",
    ],
)
def test_the_notes_own_words_stay(text: str) -> None:
    assert strip(text, markdown=True) == (text, 0)


def test_a_plain_text_file_has_no_title_and_no_front_matter() -> None:
    for text in ("# Gesprek\ntekst", "---\na: b\n---\ntekst"):
        assert strip(text, markdown=False) == (text, 0)


def test_one_title_at_most_is_left_out_and_counted() -> None:
    assert strip("# Een\n# Twee\ntekst", markdown=True) == ("# Twee\ntekst", 1)
    assert strip("tekst", markdown=True) == ("tekst", 0)


@given(st.text(alphabet="#-=:. \n14meiA2024'*", max_size=60), st.booleans())
def test_any_text_gives_an_end_of_it(text: str, markdown: bool) -> None:
    left, titles = strip(text, markdown)
    assert text.rstrip().endswith(left)
    assert titles in (0, 1)


def test_a_long_line_is_looked_at_quickly() -> None:
    text = "1" * 1_000_000 + " " * 10 + "\n" + "a: " * 1000
    assert strip(text, markdown=True)[0] == text.rstrip()
