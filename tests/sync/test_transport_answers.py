"""What every answer means: each status of the specification has its error, and what is not in it is a wrong answer."""

import pytest

from sync import errors, protocol
from sync.transport import PATIENCE_SECONDS
from tests.support.wire_cases import CASES, SIGNED, STATE_ANSWER, N, nonce_server, run, transport, used
from tests.support.wire_server import Link, answering, error, nonce_header, nonces, reply, serving

EVERYWHERE = {
    (400, "malformed"): errors.RequestRefused,
    (401, "signature"): errors.NotKnown,
    (405, "method"): errors.ServerNewer,
    (409, "conflict"): errors.Conflict,
    (411, "length"): errors.RequestRefused,
    (413, "too-large"): errors.RequestRefused,
    (415, "media-type"): errors.ServerNewer,
    (422, "refused"): errors.RequestRefused,
    (429, "slow-down"): errors.ServerBusy,
    (500, "internal"): errors.ServerOutOfReach,
    (503, "stopping"): errors.ServerOutOfReach,
    (507, "full"): errors.ServerFull,
}
ABSENT: dict[str, type[errors.SyncError]] = {
    "enrol": errors.InvitationRefused,
    "take_offer": errors.OfferGone,
    "remove_device": errors.DeviceAbsent,
}


def outcome(name: str, answer: bytes) -> errors.SyncError:
    """What a method raises at this answer."""
    return run(answering(lambda _: answer), CASES[name])[1]


@pytest.mark.parametrize("name", CASES)
def test_every_error_of_the_specification_has_its_type(name: str) -> None:
    for (status, word), expected in EVERYWHERE.items():
        found = outcome(name, error(status, word))
        assert type(found) is expected
        if isinstance(found, errors.RequestRefused):
            assert found.name == word
    assert type(outcome(name, error(404, "not-found"))) is ABSENT.get(name, errors.ServerNewer)


@pytest.mark.parametrize("status", [413, 429, 500, 502, 503, 504])
def test_a_proxy_tells_in_its_own_words_that_the_server_is_away(status: int) -> None:
    found = outcome("state", reply(status, b"<html>" + b"x" * 100_000, "text/html"))
    expected = {413: errors.RequestRefused, 429: errors.ServerBusy}
    assert type(found) is expected.get(status, errors.ServerOutOfReach)


@pytest.mark.parametrize("name", SIGNED)
def test_a_removed_device_gets_its_notice(name: str) -> None:
    found = outcome(name, reply(403, b"n" * 1024))
    assert isinstance(found, errors.DeviceRemoved)
    assert found.notice == b"n" * 1024


@pytest.mark.parametrize(
    "answer",
    [
        reply(403, b"n" * 1023),
        reply(403, b"n" * 1024, "text/html"),
        error(403, "removed"),
        error(401, "other"),
        error(404, "conflict"),
        error(418, "refused"),
        error(200, "not-found"),
        reply(404, b"<html>Not found</html>", "text/html"),
        reply(409, b"conflict", "text/plain"),
        reply(409, b'["conflict"]', "application/json"),
        reply(409, b'{"error":1}', "application/json"),
        reply(409, b"[" * 3000, "application/json"),
        reply(409, b"\xff", "application/json"),
        reply(409),
        reply(301, b"", "text/html", "Location: https://elsewhere.example/v1/state"),
        reply(302, b"", "text/html", "Location: /v1/state"),
        reply(206, STATE_ANSWER),
        reply(201, STATE_ANSWER),
        reply(204),
        reply(304),
        reply(101, b"", "text/html", "Upgrade: h2c"),
        reply(103),
        reply(401, b"", "text/html", "WWW-Authenticate: Basic"),
        reply(407, b"", "text/html", "Proxy-Authenticate: Basic"),
    ],
)
def test_other_answers_are_wrong_ones(answer: bytes) -> None:
    assert type(outcome("state", answer)) is errors.ServerAnswersWrong


def test_an_offer_is_asked_for_without_a_device_so_none_can_be_removed() -> None:
    assert type(outcome("take_offer", reply(403, b"n" * 1024))) is errors.ServerAnswersWrong


@pytest.mark.parametrize("name", CASES)
def test_an_answer_of_another_size_or_kind_is_wrong(name: str) -> None:
    right = CASES[name].answer
    status = int(right.split(b" ", 2)[1])
    body = right.partition(b"\r\n\r\n")[2]
    others = []
    if body:
        others += [
            reply(status, body, "text/html"),
            reply(status),
            reply(status, body[:74] if name == "state" else body[:-1]),
        ]
    if name != "state":
        others += [reply(status, body + b"x"), reply(status, b"x" * 70_000)]
    for other in others:
        assert type(outcome(name, other)) is errors.ServerAnswersWrong


def test_the_largest_state_there_may_be_is_taken_and_one_byte_more_is_not() -> None:
    pages = protocol.pages_of(protocol.POOL_MOST)
    largest = 75 + 122 * 32 + protocol.HEAD + pages * (4 + protocol.PAGE_BOX)
    with serving(answering(lambda _: reply(200, bytes(largest)))) as server, transport(server.url, server.pin) as wire:
        assert len(wire.state(bytes(28))) == largest
    assert type(outcome("state", reply(200, bytes(largest + 1)))) is errors.ServerAnswersWrong


# -- patience


def test_it_waits_once_when_the_server_asks_for_it_and_signs_anew() -> None:
    busy = error(429, "slow-down", "Retry-After: 0", nonce_header(N[8]))
    with (
        serving(nonce_server([busy, reply(200, b"r" * 66), busy, busy], N[:4])) as server,
        transport(server.url, server.pin) as wire,
    ):
        assert wire.commit(b"c") == b"r" * 66
        with pytest.raises(errors.ServerBusy):
            wire.commit(b"c")
    assert len(used(server.requests)) == len(set(used(server.requests))) + 1 == 4


@pytest.mark.parametrize("after", ["11", "3600", "-1", "1.5", "soon", "9" * 5000, "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_it_does_not_wait_long_or_for_what_is_no_number(after: str) -> None:
    assert PATIENCE_SECONDS == 10
    found = outcome("state", error(429, "slow-down", f"Retry-After: {after}".encode().decode("latin-1")))
    assert type(found) is errors.ServerBusy


def test_nonces_have_the_same_patience() -> None:
    said = [error(429, "slow-down", "Retry-After: 0"), nonces(*N[:4]), reply(200, b"r" * 66)]

    def behave(link: Link) -> None:
        while link.request() is not None:
            link.send(said.pop(0))

    with serving(behave) as server, transport(server.url, server.pin) as wire:
        assert wire.commit(b"c") == b"r" * 66
