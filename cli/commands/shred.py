"""`ongemerkt shred`: destroys notes; announced first, and to be cancelled until confirmed."""

from __future__ import annotations

from typing import NamedTuple

from cli import claims, copies, failures, output, papers, sticks, words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.claims import Found
    from cli.context import Context
    from vault.service import Shredded, Vault

USAGE = N_("HANDLE… | --engagement ALIAS | --claim-file FILE | --claim | --all  [--receipt FILE] [--export FILE]")
_SHOWN = 10
"""Notes whose first words are shown before a yes is asked."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which notes, and what the client gets."""
    parser.add_argument("handles", metavar=_("HANDLE"), nargs="*", help=_("the notes' handles, or their first letters"))
    claims.add_options(parser)
    parser.add_argument("--all", action="store_true", help=_("everything in the vault: you close your practice"))
    parser.add_argument("--receipt", metavar=_("FILE"), help=_("write a signed receipt to this new file"))
    parser.add_argument(
        "--export",
        metavar=_("FILE"),
        help=_("first write a copy to this new file; nothing is destroyed unless it was read back whole"),
    )
    copies.add_options(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Destroys the notes after a yes. Raises Refused (not confirmed) and the core's errors."""
    from cli.clockcheck import ensure_sure_clock

    if arguments.all:
        _check_all(arguments)
    else:
        claims.check_one(arguments, arguments.handles)
    kind = _format(arguments)
    if not context.yes and not context.ask.has_terminal:
        sentence = _("Destroying notes asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)
    if arguments.all:
        return _all(context, arguments)
    pages = papers.page_names(arguments.receipt)
    claimed = claims.code_from_file(context, arguments)
    with context.open_vault(asks_about_clock=arguments.receipt is not None) as vault:
        if arguments.receipt is not None and (gone := ensure_sure_clock(context, vault)):
            output.tell(words.expired(gone))
        found = claims.notes_for(context, vault, arguments, arguments.handles, claimed)
        if not context.yes:
            _announce(vault, found)
            if not context.ask.confirm(_("Destroy for good? There is no way back.")):
                raise failures.not_confirmed(_("Nothing was destroyed."))
        done, followed = _destroy(context, vault, arguments, found, kind)
        after = After(followed, vault.unconfirmed(), sticks.owing_line(vault))
    return _told(context, arguments, done, pages, after)


def _check_all(arguments: argparse.Namespace) -> None:
    if arguments.handles or claims.given(arguments) or arguments.export is not None:
        sentence = _("--all stands by itself: everything goes, for nobody in particular, and without a copy.")
        raise failures.bad_input("Usage", sentence)


def _all(context: Context, arguments: argparse.Namespace) -> int:
    from cli import emptying
    from cli.clockcheck import ensure_sure_clock

    pages = papers.page_names(arguments.receipt)
    with context.open_vault(asks_about_clock=arguments.receipt is not None) as vault:
        if arguments.receipt is not None and (gone := ensure_sure_clock(context, vault)):
            output.tell(words.expired(gone))
        if not emptying.ensure_wanted(context, vault, receipt=arguments.receipt is not None):
            output.tell(_("The vault is empty already."))
            if context.json:
                output.document({"shredded": 0})
            return failures.DONE
        follow = _Follow(context, vault)
        done = vault.shred_all(receipt_to=arguments.receipt or "", destroyed=follow)
        after = After(follow.followed, vault.unconfirmed(), sticks.owing_line(vault))
    return _told(context, arguments, done, pages, after)


def _format(arguments: argparse.Namespace) -> str:
    if arguments.export is not None:
        return copies.format_of(arguments.format, arguments.export)
    if arguments.format is not None or arguments.code_file is not None:
        raise failures.bad_input("Usage", _("--format and --code-file belong to --export."))
    return ""


def _announce(vault: Vault, found: Found) -> None:
    from cli import table

    count = len(found.handles)
    output.tell(ngettext("{n} note will be destroyed:", "{n} notes will be destroyed:", count).format(n=count))
    notes = found.notes[:_SHOWN] or [vault.show(handle) for handle in found.handles[:_SHOWN]]
    for line in table.lines(notes, vault.moment()):
        output.tell("  " + line)
    if count > _SHOWN:
        output.tell("  " + _("and {notes} more").format(notes=words.notes(count - _SHOWN)))


class After(NamedTuple):
    """Sticks that followed at once, what has to confirm yet, and the sentence about sticks that do."""

    followed: sticks.Followed
    waiting: dict[str, int]
    owing: str


class _Follow:
    """Called once the notes are destroyed: brings the sticks that are there up to date."""

    def __init__(self, context: Context, vault: Vault) -> None:
        self.followed = sticks.Followed([], [])
        self._context, self._vault = context, vault

    def __call__(self) -> None:
        from cli.progress import Bar

        with Bar(_("Writing the stick…"), show=not self._context.json) as bar:
            self.followed = sticks.refresh_reachable(self._vault, bar)


def _destroy(
    context: Context, vault: Vault, arguments: argparse.Namespace, found: Found, kind: str
) -> tuple[Shredded, sticks.Followed]:
    from vault.service import export_copy

    follow, copy = _Follow(context, vault), None
    if kind:
        code = copies.Code(context, kind, arguments.code_file, tested=True)
        code.hand_over()
        copy = export_copy(kind, arguments.export, lang=context.lang, code=code.text, kept=False)
    receipt = arguments.receipt or ""
    done = vault.shred_for_client(found.handles, claimed=found.claimed, copy=copy, receipt_to=receipt, destroyed=follow)
    return done, follow.followed


def _gone(arguments: argparse.Namespace, done: Shredded) -> str:
    if arguments.all:
        return _("Everything is destroyed: the vault is empty.")
    return ngettext("{n} note is destroyed.", "{n} notes are destroyed.", done.notes).format(n=done.notes)


def _told(context: Context, arguments: argparse.Namespace, done: Shredded, pages: list[str], after: After) -> int:
    content: dict[str, object] = {"shredded": done.notes}
    output.tell(_gone(arguments, done))
    for line in sticks.followed_lines(after.followed):
        output.tell(line)
    code = failures.DONE
    if arguments.export is not None:
        content["export"] = arguments.export
        output.tell(_("The copy is in {name}.").format(name=arguments.export))
    if arguments.receipt is not None:
        written = papers.write_pages(done.receipt, pages, context.lang) if done.written else []
        for name in pages if done.written else []:
            if name not in written:
                output.tell(_("{name} can't be made. Choose another place.").format(name=name))
        content["receipt"] = arguments.receipt if done.written else None
        content["pages"] = written
        if done.written:
            output.tell(_("The receipt is in {name}.").format(name=", ".join([arguments.receipt, *written])))
        else:
            output.tell(_("The receipt could not be written. Make it again with: ongemerkt receipt again FILE"))
            code = failures.RESIDUE
    if after.waiting:
        content["waiting"] = after.waiting
        for line in filter(None, (words.waiting_for(after.waiting), after.owing)):
            output.tell(line)
        code = failures.RESIDUE
    if context.json:
        output.document(content)
    return code
