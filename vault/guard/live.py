"""Scans a note again and again while it is written, looking only at what has changed. Pure.

A note is cut into pieces that hardly know of each other: its lines, and in long lines its sentences. What was found in
a piece is kept for as long as the piece is in the note; the names found anywhere are looked for in every piece.
"""

import re
from collections.abc import Collection, Iterator

from vault.guard.find import Find, Span
from vault.guard.sheet import WRAPPED, Sheet
from vault.guard.spread import Seen, join, known_from, spread
from vault.guard.survey import survey
from vault.guard.words import Lists, plain

_END = re.compile(r"[.!?…]+[\"'”’)\]]* +(?=[\"'“‘(\[]*[A-ZÀ-Ý])")
"""What stands between a sentence and the next one."""
_ABBREVIATION = 12
"""Letters of the longest abbreviation."""
_SINGLE = frozenset(("", ".", "-", "(", "/"))
"""What stands before a single letter."""
_LONG = 240
"""Letters from which a line is cut into sentences."""
_SENTENCE = 40
"""Letters that a sentence must have to be cut off: no detector looks further back than that."""


class _Piece:
    """A piece of the note and what was found in it."""

    __slots__ = ("_claimed", "_finds", "_heard", "_keys", "_sheet", "_spans", "_text", "seen")

    def __init__(self, text: str, lists: Lists) -> None:
        self._text = text
        self._sheet = Sheet(text, lists)
        self._spans = survey(self._sheet)
        self._claimed = bytes(self._sheet.taken)
        self._keys = frozenset(self._sheet.keys)
        self.seen: Seen = known_from(self._sheet, self._spans)
        """The names in it that are looked for in the other pieces."""
        self._heard: Seen | None = None
        self._finds: list[Find] = []

    def finds(self, seen: Seen) -> list[Find]:
        """What is in it, if `seen` has been found in the note; places are counted from its start."""
        heard = {key: seen[key] for key in self._keys & seen.keys()}
        if heard != self._heard:
            self._heard = heard
            self._sheet.taken[:] = self._claimed
            further = list(spread(self._sheet, seen)) if heard else []
            self._finds = [self._cut(span) for span in sorted([*self._spans, *further])]
        return self._finds

    def _cut(self, span: Span) -> Find:
        return Find(span.start, span.end, span.kind, self._text[span.start : span.end])


class Scanner:
    """Scans one note while it changes. It holds the note's text: `forget` when the vault is locked or the note left."""

    def __init__(self, lists: Lists, allow: Collection[str] = ()) -> None:
        self._lists = lists
        self._allow = {plain(word) for word in allow}
        self._lines: dict[str, list[str]] = {}
        self._pieces: dict[str, _Piece] = {}

    def allow(self, word: str) -> None:
        """Leaves `word` alone from now on, whatever its case."""
        self._allow.add(plain(word))

    def forget(self) -> None:
        """Drops everything that was kept of the note."""
        self._lines.clear()
        self._pieces.clear()

    def finds(self, text: str) -> list[Find]:
        """What `scan` finds in `text`, at the cost of the pieces that were not in the text before.

        It may differ where something runs on over a line end (an address broken by the coach's own line break, a line
        in capitals throughout that is cut in two), and for a word that stands after a full stop in a long line and
        would be told by the sentence before.
        """
        cuts = list(self._cuts(text))
        kept = self._pieces
        pieces: dict[str, _Piece] = {}
        self._pieces = pieces
        for cut in cuts:
            if cut not in pieces:
                pieces[cut] = kept.get(cut) or _Piece(cut, self._lists)
        seen: Seen = {}
        for piece in pieces.values():
            join(seen, piece.seen)
        finds: list[Find] = []
        start = 0
        for cut in cuts:
            for at, end, kind, what in pieces[cut].finds(seen):
                finds.append(Find(start + at, start + end, kind, what))
            start += len(cut)
        return [find for find in finds if plain(find.text) not in self._allow] if self._allow else finds

    def _cuts(self, text: str) -> Iterator[str]:
        """The pieces of `text`, in order; together they are the text."""
        kept = self._lines
        lines: dict[str, list[str]] = {}
        self._lines = lines
        for line in _lines(text):
            cuts = lines.get(line)
            if cuts is None:
                cuts = lines[line] = kept.get(line) or list(self._sentences(line))
            yield from cuts

    def _sentences(self, line: str) -> Iterator[str]:
        start = 0
        if len(line) > _LONG:
            abbreviations = self._lists["abbreviations"]
            for match in _END.finditer(line):
                if match.end() - start < _SENTENCE:
                    continue
                word = line[max(start, match.start() - _ABBREVIATION) : match.start()].rpartition(" ")[2].lower()
                if match.group() != ". " or not (word in abbreviations or word[-2:-1] in _SINGLE):
                    yield line[start : match.end()]
                    start = match.end()
        yield line[start:]


def _lines(text: str) -> Iterator[str]:
    """The lines of `text` with their ends; those that were only broken because they were full stay together."""
    start = end = 0
    while end < len(text):
        stop = text.find("\n", end)
        if stop < 0:
            break
        wrapped = stop - end >= WRAPPED and text[stop - 1].isalnum() and text[stop + 1 : stop + 2].isalnum()
        end = stop + 1
        if not wrapped:
            yield text[start:end]
            start = end
    if start < len(text):
        yield text[start:]
