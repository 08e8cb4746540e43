"""The words of the command line inside the vault: English always, Dutch as well; and their completion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import NamedTuple

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.desk import Desk

NOTHING, ONE, MANY = "nothing", "one", "many"
"""How many handles a command takes; completion offers no more than that."""


class Word(NamedTuple):
    """A command word. `usage` and `help` are message ids, translated when they are shown."""

    name: str
    dutch: str
    usage: str
    help: str
    run: Callable[[Desk, list[str]], Awaitable[None]]
    handles: str = NOTHING
    also: tuple[str, ...] = ()

    def called(self, lang: str) -> str:
        """The word in a language."""
        return self.dutch if lang == "nl" else self.name

    def means(self, typed: str) -> bool:
        """Whether somebody who types this means this command."""
        return typed.lower() in (self.name, self.dutch, *self.also)


def understood(words: Iterable[Word], line: str) -> tuple[Word | None, list[str]]:
    """The command that `line` starts with, None if there is none, and the other words of the line."""
    first, *rest = line.split()
    return next((word for word in words if word.means(first)), None), rest


class Completing(Completer):
    """Completes the command word and then handles, both by how they start."""

    def __init__(self, words: Iterable[Word], lang: str, handles: Callable[[], list[str]]) -> None:
        self._words = list(words)
        self._lang = lang
        self._handles = handles

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        before = document.text_before_cursor.split(" ")
        typed = before[-1].lower()
        for choice in self._choices([word for word in before[:-1] if word]):
            if choice.startswith(typed):
                yield Completion(choice + " ", start_position=-len(typed), display=choice)

    def _choices(self, before: list[str]) -> list[str]:
        if not before:
            return [word.called(self._lang) for word in self._words]
        word, given = understood(self._words, " ".join(before))
        if word is None or word.handles == NOTHING or (word.handles == ONE and given):
            return []
        return [handle for handle in self._handles() if handle not in given]
