"""What the devices of an account share comes together, and nothing closed comes back (sync-protocol.md section 2.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.test_formats_take_any_bytes import texts
from vault import common as shared
from vault import limits
from vault.common import Common, common_hash, common_of, decode, encode, engagement_id, merge_common, with_common
from vault.formats.reader import FormatError, UnknownVersion
from vault.formats.rights import NO_SEED, Engagement, Requests, engagements_bytes
from vault.formats.settings import POLICIES, Settings, Template, allowed_bytes, templates_bytes
from vault.months import Period

ORIGIN, SEED, NEVER = b"o" * 16, b"s" * 32, bytes(16)
BARE = Common(ORIGIN, NO_SEED, Period(1, "y"), "ask", (), (), (), ())
BEECH, OAK = Engagement("Beuk", b"b" * 32, 3), Engagement("Eik", b"e" * 32, 0)

words = st.sampled_from(["Inez", "Zoë", "INEZ", "zoe", "de Eik", "Noor"])
names = st.sampled_from(["GROW", "Kort", "grow", "GROW 2", "x" * limits.TEMPLATE_NAME_BYTES])
aliases = st.sampled_from(["Beuk", "beuk", "Beuk 2", "Eik", "é" * 32, "É" * 32])
keys = st.integers(1, 6).map(lambda each: bytes([each]) * 32)


def ordinal(key: bytes) -> st.SearchStrategy[int]:
    """An engagement is strict or not, on every device."""
    return st.just(0) if key[0] % 2 else st.integers(1, limits.ORDINAL_MOST)


def apart(found: list[str]) -> bool:
    return len({each.casefold() for each in found}) == len(found)


@st.composite
def engagements(draw: st.DrawFn) -> tuple[Engagement, ...]:
    found = [
        Engagement(draw(aliases), key, draw(ordinal(key))) for key in draw(st.lists(keys, max_size=5, unique=True))
    ]
    by_alias = {each.alias.casefold(): each for each in found}
    return tuple(sorted(by_alias.values()))


requests = st.lists(
    st.builds(Requests, st.integers(300, 310), st.integers(0, 9), st.integers(1, 9)),
    max_size=5,
    unique_by=lambda r: r[0],
).map(lambda found: tuple(sorted(found)))
commons = st.builds(
    Common,
    st.just(ORIGIN),
    st.sampled_from([NO_SEED, SEED]),
    st.builds(Period, st.integers(1, 99), st.sampled_from("dmy")),
    st.sampled_from(POLICIES),
    st.lists(words, max_size=4, unique_by=str.casefold).map(lambda found: tuple(sorted(found))),
    st.lists(
        st.builds(Template, names, st.sampled_from("abcd")), max_size=4, unique_by=(lambda t: t.name, lambda t: t.text)
    ).map(tuple),
    engagements(),
    requests,
)
dead = st.sets(keys.map(engagement_id))


def merged(mine: Common, theirs: Common, last: bytes = NEVER, ids: set[int] | None = None) -> Common:
    return merge_common(mine, theirs, last, ids or set(), str.casefold)


# -- both have changed -------------------------------------------------------------------------------------------------


@given(commons, commons, dead)
def test_both_orders_give_the_same_engagements_words_templates_and_counts(
    one: Common, other: Common, ids: set[int]
) -> None:
    here, there = merged(one, other, NEVER, ids), merged(other, one, NEVER, ids)
    assert {(each.key, each.next) for each in here.engagements} == {(each.key, each.next) for each in there.engagements}
    assert {word.casefold() for word in here.allowed} == {word.casefold() for word in there.allowed}
    assert {template.text for template in here.templates} == {template.text for template in there.templates}
    assert here.requests == there.requests


@given(commons, commons, dead)
def test_nothing_is_lost_but_what_was_closed(one: Common, other: Common, ids: set[int]) -> None:
    found = merged(one, other, NEVER, ids)
    living = {each.key for each in (*one.engagements, *other.engagements) if engagement_id(each.key) not in ids}
    assert {each.key for each in found.engagements} == living
    assert {word.casefold() for word in (*one.allowed, *other.allowed)} == {word.casefold() for word in found.allowed}
    assert {each.text for each in (*one.templates, *other.templates)} == {each.text for each in found.templates}
    assert (found.seed == NO_SEED) == (one.seed == other.seed == NO_SEED)


@given(commons, commons, dead)
def test_what_comes_out_can_be_kept_and_merging_it_again_changes_nothing(
    one: Common, other: Common, ids: set[int]
) -> None:
    found = merged(one, other, NEVER, ids)
    assert decode(encode(found)) == found
    assert merged(found, found, NEVER, ids) == found
    assert merged(found, other, NEVER, ids) == found


@given(commons, commons, dead, st.sampled_from(["mine", "theirs", "neither"]))
def test_a_closed_engagement_never_comes_back(one: Common, other: Common, ids: set[int], same: str) -> None:
    """Seen to fail when what had a tomb was left in where only one side had changed, and in the union."""
    last = {"mine": common_hash(one), "theirs": common_hash(other), "neither": NEVER}[same]
    found = merged(one, other, last, ids)
    assert not any(engagement_id(each.key) in ids for each in found.engagements)


@given(commons, commons)
def test_where_only_one_side_has_changed_that_side_holds(one: Common, other: Common) -> None:
    assert merged(one, other, common_hash(one)) == other
    assert merged(one, other, common_hash(other)) == (other if one == other else one)


def test_what_is_one_thing_only_is_as_on_the_device_that_merges() -> None:
    mine = BARE._replace(keep=Period(90, "d"), policy="refuse")
    theirs = BARE._replace(keep=Period(2, "y"), policy="off", seed=SEED)
    found = merged(mine, theirs)
    assert (found.keep, found.policy, found.seed) == (Period(90, "d"), "refuse", SEED)
    assert merged(mine._replace(seed=b"t" * 32), theirs).seed == b"t" * 32


def test_of_two_engagements_with_one_alias_the_later_joined_gets_a_figure() -> None:
    mine = BARE._replace(engagements=(Engagement("beuk", b"m" * 32, 1),))
    theirs = BARE._replace(engagements=(BEECH, Engagement("BEUK 2", b"t" * 32, 1)))
    assert [each.alias for each in merged(mine, theirs).engagements] == ["BEUK 2", "Beuk", "beuk 3"]


def test_a_figure_fits_behind_the_longest_alias_and_cuts_no_letter() -> None:
    alias = "a" + "é" * 31 + "x"
    mine = BARE._replace(engagements=(Engagement(alias, b"m" * 32, 1),))
    theirs = BARE._replace(engagements=(Engagement(alias, b"t" * 32, 1),))
    found = merged(mine, theirs)
    assert {each.alias for each in found.engagements} == {alias, "a" + "é" * 30 + " 2"}
    assert decode(encode(found)) == found


def test_the_higher_ordinal_and_the_higher_counts_hold() -> None:
    mine = BARE._replace(engagements=(BEECH, OAK), requests=(Requests(320, 1, 5), Requests(321, 1, 0)))
    theirs = BARE._replace(engagements=(BEECH._replace(next=9), OAK), requests=(Requests(320, 4, 2),))
    found = merged(mine, theirs)
    assert found.engagements == (BEECH._replace(next=9), OAK)
    assert found.requests == (Requests(320, 4, 5), Requests(321, 1, 0))


def test_a_template_of_the_same_name_gets_a_figure_and_the_same_template_none() -> None:
    mine = BARE._replace(templates=(Template("GROW", "mijn"), Template("Kort", "zelfde")))
    theirs = BARE._replace(templates=(Template("Kort", "zelfde"), Template("GROW", "hun")))
    assert merged(mine, theirs).templates == (
        Template("GROW 2", "mijn"),
        Template("Kort", "zelfde"),
        Template("GROW", "hun"),
    )


# -- limits: nothing raises, mine stays --------------------------------------------------------------------------------


def many(side: bytes, count: int, size: int = 8) -> tuple[Engagement, ...]:
    return tuple(
        Engagement(f"{side.decode()}{at:03}".ljust(size, "x"), side * 16 + at.to_bytes(16, "big"), 1)
        for at in range(count)
    )


def full(side: str) -> Common:
    return BARE._replace(
        allowed=tuple(f"{side}{at:03}" for at in range(limits.ALLOWED_WORDS // 2 + 100)),
        templates=tuple(Template(f"{side} {at}", f"{side} {at}".ljust(700)) for at in range(15)),
        engagements=many(side.encode(), 70),
        requests=tuple(Requests(each, 1, 1) for each in range(50 * ord(side) - 4820, 50 * ord(side) - 4760)),
    )


def test_a_union_beyond_a_limit_keeps_mine_and_as_many_of_theirs_as_fit() -> None:
    mine, theirs = full("a"), full("b")
    found = merged(mine, theirs)
    assert set(mine.allowed) < set(found.allowed)
    assert set(mine.templates) < set(found.templates)
    assert set(mine.engagements) < set(found.engagements)
    assert len(found.allowed) == limits.ALLOWED_WORDS
    assert len(found.templates) == 17
    assert len(found.engagements) == limits.ENGAGEMENTS
    assert [each.month for each in found.requests] == list(range(80, 140))
    assert allowed_bytes(found.allowed) <= limits.ALLOWED_BYTES
    assert templates_bytes(found.templates) <= limits.TEMPLATES_BYTES
    assert decode(encode(found)) == found
    assert merged(found, theirs) == found


def test_mine_stays_as_it_is_when_there_is_no_room_for_a_figure_even() -> None:
    mine = BARE._replace(engagements=many(b"a", 71, 64))
    assert limits.ENGAGEMENTS_BYTES - engagements_bytes(mine.engagements) < 101
    theirs = BARE._replace(engagements=(mine.engagements[0]._replace(key=b"t" * 32),))
    assert merged(mine, theirs).engagements == mine.engagements


# -- bytes -------------------------------------------------------------------------------------------------------------

any_commons = st.builds(
    Common,
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    st.builds(Period, st.integers(1, 99_999), st.sampled_from("dmy")),
    st.sampled_from(POLICIES),
    st.sets(texts(limits.ALLOWED_WORD_BYTES), max_size=20).map(lambda found: tuple(sorted(found))),
    st.lists(st.builds(Template, texts(80), texts(300)), max_size=8, unique_by=lambda each: each.name).map(tuple),
    st.lists(
        st.builds(Engagement, texts(64), st.binary(min_size=32, max_size=32), st.integers(0, 65_535)),
        max_size=20,
        unique_by=lambda each: each.alias,
    ).map(lambda found: tuple(sorted(found))),
    requests,
)


@given(any_commons)
def test_common_settings_there_and_back(found: Common) -> None:
    payloads = encode(found)
    assert [len(payload) for payload in payloads] == [3887] * 8
    assert decode(payloads) == found


@given(any_commons)
def test_a_vault_that_takes_them_over_keeps_what_is_its_own(found: Common) -> None:
    own = Settings({b"m" * 16: b"S" * 32}, b"i" * 32, 330, Period(1, "y"), 7)
    taken = with_common(own, found)
    assert common_of(taken, taken.origin) == found
    assert taken[:3] == own[:3]
    assert (taken.idle, taken.enrolled, taken.rights.under_way) == (7, None, ())


def test_the_hash_is_of_every_field() -> None:
    others = [
        BARE._replace(origin=b"p" * 16),
        BARE._replace(seed=SEED),
        BARE._replace(keep=Period(1, "m")),
        BARE._replace(policy="off"),
        BARE._replace(allowed=("Inez",)),
        BARE._replace(templates=(Template("GROW", "?"),)),
        BARE._replace(engagements=(BEECH,)),
        BARE._replace(requests=(Requests(1, 1, 1),)),
    ]
    assert len({common_hash(each) for each in (BARE, *others)}) == 9
    assert {len(common_hash(each)) for each in others} == {16}


RIGHT = b"".join(
    encode(
        BARE._replace(
            seed=SEED,
            allowed=("Inez", "Zoë"),
            templates=(Template("GROW", "Doel?"),),
            engagements=(BEECH, OAK),
            requests=(Requests(322, 1, 2),),
        )
    )
)


USED = RIGHT.rstrip(b"\0")
UNDER_WAY = bytes([2, 1, 0, 0, 0, 1, 1, 0x42, 0, 0])
"""What may stand there in the sealed settings of a vault (vault spec 5.4), but not in what is shared."""


def outcome(data: bytes) -> object:
    try:
        return decode([data])
    except FormatError as error:
        return type(error)


@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_give_common_settings_or_our_own_error(noise: bytes, at: int) -> None:
    for data in (noise, noise.ljust(len(RIGHT), b"\0"), RIGHT[:at] + noise + RIGHT[at + len(noise) :]):
        outcome(data)


def test_any_bit_flipped_in_common_settings() -> None:
    for at in range(340):
        for bit in range(8):
            outcome(RIGHT[:at] + bytes([RIGHT[at] ^ 1 << bit]) + RIGHT[at + 1 :])


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"\2" + RIGHT[1:], UnknownVersion),
        (b"\0" + RIGHT[1:], FormatError),
        (RIGHT[:-1], FormatError),
        (RIGHT + b"\0", FormatError),
        (RIGHT[:-1] + b"\1", FormatError),
        (b"", FormatError),
        (b"".join((USED, b"\1", UNDER_WAY)).ljust(len(RIGHT), b"\0"), FormatError),
    ],
    ids=["newer", "version 0", "cut off", "longer", "padding", "nothing", "under way"],
)  # fmt: skip
def test_other_bytes_are_refused(data: bytes, failure: type) -> None:
    """Seen to fail when what is under way was let pass."""
    assert outcome(data) is failure


def test_the_tomb_of_an_engagement_is_a_number_of_8_bytes() -> None:
    assert engagement_id(BEECH.key) != engagement_id(OAK.key)
    assert 0 < engagement_id(BEECH.key) < 1 << 64
    assert shared.PAYLOAD == 3887
