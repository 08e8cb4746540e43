"""What the sealed settings hold for the client's rights (docs/spec/vault.md 5.4, docs/spec/rights.md 4)."""

from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader

KEY_BYTES = 32
NO_SEED = bytes(KEY_BYTES)
"""The receipt key's seed before there is one."""
COPYING, DESTROYED = 1, 2
"""Stages of what is under way: a copy is being written; the notes are destroyed and the receipt is not out."""


class Engagement(NamedTuple):
    """An open engagement: its alias, x and the next ordinal; for a strict one P, and 0 for there being no ordinal."""

    alias: str
    key: bytes
    next: int

    @property
    def strict(self) -> bool:
        """Whether its notes are found by the claim code only."""
        return self.next == 0


class Requests(NamedTuple):
    """How many copies and erasures were asked for in a month."""

    month: int
    copies: int
    erasures: int


class UnderWay(NamedTuple):
    """Something that was begun for a client and is not finished. `path` is the unfinished file's, of COPYING only."""

    stage: int
    claimed: bool
    notes: int
    month: int
    path: bytes = b""


class Rights(NamedTuple):
    """The part of the settings that this module reads and writes."""

    seed: bytes = NO_SEED
    engagements: tuple[Engagement, ...] = ()
    requests: tuple[Requests, ...] = ()
    under_way: tuple[UnderWay, ...] = ()


def engagements_bytes(engagements: tuple[Engagement, ...]) -> int:
    """What the engagements take in the settings, in bytes."""
    return sum(len(_engagement(each)) for each in engagements)


def encode(rights: Rights) -> bytes:
    """The bytes, without padding. What is in no order yet is put in order by `ordered`."""
    out = bytearray(rights.seed)
    out += bytes([len(rights.engagements)]) + b"".join(map(_engagement, rights.engagements))
    out += bytes([len(rights.requests)])
    for month, copies, erasures in rights.requests:
        out += month.to_bytes(2, "big") + copies.to_bytes(2, "big") + erasures.to_bytes(2, "big")
    out += bytes([len(rights.under_way)]) + b"".join(map(_under_way, rights.under_way))
    return bytes(out)


def ordered(rights: Rights) -> Rights:
    """The same in the order of the bytes, which says nothing of when each came."""
    return rights._replace(
        engagements=tuple(sorted(rights.engagements)),
        requests=tuple(sorted(rights.requests)),
        under_way=tuple(sorted(rights.under_way, key=_under_way)),
    )


def _engagement(engagement: Engagement) -> bytes:
    alias = engagement.alias.encode()
    head = bytes([len(alias)]) + alias
    if engagement.strict:
        return head + b"\0" + engagement.key
    return head + b"\1" + engagement.key + engagement.next.to_bytes(2, "big")


def _under_way(each: UnderWay) -> bytes:
    fixed = bytes([each.stage, each.claimed]) + each.notes.to_bytes(4, "big") + each.month.to_bytes(2, "big")
    return fixed + len(each.path).to_bytes(2, "big") + each.path


def decode(reader: Reader) -> Rights:
    """Takes the part off the front of what is left. Raises FormatError."""
    seed = reader.take(KEY_BYTES)
    return Rights(seed, _engagements(reader), _requests(reader), _all_under_way(reader))


def _engagements(reader: Reader) -> tuple[Engagement, ...]:
    count = reader.number(1)
    if count > limits.ENGAGEMENTS:
        raise FormatError("engagements")
    found = tuple(_read_engagement(reader) for _ in range(count))
    aliases = [each.alias for each in found]
    # the order of code points is that of their UTF-8
    if aliases != sorted(set(aliases)) or engagements_bytes(found) > limits.ENGAGEMENTS_BYTES:
        raise FormatError("engagements")
    return found


def _read_engagement(reader: Reader) -> Engagement:
    alias = reader.text(1, limits.ALIAS_BYTES)
    kind, key = reader.number(1), reader.take(KEY_BYTES)
    if kind > 1:
        raise FormatError("kind")
    ordinal = reader.number(2) if kind else 0
    if kind and not ordinal:
        raise FormatError("ordinal")
    return Engagement(alias, key, ordinal)


def _requests(reader: Reader) -> tuple[Requests, ...]:
    count = reader.number(1)
    if count > limits.REQUEST_MONTHS:
        raise FormatError("requests")
    found = tuple(Requests(reader.number(2), reader.number(2), reader.number(2)) for _ in range(count))
    months = [each.month for each in found]
    if months != sorted(set(months)) or any(not each.copies and not each.erasures for each in found):
        raise FormatError("requests")
    return found


def _all_under_way(reader: Reader) -> tuple[UnderWay, ...]:
    count = reader.number(1)
    if count > limits.UNDER_WAY:
        raise FormatError("under way")
    found = tuple(_read_under_way(reader) for _ in range(count))
    rows = [_under_way(each) for each in found]
    if rows != sorted(rows) or sum(each.stage == COPYING for each in found) > 1:
        raise FormatError("under way")
    return found


def _read_under_way(reader: Reader) -> UnderWay:
    stage, claimed, notes, month, length = (reader.number(size) for size in (1, 1, 4, 2, 2))
    copying = stage == COPYING
    if stage not in (COPYING, DESTROYED) or claimed > 1 or not 1 <= notes <= limits.POOL_MOST:
        raise FormatError("under way")
    if length > limits.PATH_BYTES or (copying and month) or (not copying and length):
        raise FormatError("under way")
    return UnderWay(stage, bool(claimed), notes, month, reader.take(length))
