"""The command words inside the vault: English always, Dutch as well; and their completion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, FuzzyCompleter
from prompt_toolkit.document import Document

from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host

NOTE, NOTES, THEME, PERIOD, MODE, ALIAS = "note", "notes", "theme", "period", "mode", "alias"
"""What a command takes. Of notes, and only of them, it takes as many as are given."""


class Word(NamedTuple):
    """A command word. `usage` and `help` are message ids, translated when they are shown; `key` is its key."""

    name: str
    dutch: str
    usage: str
    help: str
    run: Callable[[Host, list[str]], Awaitable[None]]
    takes: tuple[str, ...] = ()
    key: str = ""
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


def nearest(completer: Completer, words: Iterable[Word], typed: str) -> str:
    """What was typed, with its first word completed if it is only some letters of a command."""
    word, _rest = understood(words, typed)
    if word is not None:
        return typed
    first, space, rest = typed.strip().partition(" ")
    found = next(iter(completer.get_completions(Document(first), CompleteEvent(text_inserted=True))), None)
    return f"{found.text.strip()}{space}{rest}" if found else typed


def called(host: Host, name: str) -> str:
    """A command word in the coach's language."""
    from cli.shell.verbs import word_of

    return word_of(name).called(host.lang)


def usage(host: Host, name: str) -> None:
    """Tells how a command is typed."""
    from cli.shell.verbs import word_of

    typed = f"{called(host, name)} {_(word_of(name).usage)}"
    host.tell(_("Type it like this: {usage}").format(usage=typed))


class _Completing(Completer):
    """Every choice at the place of the cursor; which of them fit is for the fuzzy completer around it."""

    def __init__(self, words: Iterable[Word], lang: str, choices: Mapping[str, Callable[[], Iterable[str]]]) -> None:
        self._words = list(words)
        self._lang = lang
        self._choices = choices

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        before = document.text_before_cursor.split()
        if not before:
            for word in self._words:
                called = word.called(self._lang)
                keys = f"  {word.key}" if word.key else ""
                yield Completion(called + " ", display=called, display_meta=_(word.help) + keys)
            return
        command, given = understood(self._words, " ".join(before))
        kind = _kind(command, len(given)) if command else ""
        for choice in self._choices.get(kind, tuple)():
            if choice not in given:
                yield Completion(choice + " ", display=choice)


def _kind(word: Word, given: int) -> str:
    """What kind of argument follows after so many."""
    if word.takes == (NOTES,):
        return NOTE
    return word.takes[given] if given < len(word.takes) else ""


def completing(words: Iterable[Word], lang: str, choices: Mapping[str, Callable[[], Iterable[str]]]) -> Completer:
    """Completes a command and what it takes from any of its letters in their order. `choices`: kind → what there is."""
    return FuzzyCompleter(_Completing(words, lang, choices), WORD=True)
