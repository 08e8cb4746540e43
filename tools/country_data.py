"""Builds sync/data/countries.bin from the data set @ip-location-db/geo-whois-asn-country-mmdb.

    npm pack @ip-location-db/geo-whois-asn-country-mmdb    (in a scratch folder; unpack what comes)
    .venv/bin/python tools/country_data.py package/geo-whois-asn-country.mmdb
    .venv/bin/python tools/country_data.py package/geo-whois-asn-country.mmdb --check [FILE]

With --check nothing is written: random addresses, and both ends of random ranges, are looked up in both files.
In countries.bin an IPv6 network of 64 bits has one country or none: where the source splits one (links between
networks), it is unknown.
"""

import argparse
import ipaddress
import random
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import maxminddb

from sync import country

NAME = b"ip-location-db geo-whois-asn-country"
# The package says CC0-1.0; its README, that the registries' statistics in it are the NRO's, under CC BY 4.0.
LICENCE = b"CC0-1.0; registry statistics by the NRO (nro.net), CC BY 4.0"
WIDTHS = {4: 4, 6: 8}

TRIES = 10_000
"""Addresses of each kind that --check compares."""

Range = tuple[int, int, str]
"""First key, key after the last, country."""


def read(path: Path) -> tuple[int, dict[int, list[Range]]]:
    """The month of the data set and its ranges by IP version, in order; of IPv6 by networks of 64 bits."""
    found: dict[int, list[Range]] = {4: [], 6: []}
    with maxminddb.open_database(path) as source:
        built = datetime.fromtimestamp(source.metadata().build_epoch, UTC)
        for network, record in source:
            if not isinstance(record, dict) or not record.get("country_code"):
                continue
            first, after = int(network.network_address), int(network.broadcast_address) + 1
            ranges = found[network.version]
            code = str(record["country_code"])
            if ranges and ranges[-1][1:] == (first, code):
                first = ranges.pop()[0]
            ranges.append((first, after, code))
    found[6] = [(first, after, code) for first, after, code in map(_shorten, found[6]) if first < after]
    return (built.year - 2000) * 12 + built.month - 1, found


def _shorten(found: Range) -> Range:
    first, after, code = found
    return -(-first >> 64), after >> 64, code


def steps(ranges: list[Range], width: int) -> list[tuple[int, str]]:
    """The same as keys at which the country changes, from 0 on; an empty code is unknown."""
    changes = [(0, "")]
    for first, after, code in ranges:
        if changes[-1][0] == first:
            changes.pop()
        if not changes or changes[-1][1] != code:
            changes.append((first, code))
        changes.append((after, ""))
    if changes[-1][0] == 1 << 8 * width:
        changes.pop()
    return changes


def table(changes: list[tuple[int, str]], width: int, codes: list[str]) -> tuple[bytes, bytes]:
    """Index and blocks, as sync/country.py describes them."""
    number = {code: at for at, code in enumerate(["", *codes])}
    parts = [changes[at : at + country.BLOCK_RANGES] for at in range(0, len(changes), country.BLOCK_RANGES)]
    boxes = []
    for part in parts:
        keys = [key for key, _ in part]
        raw = b"".join((key - last).to_bytes(width, "big") for key, last in zip(keys, [keys[0], *keys], strict=False))
        planes = b"".join(raw[place::width] for place in range(width))
        boxes.append(zlib.compress(planes + bytes(number[code] for _, code in part), 9))
    index = [
        len(parts).to_bytes(2, "big"),
        *(part[0][0].to_bytes(width, "big") for part in parts),
        *(len(box).to_bytes(4, "big") for box in boxes),
    ]
    return b"".join(index), b"".join(boxes)


def build(month: int, found: dict[int, list[Range]]) -> bytes:
    """The whole file."""
    codes = sorted({code for ranges in found.values() for _, _, code in ranges})
    tables = [table(steps(found[version], width), width, codes) for version, width in WIDTHS.items()]
    head = [country.MAGIC, month.to_bytes(2, "big")]
    head += [part for text in (NAME, LICENCE) for part in (bytes([len(text)]), text)]
    head += [bytes([len(codes)]), "".join(codes).encode("ascii")]
    return b"".join([*head, *(index for index, _ in tables), *(boxes for _, boxes in tables)])


def compare(path: Path, data: country.Countries, tries: int) -> int:
    """How many of so many addresses of each kind have another country in the data than in their source."""
    wrong = 0
    draw = random.Random(5)  # noqa: S311 - which addresses are compared is no secret
    _, found = read(path)
    with maxminddb.open_database(path) as source:
        for version, bits in ((4, 32), (6, 128)):
            shift = 0 if version == 4 else 64
            ranges = found[version]
            picked = [draw.getrandbits(bits) for _ in range(tries)]
            for first, after, _ in draw.choices(ranges, k=tries):
                picked += [first << shift, (after << shift) - 1, after << shift & (1 << bits) - 1]
            for value in picked:
                address = (ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address)(value)
                record = source.get(str(address))
                expected = str(record["country_code"]) if isinstance(record, dict) else None
                got = data.country_of(address)
                if got != expected and not (got is None and _split(source, address)):
                    wrong += 1
        print(f"{tries * 8} addresses compared, {wrong} differ")
    return wrong


def _split(source: maxminddb.Reader, address: country.Address) -> bool:
    """Whether the source splits this address's network of 64 bits."""
    return address.version == 6 and source.get_with_prefix_len(str(address))[1] > 64


def main() -> int:
    parser = argparse.ArgumentParser(description="builds sync/data/countries.bin")
    parser.add_argument("source", type=Path)
    parser.add_argument("--check", nargs="?", const=country.SHIPPED, type=Path, metavar="FILE")
    asked = parser.parse_args()
    if asked.check:
        return int(compare(asked.source, country.load(asked.check), TRIES) > 0)
    data = build(*read(asked.source))
    country.Countries(data)
    country.SHIPPED.write_bytes(data)
    print(f"{country.SHIPPED.name}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
