"""`ongemerkt sync status` and `device list`: what is where, who is behind, and six words to compare."""

from __future__ import annotations

from cli import failures, output, synced
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Context
    from cli.syncing import Place
    from vault.service.syncing import SyncDevice, SyncStatus


def show(context: Context) -> int:
    """Prints how the vault stands on its server. Raises Refused and the core's errors."""
    with context.open_vault() as vault:
        status, now = vault.sync_status(), vault.moment().now
    if status is None:
        if context.json:
            output.document({"enrolled": False})
        else:
            output.prose(_("This vault is on no server. With an invitation of its keeper: ongemerkt sync enrol URL"))
        return failures.DONE
    place, why = _looked(status, now)
    if context.json:
        output.document(_document(context, status, place))
        return failures.DONE
    _print(context, status, place, why)
    return failures.DONE


def _looked(status: SyncStatus, now: int) -> tuple[Place | None, str]:
    """Where the server stands by its address now; else why that can't be told."""
    from cli import syncing
    from sync.errors import ServerOutOfReach, SyncError

    try:
        return syncing.look(status.server.url, status.server.rule, now), ""
    except ServerOutOfReach:
        return None, _("its address is not to be found now")
    except SyncError as error:
        return None, failures.explain(error)[2]


def _print(context: Context, status: SyncStatus, place: Place | None, why: str) -> None:
    pairs = [
        (_("Server"), status.server.url),
        (_("Stands"), synced.where(place) if place else why),
        (_("Allowed"), synced.rule(status.server.rule)),
        (_("There is"), synced.server_line(status)),
        (_("Recovery paper"), _("there is one; it opens what the server holds") if status.recovery else _("none")),
        (_("Six words"), _words(context, status)),
    ]
    wide = max(len(name) for name, _value in pairs)
    for name, value in pairs:
        output.prose(f"{name.ljust(wide)}  {value}")
    output.prose("")
    output.prose(_("Devices"))
    for line in device_lines(status.devices):
        output.prose("  " + line)
    for group in status.twins:
        output.prose("")
        output.prose(synced.twins_line(group))
    output.prose("")
    output.prose(
        _(
            "To compare: run 'ongemerkt sync --once' on your devices in turn until nothing is new. Then the six words"
            " are the same on all of them. If not, the server tells them different stories."
        )
    )


def _words(context: Context, status: SyncStatus) -> str:
    from vault.service.syncing import fingerprint_words

    return " ".join(fingerprint_words(status.fingerprint, context.lang)) if status.version else _("none yet")


def device_lines(devices: Sequence[SyncDevice]) -> list[str]:
    """Each device and how it is doing."""
    wide = max(len(each.name) for each in devices)
    return [f"{each.name.ljust(wide)}  {synced.device_line(each)}" for each in devices]


def device_documents(devices: Sequence[SyncDevice]) -> list[dict[str, object]]:
    """The same as JSON."""
    return [
        {
            "name": each.name,
            "own": each.own,
            "active": each.active,
            "joined": each.joined,
            "behind": each.behind,
            "months_away": each.months_away,
        }
        for each in devices
    ]


def _document(context: Context, status: SyncStatus, place: Place | None) -> dict[str, object]:
    return {
        "enrolled": True,
        "url": status.server.url,
        "place": synced.where_document(place) if place else None,
        "country": status.server.rule,
        "month": synced.month_text(status.month) if status.version else None,
        "unsynced": status.unsynced,
        "fingerprint": _words(context, status) if status.version else None,
        "devices": device_documents(status.devices),
        "recovery": status.recovery,
        "twins": [list(group) for group in status.twins],
    }
