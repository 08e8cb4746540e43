"""What `import` takes off a file's text: front matter, the title and a line that is only a date. Pure."""

from __future__ import annotations

import re

_KEY = re.compile(r"[\w\"'][\w \"'.-]*:(\s|$)")
_TITLE = re.compile(r"# +\S|#$")
_UNDERLINE = re.compile(r"=+\s*$")

_MONTHS = (
    "jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|sept|okt|oct|nov|dec|januari|january|februari|february|maart|march|"
    "april|juni|june|juli|july|augustus|august|september|oktober|october|november|december"
)
_DAYS = (
    "ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_TIME = r"(?:[ ,]*(?:om|at|T)?\s*\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*(?:uur|u|h|am|pm))?)?"
_DATE = re.compile(
    r"(?:#{1,6}\s+)?[*_]{0,2}(?:(?:datum|date)\s*:\s*)?"
    rf"(?:(?:{_DAYS})\.?,?\s+)?"
    r"(?:"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:e|ste|de|st|nd|rd|th)?[ -](?:{_MONTHS})\.?,?(?:[ -]'?(?:\d{{4}}|\d{{2}}))?"
    rf"|(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    rf"|(?:{_MONTHS})\.? \d{{4}}"
    r")"
    rf"{_TIME}[*_]{{0,2}}[.:]?\s*",
    re.IGNORECASE,
)


def strip(text: str, markdown: bool) -> tuple[str, int]:
    """The text without what could name or date it, and how many titles were dropped (0 or 1).

    Front matter and titles exist in Markdown only. A date and a title go in either order, each once.
    """
    lines = text.split("\n")
    if markdown:
        lines = lines[_front_matter(lines) :]
    titles, dated = 0, False
    while True:
        lines = _without_blank(lines)
        if not lines:
            break
        if not dated and _DATE.fullmatch(lines[0].strip()):
            lines, dated = lines[1:], True
            if markdown and lines and _UNDERLINE.match(lines[0]):
                lines = lines[1:]
        elif markdown and not titles and _title(lines):
            lines, titles = lines[_title(lines) :], 1
        else:
            break
    return "\n".join(lines).rstrip(), titles


def _without_blank(lines: list[str]) -> list[str]:
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    return lines[at:]


def _title(lines: list[str]) -> int:
    """How many lines of a title stand at the start: 0, 1 (# Title) or 2 (Title over =====)."""
    if _TITLE.match(lines[0]):
        return 1
    return 2 if len(lines) > 1 and lines[0].strip() and _UNDERLINE.match(lines[1]) else 0


def _front_matter(lines: list[str]) -> int:
    """How many lines the front matter takes. Lines between two rules that are no keys are the note's own text."""
    if lines[0].rstrip() != "---":
        return 0
    for at in range(1, len(lines)):
        line = lines[at].rstrip()
        if line in ("---", "..."):
            return at + 1 if at > 1 else 0
        if line and not line.startswith((" ", "\t", "-", "#")) and not _KEY.match(line):
            return 0
    return 0
