"""A hostile note can't drive the terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cli.output import harmless

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\x00\x07\x08\r\x1b\x7f\x9b" + TURNING))))
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    shown = harmless(text)
    assert not any(unicodedata.category(letter) == "Cc" for letter in shown if letter not in "\n\t")
    assert not set(shown) & set(TURNING)


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Één café: 'ja'\n\t• lijst 👩‍👧 e\u0301"
    assert harmless(text) == text
