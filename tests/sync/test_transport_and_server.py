"""Client and server as they are: every request of the transport to a real server, over real TLS, on SQLite."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync import codes, errors, protocol
from sync.country import Rule
from sync.transport import Transport, find_key
from tests.support.server import Clock, InThread, server_in_thread
from tests.support.tap import tap

MONTH = (2026 - 2000) * 12 + 10
POOL = 256
ACCOUNT = bytes(range(16))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InThread]:
    with server_in_thread(tmp_path / "server", clock=Clock(date(2026, 11, 25))) as running:
        yield running


class Device:
    """A device's signing key and its line to the server."""

    def __init__(self, server: InThread, port: int | None = None) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()
        self.id = protocol.device_id(self.public)
        url = f"https://127.0.0.1:{port or server.port}"
        self.wire = Transport(url, server.pin, Rule.NL, self.id, self._key.sign, MONTH)

    def head(self, version: int, previous: bytes, generation: bytes, root: bytes) -> bytes:
        sealed = tuple(os.urandom(protocol.SEALED_T) for _ in range(protocol.DEVICES_MOST))
        head = protocol.Head(ACCOUNT, version, previous, generation, POOL, root, sealed, self.id)
        unsigned = protocol.encode_head(head)
        return unsigned[: -protocol.SIGNATURE] + self._key.sign(protocol.head_signed(unsigned))

    def enrol(self, server: InThread) -> None:
        invitation = codes.decode_code(server.invite())
        assert self.wire.enrol(invitation.secret, ACCOUNT, self.public) == server.receipt_key

    def write(self, version: int, previous: bytes, slots: tuple[tuple[int, bytes], ...] = ()) -> bytes:
        """Commits a head with fresh pages; the first one with a whole new pool."""
        pages = tuple((number, os.urandom(protocol.PAGE_BOX)) for number in range(protocol.pages_of(POOL)))
        root = protocol.root_hash(protocol.page_hash(box) for _, box in pages)
        if version == 1:
            for start in range(0, POOL, 128):
                self.wire.upload(GENERATION, POOL, start, os.urandom(128 * protocol.SLOT_BOX))
        head = self.head(version, previous, GENERATION, root)
        nonce = os.urandom(16)
        month, receipt = protocol.decode_held(
            self.wire.commit(protocol.encode_commit(protocol.CommitAsked(nonce, head, pages, slots)))
        )
        held = protocol.holds_signed(ACCOUNT, nonce, version, protocol.head_hash(head), month)
        self.receipt = (receipt, held)
        return head


GENERATION = b"new pool"


def state(device: Device) -> protocol.StateAnswer:
    asked = protocol.StateAsked(os.urandom(16), bytes(8), ())
    return protocol.decode_state_answer(device.wire.state(protocol.encode_state_asked(asked)))


def test_a_device_enrols_writes_reads_and_leaves(server: InThread) -> None:
    device = Device(server)
    with device.wire as wire:
        device.enrol(server)
        assert state(device).head is None
        head = device.write(1, bytes(32))
        Ed25519PublicKey.from_public_bytes(server.receipt_key).verify(*device.receipt)
        found = state(device)
        assert found.head == head
        assert found.month == MONTH
        assert len(found.pages) == protocol.pages_of(POOL)
        box = os.urandom(protocol.SLOT_BOX)
        device.write(2, protocol.head_hash(head), ((7, box),))
        assert wire.fetch(protocol.encode_fetch(2, [7])) == box
        assert len(wire.fetch(protocol.encode_fetch(2, list(range(POOL))))) == POOL * protocol.SLOT_BOX
        # Enrolment brings a nonce, and so does every answer: none is ever asked for.
        assert wire.nonce_trips == 0
        assert wire.place is not None
        assert wire.place.kind == "loopback"
        wire.leave()
        with pytest.raises(errors.NotKnown):
            state(device)


def test_what_came_in_between_is_a_conflict(server: InThread) -> None:
    device = Device(server)
    with device.wire as wire:
        device.enrol(server)
        head = device.write(1, bytes(32))
        with pytest.raises(errors.Conflict):
            device.write(3, protocol.head_hash(head))
        with pytest.raises(errors.Conflict):
            wire.fetch(protocol.encode_fetch(2, [7]))
        device.write(2, protocol.head_hash(head))


def test_a_second_device_takes_its_offer_once_and_is_removed(server: InThread) -> None:
    first, second, stranger = Device(server), Device(server), Device(server)
    offer, notice = os.urandom(protocol.OFFER_BOX), os.urandom(protocol.NOTICE)
    with first.wire, second.wire, stranger.wire:
        first.enrol(server)
        first.wire.add_device(second.public, b"o" * 16, offer)
        with pytest.raises(errors.Conflict):
            first.wire.add_device(second.public, b"p" * 16, offer)
        assert second.wire.take_offer(b"o" * 16) == offer
        with pytest.raises(errors.OfferGone):
            second.wire.take_offer(b"o" * 16)
        assert state(second).head is None
        first.wire.remove_device(second.id, notice)
        with pytest.raises(errors.DeviceRemoved) as caught:
            state(second)
        assert caught.value.notice == notice
        with pytest.raises(errors.DeviceAbsent):
            first.wire.remove_device(stranger.id, notice)
        with pytest.raises(errors.NotKnown):
            state(stranger)


def test_an_invitation_serves_once(server: InThread) -> None:
    invitation = codes.decode_code(server.invite())
    for enrols in (True, False):
        device = Device(server)
        account = os.urandom(16)
        with device.wire as wire:
            if enrols:
                wire.enrol(invitation.secret, account, device.public)
            else:
                with pytest.raises(errors.InvitationRefused):
                    wire.enrol(invitation.secret, account, device.public)


def test_bytes_that_are_none_are_refused_by_name(server: InThread) -> None:
    device = Device(server)
    with device.wire as wire:
        device.enrol(server)
        with pytest.raises(errors.RequestRefused) as caught:
            wire.state(b"x")
        assert caught.value.name == "malformed"
        head = device.write(1, bytes(32))
        forged = head[:-1] + bytes([head[-1] ^ 1])
        with pytest.raises(errors.RequestRefused) as caught:
            wire.commit(protocol.encode_commit(protocol.CommitAsked(bytes(16), forged, (), ())))
        assert caught.value.name == "refused"


def test_a_quota_that_is_used_up_is_told(server: InThread) -> None:
    device = Device(server)
    with device.wire as wire:
        device.enrol(server)
        server.service.storage.set_quota(ACCOUNT, 1000)
        with pytest.raises(errors.ServerFull):
            wire.upload(GENERATION, POOL, 0, bytes(128 * protocol.SLOT_BOX))


def test_a_nonce_that_ran_out_does_not_lose_a_large_request(server: InThread) -> None:
    """The server says no before it has read all, and ends the connection; the answer is read all the same."""
    device = Device(server)
    with device.wire as wire:
        device.enrol(server)
        for start in range(0, 4 * 2048, 2048):
            wire._nonces[:] = [os.urandom(16)]
            wire.upload(GENERATION, 4 * 2048, start, os.urandom(2048 * protocol.SLOT_BOX))
        assert wire.nonce_trips == 0


def test_requests_that_come_too_fast_are_waited_for(server: InThread) -> None:
    """More of them than the bucket holds: the wait that the server asks for is kept, and none is lost."""
    device = Device(server)
    with device.wire as wire:
        device.enrol(server)
        count = 0
        while wire.round_trips == count + 1:
            assert state(device).head is None
            count += 1
    assert count >= protocol.BUCKET


def test_the_key_of_the_server_is_the_one_that_its_codes_carry(server: InThread) -> None:
    assert find_key(server.url, Rule.NL, MONTH) == server.pin
    invitation = codes.decode_code(server.invite())
    assert server.pin.startswith(invitation.pin)


def test_sessions_of_one_size_have_one_shape_on_the_line(server: InThread) -> None:
    """What they carry differs in every byte, what an observer has does not (P5)."""
    shapes = []
    first = Device(server)
    with first.wire:
        first.enrol(server)
        previous = protocol.head_hash(first.write(1, bytes(32)))
    for version in (2, 3, 4):
        with tap(server.port) as (front, record):
            first.wire = Transport(f"https://127.0.0.1:{front}", server.pin, Rule.NL, first.id, first._key.sign, MONTH)
            with first.wire as wire:
                state(first)
                wire.fetch(protocol.encode_fetch(version - 1, list(range(version, 250, 10))[:20]))
                slots = tuple((number, os.urandom(protocol.SLOT_BOX)) for number in range(version, version + 100))
                previous = protocol.head_hash(first.write(version, previous, slots))
        assert len(record.lines) == 1
        shapes.append(record.lines[0].session())
    assert shapes[0] == shapes[1] == shapes[2]
