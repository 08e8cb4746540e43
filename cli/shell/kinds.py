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

_ORDER = (
    *("naam", "datum", "plaats", "organisatie", "leeftijd", "telefoon", "email", "adres", "postcode"),
    *("bsn", "iban", "url", "kvk", "kenteken"),
)
"""What tells most who somebody is comes first."""


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
    texts = {
        "naam": ngettext("{n} name", "{n} names", n),
        "datum": ngettext("{n} date", "{n} dates", n),
        "telefoon": ngettext("{n} telephone number", "{n} telephone numbers", n),
        "email": ngettext("{n} e-mail address", "{n} e-mail addresses", n),
        "bsn": ngettext("{n} BSN", "{n} BSNs", n),
        "iban": ngettext("{n} account number", "{n} account numbers", n),
        "postcode": ngettext("{n} postcode", "{n} postcodes", n),
        "adres": ngettext("{n} address", "{n} addresses", n),
        "plaats": ngettext("{n} place", "{n} places", n),
        "organisatie": ngettext("{n} organisation", "{n} organisations", n),
        "leeftijd": ngettext("{n} age", "{n} ages", n),
        "url": ngettext("{n} link", "{n} links", n),
        "kvk": ngettext("{n} KvK number", "{n} KvK numbers", n),
        "kenteken": ngettext("{n} number plate", "{n} number plates", n),
    }
    return texts.get(kind, ngettext("{n} other", "{n} others", n)).format(n=n)


def counted(finds: Iterable[Find], most: int = _MOST) -> str:
    """Such as "2 names, 1 date", what tells most first; the kinds after the first `most` are told together."""
    numbers = Counter(find.kind for find in finds)
    found = [(kind, numbers[kind]) for kind in _ORDER if kind in numbers]
    parts = [_counted(kind, n) for kind, n in found[:most]]
    if rest := sum(n for _kind, n in found[most:]):
        parts.append(_counted("", rest))
    return ", ".join(parts)
