"""Spoken words: drawn evenly, read back as typed, and never silently taken for another word."""

import time
from os import urandom
from pathlib import Path
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import spoken_words
from vault import spoken, words
from vault.errors import WordNotUnderstood

LANGUAGE = st.sampled_from(words.LANGUAGES)


def errors_in(word: str) -> set[str]:
    """Everything that one wrong, missing, surplus or swapped letter makes of a word."""
    made = set()
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        made |= {before + letter + after for letter in ascii_lowercase}
        made |= {before + letter + after[1:] for letter in ascii_lowercase if after}
        made |= {before + after[1:], before + after[1:2] + after[:1] + after[2:]}
    return made


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_lists_keep_the_rules_they_were_chosen_by(lang: str) -> None:
    assert list(spoken_words.faults(list(words.load(lang)), lang)) == []


@pytest.mark.parametrize(
    ("word", "put_in", "told"),
    [
        ("zwijgen", "zwijg", "2048"),
        ("zwijgen", "zwijgerij", "letters"),
        ("zwijgen", "zwarte", "start"),
        ("aubade", "oubade", "sound"),
        ("aardig", "paatd", "error"),
        ("zwijgen", "zoen", "error"),
    ],
)
def test_a_word_that_breaks_a_rule_is_told(word: str, put_in: str, told: str) -> None:
    chosen = [listed for listed in words.load("nl") if listed != word]
    chosen += [put_in, "aubade"] if told == "sound" else [] if told == "2048" else [put_in]
    assert any(told in line for line in spoken_words.faults(sorted(chosen), "nl"))


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_no_word_is_one_typing_error_away_from_another(lang: str) -> None:
    listed = set(words.load(lang))
    assert [(word, made) for word in listed for made in errors_in(word) - {word} if made in listed] == []


@given(LANGUAGE, st.data())
def test_a_typing_error_is_mended_or_told_and_never_gives_another_word(lang: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words.load(lang)))
    typed = data.draw(st.sampled_from(sorted(errors_in(word))))
    try:
        understood = spoken.read(lang, typed)
    except WordNotUnderstood:
        return
    assert understood == [word]


def test_most_typing_errors_are_mended() -> None:
    mended = total = 0
    for word in words.load("nl")[::500]:
        for typed in errors_in(word):
            total += 1
            try:
                mended += spoken.read("nl", typed) == [word]
            except WordNotUnderstood:
                pass
    assert mended > 0.9 * total


@given(LANGUAGE, st.lists(st.integers(0, 2047), min_size=4, max_size=12))
def test_first_four_letters_are_enough_for_a_whole_phrase(lang: str, numbers: list[int]) -> None:
    chosen = [words.load(lang)[number] for number in numbers]
    assert spoken.read(lang, " ".join(word[:4] for word in chosen)) == chosen


@given(LANGUAGE, st.lists(st.integers(0, 2047), max_size=12), st.sampled_from([" ", "-", ", ", "\n", "  1. "]))
def test_case_hyphens_numbers_and_space_do_not_matter(lang: str, numbers: list[int], between: str) -> None:
    chosen = [words.load(lang)[number] for number in numbers]
    for form in (str.upper, str.title, str.lower):
        assert spoken.read(lang, f" {between.join(form(word) for word in chosen)} ") == chosen


def test_a_word_broken_off_is_understood_when_only_one_begins_so() -> None:
    assert spoken.read("nl", "olifan") == ["olifant"]
    with pytest.raises(WordNotUnderstood) as told:
        spoken.read("nl", "olifant oli")
    assert told.value.place == 2


@given(LANGUAGE, st.text())
def test_any_text_gives_words_of_the_list_or_our_own_error(lang: str, typed: str) -> None:
    try:
        understood = spoken.read(lang, typed)
    except WordNotUnderstood:
        return
    assert set(understood) <= set(words.load(lang))


def test_the_error_does_not_hold_the_word() -> None:
    with pytest.raises(WordNotUnderstood) as told:
        spoken.read("nl", "olifant geheimpje")
    assert "geheim" not in repr(told.value)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_word_is_drawn_equally_often(lang: str) -> None:
    pairs = b"".join(number.to_bytes(2, "big") for number in range(1 << 16))
    drawn = spoken.phrase(lang, 1 << 16, lambda count: pairs[:count])
    assert len(words.load(lang)) == 1 << spoken.BITS
    assert {word: drawn.count(word) for word in words.load(lang)[::97]} == dict.fromkeys(words.load(lang)[::97], 32)


def test_a_phrase_reads_back_as_it_was_drawn() -> None:
    phrase = spoken.phrase("nl", 8, urandom)
    assert spoken.read("nl", " ".join(phrase)) == phrase


def test_the_lists_load_in_five_milliseconds() -> None:
    fastest = 1.0
    for _ in range(5):
        words.load.cache_clear()
        started = time.perf_counter()
        words.load("nl")
        fastest = min(fastest, time.perf_counter() - started)
    assert fastest < 0.005


def test_the_licences_stand_beside_the_lists() -> None:
    text = (Path(words.__file__).parent / "LICENCES.txt").read_text(encoding="utf-8")
    for owner in ("Dan Wheeler and Dropbox", "OpenTaal", "Kevin Atkinson"):
        assert owner in text


def test_the_script_builds_the_list_that_stands_there_and_mends_one_that_breaks_a_rule() -> None:
    whole = list(words.load("nl"))
    source = spoken_words.Source(frozenset(whole), whole, frozenset())
    assert spoken_words.built(whole, "nl", source) == whole
    # a word on no list, a name, and one typing error from another
    broken = sorted({*whole[1:], "qqqqx", whole[5][:-1] + "q"})
    mended = spoken_words.built(broken, "nl", source._replace(known=frozenset(whole)))
    assert mended == whole
