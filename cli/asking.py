"""The guard's questions at the terminal: for everything it found, replace it, keep it, or allow it for ever.

The second screen is used, so that nothing of a note can be scrolled back to.
"""

from __future__ import annotations

from typing import NamedTuple

from cli.finds import CLOSE, OPEN, context, instead
from cli.i18n import _, ngettext
from cli.output import harmless
from cli.shell.kinds import counted, named
from cli.terminal import ENTER, LEAVE, Terminal
from vault import limits
from vault.guard import replacements, splice
from vault.guard.words import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.terminal import Keys
    from vault.guard import Find

REPLACE, KEEP, ALLOW = "replace", "keep", "allow"
_KEEPS = ("k", "h")
_ALLOWS, _ALL, _STOPS = "a", "r", ("s", "q", LEAVE)
"""Keys; the letters of both languages mean the same in both, and all are those of the editor."""
_EXAMPLES = 3
"""Places of one find that are shown."""
_MARGIN = "  "


class Answers(NamedTuple):
    """The texts as the person wants them sealed, and the words to be allowed for ever."""

    texts: list[str]
    allowed: list[str]


class Question(NamedTuple):
    """Everything that reads the same, wherever it stands: (text, find in it) each time, and the word for the first."""

    kind: str
    word: str
    places: list[tuple[int, int]]


def questions(found: Sequence[Sequence[Find]], words: Sequence[Sequence[str]]) -> list[Question]:
    """One for each different find, in the order of the texts; case, accents and line ends make no difference."""
    asked: dict[tuple[str, str], Question] = {}
    for at, finds in enumerate(found):
        for number, find in enumerate(finds):
            same = find.kind, " ".join(plain(find.text).split())
            question = asked.setdefault(same, Question(find.kind, words[at][number], []))
            question.places.append((at, number))
    return list(asked.values())


def answered(
    texts: Sequence[str],
    found: Sequence[Sequence[Find]],
    words: Sequence[Sequence[str]],
    decided: Sequence[tuple[Question, str]],
) -> Answers:
    """The texts after what was decided."""
    replaced = {place for question, decision in decided if decision == REPLACE for place in question.places}
    allowed = [
        found[question.places[0][0]][question.places[0][1]].text for question, decision in decided if decision == ALLOW
    ]
    done = []
    for at, (text, finds) in enumerate(zip(texts, found, strict=True)):
        chosen = [number for number in range(len(finds)) if (at, number) in replaced]
        done.append(splice(text, [finds[number] for number in chosen], [words[at][number] for number in chosen]))
    return Answers(done, allowed)


def ask(texts: Sequence[str], found: Sequence[Sequence[Find]]) -> Answers | None:
    """What the person decides about all that was found; None when they stop. Shows the result before it returns."""
    words = [replacements(text, finds) for text, finds in zip(texts, found, strict=True)]
    asked = questions(found, words)
    with Terminal() as screen, screen.keys() as keys:
        page = _Page(screen, keys, texts, found)
        decided = page.decide(asked)
        if decided is None:
            return None
        answers = answered(texts, found, words, decided)
        if answers.texts != list(texts) and not page.agrees(_marked(texts, found, words, decided)):
            return None
        return answers


def _marked(
    texts: Sequence[str],
    found: Sequence[Sequence[Find]],
    words: Sequence[Sequence[str]],
    decided: Sequence[tuple[Question, str]],
) -> list[str]:
    """The texts that change, with marks around what is new."""
    marks = [[OPEN + word + CLOSE if word else "" for word in each] for each in words]
    shown = answered(texts, found, marks, decided).texts
    return [text for text, before in zip(shown, texts, strict=True) if text != before]


class _Page:
    """What is asked and shown, a screenful at a time."""

    def __init__(self, screen: Terminal, keys: Keys, texts: Sequence[str], found: Sequence[Sequence[Find]]) -> None:
        self._screen = screen
        self._keys = keys
        self._texts = texts
        self._found = found
        self._columns, self._rows = screen.size()

    def decide(self, asked: Sequence[Question]) -> list[tuple[Question, str]] | None:
        """(question, decision) of every question; None when the person stops."""
        decided: list[tuple[Question, str]] = []
        for question in asked:
            decision = self._decide(question, len(decided) + 1, len(asked))
            if decision is None:
                return None
            if decision == _ALL:
                return decided + [(rest, REPLACE) for rest in asked[len(decided) :]]
            decided.append((question, decision))
        return decided

    def _decide(self, question: Question, number: int, of: int) -> str | None:
        at, first = question.places[0]
        allows = len(self._found[at][first].text.encode()) <= limits.ALLOWED_WORD_BYTES
        self._show(self._asked(question, number, of, allows))
        while True:
            key = self._keys.next()
            if key == ENTER:
                return REPLACE
            if key in _KEEPS:
                return KEEP
            if key == _ALLOWS and allows:
                return ALLOW
            if key == _ALL:
                return _ALL
            if key in _STOPS:
                return None

    def _asked(self, question: Question, number: int, of: int, allows: bool) -> list[str]:
        title = _("The privacy guard found: {finds}.").format(
            finds=counted((find for finds in self._found for find in finds), 3)
        )
        times = len(question.places)
        seen = ngettext("{n} time", "{n} times", times).format(n=times)
        room = self._columns - 2 * len(_MARGIN)
        shown = [
            _MARGIN + context(self._texts[at], self._found[at][find], room) for at, find in question.places[:_EXAMPLES]
        ]
        return [
            title,
            "",
            _("{number} of {all}: {kind}, {times}").format(
                number=number, all=of, kind=named(question.kind), times=seen
            ),
            "",
            *shown,
            *([_MARGIN + "…"] if times > _EXAMPLES else []),
            "",
            _("In its place: {word}").format(word=instead(question.word)),
            "",
            _("Enter replace · k keep · a always fine · r replace all · s stop")
            if allows
            else _("Enter replace · k keep · r replace all · s stop"),
        ]

    def agrees(self, texts: Sequence[str]) -> bool:
        """Shows the texts as they would be sealed, and whether the person agrees."""
        title = ngettext("This is how the note is stored:", "This is how {n} notes are stored:", len(texts))
        lines = _changed_lines(texts, self._columns - 2 * len(_MARGIN), self._rows - 6)
        foot = _("Enter store · s stop")
        self._show([title.format(n=len(texts)), "", *(_MARGIN + line for line in lines), "", foot])
        while True:
            key = self._keys.next()
            if key == ENTER:
                return True
            if key in _STOPS:
                return False

    def _show(self, lines: Sequence[str]) -> None:
        from textwrap import wrap

        self._screen.clear()
        wrapped = [part for line in lines for part in wrap(line, self._columns - 1, drop_whitespace=False) or [""]]
        self._screen.show("\n".join(wrapped) + "\n")


def _changed_lines(texts: Sequence[str], columns: int, rows: int) -> list[str]:
    """The texts, broken into lines; if they are too long, only the lines that hold something new, with gaps told."""
    from textwrap import wrap

    whole: list[str] = []
    for number, text in enumerate(texts):
        whole += [""] if number else []
        for line in harmless(text).split("\n"):
            whole += wrap(line, columns) or [""]
    if len(whole) <= rows:
        return whole
    short: list[str] = []
    for line in whole:
        if OPEN in line or CLOSE in line:
            short.append(line)
        elif not short or short[-1] != "…":
            short.append("…")
    return short if len(short) <= rows else [*short[: max(rows - 1, 1)], "…"]
