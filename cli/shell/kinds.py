"""What kinds of finds are called, and how many there are, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.guard import Find

_MOST = 3
"""Kinds that are told one by one; more would not fit."""


def named(kind: str) -> str:
    """The kind in a word."""
    names = {
        "naam": _("name"),
        "datum": _("date"),
        "telefoon": _("telephone"),
        "email": _("e-mail"),
        "bsn": _("BSN"),
        "iban": _("account"),
        "postcode": _("postcode"),
        "adres": _("address"),
        "plaats": _("place"),
        "organisatie": _("organisation"),
        "leeftijd": _("age"),
        "url": _("link"),
        "kvk": _("KvK number"),
        "kenteken": _("number plate"),
    }
    return names.get(kind, kind)


def _counted(kind: str, n: int) -> str:
    if kind == "naam":
        text = ngettext("{n} name", "{n} names", n)
    elif kind == "datum":
        text = ngettext("{n} date", "{n} dates", n)
    elif kind == "plaats":
        text = ngettext("{n} place", "{n} places", n)
    elif kind == "organisatie":
        text = ngettext("{n} organisation", "{n} organisations", n)
    elif kind == "leeftijd":
        text = ngettext("{n} age", "{n} ages", n)
    elif kind:
        return f"{n} {named(kind)}"
    else:
        text = ngettext("{n} other", "{n} others", n)
    return text.format(n=n)


def counted(finds: Iterable[Find]) -> str:
    """Such as "2 names, 1 date", the most frequent kinds first."""
    found = Counter(find.kind for find in finds).most_common()
    parts = [_counted(kind, n) for kind, n in found[:_MOST]]
    if rest := sum(n for _kind, n in found[_MOST:]):
        parts.append(_counted("", rest))
    return ", ".join(parts)
