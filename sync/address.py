"""A server's address: the URL that a coach types, and the network addresses of its name."""

import ipaddress
import re
import socket
import threading
from typing import Any, NamedTuple

from sync.errors import ServerOutOfReach, UrlRefused

URL_MOST = 200
"""Characters of a URL in its usual form; what pairing codes and sealed settings have room for (sync §5, §7.1)."""
HTTPS_PORT = 443

_FORM = re.compile(r"https://(?:\[([^\[\]]+)\]|([^\[\]:/?#@\\%]+))(?::([0-9]{1,5}))?/?", re.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
# The two standards for names with other letters than a to z read these differently: they name no server for sure.
_AMBIGUOUS = frozenset("ßẞς\u200c\u200d")


class Url(NamedTuple):
    """A server's URL in parts: `host` without brackets, `authority` as in Host and in signatures."""

    host: str
    port: int
    authority: str

    @property
    def text(self) -> str:
        """The URL in its usual form, ASCII: as it is kept and compared."""
        return f"https://{self.authority}"


class Endpoint(NamedTuple):
    """One network address of a server: as text, and as `socket.connect` takes it."""

    address: str
    family: int
    where: Any


def parse_url(text: str) -> Url:
    """Reads `https://name`, `https://name:port` and the same with a literal address; nothing may follow but a slash.

    Raises UrlRefused.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise UrlRefused
    port = int(found[3] or HTTPS_PORT)
    if not 0 < port < 1 << 16:
        raise UrlRefused
    host = _literal6(found[1]) if found[1] else _host(found[2])
    authority = f"[{host}]" if found[1] else host
    url = Url(host, port, authority if port == HTTPS_PORT else f"{authority}:{port}")
    if len(url.text) > URL_MOST:
        raise UrlRefused
    return url


def _literal6(text: str) -> str:
    # A zone is a matter of one machine: it belongs in no URL.
    if "%" in text:
        raise UrlRefused
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        raise UrlRefused from None


def _host(text: str) -> str:
    host = text.lower() if text.isascii() else _to_ascii(text)
    if not _NAME.fullmatch(host):
        raise UrlRefused
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # Old ways to write an address, such as 0x7f.1, are read differently by different programs.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise UrlRefused from None
    return host


def _to_ascii(text: str) -> str:
    if _AMBIGUOUS.intersection(text):
        raise UrlRefused
    try:
        return text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise UrlRefused from None


def resolve(url: Url, seconds: float) -> tuple[Endpoint, ...]:
    """All addresses of the server's name, in the order of the system. Raises ServerOutOfReach.

    The system's resolver knows no time-out of ours: it is asked in a thread that is left alone when it takes too long.
    """
    answers: list[tuple[Endpoint, ...]] = []
    thread = threading.Thread(target=lambda: answers.append(_ask(url)), daemon=True)
    thread.start()
    thread.join(seconds)
    if not answers or not answers[0]:
        raise ServerOutOfReach
    return answers[0]


def _ask(url: Url) -> tuple[Endpoint, ...]:
    try:
        # As bytes: for text Python would load its table of names in other alphabets.
        found = socket.getaddrinfo(
            url.host.encode("ascii"), url.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except OSError:
        return ()
    internet = (socket.AF_INET, socket.AF_INET6)
    return tuple(Endpoint(str(where[0]), family, where) for family, _, _, _, where in found if family in internet)
