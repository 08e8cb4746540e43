"""The fast sieve finds what the slow fold finds: in Dutch and Latin-1 texts without exception, elsewhere by giving way.

Seen to fail: every sign of three bytes taken for a filler ("..." missed "wacht…", a thin space was no space: the core
did this until these tests); the rough sieve's hits taken for exact, and its misses without looking for other signs.
"""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from tests.support import notes
from vault.service.texts import Query, fold, sift

LATIN = "".join(chr(code) for code in (*range(9, 14), *range(32, 127), *range(160, 256)))
SIGNS = "–—‘’“”„…•€‚†‰‹›™\u2009\u202f\u2011\u200b\u20d2"
dutch = st.text(st.sampled_from(LATIN + SIGNS + "eeeennnnaaatttiiirrroooddd   "), max_size=60)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def slow(text: str, words: list[str]) -> bool:
    return all(fold(word) in fold(text) for word in words)


def fast(text: str, words: list[str]) -> bool:
    data = text.encode()
    query = Query(words)
    assert query.matches(data) == query.matches_sifted(data, sift(data))
    return query.matches(data)


@given(st.one_of(dutch, anything), st.lists(st.one_of(dutch, anything), max_size=3))
@example("wacht…even", ["..."])
@example("een\u202ftwee", ["een twee"])
@example("270 \u212a", ["270 k"])
@example("a\u20d2b", ["ab"])
@example("Straße", ["strasse"])
@example("Ĳsland", ["ijsland"])
@example("a–b", ["ab"])
def test_fast_and_slow_agree(text: str, words: list[str]) -> None:
    assert fast(text, words) == slow(text, words)


@given(st.one_of(dutch, anything), st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    assert fast(text, [piece])
    assert fast(text, [piece.upper()]) == slow(text, [piece.upper()])


def test_what_a_dutch_note_is_made_of_goes_through_the_sieve() -> None:
    # or searching would be sixty times slower
    plain = [text for text in notes.generate(7, 200) if sift(text.encode()) is not None]
    assert len(plain) == 200
    assert sift("Café – „één” zei ze; ’s ochtends €5 • ‰ ‹x›".encode()) is not None


def test_no_sign_that_the_sieve_lets_pass_folds_to_anything_plain() -> None:
    for code in (*range(0x80, 0x100), *range(0x2000, 0x3000)):
        text = chr(code)
        if unicodedata.category(text) == "Cn":
            continue
        sifted, folded = sift(text.encode()), fold(text)
        if sifted is not None:
            harmless = folded and not any(letter.isascii() for letter in folded)
            assert harmless or sifted == folded.encode(), hex(code)


def test_case_and_accents_do_not_matter() -> None:
    for text, word in (
        ("Één ÉÉN één", "een"),
        ("naïef", "NAIEF"),
        ("reünie", "reunie"),
        ("Ça va", "ca"),
        ("ŁÓDŹ", "łodz"),
    ):
        assert fast(text, [word])
    assert not fast("a–b", ["aaob"]), "letters that the sieve made of a dash"


def test_all_words_must_be_there_and_no_word_finds_everything() -> None:
    assert fast("vier kleuren", ["kleur", "vier"])
    assert not fast("vier kleuren", ["kleur", "vijf"])
    assert fast("vier kleuren", [])
    assert fast("", [])
    assert fast("x", [""])
