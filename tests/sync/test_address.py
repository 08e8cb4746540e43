"""One way to write a server's address, read in one way; and a name that nobody answers for holds nothing up."""

import socket
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import address, connection
from sync.address import Url, parse_url
from sync.country import Rule
from sync.errors import CountryUnknown, ServerAbroad, ServerOutOfReach, SyncError, UrlRefused
from sync.transport import Transport, find_key
from tests.support.wire_server import answering, listen, reply, serving

MONTH = 322
OFFER = bytes(512)

READ = {
    "https://example.nl": ("example.nl", 443, "example.nl"),
    "https://example.nl/": ("example.nl", 443, "example.nl"),
    "HTTPS://Example.NL:443": ("example.nl", 443, "example.nl"),
    "https://example.nl:8443": ("example.nl", 8443, "example.nl:8443"),
    "https://localhost:1": ("localhost", 1, "localhost:1"),
    "https://127.0.0.1:8443": ("127.0.0.1", 8443, "127.0.0.1:8443"),
    "https://[::1]:8443/": ("::1", 8443, "[::1]:8443"),
    "https://[2001:DB8:0:0::1]": ("2001:db8::1", 443, "[2001:db8::1]"),
    "https://praktijk-coaché.nl": ("xn--praktijk-coach-okb.nl", 443, "xn--praktijk-coach-okb.nl"),
    "https://xn--praktijk-coach-okb.nl": ("xn--praktijk-coach-okb.nl", 443, "xn--praktijk-coach-okb.nl"),
    "https://a.b-c.d1": ("a.b-c.d1", 443, "a.b-c.d1"),
}

REFUSED = [
    *("", "example.nl", "http://example.nl", "ftp://example.nl", "https:example.nl", "https:///example.nl", "https://"),
    *("https://example.nl/v1", "https://example.nl?x=1", "https://example.nl#x", "https://example.nl//"),
    *("https://coach@example.nl", "https://coach:secret@example.nl", "https://example.nl:", "https://example.nl:0"),
    *("https://example.nl:65536", "https://example.nl:-1", "https://example.nl:١", "https://example.nl:443:443"),
    *(
        "https://exa mple.nl",
        " https://example.nl",
        "https://example.nl ",
        "https://example.nl\n",
        "https://exam\0ple.nl",
    ),
    *("https://example.nl\r\nHost: x", "https://-example.nl", "https://example-.nl", "https://exa_mple.nl"),
    *(
        "https://example..nl",
        "https://.nl",
        "https://example.nl.",
        "https://" + "a" * 64 + ".nl",
        "https://ex%61mple.nl",
    ),
    *(
        "https://1.2.3",
        "https://0x7f.1",
        "https://2130706433",
        "https://127.0.0.01",
        "https://256.1.1.1",
        "https://a.0x1",
    ),
    *(
        "https://[::1",
        "https://::1",
        "https://[fe80::1%25eth0]",
        "https://[fe80::1%eth0]",
        "https://[1.2.3.4]",
        "https://[]",
    ),
    *("https://straße.nl", "https://a\u200db.nl", "https://σίγμας.gr", "https://example\\.nl", "https://１.２.３"),
    "https://" + "a." * 96 + "nl",
]


@pytest.mark.parametrize("text", READ)
def test_an_address_is_read_in_one_way(text: str) -> None:
    url = parse_url(text)
    assert url == READ[text]
    assert parse_url(url.text) == url


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_plainly_an_address_is_refused(text: str) -> None:
    with pytest.raises(UrlRefused):
        parse_url(text)


PIECES = (
    "https://",
    "http://",
    "example",
    ".nl",
    ":",
    "443",
    "/",
    "@",
    "[",
    "]",
    "::1",
    "%",
    "é",
    "ß",
    "\r\n",
    "?",
    "#",
    "xn--",
)


@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        url = parse_url(text)
    except UrlRefused:
        return
    assert url.text.isascii()
    assert url.text.isprintable()
    assert " " not in url.text
    assert parse_url(url.text) == url


# -- names


def answers_with(monkeypatch: pytest.MonkeyPatch, port: int, *answers: tuple[str, ...]) -> list[object]:
    """The system's resolver gives these addresses, the first tuple at the first question; the list counts questions."""
    asked: list[object] = []

    def getaddrinfo(host: bytes, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def transport(url: str, pin: bytes, rule: Rule = Rule.NL) -> Transport:
    return Transport(url, pin, rule, bytes(8), lambda data: bytes(64), MONTH)


@pytest.mark.parametrize(
    ("addresses", "error"),
    [
        (("8.8.8.8",), ServerAbroad),
        (("127.0.0.1", "8.8.8.8"), ServerAbroad),
        (("127.0.0.1", "2001:4860:4860::8888"), ServerAbroad),
        (("127.0.0.1", "::ffff:8.8.8.8"), ServerAbroad),
        (("127.0.0.1", "0.0.0.0"), CountryUnknown),
    ],
)
def test_a_server_abroad_is_not_even_connected_to(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...], error: type[SyncError]
) -> None:
    # Seen to fail with the check after the connection: the server had accepted.
    with serving(listen) as server:
        answers_with(monkeypatch, server.port, addresses)
        url = f"https://example.nl:{server.port}"
        with pytest.raises(error):
            transport(url, server.pin).state(bytes(28))
        with pytest.raises(error):
            find_key(url, Rule.NL, MONTH)
    assert server.accepted == 0


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that answers differently the second time (DNS rebinding) is not asked a second time."""
    # Seen to fail with socket.create_connection on the name in the place of the checked address.
    with serving(answering(lambda _: reply(200, OFFER))) as server:
        asked = answers_with(monkeypatch, server.port, ("127.0.0.1",), ("8.8.8.8",))
        wire = transport(f"https://example.nl:{server.port}", server.pin)
        assert wire.take_offer(bytes(16)) == OFFER
        assert wire.place is not None
        assert (wire.place.address, wire.place.kind) == ("127.0.0.1", "loopback")
        wire.close()
    assert asked == [b"example.nl"]


def test_every_new_connection_is_checked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answering(lambda _: reply(200, OFFER, "application/octet-stream", "Connection: close"))) as server:
        answers_with(monkeypatch, server.port, ("127.0.0.1",), ("8.8.8.8",))
        wire = transport(f"https://example.nl:{server.port}", server.pin)
        assert wire.take_offer(bytes(16)) == OFFER
        with pytest.raises(ServerAbroad):
            wire.take_offer(bytes(16))


def test_an_address_that_does_not_answer_leaves_the_others_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answering(lambda _: reply(200, OFFER))) as server:
        # Nothing listens at ::1.
        answers_with(monkeypatch, server.port, ("::1", "127.0.0.1"))
        wire = transport(f"https://example.nl:{server.port}", server.pin)
        assert wire.take_offer(bytes(16)) == OFFER
        wire.close()


def test_a_name_that_nobody_knows_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ServerOutOfReach):
        transport("https://example.nl", bytes(16)).state(bytes(28))


def test_a_resolver_that_says_nothing_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits long when the network is away: the resolver itself would try for half a minute."""
    # Seen to fail with getaddrinfo called without the thread: the test hung.
    over = threading.Event()

    def silent(*_: Any, **__: Any) -> list[Any]:
        over.wait()
        return []

    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    try:
        with pytest.raises(ServerOutOfReach):
            transport("https://example.nl", bytes(16)).state(bytes(28))
    finally:
        over.set()


def test_the_system_resolves_a_literal_address_without_asking_anybody() -> None:
    assert [one.address for one in address.resolve(Url("127.0.0.1", 9, "127.0.0.1:9"), 5)] == ["127.0.0.1"]
    assert [one.address for one in address.resolve(Url("::1", 9, "[::1]:9"), 5)] == ["::1"]


def test_connecting_has_five_seconds_in_all() -> None:
    assert connection.CONNECT_SECONDS == 5
