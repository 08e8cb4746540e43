"""Receipts that are out while places have yet to confirm, until they are issued anew (docs/spec/places.md section 8).

Pure. A place confirms by what it did, never by the lapse of time; one that can't confirm any more waits for ever.
"""

from collections.abc import Sequence

from vault import limits, receipt
from vault.formats.enrolled import ACTIVE, Enrolled
from vault.formats.rights import DESTROYED, UnderWay
from vault.formats.safety import NEVER, OpenReceipt, Stick
from vault.formats.settings import Settings

Receipts = tuple[OpenReceipt, ...]


# -- opening


def opened(entry: UnderWay, settings: Settings) -> OpenReceipt:
    """The receipt of what is being destroyed now, for which every other place waits."""
    enrolled = settings.enrolled
    devices = 0
    if enrolled is not None:
        others = [each.index for each in enrolled.devices if each.awaited and each.index != enrolled.index]
        devices = sum(1 << index for index in others)
    server = enrolled is not None
    sticks = tuple(Stick(each.id, True) for each in settings.safety.places)
    return OpenReceipt(entry.claimed, entry.notes, entry.month, 0, devices, devices, server, server, sticks)


def with_one_more(settings: Settings, fresh: OpenReceipt) -> Settings:
    """The settings with this receipt too. Past limits.OPEN_RECEIPTS one goes that is out: rather one that can't be
    completed any more, and else the oldest."""
    safety = settings.safety
    kept = list(current(safety.receipts, fresh.month))
    if len(kept) >= limits.OPEN_RECEIPTS:
        out = [each for each in kept if not _is_under_way(each, settings)]
        hopeless = [each for each in out if not can_complete(each, settings)]
        kept.remove((hopeless or out or kept)[0])
    return settings._replace(safety=safety._replace(receipts=(*kept, fresh)))


def _is_under_way(open_one: OpenReceipt, settings: Settings) -> bool:
    return any(each.stage == DESTROYED and is_of(open_one, each) for each in settings.rights.under_way)


def is_of(open_one: OpenReceipt, entry: UnderWay) -> bool:
    """Whether this may be the receipt of that destruction: two of them that look alike were destroyed alike."""
    return (open_one.claimed, open_one.notes, open_one.month) == (entry.claimed, entry.notes, entry.month)


def current(receipts: Sequence[OpenReceipt], now: int) -> Receipts:
    """Those less than limits.RECEIPT_MONTHS old."""
    return tuple(each for each in receipts if now - each.month < limits.RECEIPT_MONTHS)


# -- confirming


def stick_confirmed(receipts: Sequence[OpenReceipt], stick: bytes) -> Receipts:
    """This stick was refreshed, or destroyed: nothing that a receipt is about is on it any more."""
    return tuple(
        each._replace(sticks=tuple(Stick(one.id, one.waits and one.id != stick) for one in each.sticks))
        for each in receipts
    )


def server_confirmed(receipts: Sequence[OpenReceipt], told: Sequence[OpenReceipt], version: int) -> Receipts:
    """The server holds the head `version`, which was sealed when the receipts `told` were open.

    One that was opened since, or changed, is left for the next head.
    """
    left = list(told)
    found = []
    for each in receipts:
        was_told = each in left
        if was_told:
            left.remove(each)
        waits = was_told and each.version == 0 and each.server_waits
        found.append(each._replace(version=version, server_waits=False) if waits else each)
    return tuple(found)


def devices_confirmed(receipts: Sequence[OpenReceipt], old: Enrolled | None, new: Enrolled) -> Receipts:
    """What the list of devices in a head tells: who wrote one later than the one that told of a destruction knows it.

    A device that leaves the list while it is waited for never confirms, and its index may be another one's later.
    """
    before = {each.index: each.key for each in old.devices} if old is not None else {}
    there = {each.index: each for each in new.devices if each.state == ACTIVE}
    stayed = {index for index, each in there.items() if before.get(index, each.key) == each.key}
    found = []
    for each in receipts:
        waiting = [index for index in range(limits.DEVICES) if each.waiting >> index & 1]
        if any(index not in stayed for index in waiting):
            found.append(each._replace(version=NEVER))
            continue
        wrote = sum(1 << index for index in waiting if 0 < each.version < there[index].version)
        found.append(each._replace(waiting=each.waiting & ~wrote))
    return tuple(found)


def account_left(receipts: Sequence[OpenReceipt]) -> Receipts:
    """The vault is on no server any more: what server and devices have not confirmed, they never do."""
    return tuple(each._replace(version=NEVER) if each.waiting or each.server_waits else each for each in receipts)


# -- what follows


def is_complete(open_one: OpenReceipt) -> bool:
    """Whether nobody waits."""
    return not open_one.waiting and not open_one.server_waits and not any(one.waits for one in open_one.sticks)


def can_complete(open_one: OpenReceipt, settings: Settings) -> bool:
    """Whether everybody that waits can confirm yet: a stick that was forgotten and a device that left never do."""
    places = {each.id for each in settings.safety.places}
    sticks = all(one.id in places for one in open_one.sticks if one.waits)
    return sticks and (open_one.version != NEVER or not (open_one.waiting or open_one.server_waits))


def facts(open_one: OpenReceipt) -> receipt.Receipt:
    """What the receipt says as things are now."""
    waits = sum(one.waits for one in open_one.sticks)
    there = open_one.devices & ~open_one.waiting
    confirmed = {
        receipt.DEVICE: 1 + there.bit_count(),
        receipt.SERVER: int(open_one.server and not open_one.server_waits),
        receipt.STICK: len(open_one.sticks) - waits,
    }
    waiting = {
        receipt.SERVER: int(open_one.server_waits),
        receipt.DEVICE: open_one.waiting.bit_count(),
        receipt.STICK: waits,
    }
    asked = receipt.CLAIM if open_one.claimed else receipt.HAND
    return receipt.Receipt(open_one.notes, open_one.month, asked, _some(confirmed), _some(waiting))


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {kind: count for kind, count in counts.items() if count}
