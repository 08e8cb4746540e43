"""What a coach is told of the server and the other devices: in plain words, the same everywhere."""

from __future__ import annotations

from cli import words
from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.syncing import Place
    from vault.service.session import Report
    from vault.service.syncing import SyncDevice, SyncStatus

RULES = ("nl", "eu", "any")
"""Where a server may stand."""

# -- what a session did


def report_lines(report: Report) -> list[str]:
    """What a session did to the vault, one sentence each; one that says so if it did nothing."""
    lines = []
    if report.received:
        text = ngettext(
            "{n} note is new here or changed, from another device.",
            "{n} notes are new here or changed, from other devices.",
            report.received,
        )
        lines.append(text.format(n=report.received))
    if report.destroyed:
        text = ngettext(
            "{n} note is destroyed here as well: that was done on another device.",
            "{n} notes are destroyed here as well: that was done on another device.",
            report.destroyed,
        )
        lines.append(text.format(n=report.destroyed))
    if report.lost_edits:
        text = ngettext(
            "Changed here too late: {handles} had been destroyed elsewhere, and is gone.",
            "Changed here too late: {handles} had been destroyed elsewhere, and are gone.",
            len(report.lost_edits),
        )
        lines.append(text.format(handles=words.listed(report.lost_edits)))
    lines += [twins_line(group) for group in report.twins]
    lines += [
        _("{old} is called {new} from now on: another device had given the same handle.").format(old=old, new=new)
        for old, new in report.renamed
    ]
    if not lines:
        lines.append(_("The server has everything.") if report.sent else _("There was nothing new."))
    return lines


def twins_line(group: Sequence[str]) -> str:
    """About one note that was changed on two devices at a time."""
    return _("Changed on two devices: {handles}. All are kept; destroy what you don’t need.").format(
        handles=words.listed(group)
    )


def waiting_line(names: Sequence[str]) -> str:
    """About devices that have not confirmed every destruction."""
    text = ngettext(
        "Not everything that was destroyed is confirmed yet: {names} does so at its next session.",
        "Not everything that was destroyed is confirmed yet: {names} do so at their next session.",
        len(names),
    )
    return text.format(names=words.listed(names))


def report_document(report: Report) -> dict[str, object]:
    """The same as fields of a JSON document."""
    return {
        "received": report.received,
        "destroyed": report.destroyed,
        "late_edits": list(report.lost_edits),
        "twins": [list(group) for group in report.twins],
        "renamed": [list(pair) for pair in report.renamed],
        "waiting": list(report.waiting),
    }


# -- where everything is


def where(place: Place) -> str:
    """Where the server stands, and who says so since when."""
    if place.kind == "loopback":
        return _("on this computer itself")
    if place.kind == "private":
        return _("in your own network; in which country, the address does not tell")
    from cli.countrynames import country_name

    names = words.listed([country_name(each) if each else _("an unknown country") for each in place.countries])
    return _("in {country}, according to {data} of {month}").format(
        country=names, data=place.data, month=words.month(place.data_month)
    )


def where_document(place: Place) -> dict[str, object]:
    """The same as fields of a JSON document."""
    found: dict[str, object] = {"kind": place.kind}
    if place.kind == "country":
        found.update(countries=list(place.countries), data=place.data, data_month=month_text(place.data_month))
    return found


def month_text(number: int) -> str:
    """Such as "2026-11"."""
    return f"{2000 + number // 12:04}-{number % 12 + 1:02}"


def rule(name: str) -> str:
    """Where the server may stand."""
    return {
        "nl": _("only in the Netherlands"),
        "eu": _("only in the European Economic Area"),
        "any": _("anywhere"),
    }[name]


def places_line(status: SyncStatus, now: int) -> str:
    """What is where, in a few words for a status line."""
    if not status.version:
        text = _("here; not on the server yet")
    elif status.unsynced:
        text = _("here; not all of it on the server yet ({month})")
    else:
        text = _("here and on the server ({month})")
    parts = [text.format(month=words.month_briefly(status.month, now))]
    behind = [each.name for each in status.devices if each.active and each.behind]
    if len(behind) == 1:
        parts.append(_("{name} is behind").format(name=behind[0]))
    elif behind:
        parts.append(ngettext("{n} device is behind", "{n} devices are behind", len(behind)).format(n=len(behind)))
    return "; ".join(parts)


def server_line(status: SyncStatus) -> str:
    """What the server has, in a sentence."""
    if not status.version:
        return _("nothing yet")
    month = words.month(status.month)
    if status.unsynced:
        return _("sealed, as it was in {month}; something newer is still to come").format(month=month)
    return _("everything, sealed, as of {month}").format(month=month)


def device_line(device: SyncDevice) -> str:
    """How a device is doing."""
    if device.own:
        return _("this device")
    if not device.active:
        return _("does not take part any more")
    if not device.joined:
        return _("has not used its pairing code yet")
    told = []
    if device.months_away:
        text = ngettext("not seen for {n} month", "not seen for {n} months", device.months_away)
        told.append(text.format(n=device.months_away))
    if device.behind:
        told.append(_("has to destroy something yet"))
    return ", ".join(told) or _("up to date")


def unsynced_line() -> str:
    """Told to whoever leaves."""
    return _("Not everything is on the server yet; that comes with the next session.")


def sees_lines() -> list[str]:
    """What the server sees and what it does not, in two lines."""
    return [
        _("The server sees: when a device talks to it and how much, and how much room your vault takes."),
        _("It never sees: a text, a handle, a name, how many notes there are, or when one was written."),
    ]
