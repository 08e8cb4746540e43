"""The 72 hours of art. 33 (1) AVG. Pure: minutes since 1970 (UTC) come in, and what is local time is said from outside.

The hours are those of a clock that is never put forward or back, and run on at night, at weekends and on holidays
(Regulation 1182/71 art. 3 (4) moves no period that is expressed in hours).
"""

from collections.abc import Callable
from datetime import UTC, datetime

from vault.formats.breaches import NOT_YET, UNDECIDED, UNLIKELY, Breach
from vault.papers.model import Say

HOURS = 72
_MINUTES = 60
RUNNING, OVER, IN_TIME, LATE, NOT_NEEDED = "running", "over", "in_time", "late", "not_needed"
"""How an entry stands: the hours run; they are over; reported in time; reported late; no report is needed."""

Local = Callable[[datetime], datetime]
"""The local time of an instant, with its offset from UTC."""

_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november"),
    "december",
)
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    "December",
)


def minute_of(at: datetime) -> int:
    """The minute that an instant (with its offset from UTC) lies in."""
    return int(at.timestamp() // 60)


def instant(minute: int) -> datetime:
    """The beginning of a minute, in UTC."""
    return datetime.fromtimestamp(minute * 60, UTC)


def deadline(breach: Breach) -> int:
    """The minute by which the authority must be told."""
    return breach.discovered + HOURS * _MINUTES


def left(breach: Breach, now: int) -> int:
    """Minutes until then; negative when it is past."""
    return deadline(breach) - now


def standing(breach: Breach, now: int) -> str:
    """How the entry stands at the minute `now`."""
    if breach.reported != NOT_YET:
        return IN_TIME if breach.reported <= deadline(breach) else LATE
    if breach.risk == UNLIKELY:
        return NOT_NEEDED
    return RUNNING if now <= deadline(breach) else OVER


def told(say: Say, breach: Breach, now: int, local: Local) -> str:
    """The same in a sentence."""
    until, found = when(say, deadline(breach), local), standing(breach, now)
    if found == NOT_NEEDED:
        return say(
            "Niet te melden, volgens je eigen oordeel: geen risico te verwachten. Leg vast waarom.",
            "No report needed, by your own judgement: no risk is likely. Record why.",
        )
    if found in (IN_TIME, LATE):
        at = when(say, breach.reported, local)
        late = say(
            f", na de 72 uur (tot {until}): de reden hoort bij de melding (art. 33, lid 1)",
            f", after the 72 hours (until {until}): the reason belongs to the report (art. 33 (1))",
        )
        return say("Gemeld aan de AP op ", "Reported to the authority on ") + at + (late if found == LATE else "") + "."
    minutes, open_end = left(breach, now), "."
    if breach.risk == UNDECIDED:
        open_end = say(", tenzij een risico niet waarschijnlijk is.", ", unless a risk is unlikely.")
    if found == RUNNING:
        running = say(
            f"Nog {span(say, minutes)}: meld het aan de AP uiterlijk op {until}",
            f"{span(say, minutes)} left: tell the authority on {until} at the latest",
        )
        return running + open_end
    over = say(
        f"De 72 uur zijn {span(say, -minutes)} voorbij (sinds {until}). Meld het alsnog, met de reden van de vertraging"
        " (art. 33, lid 1)",
        f"The 72 hours have been over for {span(say, -minutes)} (since {until}). Report it all the same, with the"
        " reason for the delay (art. 33 (1))",
    )
    return over + open_end


def span(say: Say, minutes: int) -> str:
    """Whole hours, or minutes when there is no whole one."""
    if minutes >= _MINUTES:
        return say.number(minutes // _MINUTES, ("uur", "uur"), ("hour", "hours"))
    return say.number(minutes, ("minuut", "minuten"), ("minute", "minutes"))


def when(say: Say, minute: int, local: Local) -> str:
    """Such as "28 november 2026, 12:30 uur (UTC+1)": the offset tells apart the hour that comes twice in autumn."""
    at = local(instant(minute))
    offset = at.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    hours, rest = divmod(abs(minutes), _MINUTES)
    zone = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    month = (_MONTHS if say.lang == "nl" else _MONTHS_EN)[at.month - 1]
    hour = say(" uur", "")
    return f"{at.day} {month} {at.year}, {at.hour:02}:{at.minute:02}{hour} ({zone})"
