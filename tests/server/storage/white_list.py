"""Everything the server's tables hold, and why: sync §9, table by table. What isn't here may not be there."""

from collections.abc import Mapping
from typing import NamedTuple

from sync import protocol
from tests.server.storage.making import DAY, MONTH


class Column(NamedTuple):
    """Why the server may have it, and what it looks like: so many bytes, or a number in this range."""

    reason: str
    size: int = 0
    numbers: range = range(0)
    optional: bool = False

    def fits(self, value: object) -> bool:
        """Whether a value is no more than that."""
        if value is None:
            return self.optional
        if isinstance(value, list):
            return all(self.fits(one) for one in value)
        return len(value) == self.size if isinstance(value, bytes) else value in self.numbers


MONTHS = range(MONTH, MONTH + 200)
DAYS = range(DAY, DAY + 10)
ACCOUNT = Column("keeps accounts apart; says nothing", protocol.ACCOUNT)
DEVICE = Column("lets in who belongs", protocol.DEVICE)
POOL = Column("the size of the mirror", numbers=range(256, protocol.POOL_MOST + 1))
PLACE = Column("a random number that joins a pool with its rows; says nothing", numbers=range(1 << 62))
NUMBER = Column("which slot or page", numbers=range(protocol.POOL_MOST))

COMMON: Mapping[str, Mapping[str, Column]] = {
    "schema": {"version": Column("which tables these are", numbers=range(100))},
    "account": {
        "id": ACCOUNT,
        "month": Column("of the last commit: dormant accounts are purged", numbers=MONTHS),
        "quota": Column("the keeper's limit, if not the usual one", numbers=range(1 << 40), optional=True),
        "version": Column("compare-and-set", numbers=range(1 << 32), optional=True),
        "generation": Column("which slots belong together", protocol.GENERATION, optional=True),
        "pool": POOL._replace(optional=True),
        "head": Column("for the devices; version and previous hash for compare-and-set", protocol.HEAD, optional=True),
    },
    "device": {
        "id": DEVICE,
        "account": ACCOUNT,
        "signing_key": Column("lets in who belongs", protocol.KEY),
        "notice": Column("keeps out who was removed, and tells it", protocol.NOTICE, optional=True),
    },
    "pool": {
        "place": PLACE,
        "account": ACCOUNT,
        "generation": Column("which slots belong together", protocol.GENERATION),
        "pool": POOL,
        "held": Column("how many of its slots are there: only a whole one counts", numbers=range(1, 1 << 19)),
    },
    "slot": {"box": Column("what is kept", protocol.SLOT_BOX)},
    "page": {"hash": Column("tells which pages a device lacks", protocol.HASH), "box": Column("what is kept", 3960)},
    "share": {
        "account": ACCOUNT,
        "month": Column("when it is destroyed", numbers=MONTHS),
        "share": Column("is destroyed when the month ends", protocol.SHARE),
    },
    "invitation": {
        "digest": Column("the keeper lets people in", 32),
        "uses": Column("gone with the last", numbers=range(1, 100)),
        "last_day": Column("an invitation ends", numbers=DAYS),
    },
    "offer": {
        "id": Column("pairing; gone when taken", protocol.OFFER_ID),
        "box": Column("pairing", protocol.OFFER_BOX),
        "last_day": Column("an offer ends", numbers=DAYS),
    },
}

SQLITE: Mapping[str, Mapping[str, Column]] = {
    **COMMON,
    "slot": {"n": Column("place and number in one", numbers=range(1 << 62)), **COMMON["slot"]},
    "page": {"n": Column("place and number in one", numbers=range(1 << 62)), **COMMON["page"]},
}

POSTGRESQL: Mapping[str, Mapping[str, Column]] = {
    **COMMON,
    "schema": {
        **COMMON["schema"],
        "cleaned": Column("months, twice: destroyed rows left the files", numbers=range(2000)),
    },
    "slot": {"place": PLACE, "n": NUMBER, **COMMON["slot"]},
    "page": {"place": PLACE, "n": NUMBER, **COMMON["page"]},
    "nonce": {"device": DEVICE, "nonces": Column("one-time requests", protocol.NONCE)},
}


def findings(tables: Mapping[str, Mapping[str, list[object]]], listed: Mapping[str, Mapping[str, Column]]) -> list[str]:
    """What the tables (values by column) hold that isn't listed, or isn't as listed."""
    found = [f"{table}: not listed" for table in tables.keys() - listed.keys()]
    found += [f"{table}: not there" for table in listed.keys() - tables.keys()]
    for table in tables.keys() & listed.keys():
        found += [f"{table}.{column}: not listed" for column in tables[table].keys() - listed[table].keys()]
        found += [f"{table}.{column}: not there" for column in listed[table].keys() - tables[table].keys()]
        for column in tables[table].keys() & listed[table].keys():
            if not all(listed[table][column].fits(value) for value in tables[table][column]):
                found.append(f"{table}.{column}: not as listed")
    return sorted(found)
