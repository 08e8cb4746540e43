"""Lesson 22: every field on the wire is on the white list of docs/spec/sync-protocol.md section 9, with its reason.

Real traffic of a whole life: enrolling, syncing in both shapes, letting in, revoking, leaving. Seen to fail with a
User-Agent, with a date on the answers, with a slot's text in the clear.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from sync import protocol
from tests.support.clear import Exchange, Heard, clear
from tests.support.coach import Coach, joined, place_in
from tests.support.server import Running, address_of, invite, keys_of, make_server, server_process
from vault import errors

CANARY = "kanarieKANARIE"

REQUEST_HEADERS = {
    "host": "HTTP asks for it; the address that the coach typed",
    "accept-encoding": "identity: nothing may be compressed",
    "content-type": "octets",
    "content-length": "HTTP asks for it",
    "content-digest": "the signature covers the body",
    "signature-input": "device id and nonce: who asks, and only once",
    "signature": "that it is that device",
}
ANSWER_HEADERS = {
    "content-type": "octets, or JSON for an error",
    "content-length": "HTTP asks for it",
    "next-nonce": "for the next request",
    "retry-after": "when there were too many",
    "cache-control": "nothing is to be kept on the way",
    "x-content-type-options": "no guessing",
    "connection": "HTTP asks for it when it ends",
}


def _state(body: bytes) -> bytes:
    return protocol.encode_state_asked(protocol.decode_state_asked(body))


def _state_answer(body: bytes) -> bytes:
    return protocol.encode_state_answer(protocol.decode_state_answer(body))


def _fetch(body: bytes) -> bytes:
    return protocol.encode_fetch(*protocol.decode_fetch(body))


def _commit(body: bytes) -> bytes:
    found = protocol.decode_commit(body)
    assert protocol.encode_head(protocol.decode_head(found.head)) == found.head
    return protocol.encode_commit(found)


def _held(body: bytes) -> bytes:
    return protocol.encode_held(*protocol.decode_held(body))


def _boxes(body: bytes) -> bytes:
    return b"".join(protocol.boxes(body, protocol.SLOT_BOX))


def _sized(*sizes: int) -> Callable[[bytes], bytes]:
    def check(body: bytes) -> bytes:
        assert len(body) == sum(sizes)
        return body

    return check


def _nonces(body: bytes) -> bytes:
    found = json.loads(body)
    assert set(found) == {"nonces"}
    return body


WHITE_LIST: dict[str, tuple[set[str], Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "/v1/state": (set(), _state, _state_answer),
    "/v1/fetch": (set(), _fetch, _boxes),
    "/v1/commit": (set(), _commit, _held),
    "/v1/pools": ({"pool", "from"}, _boxes, _sized()),
    "/v1/accounts": (set(), _sized(protocol.SECRET, protocol.ACCOUNT, protocol.KEY), _sized(protocol.KEY)),
    "/v1/devices": (set(), _sized(protocol.KEY, protocol.OFFER_ID, protocol.OFFER_BOX), _sized()),
    "/v1/offers": (set(), _sized(protocol.OFFER_ID), _sized(protocol.OFFER_BOX)),
    "/v1/devices/remove": (set(), _sized(protocol.DEVICE, protocol.NOTICE), _sized()),
    "/v1/leave": (set(), _sized(), _sized()),
    "/v1/nonces": ({"device"}, _sized(), _nonces),
}
"""Path → names in the query, and for request and answer what makes the same bytes again out of the fields alone."""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """All that is said in the life of an account."""
    folder = tmp_path_factory.mktemp("life")
    make_server(folder / "server")
    with server_process(folder / "server", "--behind-proxy") as process:
        port = int(address_of(process).rpartition(":")[2])
        with clear(folder / "server/tls.crt", folder / "server/tls.key", port) as (front, said):
            url = f"https://127.0.0.1:{front}"
            _life(Running(url, *keys_of(folder / "server"), folder, lambda: invite(folder / "server")), folder)
            yield said


def _life(server: Running, folder: Path) -> None:
    with Coach(place_in(folder / "laptop")) as laptop:
        laptop.add(CANARY)
        laptop.enrol(server.url, server.invite())
        laptop.sync()
        with joined(place_in(folder / "phone"), laptop.pairing_code("phone")) as phone:
            phone.sync()
            phone.add(CANARY * 300)
            phone.sync(shaped=True)
            laptop.vault.edit(laptop.vault.handles()[0], CANARY + " anders")
            laptop.sync(shaped=True)
            laptop.sync()
            laptop.vault.shred(laptop.vault.handles())
            laptop.sync()
            laptop.revoke("phone")
            with pytest.raises(errors.DeviceRevoked):
                phone.sync()
        laptop.line.leave()


def test_every_request_and_answer_is_of_the_list(heard: Heard) -> None:
    met = set()
    for each in heard.exchanges():
        path, _, query = each.target.partition("?")
        room = "/v1/pools" if path.startswith("/v1/pools/") else path
        names, request, answer = WHITE_LIST[room]
        met.add(room)
        assert {name for name, _ in parse_qsl(query)} == names
        assert each.headers.keys() <= REQUEST_HEADERS.keys()
        assert each.answer_headers.keys() <= ANSWER_HEADERS.keys()
        assert request(each.body) == each.body
        if each.status < 300:
            assert answer(each.answer) == each.answer
        elif each.status == 403:
            assert len(each.answer) == protocol.NOTICE
        else:
            assert set(json.loads(each.answer)) == {"error"}
    assert met == set(WHITE_LIST)


def test_nothing_of_a_note_is_on_the_wire(heard: Heard) -> None:
    for line in heard.lines:
        for said in (bytes(line.up), bytes(line.down)):
            assert CANARY.encode() not in said
            assert CANARY.encode("utf-16-le") not in said


def test_all_slots_and_pages_look_like_noise(heard: Heard) -> None:
    """A box begins with its version and is else without pattern: no two share eight bytes at any one place."""
    for each in heard.exchanges():
        for boxes in _all_boxes(each):
            assert all(box[0] == 1 for box in boxes)
            for at in (1, 25, 57, 900, len(boxes[0]) - 8 if boxes else 0):
                cut = [box[at : at + 8] for box in boxes]
                assert len(set(cut)) == len(cut)


def _all_boxes(each: Exchange) -> Iterator[list[bytes]]:
    if each.target == protocol.COMMIT:
        found = protocol.decode_commit(each.body)
        yield [box for _, box in found.slots]
        yield [box for _, box in found.pages]
    if each.target.startswith(protocol.POOLS):
        yield protocol.boxes(each.body, protocol.SLOT_BOX)
