"""What a detector gets and what it gives: values only. The words for people are in cli/."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from vault.doctor.machine import Machine

# -- how bad it is, ascending
INFO, WARNING, SERIOUS = "info", "warning", "serious"
SEVERITIES = (INFO, WARNING, SERIOUS)

# -- whether it is there
FOUND, CLEAR, UNCHECKED = "found", "clear", "unchecked"

# -- what a detector needs
NOTHING, VAULT, UNLOCKED = "nothing", "vault", "unlock"

# -- why something could not be checked, besides VAULT and UNLOCKED
PLATFORM, UNREADABLE, DAMAGED, UNKNOWN = "platform", "unreadable", "damaged", "unknown"


class Finding(NamedTuple):
    """What a detector says: `id` of the check, how bad it is, whether it is there, and facts for the sentence.

    Of a check that found nothing, or that could not be made, `severity` is the worst that it can find. `facts` hold
    counts, names of programs, "vault" and "anchor", and names of files of the shell; never content, keys, ids, or a
    path of the vault.
    """

    id: str
    severity: str
    state: str
    facts: Mapping[str, object]


class Detector(NamedTuple):
    """One probe: the checks it makes and the worst each can find, what it needs, and how it looks.

    `look` gives the findings of all its checks. It may raise OSError and what reading a header raises: then its checks
    could not be made.
    """

    checks: Mapping[str, str]
    needs: str
    look: Callable[[Machine], Sequence[Finding]]


def found(check: str, severity: str, **facts: object) -> Finding:
    """The finding that it is there."""
    return Finding(check, severity, FOUND, facts)


def clear(check: str, worst: str, **facts: object) -> Finding:
    """The finding that it is not there."""
    return Finding(check, worst, CLEAR, facts)


def unchecked(check: str, worst: str, reason: str, **facts: object) -> Finding:
    """The finding that it could not be checked, and why."""
    return Finding(check, worst, UNCHECKED, {"reason": reason, **facts})
