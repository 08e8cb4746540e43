"""What a coach writes of a breach in a file: understood in both languages, or refused with our own error."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import breachtext, failures
from vault.formats.breaches import HIGH, UNLIKELY, Breach
from vault.service.papers import minute_of

NOW = datetime(2027, 1, 15, 10, 0, tzinfo=UTC)
BLANK = Breach(0, minute_of(NOW), "")


def taken(text: str) -> Breach:
    return breachtext.applied(BLANK, breachtext.answers(text), NOW)


def test_lines_in_either_language_and_json_say_the_same() -> None:
    dutch = taken("gebeurd: Iets.\nrisico: Hoog\nGegevens: a\n\nb: c\nontdekt: 2027-01-14T09:00Z\ngemeld: nee")
    english = taken("happened: Iets.\nrisk: high\ndata: a\n\nb: c\ndiscovered: 2027-01-14T09:00Z")
    as_json = taken('{"happened":"Iets.","risk":"high","data":"a\\n\\nb: c","discovered":"2027-01-14T10:00+01:00"}')
    assert dutch == english == as_json
    assert dutch.data == "a\n\nb: c"
    assert dutch.risk == HIGH


def test_what_is_not_said_stays_as_it_was() -> None:
    old = Breach(4, BLANK.discovered - 60, "Iets.", data="a", risk=UNLIKELY, reasons="b")
    assert breachtext.applied(old, {}, NOW) == old
    assert breachtext.applied(old, {"data": ""}, NOW) == old._replace(data="")
    assert breachtext.applied(old, {"reported": "nu"}, NOW) == old._replace(reported=BLANK.discovered)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Zomaar tekst.", "BreachUnclear"),
        ("naam: Iets.\nleeftijd: 3", "BreachUnclear"),
        ("gebeurd: a\nhappened: b", "BreachUnclear"),
        ('{"happened": 3}', "BreachUnclear"),
        ('{"happened": "a", "name": "b"}', "BreachUnclear"),
        ('{"happened": "a", "happened": "b"}', "BreachUnclear"),
        ('{"happened": {"a": "b"}}', "BreachUnclear"),
        ('{"happened": "a"', "BreachUnclear"),
        ('{"happened":' + "[" * 50_000, "BreachUnclear"),
        ("gebeurd: a\nrisico: misschien", "RiskUnknown"),
        ("gebeurd: a\nontdekt: gisteren", "MomentMalformed"),
        ("gebeurd: a\nontdekt: nee", "MomentMalformed"),
        ("gebeurd: a\nontdekt: 31-02-2026", "MomentMalformed"),
        ("gebeurd: a\nontdekt: 01-01-2026 25:00", "MomentMalformed"),
        ("gebeurd: a\nontdekt: 01-01-1900", "MomentMalformed"),
        ("gebeurd: a\nontdekt: 0001-01-01", "MomentMalformed"),
        ("gebeurd: a\nontdekt: 9999-12-31", "MomentMalformed"),
        ("gebeurd: a\nontdekt: 01-02-2027", "MomentImpossible"),
        ("gebeurd: a\ngemeld: 01-01-2027", "MomentImpossible"),
        ("gebeurd: a\nverteld: 2027-01-15T11:00Z", "MomentImpossible"),
    ],
    ids=range(20),
)
def test_answers_that_can_not_be_taken_are_refused(text: str, kind: str) -> None:
    with pytest.raises(failures.Refused) as refused:
        taken(text)
    assert refused.value.kind == kind
    assert refused.value.code == failures.USAGE


@given(
    st.one_of(
        st.text(max_size=80), st.text(max_size=40).map("{{{}".format), st.text(max_size=30).map("ontdekt: {}".format)
    )
)
def test_any_text_is_answers_or_our_own_error(text: str) -> None:
    try:
        found = taken(text)
    except failures.Refused:
        return
    assert isinstance(found, Breach)
