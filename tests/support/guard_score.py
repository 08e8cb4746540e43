"""Marked evaluation text for the privacy guard, and how well a scan does on it.

The format and the rules of marking stand in tests/data/guard/README.md.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

KINDS = (
    "naam", "datum", "telefoon", "email", "bsn", "iban", "postcode", "adres", "plaats", "organisatie", "leeftijd",
    "url", "kvk", "kenteken",
)  # fmt: skip

Span = tuple[int, int, str, str]
"""Start, end, kind and text of a mark or of a find."""
Scan = Callable[[str], list[Span]]

_MARK = re.compile(r"\[\[([^\[\]:]+):([^\[\]]+)\]\]")
_WORD = re.compile(r"\S+")
_TITLES = {
    "baron", "bisschop", "broeder", "dhr", "dokter", "dominee", "dr", "drs", "freule", "frau", "heer", "herr",
    "ing", "ir", "jonkheer", "jonkvrouw", "juf", "juffrouw", "koning", "koningin", "majoor", "meester", "meneer",
    "mevr", "mevrouw", "mijnheer", "miss", "mister", "mr", "mrs", "ms", "mw", "oma", "ome", "oom", "opa", "pastoor",
    "pater", "prins", "prinses", "prof", "professor", "rabbijn", "tante", "zuster",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of text without its marks, and where they were."""

    text: str
    marks: tuple[Span, ...]


@dataclass
class Score:
    """What a scan found of what was marked, and what it flagged that was not."""

    marked: int = 0
    found: int = 0
    kind_right: int = 0
    clean: int = 0
    flagged: int = 0
    per_kind: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each kind: found, marked."""
    misses: list[tuple[Span, str]] = field(default_factory=list)
    """Marks nothing was found on, with the line."""
    wrong_kinds: list[tuple[Span, list[Span], str]] = field(default_factory=list)
    """Marks found as something else, with the finds and the line."""
    false_alarms: list[tuple[list[Span], str]] = field(default_factory=list)
    """Finds in lines without marks, with the line."""
    extra: list[tuple[Span, str]] = field(default_factory=list)
    """Finds that touch no mark, in lines with marks."""

    @property
    def recall(self) -> float:
        """Share of the marks on which something was found."""
        return self.found / self.marked if self.marked else 1.0

    @property
    def kind_share(self) -> float:
        """Share of the found marks whose kind was found too."""
        return self.kind_right / self.found if self.found else 1.0

    @property
    def flagged_share(self) -> float:
        """Share of the lines without marks in which something was found."""
        return self.flagged / self.clean if self.clean else 0.0


def parse_line(raw: str) -> Line:
    """Take the marks out of a line; ValueError if one is malformed or of no known kind."""
    marks: list[Span] = []
    text = ""
    done = 0
    for match in _MARK.finditer(raw):
        kind, marked = match.groups()
        if kind not in KINDS:
            raise ValueError(f"no such kind: {kind}")
        if marked != marked.strip():
            raise ValueError(f"white space at the edge of a mark: {raw}")
        text += raw[done : match.start()]
        marks.append((len(text), len(text) + len(marked), kind, marked))
        text += marked
        done = match.end()
    text += raw[done:]
    if "[[" in text or "]]" in text:
        raise ValueError(f"malformed mark: {raw}")
    return Line(text, tuple(marks))


def parse(text: str) -> list[Line]:
    """Every line of a file that is neither empty nor a comment."""
    return [parse_line(raw) for raw in text.splitlines() if raw.strip() and not raw.startswith("#")]


def read(path: Path) -> list[Line]:
    """Parse a file."""
    return parse(path.read_text(encoding="utf-8"))


def weighing(mark: Span) -> list[int]:
    """Return where the letters and digits of a mark stand that count: all but those of titles before a name."""
    start, end, kind, text = mark
    skip = 0
    if kind == "naam":
        words = list(_WORD.finditer(text))
        while len(words) > 1:
            taken = _title_words([word.group().casefold().rstrip(".") for word in words])
            if not taken or taken >= len(words):
                break
            words = words[taken:]
            skip = words[0].start()
    return [at for at in range(start + skip, end) if text[at - start].isalnum()]


def _title_words(words: Sequence[str]) -> int:
    if words[0] in _TITLES:
        return 1
    return 2 if tuple(words[:2]) == ("de", "heer") else 0


def covers(find: Span, mark: Span) -> bool:
    """Whether a find lies over at least half of what counts in a mark."""
    places = weighing(mark)
    inside = sum(find[0] <= at < find[1] for at in places)
    return inside > 0 and 2 * inside >= len(places)


def score(scan: Scan, lines: Iterable[Line], only: Collection[str] = KINDS) -> Score:
    """Run a scan over lines and count, looking at marks and finds of some kinds only."""
    result = Score()
    marked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for line in lines:
        marks = [mark for mark in line.marks if mark[2] in only]
        finds = [find for find in scan(line.text) if find[2] in only]
        if not marks:
            result.clean += 1
            if finds:
                result.flagged += 1
                result.false_alarms.append((finds, line.text))
            continue
        for mark in marks:
            marked[mark[2]] += 1
            over = [find for find in finds if covers(find, mark)]
            if not over:
                result.misses.append((mark, line.text))
                continue
            found[mark[2]] += 1
            if any(find[2] == mark[2] for find in over):
                result.kind_right += 1
            else:
                result.wrong_kinds.append((mark, over, line.text))
        result.extra += [(find, line.text) for find in finds if not _touches(find, line.marks)]
    result.marked, result.found = marked.total(), found.total()
    result.per_kind = {kind: (found[kind], marked[kind]) for kind in KINDS if marked[kind]}
    return result


def _touches(find: Span, marks: Iterable[Span]) -> bool:
    return any(find[0] < mark[1] and mark[0] < find[1] for mark in marks)


def table(name: str, result: Score) -> str:
    """Put the numbers on a few lines."""
    rows = [
        name,
        f"  recall      {result.recall:7.3f}  ({result.found} of {result.marked})",
        f"  kind right  {result.kind_share:7.3f}  ({result.kind_right} of {result.found})",
        f"  flagged     {result.flagged_share:7.3f}  ({result.flagged} of {result.clean} clean lines)",
        f"  extra finds {len(result.extra):7}",
    ]
    rows += [f"    {kind:<12}{got / of:6.2f}  ({got} of {of})" for kind, (got, of) in result.per_kind.items()]
    return "\n".join(rows)


def details(result: Score) -> str:
    """List what went wrong. Not for held-out text."""
    rows = [f"  missed      {mark[2]}:{mark[3]} | {text}" for mark, text in result.misses]
    rows += [
        f"  wrong kind  {mark[2]}:{mark[3]} as {', '.join(find[2] for find in finds)} | {text}"
        for mark, finds, text in result.wrong_kinds
    ]
    rows += [
        f"  false alarm {', '.join(f'{find[2]}:{find[3]}' for find in finds)} | {text}"
        for finds, text in result.false_alarms
    ]
    rows += [f"  extra       {find[2]}:{find[3]} | {text}" for find, text in result.extra]
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Score the guard on files."""
    from vault.guard import load, scan

    parser = argparse.ArgumentParser(prog="python -m tests.support.guard_score", description=main.__doc__)
    parser.add_argument("file", nargs="+", type=Path)
    parser.add_argument("--only", action="append", choices=KINDS, help="kinds to count (default: all; news: naam)")
    parser.add_argument("--list", action="store_true", help="list what went wrong (never for held-out files)")
    args = parser.parse_args(argv)
    guard = load()

    def run(text: str) -> list[Span]:
        return [(find.start, find.end, find.kind, find.text) for find in scan(text, guard)]

    for path in args.file:
        only = args.only or (["naam"] if "news" in path.name else KINDS)
        result = score(run, read(path), only)
        print(table(path.name, result))
        if args.list and path.name.startswith("heldout"):
            print("  (held out: nothing is listed)")
        elif args.list:
            print(details(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
