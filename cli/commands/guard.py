"""`ongemerkt guard`: what the privacy guard does in this vault, and the words it leaves alone."""

from __future__ import annotations

import sys

from cli import failures, output
from cli.guarding import ASK, MODES, REDACT, REFUSE
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Vault

USAGE = N_("[policy MODE | list | allow [FILE | -] | forget [FILE | -]]")
CHOOSE, LIST, ALLOW, FORGET = "policy", "list", "allow", "forget"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with what."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=(CHOOSE, LIST, ALLOW, FORGET),
        help=_("policy: what happens with a find; list: the allowed words; allow, forget: add words or take them away"),
    )
    parser.add_argument(
        "file",
        metavar=_("FILE"),
        nargs="?",
        help=_("for policy one of the four; else a file with a word on each line, or -; without it you type them"),
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Shows or changes it. Raises Refused and the core's errors."""
    action, value = arguments.action, arguments.file
    if action in (ALLOW, FORGET):
        return _words(context, action, value)
    if value is not None and (action != CHOOSE or value not in MODES):
        raise failures.bad_input("PolicyUnknown", _("The guard does one of four things: ask, redact, refuse or off."))
    with context.open_vault() as vault:
        if action == LIST:
            return _list(context, vault)
        if value is not None:
            vault.set_guard_policy(value)
        return _show(context, vault)


def _show(context: Context, vault: Vault) -> int:
    policy, count = vault.guard_policy, len(vault.allowed_words())
    if context.json:
        output.document({"policy": policy, "allowed_words": count})
        return failures.DONE
    output.prose(f"{policy}: {told(policy)}")
    output.prose(_allowed(count))
    return failures.DONE


def told(policy: str) -> str:
    """What a policy means, in a sentence."""
    if policy == ASK:
        return _("you are asked about every find; where nobody can be asked, the text is refused.")
    if policy == REDACT:
        return _("every find is replaced by a neutral word.")
    if policy == REFUSE:
        return _("a text with a find in it is not stored.")
    return _("nothing is looked for.")


def _allowed(count: int) -> str:
    return ngettext("{n} word is allowed in this vault.", "{n} words are allowed in this vault.", count).format(n=count)


def _list(context: Context, vault: Vault) -> int:
    words = vault.allowed_words()
    if context.json:
        output.document({"words": words})
        return failures.DONE
    for word in words:
        output.answer(word)
    if not words:
        output.tell(_("No word is allowed in this vault."))
    return failures.DONE


def _words(context: Context, action: str, source: str | None) -> int:
    typed = source is None and sys.stdin.isatty()
    words = [] if typed else _read(context, source)
    with context.open_vault() as vault:
        if typed:
            words = _typed(context)
        done = vault.allow_words(words) if action == ALLOW else vault.forget_allowed(words)
        count = len(vault.allowed_words())
    if context.json:
        output.document({"allowed" if action == ALLOW else "forgotten": done, "allowed_words": count})
        return failures.DONE
    if action == ALLOW:
        output.tell(ngettext("{n} word is new.", "{n} words are new.", done).format(n=done))
    else:
        output.tell(ngettext("{n} word is forgotten.", "{n} words are forgotten.", done).format(n=done))
    output.prose(_allowed(count))
    return failures.DONE


def _read(context: Context, source: str | None) -> list[str]:
    from cli.reading import note_text

    return note_text(context, source).split("\n")


def _typed(context: Context) -> list[str]:
    """Words typed one by one, until an empty line. They never stand on a command line, which the shell remembers."""
    words: list[str] = []
    output.tell(_("Type a word or name on each line; an empty line ends it."))
    while True:
        line = context.ask.line("> ")
        if line is None or not line.strip():
            return words
        words.append(line)
