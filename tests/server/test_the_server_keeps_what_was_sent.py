"""The mirror over the wire: what one device commits the others get, all or nothing (sync sections 8.4 to 8.7)."""

import secrets

import pytest

from sync import protocol
from sync.server import calendar
from tests.support.device import POOL, Device, enrolled, random_pages, random_slots, verified
from tests.support.server import TODAY, InThread

MONTH = calendar.month_of(TODAY)


def asked_state(device: Device, generation: bytes = bytes(8), known: tuple[bytes, ...] = ()) -> protocol.StateAnswer:
    answered = device.state(generation, known)
    assert answered.status == 200
    return protocol.decode_state_answer(answered.body)


def test_an_empty_account_has_shares_for_ten_years_and_no_head(device: Device) -> None:
    found = asked_state(device)
    assert (found.month, found.first, len(found.shares)) == (MONTH, MONTH, protocol.SHARE_MONTHS + 1)
    assert (found.head, found.pages) == (None, ())


def test_the_servers_month_is_signed_for_this_question(device: Device) -> None:
    nonce = secrets.token_bytes(16)
    answered = device.ask("POST", protocol.STATE, protocol.encode_state_asked(protocol.StateAsked(nonce, bytes(8), ())))
    found = protocol.decode_state_answer(answered.body)
    key = device.server.receipt_key
    assert verified(key, found.signature, protocol.month_signed(device.account, nonce, found.month))
    assert not verified(key, found.signature, protocol.month_signed(device.account, bytes(16), found.month))


def test_a_first_upload_comes_back_to_the_byte(device: Device) -> None:
    generation, boxes = secrets.token_bytes(8), dict(random_slots(range(POOL)))
    for start in (0, POOL // 2):
        body = b"".join(boxes[number] for number in range(start, start + POOL // 2))
        assert device.ask("PUT", f"{protocol.POOLS}/{generation.hex()}?pool={POOL}&from={start}", body).status == 204
    pages = random_pages(range(protocol.pages_of(POOL)))
    head = device.signed_head(device.next_head(generation))
    assert device.commit(head, pages).status == 200
    found = asked_state(device)
    assert (found.head, list(found.pages)) == (head, pages)
    wanted = [0, 7, 8, POOL - 1]
    assert device.fetch(1, wanted).body == b"".join(boxes[number] for number in wanted)


def test_a_receipt_says_what_is_held_and_for_whom(device: Device) -> None:
    device.first_commit()
    nonce, head = secrets.token_bytes(16), device.signed_head(device.next_head())
    month, signature = protocol.decode_held(device.commit(head, nonce=nonce).body)
    said = protocol.holds_signed(device.account, nonce, 2, protocol.head_hash(head), month)
    assert month == MONTH
    assert verified(device.server.receipt_key, signature, said)


def test_only_pages_that_differ_are_sent(device: Device) -> None:
    device.first_commit()
    before = asked_state(device)
    assert before.head is not None
    known = tuple(protocol.page_hash(box)[: protocol.HASH_START] for _, box in before.pages)
    generation = protocol.decode_head(before.head).generation
    assert asked_state(device, generation, known).pages == ()
    changed = random_pages([3])
    device.commit(device.signed_head(device.next_head()), changed, random_slots([9]))
    assert list(asked_state(device, generation, known).pages) == changed
    assert len(asked_state(device, bytes(8), known).pages) == protocol.pages_of(POOL)


def test_of_two_commits_of_one_version_one_is_told_of_the_conflict(device: Device) -> None:
    device.first_commit()
    other, _ = device.add_device(secrets.token_bytes(16), secrets.token_bytes(512))
    with other:
        other.head = device.head
        boxes = random_slots([5])
        assert device.commit(device.signed_head(device.next_head()), (), boxes).status == 200
        late = other.commit(other.signed_head(other.next_head()), (), random_slots([5]))
        assert (late.status, late.error) == (409, "conflict")
        assert other.fetch(2, [5]).body == boxes[0][1]
        assert other.fetch(1, [5]).error == "conflict"


@pytest.mark.parametrize("fault", ["account", "signer", "signature", "other key"])
def test_a_head_that_is_not_the_requesters_own_is_refused(server: InThread, device: Device, fault: str) -> None:
    """Seen to fail with each of the three comparisons in requests.commit taken out."""
    device.first_commit()
    with enrolled(server) as other:
        head = device.next_head()
        if fault == "account":
            signed = device.signed_head(head._replace(account=other.account))
        elif fault == "signer":
            signed = device.signed_head(head._replace(signer=other.id))
        elif fault == "other key":
            signed = other.signed_head(head)
        else:
            signed = device.signed_head(head)[:-1] + b"\0"
        answered = device.commit(signed)
        assert (answered.status, answered.error) == (422, "refused")
    assert asked_state(device).head == device.head


def test_a_generation_that_was_not_uploaded_whole_is_refused(device: Device) -> None:
    device.first_commit()
    generation = secrets.token_bytes(8)
    assert device.upload(generation, count=POOL - 1).status == 204
    head = device.signed_head(device.next_head(generation))
    pages = random_pages(range(protocol.pages_of(POOL)))
    assert device.commit(head, pages).error == "refused"
    assert device.upload(generation, start=POOL - 1, count=1).status == 204
    assert device.commit(head, pages[1:]).error == "refused"
    assert asked_state(device).head == device.head
    assert device.commit(head, pages).status == 200


@pytest.mark.parametrize(
    "target",
    [
        "/v1/pools/00?pool=256&from=0",
        "/v1/pools/0011223344556677?pool=255&from=0",
        "/v1/pools/0011223344556677?pool=256",
        "/v1/pools/0011223344556677?pool=256&from=0&from=1",
        "/v1/pools/0011223344556677?pool=256&from=-1",
        "/v1/pools/0011223344556677?pool=256&from=00",
        "/v1/pools/0011223344556677?pool=256&from=0&other=1",
        "/v1/pools/0011223344556677?pool=99999999999999999999&from=0",
        "/v1/pools/0011223344556677",
    ],
)
def test_an_upload_to_no_place_is_malformed(device: Device, target: str) -> None:
    answered = device.ask("PUT", target, bytes(protocol.SLOT_BOX))
    assert (answered.status, answered.error) == (400, "malformed")


def test_an_upload_beyond_the_pool_is_refused(device: Device) -> None:
    assert device.upload(secrets.token_bytes(8), start=POOL - 1, count=2).error == "refused"


@pytest.mark.parametrize("size", [0, 1, protocol.SLOT_BOX - 1, protocol.SLOT_BOX + 1])
def test_an_upload_of_no_whole_boxes_is_malformed(device: Device, size: int) -> None:
    answered = device.ask("PUT", f"/v1/pools/0011223344556677?pool={POOL}&from=0", bytes(size))
    assert answered.error == "malformed"


def test_more_than_the_quota_is_refused(server: InThread, device: Device) -> None:
    server.service.storage.set_quota(device.account, protocol.SLOT_BOX)
    answered = device.upload(secrets.token_bytes(8), count=2)
    assert (answered.status, answered.error) == (507, "full")


def test_accounts_do_not_see_each_other(server: InThread, device: Device) -> None:
    device.first_commit()
    with enrolled(server) as other:
        assert asked_state(other).head is None
        assert other.fetch(1, [0]).status == 409
        assert not set(asked_state(other).shares) & set(asked_state(device).shares)


def test_an_answer_of_many_pages_comes_whole(device: Device) -> None:
    pool = 16_384
    assert device.first_commit(pool).status == 200
    found = asked_state(device)
    assert len(found.pages) == protocol.pages_of(pool)
    assert found.head == device.head
