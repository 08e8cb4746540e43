"""`ongemerkt engagement`: groups a client's notes while the talks go on, and hands the client a claim slip."""

from __future__ import annotations

import sys

from cli import claims, failures, guarding, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from cli.papers import NewFile, Paper
    from vault.service import Vault

USAGE = N_("open ALIAS [--strict] [--slip FILE] | list | close ALIAS")
OPEN, LIST, CLOSE = "open", "list", "close"
_SHOWN = 4
"""Points of a slip that are shown on the screen."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which engagement."""
    parser.add_argument("action", choices=(OPEN, LIST, CLOSE), help=_("open one, list those that are open, close one"))
    parser.add_argument(
        "alias", metavar=_("ALIAS"), nargs="?", help=_("what you call it: no name, but something neutral")
    )
    parser.add_argument(
        "--strict", action="store_true", help=_("open it so that only the client's slip ever finds its notes")
    )
    parser.add_argument(
        "--slip", metavar=_("FILE"), help=_("write the claim slip to this new file, .txt or .pdf, to print it")
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--claim-file", metavar=_("FILE"), help=_("take up the slip with these words again; - is the standard input")
    )
    group.add_argument("--claim", action="store_true", help=_("the same; you type the words of the slip"))
    guarding.add_option(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    action, alias = arguments.action, arguments.alias
    if (alias is None) != (action == LIST):
        raise failures.bad_input("Usage", _("Say: ongemerkt engagement open ALIAS, close ALIAS, or list."))
    if action == OPEN:
        return _open(context, arguments)
    with context.open_vault() as vault:
        return _list(context, vault) if action == LIST else _close(context, vault, alias)


def _list(context: Context, vault: Vault) -> int:
    found = vault.engagements()
    if context.json:
        output.document({"engagements": [each._asdict() for each in found]})
        return failures.DONE
    for each in found:
        output.answer(f"{each.alias}  {_('(strict)')}" if each.strict else each.alias)
    if not found:
        output.tell(_("No engagement is open. Open one with: ongemerkt engagement open ALIAS"))
    return failures.DONE


def _close(context: Context, vault: Vault, alias: str) -> int:
    from vault.errors import EngagementUnknown
    from vault.service import same_alias

    if not any(same_alias(each.alias, alias) for each in vault.engagements()):
        raise EngagementUnknown
    if not context.yes and not context.ask.has_terminal:
        raise failures.not_confirmed(
            _("Closing asks for a yes, and there is no terminal to ask on. Confirm with --yes.")
        )
    if not context.ask.confirm(_("From now on only the client's slip finds these notes. Close the engagement?")):
        raise failures.not_confirmed(_("Nothing was changed."))
    vault.close_engagement(alias)
    if context.json:
        output.document({"closed": True})
    output.tell(_("The engagement is closed: alias and key are erased. The notes stay until their time is up."))
    return failures.DONE


# -- opening


def _open(context: Context, arguments: argparse.Namespace) -> int:
    from cli import papers
    from cli.context import Wait

    known = claims.code_from_file(context, arguments)
    if arguments.slip is not None:
        papers.check_kind(arguments.slip)
        if arguments.slip.lower().endswith(".pdf") and not papers.has_pdf():
            from vault.errors import ExportNeeds

            raise ExportNeeds("pdf")
    with context.open_vault(meanwhile=guarding.meanwhile(arguments.guard)) as vault:
        _check_alias(context, vault, arguments.alias, arguments.guard)
        if arguments.claim:
            known = claims.typed(context)
        slip = None if arguments.slip is None else papers.NewFile(arguments.slip)
        wait = Wait(_("One moment…"), show=not context.json)
        wait.begin()
        try:
            code = vault.open_engagement(arguments.alias, arguments.strict, known)
        except BaseException:
            if slip is not None:
                slip.discard()
            raise
        finally:
            wait.end()
        _hand_over(context, vault, arguments, code, slip)
    return failures.DONE


def _check_alias(context: Context, vault: Vault, alias: str, wanted: str | None) -> None:
    """Asks about an alias that could lead to somebody. Raises Refused."""
    mode = guarding.mode(context, vault, wanted)
    if mode == guarding.OFF:
        return
    from vault.guard import scan

    found = scan(alias, guarding.lists(), vault.allowed_words())
    if not found:
        return
    if mode == guarding.REFUSE and not context.yes:
        raise guarding.refusal([found])
    from cli.shell.kinds import counted

    output.tell(_("In this alias the privacy guard found: {finds}.").format(finds=counted(found, len(found))))
    output.tell(_("An alias leads to nobody: take a tree, a colour, a street that you made up."))
    if not context.ask.confirm(_("Use it all the same?")):
        raise failures.not_confirmed(_("Nothing was changed."))


def _hand_over(
    context: Context, vault: Vault, arguments: argparse.Namespace, code: bytes, slip: NewFile | None
) -> None:
    """Gives the claim code away in the one way that fits: it is kept nowhere. Raises OSError, ExportFailed."""
    from cli import papers
    from vault.service import claim_words, receipt_mark

    words = claim_words(code, context.lang)
    content: dict[str, object] = {"strict": arguments.strict}
    output.tell(_("The engagement is open."))
    if slip is not None:
        paper = papers.slip(words, receipt_mark(vault.receipt_key(), context.lang))
        try:
            slip.write(papers.rendered(paper, arguments.slip, context.lang))
        except BaseException:
            output.tell(_("The slip could not be written. Write these words down now; they are shown only once:"))
            output.tell("    " + " ".join(words))
            raise
        content["slip"] = arguments.slip
        output.tell(
            _("The claim slip is in {name}. Print it for your client, then delete the file.").format(
                name=arguments.slip
            )
        )
    elif context.json:
        content["claim_code"] = " ".join(words)
        output.tell(_("The claim code is in the answer, and kept nowhere else."))
    elif context.yes or not context.ask.has_terminal or not sys.stdout.isatty():
        output.answer(" ".join(words))
        output.tell(_("These words are shown only once, and kept nowhere. Write them down for your client."))
    else:
        _show(papers.slip(words, receipt_mark(vault.receipt_key(), context.lang)))
        output.tell(_("The slip was shown only once. Its words are kept nowhere."))
    if context.json:
        output.document(content)


def _show(paper: Paper) -> None:
    from cli import papers
    from cli.terminal import Terminal

    with Terminal() as screen:
        screen.other_screen()
        try:
            # the first points only: all of it must fit on a small window
            screen.show(papers.text(paper._replace(points=paper.points[:_SHOWN]), qr=False) + "\n")
            screen.line(_("Write the words down for your client. Press Enter when you have them. "))
        except KeyboardInterrupt:
            # the engagement is open; leaving here is as good as Enter
            return
        finally:
            screen.first_screen()
