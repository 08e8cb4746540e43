"""In which country an address lies, and whether the rule allows it (sync §8.1). Advice, never proof.

The data are committed as `data/countries.bin`, built by tools/country_data.py; a coach may bring a newer file.
Its form, numbers big-endian:

    "ongemerkt countries 1\\n" (22) ‖ month (2) ‖ name: length (1) ‖ ASCII ‖ licence: length (1) ‖ ASCII
    ‖ number of codes (1) ‖ codes (2 each) ‖ index of IPv4 ‖ index of IPv6 ‖ blocks of IPv4 ‖ blocks of IPv6

    index: number of blocks n (2) ‖ n × first key (4 for IPv4, 8 for IPv6), ascending ‖ n × length of the block (4)
    block, deflated by zlib: m differences between a key and the one before it (the first is zero), all first bytes,
        then all second ones and so on ‖ m × code (1): 0 unknown, else counted from 1

A key is the first address of a range that lasts until the next one: an IPv4 address, or the upper 64 bits of an IPv6
address. A look-up opens one block, so nothing else is ever parsed.
"""

import enum
import ipaddress
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from sync.errors import CountryDataRefused, CountryUnknown, ServerAbroad
from sync.protocol import Malformed, Reader

MAGIC = b"ongemerkt countries 1\n"
FILE_MOST = 8 << 20
"""Bytes of a file; today's has 0.6 MB."""
BLOCK_RANGES = 4096
"""Ranges in a block, at most."""
STALE_MONTHS = 24
"""Data older than this tell no country any more: addresses change hands."""
SHIPPED = Path(__file__).with_name("data") / "countries.bin"

# The EU and the rest of the EEA, where the GDPR holds as well. Territories with a code of their own are left out.
EEA = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Kind = Literal["loopback", "private", "country"]


class Rule(enum.IntEnum):
    """Where the server may stand; the numbers are those of the sealed settings (sync §5)."""

    NL = 0
    EU = 1
    ANY = 2


class Verdict(NamedTuple):
    """An address that the rule allows: `country` and the `month` of the data only where the data were needed."""

    address: str
    kind: Kind
    country: str | None = None
    data_month: int | None = None


# -- kinds of addresses


def _networks(*texts: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(map(ipaddress.ip_network, texts))


_LOOPBACK = _networks("127.0.0.0/8", "::1/128")
_PRIVATE = _networks(
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("fc00::/7", "fe80::/10"),
)
# No server has one of these, or what they lead to is up to the network at hand: refused by every rule.
_NOWHERE = _networks(
    *("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24"),
    *("203.0.113.0/24", "224.0.0.0/3"),
    *("::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fec0::/10", "ff00::/8"),
)
_MAPPED = ipaddress.ip_network("::ffff:0:0/96")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_6TO4 = ipaddress.ip_network("2002::/16")


def _inner(address: Address) -> tuple[Address, bool]:
    """The IPv4 address that an IPv6 address stands for, if any; and whether it must be a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        value = int(address)
        if address in _MAPPED:
            return ipaddress.IPv4Address(value & 0xFFFFFFFF), False
        if address in _NAT64:
            return ipaddress.IPv4Address(value & 0xFFFFFFFF), True
        if address in _6TO4:
            return ipaddress.IPv4Address(value >> 80 & 0xFFFFFFFF), True
    return address, False


def _within(address: Address, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _kind(address: Address) -> tuple[Address, Kind]:
    """The address to look up, and its kind. Raises CountryUnknown for one that belongs to no place."""
    inner, public = _inner(address)
    if _within(inner, _LOOPBACK):
        kind: Kind = "loopback"
    elif _within(inner, _PRIVATE):
        kind = "private"
    elif _within(inner, _NOWHERE):
        raise CountryUnknown
    else:
        return inner, "country"
    if public:
        raise CountryUnknown
    return inner, kind


def parse_address(text: str) -> Address:
    """An address as a resolver writes it, a zone (`%eth0`) left out. Raises CountryUnknown for anything else."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        raise CountryUnknown from None


def needs_data(addresses: Iterable[str]) -> bool:
    """Whether the data must be looked into for these addresses. Raises CountryUnknown as `check` does."""
    return any(_kind(parse_address(text))[1] == "country" for text in addresses)


# -- the data


class Countries:
    """The data of one file: `month` (since January 2000) and `name` of the set, and its `licence`."""

    def __init__(self, data: bytes) -> None:
        """Raises CountryDataRefused if these are not the bytes of such a file, as far as its index tells."""
        try:
            reader = Reader(data)
            if reader.take(len(MAGIC)) != MAGIC:
                raise CountryDataRefused
            self.month = reader.number(2)
            self.name = reader.take(reader.number(1)).decode("ascii")
            self.licence = reader.take(reader.number(1)).decode("ascii")
            self._codes = [reader.take(2).decode("ascii") for _ in range(reader.number(1))]
            indexes = {version: _read_index(reader, width) for version, width in ((4, 4), (6, 8))}
            self._blocks = {
                version: [(first, reader.take(length)) for first, length in index] for version, index in indexes.items()
            }
            reader.end()
        except (Malformed, UnicodeDecodeError):
            raise CountryDataRefused from None
        if not all(code.isalpha() and code.isupper() for code in self._codes):
            raise CountryDataRefused

    def country_of(self, address: Address) -> str | None:
        """The code of the country, None if the data do not say.

        Raises CountryDataRefused if the part of the file that tells is damaged.
        """
        width = 4 if address.version == 4 else 8
        key = int(address) >> (0 if address.version == 4 else 64)
        blocks = self._blocks[address.version]
        at = bisect_right(blocks, key, key=lambda block: block[0]) - 1
        if at < 0:
            return None
        first, box = blocks[at]
        keys, codes = _open_block(box, width)
        code = codes[bisect_right(keys, key - first) - 1]
        if code > len(self._codes):
            raise CountryDataRefused
        return self._codes[code - 1] if code else None


def _read_index(reader: Reader, width: int) -> list[tuple[int, int]]:
    number = reader.number(2)
    firsts = [reader.number(width) for _ in range(number)]
    if any(one >= other for one, other in pairwise(firsts)):
        raise CountryDataRefused
    return [(first, reader.number(4)) for first in firsts]


def _open_block(box: bytes, width: int) -> tuple[list[int], bytes]:
    """The distances of a block's keys from its first one, ascending, and the codes."""
    most = BLOCK_RANGES * (width + 1)
    inflate = zlib.decompressobj()
    try:
        raw = inflate.decompress(box, most)
    except zlib.error:
        raise CountryDataRefused from None
    count, left = divmod(len(raw), width + 1)
    if not inflate.eof or inflate.unused_data or not count or left:
        raise CountryDataRefused
    whole = bytearray(count * width)
    for place in range(width):
        whole[place::width] = raw[place * count : (place + 1) * count]
    steps = struct.unpack(f">{count}{'I' if width == 4 else 'Q'}", whole)
    if steps[0] or 0 in steps[1:]:
        raise CountryDataRefused
    return list(accumulate(steps)), raw[count * width :]


def load(path: Path | None = None) -> Countries:
    """The data that ship with the program, or those of a newer file. Raises CountryDataRefused."""
    try:
        with (path or SHIPPED).open("rb") as file:
            data = file.read(FILE_MOST + 1)
    except OSError:
        raise CountryDataRefused from None
    if len(data) > FILE_MOST:
        raise CountryDataRefused
    return Countries(data)


# -- the rule


def check(addresses: Iterable[str], rule: Rule, data: Countries | None, month: int) -> tuple[Verdict, ...]:
    """What is told of each of the server's addresses, if the rule allows every one of them.

    `data` may be None where `needs_data` says no, or the rule is ANY. `month` is the present one: it tells the age
    of the data. Raises ServerAbroad, CountryUnknown (also for no address at all), CountryDataRefused.
    """
    verdicts = tuple(_check_one(text, rule, data, month) for text in addresses)
    if not verdicts:
        raise CountryUnknown
    return verdicts


def _check_one(text: str, rule: Rule, data: Countries | None, month: int) -> Verdict:
    address, kind = _kind(parse_address(text))
    if kind != "country":
        return Verdict(text, kind)
    found = data.country_of(address) if data else None
    verdict = Verdict(text, kind, found, data.month if data else None)
    if rule == Rule.ANY:
        return verdict
    if data is None or month - data.month > STALE_MONTHS:
        raise CountryUnknown(stale=data is not None)
    if found is None:
        raise CountryUnknown
    if found not in (EEA if rule == Rule.EU else ("NL",)):
        raise ServerAbroad(found)
    return verdict
