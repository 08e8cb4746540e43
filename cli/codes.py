"""Invitations and pairing codes: read from an option, a file or a hand, and shown once without leaving a trace."""

from __future__ import annotations

import sys
from contextlib import contextmanager

from cli import failures
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.context import Context
    from cli.terminal import Terminal
    from sync.codes import Invitation, Pairing, Paper

_TRIES = 3
_FROM_STDIN = "-"
_GROUP = 6
"""Signs of a group of letters, its dash included."""
_GAP, _TEXT_LEAST = 2, 29
"""Columns between picture and text, and the fewest that the text beside it needs."""
_FOOT = 3
"""Rows below the picture: the question, and where the cursor goes after it."""


def invitation(context: Context, given: str | None, file: str | None) -> Invitation:
    """The invitation that was given as it is, in a file, or is typed now. Raises Refused."""
    from sync.codes import Invitation

    found = _code(context, given, file, _("The invitation of the keeper: "))
    if not isinstance(found, Invitation):
        sentence = _("That is a pairing code. It lets this computer in with: ongemerkt device join")
        raise failures.bad_input("CodeMalformed", sentence)
    return found


def pairing(context: Context, given: str | None) -> Pairing | Paper:
    """The code of another device or of a recovery paper: as it was given, on stdin, or typed now. Raises Refused."""
    found = _code(context, given, None, _("The code of your other device, or of your recovery paper: "))
    return checked_pairing(found)


def read_pairing(typed: str) -> Pairing | Paper:
    """The pairing code, or code of a recovery paper, that was typed. Raises Refused."""
    return checked_pairing(_read(typed))


def checked_pairing(found: Invitation | Pairing | Paper) -> Pairing | Paper:
    """The code, if it is a pairing code or that of a recovery paper. Raises Refused."""
    from sync.codes import Invitation

    if isinstance(found, Invitation):
        sentence = _("That is an invitation. It brings a vault onto a server with: ongemerkt sync enrol URL")
        raise failures.bad_input("CodeMalformed", sentence)
    return found


@contextmanager
def of_this_server() -> Iterator[None]:
    """Says it in the words of somebody who has just given a code, when another server answers than that of the code."""
    from sync.errors import ServerKeyChanged

    try:
        yield
    except ServerKeyChanged:
        sentence = _(
            "Another server answers there than the one that the code comes from. Nothing was sent to it. Is the address"
            " right, and the code of this server?"
        )
        raise failures.Refused(failures.SERVER, "ServerKeyChanged", sentence) from None


def _code(context: Context, given: str | None, file: str | None, prompt: str) -> Invitation | Pairing | Paper:
    if file is not None or given == _FROM_STDIN:
        from cli.reading import note_text

        return _read(note_text(context, file))
    if given is not None:
        return _read(given)
    for left in reversed(range(_TRIES)):
        typed = _typed(prompt)
        try:
            return _read(typed)
        except failures.Refused as refused:
            if not left:
                raise
            from cli.output import tell

            tell(refused.sentence)
    raise AssertionError


def _read(typed: str) -> Invitation | Pairing | Paper:
    from sync.codes import BadCode, decode_code

    try:
        return decode_code(typed)
    except BadCode:
        sentence = _("That is not a code of ongemerkt, or a letter of it is wrong. Look at it once more.")
        raise failures.bad_input("CodeMalformed", sentence) from None


def _typed(prompt: str) -> str:
    from cli.terminal import NoTerminal, Terminal

    sys.stdout.flush()
    try:
        with Terminal() as screen:
            # it lets somebody in, so it does not stay on the screen
            line = screen.secret(prompt)
    except NoTerminal:
        sentence = _("There is no terminal to type the code on. Give it as an argument, or - for the standard input.")
        raise failures.Refused(failures.NOT_ALLOWED, "NoWayToAsk", sentence) from None
    if not line or not line.strip():
        raise failures.not_confirmed(_("No code was typed. Nothing was done."))
    return line


def show(code: str) -> None:
    """Shows a pairing code on the terminal's second screen, as letters and as a picture, until Enter."""
    from cli.terminal import Terminal

    with Terminal() as screen:
        screen.other_screen()
        try:
            _draw(screen, code)
            screen.line("\n" + _("Press Enter when you are done. "))
        except KeyboardInterrupt:
            # the device is let in; leaving here is as good as Enter
            return
        finally:
            screen.first_screen()


def _draw(screen: Terminal, code: str) -> None:
    from cli.papers import qr_rows

    columns, rows = screen.size()
    # it is read from a screen, so the least correction will do, and then it fits
    picture = qr_rows(code, "l")
    wide = max(map(len, picture))
    room = columns - wide - _GAP - 1
    if room < _TEXT_LEAST or len(picture) + _FOOT > rows:
        screen.show("\n".join(_text(code, columns - 1)) + "\n")
        return
    text = _text(code, room)
    for at in range(max(len(picture), len(text))):
        row = picture[at] if at < len(picture) else ""
        screen.picture(row.ljust(wide), text[at] if at < len(text) else "")


def _text(code: str, width: int) -> list[str]:
    """What stands beside the picture: what to do with the code, and the code in rows of whole groups."""
    import textwrap

    groups = code.split("-")
    each = max((width + 1) // _GROUP, 1)
    letters = ["-".join(groups[at : at + each]) for at in range(0, len(groups), each)]
    told = [
        _("On the other computer, type:"),
        "ongemerkt device join",
        "",
        _("and there this code:"),
        "",
        *letters,
        "",
        _("It works once, until tomorrow. Whoever has it can read your notes: keep it to yourself."),
    ]
    return [row for line in told for row in (textwrap.wrap(line, width, break_on_hyphens=False) or [""])]
