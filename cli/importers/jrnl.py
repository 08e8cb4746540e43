"""A journal of jrnl: one text file, or one for each day in a folder journal (YYYY/MM/DD.txt). Pure.

An entry begins with a line `[date] Title`; the date has the form that jrnl's settings give it, `%F %r` when nothing was
set. jrnl takes any bracket that some date parser understands for a date, so that a line from a chat, `[26/11, 23:32]
…`, splits an entry in two. Here an entry begins with brackets of the same shape as the first ones of the file, or with
a whole date in them.
"""

import re
from collections.abc import Iterator

from cli.importers import faults, limits
from cli.importers.taken import Taken, tidied
from cli.stripping import strip

FORMAT = "jrnl"
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,60})\](?: +|$)", re.MULTILINE)
_LEGACY = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: [AaPp][Mm])? +")
_DAY_FILE = re.compile(r"(?:^|[/\\])\d{4}[/\\]\d\d[/\\]\d\d\.txt$", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+\.?")
_MONTH = re.compile(
    r"(?:jan|feb|maa|mrt|mar|m[aä]r|apr|avr|mei|may|mai|jun|juin|jul|juil|aug|ao[uû]|sep|o[kc]t|nov|de[czk]|d[eé]c)",
    re.IGNORECASE,
)
_MARK = b"JRNLv3"
_TOKEN = re.compile(rb"gAAAA[A-Za-z0-9_=-]+\s*")
_SENTENCE = re.compile(r"[.!?…‼‽⁇⁈⁉⋯﹒﹗]['’\"”]?[\])]*\s+|[！．？｡。]")


def is_encrypted(data: bytes) -> bool:
    """Whether the bytes are a journal as jrnl encrypts it: a mark of its own since 4.6, before that a bare token."""
    return data.startswith(_MARK) or _TOKEN.fullmatch(data) is not None


def is_date(text: str) -> bool:
    """Whether the text between brackets is a whole date: a year, and a month and a day in numbers or words."""
    if not _YEAR.search(text):
        return False
    return len(_DIGITS.findall(text)) >= 3 or _MONTH.search(text) is not None


def _shape(text: str) -> str:
    return _LETTERS.sub("a", _DIGITS.sub("9", text)).strip()


def claims(path: str, text: str) -> bool:
    """Whether the file is a journal: it begins with a date in brackets, in a day's file also with a time."""
    first = _BRACKETS.match(text.lstrip("\n"))
    if first is None:
        return False
    return is_date(first.group(1)) or (_DAY_FILE.search(path) is not None and _TIME.search(first.group(1)) is not None)


def read(text: str) -> Taken:
    """Every entry a note. Text before the first entry is a note too. Raises NotText, HoldsNul, NoteTooLong."""
    return taken(_entries(text))


def _entries(text: str) -> Iterator[str]:
    starts = list(_starts(text))
    if not starts or text[: starts[0][0]].strip():
        yield text[: starts[0][0]] if starts else text
    for at, (_start, end) in enumerate(starts):
        yield text[end : starts[at + 1][0]] if at + 1 < len(starts) else text[end:]


def _starts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what stands before each entry's title."""
    shape = ""
    for match in _line_starts(_BRACKETS, text):
        inside = match.group(1)
        if not _DIGITS.search(inside):
            continue
        if not shape and (is_date(inside) or (_TIME.search(inside) and not text[: match.start()].strip())):
            shape = _shape(inside)
        elif not shape or (_shape(inside) != shape and not is_date(inside)):
            continue
        yield match.span()
    # journals of jrnl 1 have no brackets
    if not shape and _LEGACY.match(text.lstrip("\n")):
        for match in _line_starts(_LEGACY, text):
            yield match.span()


def _line_starts(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at >= 0 and at < len(text):
        if (match := pattern.match(text, at)) is not None:
            yield match
        at = text.find("\n", at) + 1
        if at == 0:
            return


def without_title(entry: str) -> tuple[str, bool]:
    """An entry's text without its title, which is its first sentence or line; and whether something was dropped.

    An entry that is one sentence is not only a title: it stays.
    """
    entry = entry.strip()
    line, _newline, rest = entry.partition("\n")
    line = line.rstrip()
    if line.endswith("*"):
        # a starred entry
        line = line[:-1].rstrip()
    end = _SENTENCE.search(line)
    left = line[end.end() :].strip() if end else ""
    below = f"{left}\n{rest}" if left else rest
    return (below, True) if below.strip() else (line, False)


def taken(entries: Iterator[str]) -> Taken:
    """The notes in entries that begin with their title. Raises NotText, HoldsNul, NoteTooLong, TooMuch."""
    texts, titles, sentences, empty = [], 0, 0, 0
    for entry in entries:
        text, dropped = without_title(entry)
        text = tidied(strip(text, markdown=False)[0])
        titles += dropped
        if not text:
            empty += 1
            continue
        sentences += not dropped
        texts.append(text)
        if len(texts) + empty > limits.NOTES:
            raise faults.TooMuch
    return Taken(texts, titles, sentences, empty)


def check(data: bytes) -> None:
    """Raises JournalEncrypted if the bytes are an encrypted journal."""
    if is_encrypted(data):
        raise faults.JournalEncrypted
