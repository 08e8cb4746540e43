"""The papers of the practice, for whoever has the facts of an open vault (`Vault.facts`)."""

from collections.abc import Callable, Sequence
from typing import Any

from vault.formats.breaches import HIGH, NOT_YET, RISK, TEXTS, UNDECIDED, UNLIKELY, Breach, is_minute
from vault.papers import clock
from vault.papers.breaches import Present, breaches, decision, form
from vault.papers.clock import deadline, instant, left, minute_of, standing, told, when
from vault.papers.facts import Facts, Practice
from vault.papers.model import Document, Points, Say
from vault.papers.notice import notice
from vault.papers.processing import processing
from vault.papers.requests import requests

__all__ = [
    "HIGH",
    "MD",
    "NOT_YET",
    "PDF",
    "RISK",
    "TEXTS",
    "UNDECIDED",
    "UNLIKELY",
    "Breach",
    "Document",
    "Facts",
    "Practice",
    "Present",
    "Say",
    "advice",
    "breach_document",
    "breaches",
    "deadline",
    "facts_document",
    "form",
    "instant",
    "is_minute",
    "left",
    "minute_of",
    "notice",
    "processing",
    "requests",
    "standing",
    "told",
    "when",
    "write",
]

MD, PDF = "md", "pdf"
RISKS = {UNDECIDED: "undecided", UNLIKELY: "unlikely", RISK: "risk", HIGH: "high"}
"""Risks as they are called in documents for programs."""


def write(document: Document, kind: str) -> bytes:
    """The paper as MD or PDF; the same document gives the same bytes. Raises ExportNeeds, ExportFailed."""
    writer: Callable[[Document], bytes]
    if kind == PDF:
        from vault.papers.pdf import write as writer
    else:
        from vault.papers.md import write as writer
    return writer(document)


def facts_document(facts: Facts) -> dict[str, Any]:
    """The facts as a document for programs."""
    content = facts._asdict()
    content["costs"] = [cost._asdict() for cost in facts.costs]
    content["server"] = facts.server._asdict() if facts.server else None
    content["requests"] = [month._asdict() for month in facts.requests]
    return content


def breach_document(breach: Breach, now: int) -> dict[str, Any]:
    """An entry as a document for programs; times are in UTC. `hours_left` of the 72 is null once it is reported."""
    content = breach._asdict()
    for name in ("discovered", "reported", "informed"):
        content[name] = iso(content[name])
    content["risk"] = RISKS[breach.risk]
    found = standing(breach, now)
    running = found in (clock.RUNNING, clock.OVER)
    content.update(deadline=iso(deadline(breach)), standing=found)
    content["hours_left"] = left(breach, now) // 60 if running else None
    return content


def iso(minute: int) -> str | None:
    """A minute as in ISO 8601, in UTC; None for NOT_YET."""
    return None if minute == NOT_YET else instant(minute).strftime("%Y-%m-%dT%H:%MZ")


def advice(lang: str) -> Sequence[str]:
    """When a breach has to be reported, a sentence or two each."""
    found = decision(Say(lang)).blocks[0]
    assert isinstance(found, Points)
    return found.items
