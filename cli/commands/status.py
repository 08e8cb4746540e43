"""`ongemerkt status`: how the vault is doing, in numbers that say nothing about a client."""

from __future__ import annotations

from cli import anchorwords, failures, output, sticks, words
from cli.i18n import N_, _, ngettext
from cli.synced import server_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cli.context import Context
    from vault.expiry import Moment
    from vault.service import Status
    from vault.service.places import PlaceStatus
    from vault.service.syncing import SyncStatus

USAGE = ""
_COSTS = {"fast": N_("light"), "normal": N_("normal"), "high": N_("heavy"), "other": N_("other")}
_BAR = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints the status. Raises Refused and the core's errors."""
    with context.open_vault() as vault:
        status = vault.status()
        moment = vault.moment()
        keep = str(vault.keep_default)
        idle = vault.idle_minutes
        synced = vault.sync_status()
        found = vault.places()
    if context.json:
        content = status._asdict()
        content.update(keep_default=keep, idle_minutes=idle, server=_server_document(synced))
        content["sticks"] = sticks.documents(found)
        output.document(content)
        return failures.DONE
    for line in [
        *_facts(status, keep, idle, synced, found),
        *_months(status, moment),
        *_sizes(status),
        *_advice(status, synced, found),
    ]:
        output.prose(line)
    return failures.DONE


def _server_document(synced: SyncStatus | None) -> dict[str, object] | None:
    from cli.synced import month_text

    if synced is None:
        return None
    month = month_text(synced.month) if synced.version else None
    behind = [each.name for each in synced.devices if each.active and each.behind]
    return {"month": month, "unsynced": synced.unsynced, "behind": behind}


def _facts(status: Status, keep: str, idle: int, synced: SyncStatus | None, found: Sequence[PlaceStatus]) -> list[str]:
    room = _("{used} of {pool} slots in use, {size}").format(
        used=status.used, pool=status.pool, size=_size(status.file_bytes)
    )
    pairs = [
        (_("Notes"), str(status.notes)),
        (_("Room"), room),
        (_("Kept, if you say nothing"), _period(keep)),
        (_("Locks itself after"), ngettext("{n} minute", "{n} minutes", idle).format(n=idle)),
        (_("Work per guess"), _(_COSTS[status.cost])),
        (
            _("Anchor"),
            anchorwords.kind(status.anchor),
        ),
        (_("Places with the keys"), _places(status, synced, len(found))),
    ]
    pairs += [(_("Recovery stick"), f"{each.name}: {sticks.state_line(each)}") for each in found]
    if synced is not None:
        pairs.append((_("On the server"), server_line(synced)))
    if status.draft:
        pairs.append((_("Draft"), _("one, sealed; it opens in the vault on the screen")))
    if status.jots:
        pairs.append((_("Inbox"), words.jots(status.jots)))
    if status.unreadable_jots:
        pairs.append((_("Unreadable in the inbox"), str(status.unreadable_jots)))
    if status.waiting:
        pairs.append((_("Waiting for your yes about the clock"), words.notes(status.waiting)))
    width = max(len(name) for name, _value in pairs)
    return [f"{name.ljust(width)}  {value}" for name, value in pairs]


def _places(status: Status, synced: SyncStatus | None, sticks: int) -> str:
    if synced is None:
        return str(status.places)
    names = [
        _("{name} (behind)").format(name=each.name) if each.behind else each.name
        for each in synced.devices
        if each.active
    ]
    if sticks:
        names.append(ngettext("{n} recovery stick", "{n} recovery sticks", sticks).format(n=sticks))
    if synced.recovery:
        names.append(_("the server, with your recovery paper"))
    return f"{status.places} ({words.listed(names)})"


def _months(status: Status, moment: Moment) -> list[str]:
    if not status.by_months_left:
        return []
    rows = [(words.left(words.days_left(moment, left)), count) for left, count in status.by_months_left.items()]
    return ["", _("Time left"), *_bars(rows)]


def _sizes(status: Status) -> list[str]:
    if not status.by_slots:
        return []
    rows = []
    for slots, count in status.by_slots.items():
        name = ngettext("{n} slot", "up to {n} slots", slots).format(n=slots)
        rows.append((name, count))
    return ["", _("Size"), *_bars(rows)]


def _bars(rows: list[tuple[str, int]]) -> list[str]:
    most = max(count for _name, count in rows)
    width = max(len(name) for name, _count in rows)
    digits = len(str(most))
    return [
        f"  {name.ljust(width)}  {str(count).rjust(digits)}  {'▪' * -(-_BAR * count // most)}" for name, count in rows
    ]


def _advice(status: Status, synced: SyncStatus | None, found: Sequence[PlaceStatus]) -> list[str]:
    lines = []
    if status.smallest_crowd:
        sentence = ngettext(
            "The smallest crowd is {n} note: a note hides among those that end in the same month.",
            "The smallest crowd is {n} notes: a note hides among those that end in the same month.",
            status.smallest_crowd,
        )
        lines += ["", sentence.format(n=status.smallest_crowd)]
    if status.places == 1:
        lines += ["", _("The keys are on this computer only. If it breaks, the notes are gone.")]
        if synced is not None:
            lines.append(_("The server can't open them either. A second device can: ongemerkt device add"))
        lines.append(_("Make a recovery stick: ongemerkt place add DIR"))
    if any(each.lacks or each.owes for each in found):
        lines += ["", _("A recovery stick is behind. Plug it in and give: ongemerkt place refresh")]
    return lines


def _period(text: str) -> str:
    return words.quantity(int(text[:-1]), text[-1])


def _size(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB"
