"""Whose notes: of handles, of an open engagement, or of a client who brings the claim slip."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import NamedTuple

from cli import failures
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from cli.terminal import Terminal
    from vault.service import Claim, Note, Vault

USAGE = N_("--engagement ALIAS | --claim-file FILE | --claim")
_TRIES = 5
"""How often the words may be typed; a client at the table is in no hurry."""


class Found(NamedTuple):
    """Handles of notes, and whether the client's claim code chose them. `notes` are there unless handles were given."""

    handles: list[str]
    notes: list[Note]
    claimed: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options --engagement, --claim-file and --claim, of which at most one can be given."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--engagement", metavar=_("ALIAS"), help=_("the notes of this open engagement"))
    group.add_argument(
        "--claim-file",
        metavar=_("FILE"),
        help=_("the notes of the client whose claim slip has these words; - is the standard input"),
    )
    group.add_argument("--claim", action="store_true", help=_("the same; you type the words of the slip"))


def given(arguments: argparse.Namespace) -> bool:
    """Whether one of the options is there."""
    return bool(arguments.engagement is not None or arguments.claim_file is not None or arguments.claim)


def check_one(arguments: argparse.Namespace, handles: list[str]) -> None:
    """Raises Refused unless there are either handles or one of the options."""
    if bool(handles) == given(arguments):
        sentence = _("Say which notes: handles, or --engagement, --claim-file or --claim.")
        raise failures.bad_input("NotesUnclear", sentence)


def code_from_file(context: Context, arguments: argparse.Namespace) -> bytes | None:
    """The claim code in the given file, read before anything else is asked; None when none was given.

    Raises Refused, WordNotUnderstood, ClaimLength.
    """
    if arguments.claim_file is None:
        return None
    from cli.reading import note_text

    return code_in(note_text(context, arguments.claim_file), context.lang)


def code_in(text: str, lang: str) -> bytes:
    """The claim code in a text: the words alone, or a whole claim slip with the words on one line or two.

    Raises WordNotUnderstood, ClaimLength.
    """
    from vault.errors import ClaimLength, WordNotUnderstood
    from vault.service import claim_code

    lines = [line for line in text.split("\n") if line.strip()]
    for each in (*lines, *map(" ".join, pairwise(lines))):
        try:
            return claim_code(each, lang)[0]
        except (ClaimLength, WordNotUnderstood):
            continue
    return claim_code(text, lang)[0]


def claim_of(context: Context, vault: Vault, arguments: argparse.Namespace, code: bytes | None) -> Claim | None:
    """The keys of the code from the file, or of the words that somebody types now; None when no claim was given.

    Raises Refused, MemoryRefused.
    """
    if arguments.claim:
        code = typed(context)
    if code is None:
        return None
    from cli.context import Wait

    wait = Wait(_("One moment…"), show=not context.json)
    wait.begin()
    try:
        return vault.claim(code)
    finally:
        wait.end()


def notes_for(
    context: Context, vault: Vault, arguments: argparse.Namespace, handles: list[str], code: bytes | None
) -> Found:
    """The notes that are meant. Raises Refused, NothingThere and the core's errors."""
    from cli.progress import Bar
    from vault.errors import NothingThere

    if handles:
        return Found(vault.resolve(handles), [], claimed=False)
    claim = claim_of(context, vault, arguments, code)
    with Bar(_("Looking for the client's notes…"), show=not context.json) as bar:
        notes = vault.notes_of(arguments.engagement or "", claim, bar)
    if not notes:
        raise NothingThere
    return Found([note.handle for note in notes], notes, claimed=claim is not None)


def typed(context: Context) -> bytes:
    """The claim code that a client reads from the slip, shown as it was understood; on the second screen.

    Raises Refused.
    """
    from cli.terminal import NoTerminal, Terminal

    sys.stdout.flush()
    try:
        with Terminal() as screen:
            screen.other_screen()
            try:
                code = _typed(screen, context.lang)
            finally:
                screen.first_screen()
    except NoTerminal:
        sentence = _("There is no terminal to type the words of the slip on. Give them with --claim-file.")
        raise failures.Refused(failures.NOT_ALLOWED, "NoWayToAsk", sentence) from None
    if code is None:
        raise failures.not_confirmed(_("No claim code was typed. Nothing was done."))
    return code


def _typed(screen: Terminal, lang: str) -> bytes | None:
    from vault.errors import ClaimLength, WordNotUnderstood
    from vault.service import claim_code

    screen.prose(_("Type the eight words of the claim slip, then Enter. Nothing of it stays on the screen.") + "\n\n")
    for _attempt in range(_TRIES):
        line = screen.line("> ")
        if line is None or not line.strip():
            return None
        try:
            code, words = claim_code(line, lang)
        except (ClaimLength, WordNotUnderstood) as refusal:
            screen.prose(failures.explain(refusal)[2] + "\n\n")
            continue
        if words == line.lower().split():
            return code
        screen.prose("\n" + _("Read as:") + "\n\n    " + " ".join(words) + "\n\n")
        answer = screen.line(_("Is that right? [Y/n]") + " ")
        if answer is not None and answer.strip().lower() in ("", "y", "yes", "j", "ja"):
            return code
        screen.prose("\n")
    return None
