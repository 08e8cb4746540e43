"""jrnl's export to Markdown in one file: `# year`, `## month`, and each entry under `### date title`. Pure.

An export with one file for each entry has `# date title` above the text. Unless it is said that this is jrnl's, it is
taken for Markdown as any other.
"""

import re
from collections.abc import Iterator

from cli.importers import jrnl
from cli.importers.taken import Taken

FORMAT = "jrnl"
_YEAR, _MONTH, _ENTRY = re.compile(r"# \d{4}\s*"), re.compile(r"## [^\W\d_]+\s*"), "### "
_SEARCHED = 80
"""Characters of a heading in which its date is looked for."""
_WHOLE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}\.? [^\W\d_]{3,12}\.? \d{4}"
_DATE = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?,? )?(?:{_WHOLE}|[^\W\d_]{{3,12}}\.? \d{{1,2}},? \d{{4}})"
    r"(?:[T,]? ?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?)?(?: +|$)"
)


def claims(path: str, text: str) -> bool:
    """Whether the text begins as such an export does."""
    lines = _first_lines(text[:1000], 3)
    return (
        len(lines) == 3
        and _YEAR.fullmatch(lines[0]) is not None
        and _MONTH.fullmatch(lines[1]) is not None
        and lines[2].startswith(_ENTRY)
        and jrnl.is_date(lines[2][:_SEARCHED])
    )


def _first_lines(text: str, count: int) -> list[str]:
    return [line for line in text.split("\n") if line.strip()][:count]


def read(text: str) -> Taken:
    """Every entry a note. Raises NotText, HoldsNul, NoteTooLong."""
    return jrnl.taken(_entries(text))


def _entries(text: str) -> Iterator[str]:
    entry: list[str] = []
    alone = _single(text)
    for line in text.split("\n"):
        if (title := _title(line, alone)) is not None:
            yield from _whole(entry)
            entry = [title]
            alone = ""
        elif _YEAR.fullmatch(line) or _MONTH.fullmatch(line):
            yield from _whole(entry)
            entry = []
        else:
            entry.append(line)
    yield from _whole(entry)


def _single(text: str) -> str:
    """The heading of a file that holds one entry; empty if it is something else."""
    first = next(iter(_first_lines(text[:1000], 1)), "")
    return first if first.startswith("# ") and _DATE.match(first, 2) else ""


def _title(line: str, alone: str) -> str | None:
    """The title in a heading that begins an entry, without its date; None if it is no such heading."""
    if alone and line == alone:
        return _DATE.sub("", line.removeprefix("# "), count=1)
    if line.startswith(_ENTRY) and jrnl.is_date(line[:_SEARCHED]):
        return _DATE.sub("", line.removeprefix(_ENTRY), count=1)
    return None


def _whole(entry: list[str]) -> Iterator[str]:
    """An entry's lines as one text, without the empty line below its title."""
    if any(line.strip() for line in entry):
        yield entry[0] + "\n" + "\n".join(entry[1:]).lstrip("\n")
