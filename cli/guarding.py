"""The privacy guard at every way into the vault: what it finds is replaced, kept, or keeps the text out."""

from __future__ import annotations

from cli import failures
from cli.i18n import _, ngettext
from cli.output import harmless, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from cli.context import Context
    from vault.guard import Find, Lists
    from vault.service import Vault

MODES = ASK, REDACT, REFUSE, OFF = "ask", "redact", "refuse", "off"
_ROUNDS = 3
"""So often is a text looked at again after replacing: a word may read otherwise without the one before it."""
_NAMED = 5
"""Files that are named when something was found in them; more would not help."""
_ALL = 99
"""More kinds than there are."""


def add_option(parser: argparse.ArgumentParser) -> None:
    """The option --guard."""
    parser.add_argument(
        "--guard",
        choices=MODES,
        help=_("what happens to names, dates and the like: you are asked, they are replaced, refused, or stay"),
    )


def mode(context: Context, vault: Vault, wanted: str | None) -> str:
    """What is done with finds: as asked for, else by the vault's policy; where nobody can be asked, `refuse`."""
    terminal = context.ask.has_terminal
    chosen = wanted or (vault.guard_policy if terminal else REFUSE)
    return REFUSE if chosen == ASK and (context.json or not terminal) else chosen


def meanwhile(wanted: str | None) -> Callable[[], object] | None:
    """What to do while the key derivation runs, if the guard is wanted: read its lists, never before the prompt."""
    return None if wanted == OFF else lists


def lists() -> Lists:
    """The guard's lists, read now if need be."""
    from vault.guard import load

    return load()


def guarded(context: Context, vault: Vault, wanted: str | None, text: str) -> str:
    """The text as it may be sealed. Raises Refused (exit code 5) when it may not, or the person stopped."""
    return guarded_all(context, vault, wanted, [text])[0]


def guarded_all(
    context: Context, vault: Vault, wanted: str | None, texts: list[str], files: Sequence[str] = ()
) -> list[str]:
    """The texts, each a note of its own, as they may be sealed; `files` are the names of where they come from.

    Raises Refused and, when a word is allowed for ever, AllowedTooMany and StorageFailed: then nothing is to be sealed.
    """
    chosen = mode(context, vault, wanted)
    if chosen == OFF:
        return texts
    found = _scanned(texts, vault.allowed_words(), show=not context.json)
    if not any(found):
        return texts
    if chosen == REFUSE:
        raise refusal(found, files)
    if chosen == ASK:
        from cli.asking import ask

        answers = ask(texts, found)
        if answers is None:
            raise failures.not_confirmed(_("Stopped. Nothing was stored."))
        vault.allow_words(answers.allowed)
        return answers.texts
    from cli.shell.kinds import counted

    allowed = vault.allowed_words()
    texts = [redacted(text, finds, allowed) for text, finds in zip(texts, found, strict=True)]
    tell(_("The privacy guard replaced: {finds}.").format(finds=counted(_together(found), _ALL)))
    return texts


def redacted(text: str, finds: Sequence[Find], allowed: Sequence[str]) -> str:
    """The text with a neutral word for everything that is found in it."""
    from vault.guard import redact, scan

    for _round in range(_ROUNDS):
        if not finds:
            break
        text = redact(text, finds)
        finds = scan(text, lists(), allowed)
    return text


def _scanned(texts: Sequence[str], allowed: Sequence[str], show: bool) -> list[list[Find]]:
    from cli.progress import Bar
    from vault.guard import scan

    found = []
    with Bar(_("Looking for names and dates…"), show) as bar:
        for done, text in enumerate(texts):
            bar(done, len(texts))
            found.append(scan(text, lists(), allowed))
    return found


def _together(found: Sequence[Sequence[Find]]) -> list[Find]:
    return [find for finds in found for find in finds]


def refusal(found: Sequence[Sequence[Find]], files: Sequence[str] = ()) -> failures.Refused:
    """What keeps the texts out: how much of which kind, never what. `files` are named, as far as there are finds."""
    from cli.shell.kinds import counted

    told = _("The privacy guard found: {finds}. Nothing was stored.").format(finds=counted(_together(found), _ALL))
    # a file may hold many notes
    with_finds = list(dict.fromkeys(harmless(name) for name, finds in zip(files, found, strict=False) if finds))
    if with_finds:
        names = ", ".join(with_finds[:_NAMED])
        more = len(with_finds) - _NAMED
        if more > 0:
            names += " " + ngettext("and {n} more", "and {n} more", more).format(n=more)
        told += " " + _("In: {files}.").format(files=names)
    advice = _(
        "Look with 'ongemerkt scan' and change the text; or take --guard redact, which replaces it, or --guard off."
    )
    return failures.Refused(failures.GUARDED, "GuardRefused", f"{told} {advice}")
