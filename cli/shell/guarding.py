"""The guard at work in one editor: what it finds in the text, and what the coach decides about each find."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from itertools import accumulate
from time import thread_time

from prompt_toolkit.application import get_app

from cli.shell.aids import OFF, REFUSE, Aids, giving_way
from cli.shell.marks import ByLine, shifted
from cli.shell.rows import Mark
from cli.shell.writing import Writing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.guard import Find, Scanner

_PAUSE = 0.3
"""Seconds without a change after which the word at the cursor counts as written."""

_LARGE = 2000
"""Characters that come or go at once (a paste, an opened note) which are scanned beside the event loop."""
_SLOW = 0.006
"""Seconds that a scan between two keys may take; a sentence of many pages takes longer, and waits for a pause."""


class Guarding:
    """The finds in the text of `writing`. Nothing of them outlives the editor."""

    def __init__(self, writing: Writing, aids: Aids | None, clean: Callable[[], Collection[str]] = tuple) -> None:
        """`clean` gives lines that are never personal data: the questions of templates."""
        self._writing = writing
        self._aids = aids
        self._clean = clean
        self._text = ""
        self._finds: list[Find] = []
        self._scanner: Scanner | None = None
        self._settled = ""
        self._kept: set[str] = set()
        self._known: dict[str, str] = {}
        self._shown: list[Find] | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._scanning = False
        self._slow = False
        self._unfinished: int | None = None
        self._marks: tuple[object, object, ByLine] | None = None
        self.chosen: Find | None = None
        """The find that the coach is looking at."""
        self.home: int | None = None
        """Where the coach was writing before going to look at finds; it moves along with what is replaced."""

    @property
    def policy(self) -> str:
        """What is done with finds at saving."""
        return self._aids.policy if self._aids else OFF

    @property
    def on(self) -> bool:
        """Whether anything is looked for."""
        return self.policy != OFF

    @property
    def may_keep(self) -> bool:
        """Whether a find may stay in this note without being allowed for ever."""
        return self.policy != REFUSE

    @property
    def may_allow(self) -> bool:
        """Whether there is a vault that remembers what is allowed."""
        return self._aids is not None and self._aids.vault is not None

    @property
    def ready(self) -> bool:
        """Whether the finds can be told: the lists are there."""
        return self.on and self._aids is not None and self._aids.ready

    @property
    def looked(self) -> bool:
        """Whether the whole text, as it is now, has been looked at."""
        return self._scanner is not None and not self._scanning and bool(self._text.strip())

    # -- while writing

    def follow(self) -> None:
        """Called before each drawing, in the event loop: takes the finds along with what was typed since."""
        if not self.on or self._aids is None:
            return
        text = self._writing.text
        if text == self._text and self._scanner is not None:
            return
        if self._scanner is None:
            self._begin()
        elif self._scanning or self._slow or abs(len(text) - len(self._text)) > _LARGE:
            self._take(text, shifted(self._text, text, self._finds))
            self._wait(_PAUSE if self._slow else 0, self._scan_beside)
        else:
            self._scan_now(text)

    def _begin(self) -> None:
        """Scans for the first time, once the lists are there."""
        if self._aids is None or self._scanning:
            return
        if self._aids.ready:
            self._scanner = self._aids.scanner()
            self._scan_beside()
        elif (loading := self._aids.preload()) is not None:
            self._scanning = True
            loading.add_done_callback(self._loaded)

    def _loaded(self, loading: asyncio.Future[None]) -> None:
        self._scanning = False
        # without its lists the guard is tried again at saving, where the coach is told what is wrong
        if not loading.cancelled() and loading.exception() is None:
            self._begin()

    def _scan_now(self, text: str) -> None:
        if self._scanner is None:
            return
        grown = len(text) > len(self._text)
        start = thread_time()
        finds = self._scanner.finds(self._blanked(text))
        self._slow = thread_time() - start > _SLOW
        self._take(text, finds)
        # a word is looked at when it is finished, or it would be marked and unmarked letter by letter
        self._unfinished = self._writing.cursor_position if grown else None
        self._wait(_PAUSE, self._finished)

    def _finished(self) -> None:
        self._pause, self._unfinished, self._shown = None, None, None
        get_app().invalidate()

    def _wait(self, seconds: float, act: Callable[[], None]) -> None:
        if self._pause is not None:
            self._pause.cancel()
        self._pause = asyncio.get_running_loop().call_later(seconds, act)

    def _scan_beside(self) -> None:
        """Scans in a thread, so that a key pressed meanwhile is not held up."""
        self._pause = None
        if self._scanner is None or self._scanning:
            return
        self._scanning = True
        scanner, text = self._scanner, self._writing.text
        blanked = self._blanked(text)

        def work() -> tuple[list[Find], float]:
            start = thread_time()
            with giving_way():
                return scanner.finds(blanked), thread_time() - start

        def scanned(done: asyncio.Future[tuple[list[Find], float]]) -> None:
            self._scanning = False
            if self._scanner is None or done.cancelled():
                scanner.forget()
                return
            now = self._writing.text
            finds, took = done.result()
            self._slow = self._slow and took > _SLOW
            self._take(now, shifted(text, now, finds))
            if now != text:
                self._wait(_PAUSE if self._slow else 0, self._scan_beside)
            get_app().invalidate()

        asyncio.get_running_loop().run_in_executor(None, work).add_done_callback(scanned)

    def _blanked(self, text: str) -> str:
        from vault.guard.roles import blanked

        return blanked(text, self._known)

    def _take(self, text: str, finds: list[Find]) -> None:
        self._text, self._finds, self._shown, self._unfinished = text, finds, None, None

    def forget(self) -> None:
        """Drops everything that is known of the text; the editor is closed."""
        if self._pause is not None:
            self._pause.cancel()
        if self._scanner is not None and not self._scanning:
            self._scanner.forget()
        self._aids, self._scanner, self._pause = None, None, None
        self._kept.clear()
        self._known.clear()
        self._take("", [])

    # -- what is found

    def settle(self) -> list[Find]:
        """Scans the whole note now, and gives what is found in it."""
        if not self.on or self._aids is None:
            return []
        text = self._writing.text
        if text != self._settled:
            # not only what the scanner saw: it takes the note for pieces that hardly know of each other
            finds = self._aids.scan(self._blanked(text))
            if text != self._text or finds != self._finds:
                self._take(text, finds)
            self._settled = text
        if self._unfinished is not None:
            self._unfinished, self._shown = None, None
        return self.finds

    def left_in(self, text: str) -> list[Find]:
        """What is found in another text than the one that is written, and not allowed."""
        if self._aids is None:
            return []
        allowed = self._aids.allowed()
        return [find for find in self._aids.scan(text) if _same(find) not in allowed]

    @property
    def finds(self) -> list[Find]:
        """What is found and neither kept nor allowed, in order."""
        if self._shown is None:
            self._shown = self._left(self._finds) if self._finds else []
        return self._shown

    def _left(self, finds: Iterable[Find]) -> list[Find]:
        allowed = self._aids.allowed() if self._aids else frozenset()
        clean = self._clean()
        starts = self._clean_stretches(clean) if clean else []
        return [
            find
            for find in finds
            if (word := _same(find)) not in allowed
            and word not in self._kept
            and find.end != self._unfinished
            and not any(start <= find.start and find.end <= end for start, end in starts)
        ]

    def _clean_stretches(self, clean: Collection[str]) -> list[tuple[int, int]]:
        lines = self._text.split("\n")
        starts = accumulate((len(line) + 1 for line in lines), initial=0)
        return [(at, at + len(line)) for at, line in zip(starts, lines, strict=False) if line.strip() in clean]

    def marks(self, line: int) -> list[Mark]:
        """Where a line is to be marked."""
        if not self._finds or self._text != self._writing.text:
            return []
        finds = self.finds
        if self._marks is None or self._marks[0] is not finds or self._marks[1] is not self.chosen:
            self._marks = finds, self.chosen, ByLine(self._writing.document.lines, finds, self.chosen)
        return self._marks[2](line)

    def next(self, behind: int, back: bool = False) -> Find | None:
        """The find at or behind a place in the text (or before it), round the end; None if there is none."""
        finds = self.finds
        if not finds:
            return None
        if back:
            return next((find for find in reversed(finds) if find.start < behind), finds[-1])
        return next((find for find in finds if find.start >= behind), finds[0])

    # -- what is decided

    def keep(self, find: Find) -> None:
        """This stays as it is, wherever it stands, as long as this editor is open."""
        self._kept.add(_same(find))
        self._shown = None

    def allow(self, find: Find) -> None:
        """This is never personal data in this vault. Raises VaultError."""
        if self._aids is not None:
            self._aids.allow(find.text)
        self._shown = None

    def proposed(self, find: Find) -> tuple[str, int]:
        """The neutral word for a find, and how often it would be put in."""
        finds, words, alike = self._proposals()
        at = finds.index(find)
        return words[at], alike.count(alike[at])

    def _proposals(self) -> tuple[list[Find], list[str], list[int]]:
        from vault.guard import replacements
        from vault.guard.roles import alike
        from vault.themes import label

        finds = self.finds
        words = replacements(self._text, finds, self._known)
        # a theme stays one
        words = [
            label(word) if self._text[find.start - 1 : find.start] == "#" else word
            for find, word in zip(finds, words, strict=True)
        ]
        return finds, words, alike(finds)

    def replace(self, find: Find) -> None:
        """Puts the neutral word in the place of a find and of all like it, in one step."""
        finds, words, alike = self._proposals()
        wanted = alike[finds.index(find)]
        self._replace([at for at, number in enumerate(alike) if number == wanted], finds, words)

    def replace_all(self) -> list[Find]:
        """Replaces everything that is left, in one step. What that was."""
        self.settle()
        finds, words, _alike = self._proposals()
        self._replace(list(range(len(finds))), finds, words)
        return finds

    def _replace(self, places: list[int], finds: list[Find], words: list[str]) -> None:
        from vault.guard import splice
        from vault.guard.roles import remembered

        if not places:
            return
        said = remembered(self._text, finds, self._known)
        some, neutral = [finds[at] for at in places], [words[at] for at in places]
        for at in places:
            self._known.update(said[at])
        text = splice(self._text, some, neutral)

        def moved(place: int) -> int:
            before = [find for find in some if find.end <= place]
            return min(len(splice(self._text[:place], before, neutral[: len(before)])), len(text))

        cursor = moved(self._writing.cursor_position)
        self.home = None if self.home is None else moved(self.home)
        self._writing.replace(text, cursor)
        self.settle()


def _same(find: Find) -> str:
    """What is found, as allowed words are compared: case, accents and line ends do not count."""
    from vault.guard.words import plain

    return " ".join(plain(find.text).split())
