"""What crosses the wire agrees with known answers made without the product; wrong ones are refused in their class.

Seen to fail: a `person` with another last letter; the account left out of a slot's key; a certificate without its
index; a head's noise not looked at; an offer's version before its secrets; a removal without its state.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sync import protocol
from tests.support import independent
from tests.vectors import joining, make_sync
from tests.vectors.make import spelt_bytes
from vault import errors
from vault.crypto import wire
from vault.crypto.aead import BoxRefused
from vault.formats import devices, offer, synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import ACTIVE, NO_KEY, KnownDevice
from vault.formats.offer import Offer, Vouched
from vault.formats.reader import FormatError, UnknownVersion
from vault.formats.synchead import SyncHead
from vault.trust import Known, verify_notice

RAISED: dict[str, type[Exception]] = {
    "FormatError": FormatError,
    "UnknownVersion": UnknownVersion,
    "BoxRefused": BoxRefused,
    "ServerForged": errors.ServerForged,
    "ServerNewer": errors.ServerNewer,
}


def vectors(name: str) -> Any:
    return json.loads((make_sync.HERE / f"{name}.json").read_text(encoding="utf-8"))


def test_the_files_are_what_the_script_makes() -> None:
    built = make_sync.build()
    assert {path.name for path in make_sync.HERE.iterdir()} == set(built)
    for name, content in built.items():
        assert (make_sync.HERE / name).read_text(encoding="utf-8") == content, name


def test_the_script_knows_nothing_of_the_product() -> None:
    for script in (make_sync, joining):
        text = Path(script.__file__ or "").read_text(encoding="utf-8")
        assert not any(each in text for each in ("import vault", "from vault", "import sync", "from sync"))


def cut_out(good: Any, *names: str) -> list[bytes]:
    return [bytes.fromhex(good[name]) for name in names]


# -- right answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", vectors("wire")["good"], ids=lambda good: good["function"])
def test_hashes_and_keys(good: Any) -> None:
    parts = [bytes.fromhex(part) for part in good["parts"]]
    assert getattr(wire, good["function"])(*parts).hex() == good["derived"]


def slot_of(vector: Any) -> bytes:
    key, account, share, box = cut_out(vector, "key", "account", "share", "box")
    return wire.open_slot(key, account, share, vector["slot"], box)


def page_of(vector: Any) -> bytes:
    t, account, box = cut_out(vector, "t", "account", "box")
    return wire.open_page(t, account, vector["page"], box)


def test_a_slot_opens_and_is_sealed_in_the_same_way() -> None:
    for good in vectors("slot")["good"]:
        key, account, share, payload = cut_out(good, "key", "account", "share", "payload")
        assert slot_of(good) == payload
        sealed = wire.seal_slot(key, account, share, good["slot"], payload)
        under = independent.derive(key, b"ongemerkt-wire-1", account, share)
        assert independent.seal(under, account, b"W", good["slot"], sealed[1:25], payload) == sealed
        assert len(sealed) == protocol.SLOT_BOX


def test_a_page_opens_and_is_sealed_in_the_same_way() -> None:
    for good in vectors("page")["good"]:
        t, account, payload = cut_out(good, "t", "account", "payload")
        assert page_of(good) == payload
        sealed = wire.seal_page(t, account, good["page"], payload)
        assert independent.seal(t, account, b"Q", good["page"], sealed[1:25], payload) == sealed
        assert len(sealed) == protocol.PAGE_BOX


def test_a_head_there_and_back_with_its_hashes_signature_and_t() -> None:
    for good in vectors("head")["good"]:
        data = spelt_bytes(good["bytes"])
        account, previous, generation, root = cut_out(good, "account", "previous", "generation", "root")
        sealed = tuple(bytes.fromhex(box) for box in good["sealed"])
        signer, key, seed = cut_out(good, "signer", "key", "seed")
        head = SyncHead(
            account, good["version"], previous, generation, good["pool"], root, sealed, signer, data[-64:]
        )  # fmt: skip
        assert synchead.decode(data) == head
        assert synchead.encode(head) == data
        assert wire.sign_head(seed, synchead.encode(head._replace(signature=bytes(64)))) == data
        assert wire.is_head_signed(key, data)
        hashes = [synchead.page_hash(bytes.fromhex(box)) for box in good["page_boxes"]]
        assert [each.hex() for each in hashes] == good["page_hashes"]
        assert synchead.root_hash(hashes) == root
        assert synchead.head_hash(data).hex() == good["hash"]
        assert hashlib.blake2b(data, digest_size=32, person=b"ongemerkt-shea-1").hexdigest() == good["hash"]
        assert wire.fingerprint(synchead.head_hash(data)).hex() == good["fingerprint"]
        assert synchead.device_id(key) == signer
        for box, secret in zip(sealed, good["receive"], strict=True):
            assert wire.open_t(box, bytes.fromhex(secret)).hex() == good["t"]


def test_client_and_server_read_and_hash_a_head_in_the_same_way() -> None:
    """sync/protocol.py knows nothing of this package, and so has the layout a second time."""
    for good in vectors("head")["good"]:
        data = spelt_bytes(good["bytes"])
        assert tuple(protocol.decode_head(data)) == tuple(synchead.decode(data))
        assert protocol.encode_head(protocol.Head(*synchead.decode(data))) == data
        assert protocol.Head._fields == SyncHead._fields
        assert protocol.head_signed(data) == synchead.signed_part(data)
        assert protocol.head_hash(data) == synchead.head_hash(data)
        assert protocol.page_hash(data) == synchead.page_hash(data)
        assert protocol.root_hash([data, data]) == synchead.root_hash([data, data])
        assert protocol.device_id(data[:32]) == synchead.device_id(data[:32])
    for wrong in vectors("head")["faults"]:
        refused = wrong["failure"] in ("FormatError", "UnknownVersion")
        try:
            protocol.decode_head(spelt_bytes(wrong["bytes"]))
        except protocol.Malformed:
            assert refused
        else:
            assert not refused
    assert [protocol.pages_of(1 << at) for at in range(8, 19)] == [synchead.pages_of(1 << at) for at in range(8, 19)]


def entries(good: Any) -> tuple[DeviceEntry, ...]:
    found = []
    for each in good["devices"]:
        fields: dict[str, Any] = {
            name: value if name in ("index", "state", "version", "month", "name") else bytes.fromhex(value)
            for name, value in each.items()
        }
        found.append(DeviceEntry(**fields))
    return tuple(found)


def test_a_list_of_devices_there_and_back_with_its_signatures() -> None:
    for good in vectors("devices")["good"]:
        data, account = spelt_bytes(good["bytes"]), bytes.fromhex(good["account"])
        found = entries(good)
        receipt_key = bytes.fromhex(good.get("receipt_key", ""))
        assert devices.decode(data) == found
        assert devices.decode_with_key(data) == (found, receipt_key)
        assert devices.encode(found[::-1], receipt_key) == data
        keys = {synchead.device_id(each.key): each.key for each in found}
        for each in found:
            assert wire.is_certified(keys[each.adder], account, each.index, each.key, each.certificate)
            if each.state != ACTIVE:
                gone = synchead.device_id(each.key)
                assert wire.is_removed(keys[each.remover], account, each.state, gone, each.removal)


def test_marks_of_shares_there_and_back() -> None:
    for good in vectors("shares")["good"]:
        found = Shares(good["first"], tuple(bytes.fromhex(mark) for mark in good["marks"]))
        assert devices.decode_shares(spelt_bytes(good["bytes"])) == found
        assert devices.encode_shares(found) == spelt_bytes(good["bytes"])


def test_an_offer_opens_and_is_sealed_in_the_same_way() -> None:
    for good in vectors("offer")["good"]:
        secret, box, account = cut_out(good, "secret", "box", "account")
        signing, receive, receipt_key = cut_out(good, "signing", "receive", "receipt_key")
        listed = tuple(Vouched(index, bytes.fromhex(key)) for index, key in good["devices"])
        found = Offer(account, good["index"], signing, receive, good["version"], receipt_key, good["country"], listed)
        plaintext = wire.open_offer(secret, box)
        assert offer.decode(plaintext) == found
        assert offer.encode(found) == plaintext
        assert wire.offer_id(secret).hex() == good["id"]
        sealed = wire.seal_offer(secret, plaintext)
        key = independent.derive(secret, b"ongemerkt-ofke-1")
        assert independent.seal(key, bytes(16), b"O", 0, sealed[1:25], plaintext) == sealed
        assert len(sealed) == protocol.OFFER_BOX


NOTICES = vectors("notice")
AT = Known(
    bytes.fromhex(NOTICES["account"]),
    3,
    bytes.fromhex(NOTICES["own"]),
    NO_KEY,
    NO_KEY,
    0,
    1,
    bytes(32),
    1,
    tuple(KnownDevice(index, state, bytes.fromhex(key), 1, 330, "x") for index, state, key in NOTICES["known"]),
)


def test_notices_that_check_out() -> None:
    for good in NOTICES["good"]:
        data = spelt_bytes(good["bytes"])
        assert verify_notice(AT, data) == good["state"]
        assert len(data) == protocol.NOTICE


# -- wrong ones --------------------------------------------------------------------------------------------------------

READ: dict[str, Callable[[Any], object]] = {
    "slot": slot_of,
    "page": page_of,
    "head": lambda wrong: synchead.decode(spelt_bytes(wrong["bytes"])),
    "devices": lambda wrong: devices.decode(spelt_bytes(wrong["bytes"])),
    "shares": lambda wrong: devices.decode_shares(spelt_bytes(wrong["bytes"])),
    "offer": lambda wrong: offer.decode(wire.open_offer(*cut_out(wrong, "secret", "box"))),
    "notice": lambda wrong: verify_notice(AT, spelt_bytes(wrong["bytes"])),
}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [(name, wrong) for name in READ for wrong in vectors(name)["faults"]],
    ids=lambda value: value if isinstance(value, str) else value["name"],
)
def test_wrong_ones_are_refused_in_their_class(name: str, wrong: Any) -> None:
    failure = wrong["failure"]
    if failure in RAISED:
        with pytest.raises(RAISED[failure]) as raised:
            READ[name](wrong)
        assert raised.type is RAISED[failure]
        return
    found = READ[name](wrong)
    if isinstance(found, SyncHead):
        assert failure == "unsigned"
        assert not wire.is_head_signed(joining.KEYS[0], spelt_bytes(wrong["bytes"]))
        return
    assert isinstance(found, tuple)
    assert failure == ("uncertified" if not certified(found) else "unremoved" if not removals_fit(found) else "")


def certified(found: tuple[DeviceEntry, ...]) -> bool:
    keys = {synchead.device_id(each.key): each.key for each in found}
    return all(
        each.adder in keys and wire.is_certified(keys[each.adder], AT.account, each.index, each.key, each.certificate)
        for each in found
    )


def removals_fit(found: tuple[DeviceEntry, ...]) -> bool:
    keys = {synchead.device_id(each.key): each.key for each in found}
    return all(
        each.state == ACTIVE
        or wire.is_removed(keys[each.remover], AT.account, each.state, synchead.device_id(each.key), each.removal)
        for each in found
    )
