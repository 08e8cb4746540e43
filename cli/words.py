"""Spans of time and counts in words. Never a date."""

from __future__ import annotations

from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vault.expiry import Moment, Span
    from vault.months import Period

_MONTH = 30.4375
"""Days of a month on average, leap years included."""
_YEAR = 12 * _MONTH
_MONTHS_FROM = 60
"""Days from which a span is told in months; below it in weeks or days."""
_YEARS_FROM = 24 * _MONTH
_WEEKS_FROM = 14
_NAMES = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August")),
    *(N_("September"), N_("October"), N_("November"), N_("December")),
)
_SLACK = 2
"""Days that some calendar months (July and August) can be longer than as many average ones."""


def unreadable(count: int) -> str:
    """That so many notes are damaged."""
    told = ngettext(
        "{n} note can't be read: it was damaged or tampered with.",
        "{n} notes can't be read: they were damaged or tampered with.",
        count,
    )
    return told.format(n=count)


def quantity(count: int, unit: str) -> str:
    """Such as "5 months"; `unit` is d, w, m or y."""
    if unit == "d":
        text = ngettext("{n} day", "{n} days", count)
    elif unit == "w":
        text = ngettext("{n} week", "{n} weeks", count)
    elif unit == "m":
        text = ngettext("{n} month", "{n} months", count)
    else:
        text = ngettext("{n} year", "{n} years", count)
    return text.format(n=count)


def _unit(days: int) -> tuple[str, float]:
    if days >= _MONTHS_FROM:
        return "m", _MONTH
    return ("w", 7) if days >= _WEEKS_FROM else ("d", 1)


def rounded_down(days: int) -> tuple[int, str]:
    """The number and unit for "at least"."""
    if days >= _YEARS_FROM:
        return int(days / _YEAR), "y"
    unit, size = _unit(days)
    return int(days / size), unit


def rounded_up(days: int, period: Period | None = None, years: bool = False) -> tuple[int, str]:
    """The number and unit for "at most", never above the period that was asked."""
    unit, size = ("y", _YEAR) if years else _unit(days)
    slack = _SLACK if unit in "my" else 0
    number = -int(-(days - slack) // size)
    limit = _months(period)
    if limit is not None and number * size > limit * _MONTH + _SLACK:
        return (limit // 12, "y") if years and limit % 12 == 0 else (limit, "m")
    return number, unit


def _months(period: Period | None) -> int | None:
    if period is None:
        return None
    if period.unit == "d":
        return -int(-period.length // _MONTH)
    return period.length * (12 if period.unit == "y" else 1)


def kept(span: Span, period: Period | None = None) -> str:
    """The sentence that promises how long a note stays."""
    least, most = _bounds(span, period)
    if least is None:
        return _("It is kept for {time}.").format(time=most)
    return _("It is kept for at least {least} and at most {most}.").format(least=least, most=most)


def kept_briefly(span: Span, period: Period | None = None) -> str:
    """The same for a title: "kept at least 4, at most 6 months"."""
    least, most = _bounds(span, period)
    if least is None:
        return _("kept {time}").format(time=most)
    return _("kept at least {least}, at most {most}").format(least=least, most=most)


def _bounds(span: Span, period: Period | None) -> tuple[str | None, str]:
    """The least (None if it is the same) and the most, the unit only once if both have the same."""
    least, least_unit = rounded_down(span.at_least_days)
    most, most_unit = rounded_up(span.at_most_days, period, years=least_unit == "y")
    longest = quantity(most, most_unit)
    if (least, least_unit) == (most, most_unit):
        return None, longest
    return (str(least) if least_unit == most_unit else quantity(least, least_unit)), longest


def days_left(moment: Moment, months_left: int) -> int:
    """The most days that a note with so many months left can still stay."""
    from vault.months import last_day

    return max((last_day(moment.now + months_left) - moment.today).days, 0)


def left(days: int) -> str:
    """How long a note still stays, such as "at most 5 months left"."""
    if days == 0:
        return _("last day")
    number, unit = rounded_up(days)
    return _("at most {time} left").format(time=quantity(number, unit))


def left_short(days: int) -> str:
    """The same where there is little room, such as "≤ 5 mo"."""
    number, unit = rounded_up(days)
    texts = {"d": _("≤ {n} d"), "w": _("≤ {n} wk"), "m": _("≤ {n} mo"), "y": _("≤ {n} y")}
    return texts[unit].format(n=number)


def expired(count: int) -> str:
    """The message about notes that expired and are gone."""
    text = ngettext("{n} note had expired and was shredded.", "{n} notes had expired and were shredded.", count)
    return text.format(n=count)


def copy_broken_off(count: int) -> str:
    """The message about a copy that was not finished, and a destruction that did not come to pass."""
    text = ngettext(
        "A copy of {n} note for a client was broken off; nothing was destroyed. Do it again; remove what is there.",
        "A copy of {n} notes for a client was broken off; nothing was destroyed. Do it again; remove what is there.",
        count,
    )
    return text.format(n=count)


def receipt_waiting(count: int) -> str:
    """The message about a receipt that is not out yet."""
    text = ngettext(
        "{n} note of a client is destroyed, but the receipt is not out. Make it with: ongemerkt receipt again FILE",
        "{n} notes of a client are destroyed, but the receipt is not out. Make it with: ongemerkt receipt again FILE",
        count,
    )
    return text.format(n=count)


def receipts_complete(count: int) -> str:
    """The message about receipts that are out and that every place has confirmed by now."""
    text = ngettext(
        "A receipt is complete: every place has confirmed. Write it anew with: ongemerkt receipt again FILE",
        "{n} receipts are complete: every place has confirmed. Write them anew with: ongemerkt receipt again FILE",
        count,
    )
    return text.format(n=count)


def notes(count: int) -> str:
    """Such as "3 notes"."""
    return ngettext("{n} note", "{n} notes", count).format(n=count)


def waiting(count: int) -> str:
    """The message about notes that are hidden because of a clock in doubt."""
    text = ngettext(
        "By this clock the time of {n} note is up: it is hidden until you confirm the clock.",
        "By this clock the time of {n} notes is up: they are hidden until you confirm the clock.",
        count,
    )
    return text.format(n=count)


def month(number: int) -> str:
    """A month (counted from January 2000) and its year, such as "June 2026"."""
    return f"{_(_NAMES[number % 12])} {2000 + number // 12}"


def month_briefly(number: int, now: int) -> str:
    """The same without a year that everybody knows: of a month less than twelve before the month `now`."""
    return _(_NAMES[number % 12]) if 0 <= now - number < 12 else month(number)


def listed(names: Sequence[str]) -> str:
    """Such as "one, two and three"."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}").format(first=", ".join(names[:-1]), last=names[-1])


def waiting_for(waiting: Mapping[str, int]) -> str:
    """About what is destroyed here, and not yet on the server and on other devices: kind of place → how many.

    Empty when neither waits; sticks are named by cli.sticks.owing_line.
    """
    if not waiting.get("server"):
        return ""
    devices = waiting.get("device", 0)
    if not devices:
        return _("Destroyed here. The server confirms at the next session.")
    return ngettext(
        "Destroyed here. The server and {n} device confirm at their next session.",
        "Destroyed here. The server and {n} devices confirm at their next session.",
        devices,
    ).format(n=devices)


def jots(count: int) -> str:
    """Such as "3 jots"."""
    return ngettext("{n} jot", "{n} jots", count).format(n=count)


def inbox(waiting: int, unreadable: int, more: bool = False) -> str:
    """What waits in the inbox, in sentences; empty for nothing. `more`: there is more in it than was looked at."""
    told = []
    if waiting and more:
        told.append(_("At least {jots} wait in your inbox.").format(jots=jots(waiting)))
    elif waiting:
        told.append(ngettext("{n} jot waits in your inbox.", "{n} jots wait in your inbox.", waiting).format(n=waiting))
    if unreadable:
        told.append(
            ngettext(
                "{n} thing in your inbox can't be read: it is damaged, or not from you.",
                "{n} things in your inbox can't be read: they are damaged, or not from you.",
                unreadable,
            ).format(n=unreadable)
        )
    return " ".join(told)
