"""Signed requests over real TLS: who is let in, and that the others learn nothing (sync section 8.2, P14)."""

import secrets
from pathlib import Path

import pytest

from sync import codes, protocol, signatures
from tests.support.device import Device, Line, enrolled, random_slots
from tests.support.server import InThread, server_in_thread

ASKED = protocol.encode_state_asked(protocol.StateAsked(bytes(16), bytes(8), ()))


def test_a_device_with_an_invitation_gets_an_account(server: InThread) -> None:
    with Device(server) as device:
        answered = device.enrol()
        assert (answered.status, answered.body) == (201, server.receipt_key)
        assert device.state().status == 200


def test_an_invitation_lets_in_once(server: InThread) -> None:
    code = server.invite()
    with Device(server) as first, Device(server) as second:
        assert first.enrol(code).status == 201
        answered = second.enrol(code)
        assert (answered.status, answered.error) == (404, "not-found")


def test_a_made_up_invitation_lets_nobody_in(server: InThread) -> None:
    with Device(server) as device:
        made_up = codes.encode_code(codes.Invitation(secrets.token_bytes(16), server.pin[:16]))
        assert device.enrol(made_up).error == "not-found"
        assert device.state().error == "signature"


def test_an_enrolment_is_signed_by_the_key_that_it_brings(server: InThread) -> None:
    """Else whoever hears of an invitation could enrol somebody else's key. Seen to fail without verify_enrolment."""
    invitation = codes.decode_code(server.invite())
    with Device(server) as device, Device(server) as other:
        body = invitation.secret + device.account + other.public
        headers = device.sign("POST", protocol.ACCOUNTS, body, bytes(16))
        assert device.line.ask("POST", protocol.ACCOUNTS, body, headers).error == "signature"


@pytest.mark.parametrize("taken", ["account", "key"])
def test_an_account_or_key_that_is_there_is_not_enrolled_again(server: InThread, device: Device, taken: str) -> None:
    with Device(server) as other:
        if taken == "account":
            other.account = device.account
        else:
            other.key = device.key
        answered = other.enrol()
        assert (answered.status, answered.error) == (409, "conflict")
    assert device.state().status == 200


@pytest.mark.parametrize("name", [signatures.SIGNATURE, signatures.SIGNATURE_INPUT, signatures.CONTENT_DIGEST])
def test_a_request_without_a_signature_is_refused(device: Device, name: str) -> None:
    headers = device.sign("POST", protocol.STATE, ASKED, device.fresh_nonce())
    del headers[name]
    answered = device.line.ask("POST", protocol.STATE, ASKED, headers)
    assert (answered.status, answered.error) == (401, "signature")


def test_another_body_than_the_signed_one_is_refused(device: Device) -> None:
    """Seen to fail without auth.check_digest: the signature covers the digest, and somebody must compare it."""
    device.first_commit()
    head = device.signed_head(device.next_head())
    bodies = [
        protocol.encode_commit(protocol.CommitAsked(bytes(16), head, (), slots))
        for slots in ((), tuple(random_slots([1])))
    ]
    headers = device.sign("POST", protocol.COMMIT, bodies[0], device.fresh_nonce())
    answered = device.line.ask("POST", protocol.COMMIT, bodies[1], headers)
    assert (answered.status, answered.error) == (401, "signature")
    assert device.fetch(1, [1]).status == 200


def test_a_request_sent_twice_is_done_once(device: Device) -> None:
    """Seen to fail when use_nonce's answer is not looked at."""
    headers = device.sign("POST", protocol.STATE, ASKED, device.fresh_nonce())
    assert device.line.ask("POST", protocol.STATE, ASKED, headers).status == 200
    again = device.line.ask("POST", protocol.STATE, ASKED, headers)
    assert (again.status, again.error) == (401, "nonce")
    assert protocol.NEXT_NONCE.lower() in again.headers


def test_the_nonce_of_another_device_is_not_taken(server: InThread, device: Device) -> None:
    with enrolled(server) as other:
        headers = device.sign("POST", protocol.STATE, ASKED, other.fresh_nonce())
        assert device.line.ask("POST", protocol.STATE, ASKED, headers).error == "nonce"


def test_the_next_nonce_that_an_answer_brings_is_good(device: Device) -> None:
    for _ in range(5):
        device.nonces = device.nonces[-1:]
        assert device.state().status == 200


def test_a_request_moved_to_another_path_or_query_is_refused(device: Device) -> None:
    for target in (protocol.LEAVE, protocol.STATE + "?a=1"):
        headers = device.sign("POST", protocol.STATE, b"", device.fresh_nonce())
        assert device.line.ask("POST", target, b"", headers).error in ("signature", "length", "malformed")
    assert device.state().status == 200


def test_an_unknown_device_and_a_wrong_signature_cannot_be_told_apart(server: InThread, device: Device) -> None:
    """Nor can they by asking for nonces. Seen to fail when an unknown device is answered with another name."""
    with Device(server) as unknown, Device(server, device.account) as forger:
        nonces = [unknown.line.ask("POST", f"{protocol.NONCES_PATH}?device={d.id.hex()}") for d in (unknown, device)]
        assert nonces[0].status == nonces[1].status == 200
        assert nonces[0].headers == nonces[1].headers
        assert len(nonces[0].body) == len(nonces[1].body)
        nonce = device.fresh_nonce()
        headers = [
            unknown.sign("POST", protocol.STATE, ASKED, nonce),
            forger.sign("POST", protocol.STATE, ASKED, nonce),
        ]
        headers[1]["Signature-Input"] = signatures.signature_input(device.id, nonce)
        answers = [unknown.line.ask("POST", protocol.STATE, ASKED, each) for each in headers]
        assert answers[0] == answers[1]
        assert answers[0].error == "signature"
        # and a wrong signature uses up nobody's nonce
        right = device.sign("POST", protocol.STATE, ASKED, nonce)
        assert device.line.ask("POST", protocol.STATE, ASKED, right).status == 200


def test_a_nonce_of_an_unknown_device_never_fits(server: InThread, device: Device) -> None:
    with Device(server) as unknown:
        nonce = unknown.fresh_nonce()
        headers = device.sign("POST", protocol.STATE, ASKED, nonce)
        assert device.line.ask("POST", protocol.STATE, ASKED, headers).error == "nonce"


def test_a_removed_device_gets_its_notice_and_nothing_else(server: InThread, device: Device) -> None:
    """Lesson 29. Seen to fail when the notice is not looked at in SignedEndpoint."""
    device.first_commit()
    other, added = device.add_device(secrets.token_bytes(16), secrets.token_bytes(512))
    assert added.status == 201
    with other:
        assert other.state().status == 200
        notice = secrets.token_bytes(protocol.NOTICE)
        assert device.ask("POST", protocol.REMOVE, other.id + notice).status == 204
        # its nonces went with it: the first try of a real device brings it a new one
        other.nonces, other.head = [], device.head
        tries = [
            other.state(),
            other.fetch(1, [0]),
            other.upload(bytes(8), count=1),
            other.commit(other.signed_head(other.next_head())),
            other.ask("POST", protocol.DEVICES, secrets.token_bytes(32 + 16 + 512)),
            other.ask("POST", protocol.REMOVE, device.id + notice),
            other.ask("POST", protocol.LEAVE),
        ]
        assert {(answered.status, answered.body) for answered in tries} == {(403, notice)}
    assert device.state().status == 200


def test_nobody_removes_a_device_of_another_account(server: InThread, device: Device) -> None:
    with enrolled(server) as other:
        answered = other.ask("POST", protocol.REMOVE, device.id + bytes(protocol.NOTICE))
        assert answered.error == "not-found"
    assert device.state().status == 200


def test_an_offer_is_taken_once_and_ends(tmp_path: Path) -> None:
    with server_in_thread(tmp_path) as server, enrolled(server) as device, Line(server) as anybody:
        ids, offer = [secrets.token_bytes(16), secrets.token_bytes(16)], secrets.token_bytes(protocol.OFFER_BOX)
        for offer_id in ids:
            assert device.add_device(offer_id, offer)[1].status == 201
        assert anybody.ask("POST", protocol.OFFERS, ids[0]).body == offer
        assert anybody.ask("POST", protocol.OFFERS, ids[0]).error == "not-found"
        server.clock.today = server.clock.today.replace(day=server.clock.today.day + 2)
        assert anybody.ask("POST", protocol.OFFERS, ids[1]).error == "not-found"


def test_who_leaves_is_forgotten_and_the_last_one_takes_the_account_along(server: InThread, device: Device) -> None:
    device.first_commit()
    assert device.ask("POST", protocol.LEAVE).status == 204
    assert device.state().error == "signature"
    assert all(line.account != device.account for line in server.service.storage.accounts())


def test_the_key_of_the_servers_certificate_is_the_one_of_its_pin(server: InThread) -> None:
    with Line(server) as line:
        assert line.ask("GET", protocol.HEALTH).status == 200
    server.pin, right = secrets.token_bytes(32), server.pin
    with Line(server) as line, pytest.raises(AssertionError):
        line.ask("GET", protocol.HEALTH)
    server.pin = right
