"""Whatever a device sends, right signature or not, the answer is right or one of our errors; never a fault of ours."""

import secrets
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sync import protocol
from sync.server.refusals import STATUSES
from sync.server.requests import SIGNED
from tests.support.device import POOL, Answered, Device, enrolled, random_pages
from tests.support.server import InThread, server_in_thread

NUMBERS = st.integers(0, 2**32 - 1) | st.integers(0, 300)
HEADS = st.builds(
    protocol.Head,
    account=st.binary(min_size=16, max_size=16),
    version=st.integers(0, 3) | st.integers(0, 2**64 - 1),
    previous=st.just(bytes(32)),
    generation=st.binary(min_size=8, max_size=8),
    pool=st.sampled_from([0, 1, 255, 256, 512, 1 << 18, 1 << 19, 2**32 - 1]),
    root=st.just(bytes(32)),
    sealed=st.just((bytes(80),) * 12),
    signer=st.binary(min_size=8, max_size=8),
)


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    ticks = count(0.0, 1000.0)
    with (
        server_in_thread(tmp_path_factory.mktemp("hostile"), seconds=lambda: next(ticks)) as server,
        enrolled(server) as device,
    ):
        device.first_commit()
        yield device


def right_or_ours(device: Device, answered: Answered) -> None:
    """The answer is one of the protocol, and no fault was told to the keeper."""
    server = device.server
    assert isinstance(server, InThread)
    assert server.told == []
    if answered.status >= 400:
        assert STATUSES[answered.error] == answered.status
        assert answered.error not in ("internal", "stopping")


@given(st.sampled_from([one for one in SIGNED if one.path != protocol.LEAVE]), st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body(asker: Device, request_: object, data: st.DataObject) -> None:
    one = request_
    assert isinstance(one, tuple)
    body = data.draw(st.binary(max_size=2000))
    path = one[1].replace("{generation}", "0011223344556677")
    if path.startswith(protocol.POOLS):
        path += f"?pool={data.draw(st.sampled_from([256, 512, 1 << 18]))}&from={data.draw(st.integers(0, 300))}"
        body = body[:4] * protocol.SLOT_BOX
    right_or_ours(asker, asker.ask(one[0], path, body))


@given(st.binary(max_size=64), st.lists(NUMBERS, max_size=20))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(b"", [2**32 - 1] * 20)
def test_any_numbers_of_slots(asker: Device, tail: bytes, numbers: list[int]) -> None:
    for version in (0, 1, 2**64 - 1):
        right_or_ours(asker, asker.ask("POST", protocol.FETCH, protocol.encode_fetch(version, numbers) + tail))


@given(HEADS, st.lists(NUMBERS, max_size=3), st.lists(NUMBERS, max_size=3), st.booleans(), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_head_signed_by_the_device_itself(
    asker: Device, head: protocol.Head, pages: list[int], slots: list[int], own: bool, next_one: bool
) -> None:
    """Rightly signed heads with impossible fields, numbers beyond the pool, in any order."""
    if own:
        head = head._replace(account=asker.account, signer=asker.id)
    if next_one:
        last = protocol.decode_head(asker.head)
        head = head._replace(version=last.version + 1, previous=protocol.head_hash(asker.head))
    sent = asker.signed_head(head)
    boxes = [(number, bytes(protocol.SLOT_BOX)) for number in slots]
    right_or_ours(asker, asker.commit(sent, [(number, bytes(protocol.PAGE_BOX)) for number in pages], boxes))


@given(st.binary(max_size=100), st.binary(max_size=100))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_state_request(asker: Device, known: bytes, tail: bytes) -> None:
    generation = protocol.decode_head(asker.head).generation
    starts = tuple(known[at : at + 8].ljust(8, b"\0") for at in range(0, len(known), 8))
    body = protocol.encode_state_asked(protocol.StateAsked(bytes(16), generation, starts)) + tail
    right_or_ours(asker, asker.ask("POST", protocol.STATE, body))


def test_a_count_that_promises_more_than_comes_is_malformed(asker: Device) -> None:
    for path, body in (
        (protocol.STATE, bytes(24) + b"\xff" * 4),
        (protocol.FETCH, bytes(8) + b"\xff" * 4),
        (protocol.COMMIT, bytes(16) + asker.head + b"\xff" * 4),
        (protocol.COMMIT, bytes(16) + asker.head + bytes(4) + b"\xff" * 4),
    ):
        assert asker.ask("POST", path, body).error == "malformed"


def test_the_mirror_is_as_before_all_this(asker: Device) -> None:
    found = protocol.decode_state_answer(asker.state().body)
    assert found.head == asker.head
    assert len(found.pages) >= protocol.pages_of(POOL)
    head = asker.signed_head(asker.next_head(secrets.token_bytes(8)))
    assert asker.commit(head, random_pages(range(3))).error == "refused"
