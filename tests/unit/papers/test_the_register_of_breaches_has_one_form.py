"""What is kept of breaches is read in one form only; anything else is refused with our own error.

Seen to fail without the comparison with the canonical form: blanks, doubled keys and escapes came through.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import limits
from vault.formats.breaches import FIRST_MINUTE, LAST_MINUTE, Breach, decode, encode
from vault.formats.reader import FormatError, UnknownVersion

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
minutes = st.integers(FIRST_MINUTE, LAST_MINUTE)
later = st.one_of(st.just(0), minutes)
entries = st.builds(
    Breach,
    number=st.integers(1, limits.BREACH_NUMBER_MOST),
    discovered=minutes,
    happened=texts.filter(str.strip),
    data=texts,
    people=texts,
    consequences=texts,
    measures=texts,
    risk=st.integers(0, 3),
    reported=later,
    informed=later,
    reasons=texts,
)
registers = st.lists(entries, max_size=4, unique_by=lambda each: each.number).map(sorted).map(tuple)
ONE = Breach(1, FIRST_MINUTE, "Een laptop is kwijt.")


@given(registers)
def test_what_is_written_is_read(register: tuple[Breach, ...]) -> None:
    assert decode(encode(register)) == register


@given(
    st.one_of(
        st.text(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(json.dumps),
    )
)
def test_any_text_is_a_register_or_our_own_error(text: str) -> None:
    try:
        found = decode(text)
    except FormatError:
        return
    assert encode(found) == text


@given(registers, st.data())
def test_a_register_with_a_sign_changed_is_that_other_register_or_refused(
    register: tuple[Breach, ...], data: Any
) -> None:
    text = encode(register)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.text(max_size=2)) + text[at + 1 :]
    try:
        assert encode(decode(changed)) == changed
    except FormatError:
        return


def _with(**fields: Any) -> str:
    row = {**ONE._asdict(), **fields}
    return json.dumps({"version": 1, "breaches": [row]}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


PLAIN = encode([ONE])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 100_000,
        PLAIN + " ",
        PLAIN.replace(":1,", ": 1,"),
        PLAIN.replace('"number":1', '"number":1,"number":1'),
        PLAIN.replace('"risk":0', '"risk":false'),
        PLAIN.replace('"risk":0', '"risk":0.0'),
        PLAIN.replace('"risk":0', '"risk":-0'),
        PLAIN.replace('"risk":0', '"risk":' + "9" * 5000),
        PLAIN.replace("Een", "\\u0045en"),
        PLAIN.replace("Een", "\\ud800"),
        PLAIN.replace('"version":1', '"version":0'),
        PLAIN.replace('"version":1', '"version":1,"x":1'),
        PLAIN.replace('"version":1', '"version":true'),
        _with(name="iemand"),
        _with(risk=4),
        _with(number=0),
        _with(number=limits.BREACH_NUMBER_MOST + 1),
        _with(discovered=0),
        _with(discovered=LAST_MINUTE + 1),
        _with(reported=1),
        _with(happened=" "),
        _with(happened=None),
        _with(data="x\0"),
        _with(data="x" * (limits.BREACH_TEXT_BYTES + 1)),
    ],
    ids=range(28),
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        decode(text)


def test_a_newer_register_is_told_apart() -> None:
    with pytest.raises(UnknownVersion):
        decode(PLAIN.replace('"version":1', '"version":2'))


@pytest.mark.parametrize(
    "breaches",
    [
        [ONE, ONE],
        [ONE._replace(number=2), ONE],
        [ONE._replace(number=at + 1) for at in range(limits.BREACHES + 1)],
        [ONE._replace(number=at + 1, data="x" * 4000, people="x" * 4000) for at in range(40)],
        [ONE._replace(data="\ud800")],
    ],
    ids=["twice", "order", "too many", "too long", "surrogate"],
)
def test_what_could_not_be_read_back_is_not_written(breaches: list[Breach]) -> None:
    with pytest.raises(FormatError):
        encode(breaches)
