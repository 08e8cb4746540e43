"""Nonces in memory take bounded room, whoever asks for them. Seen to fail without the bound on all together."""

import os

from sync.server.storage.nonces import PER_DEVICE, TOTAL, Nonces


def test_all_devices_together_have_a_bound_and_the_idlest_goes_first() -> None:
    nonces = Nonces(per_device=4, total=10)
    given = {device: [os.urandom(16) for _ in range(4)] for device in (b"a", b"b")}
    for device, some in given.items():
        nonces.put(device, some)
    # a is used, so b is the idlest when the third comes
    assert nonces.use(b"a", given[b"a"][0], b"fresh")
    nonces.put(b"c", [os.urandom(16) for _ in range(4)])
    assert not nonces.use(b"b", given[b"b"][0], b"")
    assert nonces.use(b"a", b"fresh", b"")


def test_a_million_nonces_leave_no_more_than_the_bound() -> None:
    nonces = Nonces()
    for number in range(20_000):
        nonces.put(number.to_bytes(8, "big"), [number.to_bytes(8, "big") + bytes([at]) for at in range(50)])
    held = sum(len(some) for some in nonces._held.values())
    assert held == nonces._count <= TOTAL
    assert max(len(some) for some in nonces._held.values()) <= PER_DEVICE


def test_what_is_forgotten_makes_room() -> None:
    nonces = Nonces(per_device=4, total=8)
    for device in (b"a", b"b"):
        nonces.put(device, [device + bytes([at]) for at in range(4)])
    nonces.forget(b"a")
    nonces.forget(b"nobody")
    nonces.put(b"c", [b"c" + bytes([at]) for at in range(4)])
    assert nonces.use(b"b", b"b\x00", b"")
    assert not nonces.use(b"a", b"a\x00", b"")
