"""`ongemerkt jot`: seals a note into the inbox without unlocking, also while the vault is open elsewhere."""

from __future__ import annotations

import sys

from cli import failures, output, words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cli.context import Context
    from cli.terminal import Terminal
    from vault.guard import Find

USAGE = N_("[FILE | -]")
_ROOM = 8
"""Rows of the screen that are not for finds."""
_AGAIN, _STOPS = ("w", "o"), ("s", "q")
"""Answers; the letters of both languages mean the same in both."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the text comes from."""
    parser.add_argument(
        "file",
        metavar=_("FILE"),
        nargs="?",
        help=_("the file with the text; - is the standard input; without it you type here, to an empty line"),
    )
    told = _(
        "No passphrase is asked. The privacy guard shows what it finds, with the words it knows by itself, and refuses"
        " nothing: it asks about it when the jot is taken in. Without a terminal it looks only then."
    )
    parser.description = f"{parser.description} {told}"


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Seals the jot. Raises Refused and the core's errors."""
    from vault.errors import InboxSwapped
    from vault.harden import harden
    from vault.service.jotting import check, jot

    harden()
    # before anybody types a text for nothing
    check(context.paths)
    text = _text(context, arguments.file)
    if text is None:
        raise failures.not_confirmed(_("Stopped. Nothing was stored."))
    try:
        waiting = jot(context.paths, text)
    except InboxSwapped:
        sentence = _(
            "The key of the inbox is not the one this computer knows: somebody may have exchanged it. Nothing was"
            " sealed. Unlock the vault; that finds out and puts it right."
        )
        raise failures.Refused(failures.DAMAGED, "InboxSwapped", sentence) from None
    if context.json:
        output.document({"jotted": True, "waiting": waiting})
    output.tell(_("Sealed in your inbox.") + " " + words.inbox(waiting, 0))
    return failures.DONE


def _text(context: Context, file: str | None) -> str | None:
    """What is to be sealed; None when the person stopped. Raises Refused."""
    from cli.reading import note_text

    typed = file is None and sys.stdin.isatty() and context.ask.has_terminal
    if typed:
        return _typed()
    text = note_text(context, file)
    if context.ask.has_terminal and not context.json and (finds := _finds(text)):
        from cli.shell.kinds import counted

        told = _("The privacy guard found: {finds}. It asks about them when the jot is taken in.")
        output.tell(told.format(finds=counted(finds)))
    return text


def _finds(text: str) -> list[Find]:
    """What the guard finds; the words that the vault allows are under its lock."""
    from cli.guarding import lists
    from vault.guard import scan

    return list(scan(text, lists()))


def _typed() -> str | None:
    """What somebody types and, having seen what the guard finds in it, wants sealed."""
    from cli.context import beside
    from cli.guarding import lists
    from cli.terminal import Terminal

    beside(lists)
    with Terminal() as screen, screen.aside():
        while True:
            text = _read(screen)
            if text is None:
                return None
            finds = _finds(text)
            answer = _asked(screen, text, finds) if finds else ""
            if answer is None or answer in _STOPS:
                return None
            if answer not in _AGAIN:
                return text


def _read(screen: Terminal) -> str | None:
    """The lines to an empty one or Ctrl-D; None when there are none."""
    from cli.reading import decoded

    screen.clear()
    screen.prose(_("Jot it down, without names and dates. An empty line or Ctrl-D seals it, Ctrl-C stops.") + "\n\n")
    lines: list[str] = []
    while line := screen.line(""):
        lines.append(line)
    if not "".join(lines).strip():
        return None
    data = "\n".join(lines).encode(errors="surrogateescape")
    return decoded(data, _("What you typed"))


def _asked(screen: Terminal, text: str, finds: Sequence[Find]) -> str | None:
    """Shows what was found. "" to go on; None at the end of input."""
    from cli.finds import rows
    from cli.shell.kinds import counted

    columns, height = screen.size()
    screen.clear()
    screen.prose(_("The privacy guard found: {finds}.").format(finds=counted(finds)) + "\n\n")
    shown = rows(text, finds, columns)
    room = max(height - _ROOM, 1)
    screen.show("\n".join(row[: columns - 1] for row in shown[:room]) + "\n")
    if (more := len(shown) - room) > 0:
        screen.show(ngettext("and {n} more", "and {n} more", more).format(n=more) + "\n")
    screen.show("\n")
    told = _("Enter: seal it as it is, the guard asks again when it is taken in · w: write anew · s: stop")
    screen.prose(told + "\n")
    answer = screen.line("> ")
    return None if answer is None else answer.strip().lower()[:1]
