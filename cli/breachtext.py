"""What a coach writes of a breach: answers in a file, and days and hours as they are typed.

Times without an offset are those of this computer's time zone. In the hour that comes twice in autumn the earlier one
counts, so that the 72 hours never end later than they do.
"""

from __future__ import annotations

import json
import re

from cli import failures
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from vault.service.papers import Breach

KEYS = {
    "discovered": ("discovered", "ontdekt"),
    "happened": ("happened", "gebeurd"),
    "data": ("data", "gegevens"),
    "people": ("people", "betrokkenen"),
    "consequences": ("consequences", "gevolgen"),
    "measures": ("measures", "maatregelen"),
    "risk": ("risk", "risico"),
    "reported": ("reported", "gemeld"),
    "informed": ("informed", "verteld"),
    "reasons": ("reasons", "redenen"),
}
"""What each field is called in a file, in both languages."""
_FIELDS = {name: field for field, names in KEYS.items() for name in names}
RISKS = {
    0: ("undecided", "onbekend", "weet niet", "?", "-", ""),
    1: ("unlikely", "onwaarschijnlijk", "none", "geen", "no", "nee"),
    2: ("risk", "risico", "yes", "ja"),
    3: ("high", "hoog"),
}
_NOW = ("now", "nu")
_NEVER = ("", "no", "nee", "niet", "-")
_LINE = re.compile(r"([A-Za-z]+)[ \t]*:[ \t]*(.*)")
_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?:[ T]+(\d{1,2})[:.](\d{2}))?")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?")


def answers(text: str) -> dict[str, str]:
    """The answers in a file, by field: a JSON object of texts, or lines such as "happened: …". Raises Refused."""
    found = _json(text) if text.lstrip().startswith("{") else _lines(text)
    fields: dict[str, str] = {}
    for key, value in found:
        field = _FIELDS.get(key.strip().lower())
        if field is None or field in fields:
            raise _unclear()
        fields[field] = value.strip()
    return fields


def _json(text: str) -> list[tuple[str, str]]:
    pairs = _parsed(text)
    if pairs is None or any(not isinstance(value, str) for _key, value in pairs):
        raise _unclear()
    return pairs


def _parsed(text: str) -> list[tuple[str, str]] | None:
    # Python's error would hold the text (lesson 25)
    try:
        found = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _lines(text: str) -> list[tuple[str, str]]:
    """A line that does not begin with one of the keys goes on with the answer before it."""
    found: list[tuple[str, str]] = []
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match and match[1].lower() in _FIELDS:
            found.append((match[1], match[2]))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
        elif line.strip():
            raise _unclear()
    return found


def _unclear() -> failures.Refused:
    return failures.bad_input(
        "BreachUnclear",
        _(
            "That is not understood. Write lines such as 'happened: …', with the keys discovered, happened, data,"
            " people, consequences, measures, risk, reported, informed and reasons; or JSON with these."
        ),
    )


def applied(breach: Breach, given: dict[str, str], now: datetime) -> Breach:
    """The entry with these answers in the place of what it had. Raises Refused."""
    from vault.service import papers

    values: dict[str, object] = {field: text for field, text in given.items() if field in papers.TEXTS}
    if "risk" in given:
        values["risk"] = risk_of(given["risk"])
    if "discovered" in given:
        at = minute(given["discovered"], now)
        if at == papers.NOT_YET:
            raise _no_moment()
        values["discovered"] = at
    for field in ("reported", "informed"):
        if field in given:
            values[field] = minute(given[field], now)
    breach = breach._replace(**values)  # type: ignore[arg-type]
    _check_order(breach, now)
    return breach


def _check_order(breach: Breach, now: datetime) -> None:
    from vault.service import papers

    latest = papers.minute_of(now)
    if breach.discovered > latest:
        raise failures.bad_input("MomentImpossible", _("That moment is still to come. When was it discovered?"))
    for at in (breach.reported, breach.informed):
        if at != papers.NOT_YET and not breach.discovered <= at <= latest:
            sentence = _("Reporting and telling come after the discovery, and not after now.")
            raise failures.bad_input("MomentImpossible", sentence)


def risk_of(text: str) -> int:
    """The risk that was typed. Raises Refused."""
    for number, names in RISKS.items():
        if text.strip().lower() in names:
            return number
    raise failures.bad_input("RiskUnknown", _("The risk is one of: unlikely, risk, high, or undecided."))


def minute(text: str, now: datetime) -> int:
    """The minute (since 1970, UTC) that was typed, 0 for "no". Without a time of the day it is midnight, the earliest.

    Raises Refused.
    """
    from vault.service import papers

    text = text.strip()
    if text.lower() in _NEVER:
        return papers.NOT_YET
    if text.lower() in _NOW:
        return papers.minute_of(now)
    found = _moment(text)
    at = _reckoned(found) if found is not None else None
    if at is None or not papers.is_minute(at):
        raise _no_moment()
    return at


def _reckoned(found: datetime) -> int | None:
    from vault.service import papers

    try:
        # what has no offset is in this computer's time zone, and of two such the earlier
        return papers.minute_of(found if found.tzinfo else found.replace(fold=0).astimezone())
    except (OverflowError, ValueError, OSError):
        return None


def _moment(text: str) -> datetime | None:
    from datetime import datetime

    try:
        if dutch := _DUTCH_DAY.fullmatch(text):
            day, month, year, hour, minutes = (int(part or 0) for part in dutch.groups())
            return datetime(year, month, day, hour, minutes)  # noqa: DTZ001 - told above
        return datetime.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def _no_moment() -> failures.Refused:
    return failures.bad_input(
        "MomentMalformed", _("Write a moment as 25-11-2026 14:30 or 2026-11-25 14:30, or 'now'; or 'no' for not yet.")
    )
