"""Every method of the transport with the request that it makes, for tests of client and answers."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import errors, protocol, signatures
from sync.country import Rule
from sync.transport import Transport
from tests.support.wire_server import Behaviour, Link, Request, Server, nonces, reply, serving

MONTH = 322
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
DEVICE = protocol.device_id(PUBLIC)
GENERATION = bytes(range(8))
FETCH = protocol.encode_fetch(3, [1, 5])
STATE_ANSWER = protocol.encode_state_answer(protocol.StateAnswer(MONTH, bytes(64), MONTH, (bytes(32),), None, ()))


def transport(url: str, pin: bytes, **more: Any) -> Transport:
    return Transport(url, pin, Rule.NL, DEVICE, KEY.sign, MONTH, **more)


class Case(NamedTuple):
    """A method, the request that it makes, a right answer to it, and what the method gives then."""

    call: Callable[[Transport], Any]
    target: str
    body: bytes
    answer: bytes
    result: Any
    method: str = "POST"


CASES = {
    "state": Case(lambda wire: wire.state(b"s" * 28), "/v1/state", b"s" * 28, reply(200, STATE_ANSWER), STATE_ANSWER),
    "fetch": Case(lambda wire: wire.fetch(FETCH), "/v1/fetch", FETCH, reply(200, b"b" * 3968), b"b" * 3968),
    "commit": Case(lambda wire: wire.commit(b"c" * 5000), "/v1/commit", b"c" * 5000, reply(200, b"r" * 66), b"r" * 66),
    "upload": Case(
        lambda wire: wire.upload(GENERATION, 256, 128, b"u" * 1984 * 128),
        "/v1/pools/0001020304050607?pool=256&from=128",
        b"u" * 1984 * 128,
        reply(204),
        None,
        "PUT",
    ),
    "enrol": Case(
        lambda wire: wire.enrol(b"i" * 16, b"a" * 16, PUBLIC),
        "/v1/accounts",
        b"i" * 16 + b"a" * 16 + PUBLIC,
        reply(201, b"k" * 32),
        b"k" * 32,
    ),
    "add_device": Case(
        lambda wire: wire.add_device(b"n" * 32, b"o" * 16, b"f" * 512),
        "/v1/devices",
        b"n" * 32 + b"o" * 16 + b"f" * 512,
        reply(201),
        None,
    ),
    "take_offer": Case(
        lambda wire: wire.take_offer(b"o" * 16), "/v1/offers", b"o" * 16, reply(200, b"f" * 512), b"f" * 512
    ),
    "remove_device": Case(
        lambda wire: wire.remove_device(b"d" * 8, b"n" * 1024),
        "/v1/devices/remove",
        b"d" * 8 + b"n" * 1024,
        reply(204),
        None,
    ),
    "leave": Case(lambda wire: wire.leave(), "/v1/leave", b"", reply(204), None),
}
SIGNED = sorted(set(CASES) - {"take_offer"})
AT_ONCE = sorted({"state", "fetch", "commit", "upload"})
"""Requests that may be sent again over a new connection."""


def run(behave: Behaviour, case: Case) -> tuple[Server, errors.SyncError]:
    """A call that must fail: the server, and what the call raised."""
    with (
        serving(behave) as server,
        transport(server.url, server.pin) as wire,
        pytest.raises(errors.SyncError) as caught,
    ):
        case.call(wire)
    return server, caught.value


def nonce_server(said: list[bytes], given: list[bytes], first: bytes = bytes(16)) -> Callable[[Link], None]:
    """Answers signed requests with `said`, one after the other; `given` are the nonces that it hands out on demand."""

    def behave(link: Link) -> None:
        while (request := link.request()) is not None:
            if request.target.startswith("/v1/nonces"):
                assert request.target == f"/v1/nonces?device={DEVICE.hex()}"
                assert request.body == b""
                link.send(nonces(*given))
            else:
                link.send(said.pop(0))

    return behave


def used(requests: list[Request]) -> list[bytes]:
    """The nonces of the signed requests."""
    headers = [one.headers.get("signature-input") for one in requests]
    return [signatures.parse_input(one).nonce for one in headers if one]


N = [bytes([number]) * 16 for number in range(10)]
