"""`ongemerkt register`: the registers that the AVG asks of a practice, from the vault's real settings."""

from __future__ import annotations

from typing import Any

from cli import failures, guarding, paperwork
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("processing | requests | breaches [add | list | edit N | remove N] [--format md | pdf] [--to FILE]")
PROCESSING, BREACHES, REQUESTS = "processing", "breaches", "requests"
ADD, LIST, EDIT, REMOVE = "add", "list", "edit", "remove"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which register, and what to do with it."""
    parser.add_argument(
        "register",
        choices=(PROCESSING, BREACHES, REQUESTS),
        help=_("processing: what is done with data; breaches: what went wrong; requests: how often clients asked"),
    )
    parser.add_argument(
        "action",
        nargs="?",
        choices=(ADD, LIST, EDIT, REMOVE),
        help=_("of the breaches: add one, list them, change or remove the one with this number"),
    )
    parser.add_argument("number", metavar="N", nargs="?", type=_number, help=_("the number of a breach"))
    paperwork.add_options(parser)
    parser.add_argument(
        "--form",
        metavar="N",
        nargs="?",
        type=_number,
        const=0,
        help=_("what the form of the authority asks of a breach, filled in; without a number of the last one"),
    )
    parser.add_argument(
        "--file",
        metavar=_("FILE"),
        help=_("answers about a breach, JSON or 'key: answer'; - is the standard input"),
    )
    guarding.add_option(parser)


def _number(text: str) -> int:
    import argparse

    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise argparse.ArgumentTypeError(_("a number such as 1"))
    return int(text)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    _check(arguments)
    if arguments.action is not None:
        from cli import breaching

        done: int = {
            ADD: breaching.add,
            LIST: breaching.show,
            EDIT: breaching.edit,
            REMOVE: breaching.remove,
        }[arguments.action](context, arguments)
        return done
    kind = paperwork.check(arguments)
    if arguments.register == BREACHES:
        return _breaches(context, arguments, kind)
    from vault.service import papers

    with context.open_vault() as vault:
        facts = vault.facts()
    make = papers.processing if arguments.register == PROCESSING else papers.requests
    document = make(facts, paperwork.practice(arguments), context.lang)
    return paperwork.hand_over(context, arguments, kind, document, papers.facts_document(facts))


def _check(arguments: argparse.Namespace) -> None:
    """Raises Refused for what does not go together."""
    action, only = arguments.action, arguments.register == BREACHES
    fits = only or not (action or arguments.form is not None)
    fits = fits and (arguments.number is not None) == (action in (EDIT, REMOVE))
    fits = fits and (action is None or arguments.form is None)
    fits = fits and (arguments.file is None or action in (ADD, EDIT))
    fits = fits and (action is None or not (arguments.to or arguments.format))
    if not fits:
        raise failures.bad_input(
            "Usage",
            _("Say: ongemerkt register processing, requests or breaches; or breaches add, list, edit N or remove N."),
        )


def _breaches(context: Context, arguments: argparse.Namespace, kind: str) -> int:
    from cli.breaching import present
    from vault.errors import BreachUnknown
    from vault.service import papers

    with context.open_vault() as vault:
        facts, found = vault.facts(), vault.breaches()
    now, practice = present(context), paperwork.practice(arguments)
    if arguments.form is None:
        document = papers.breaches(facts, practice, found, now, context.lang)
    else:
        number = arguments.form or max((each.number for each in found), default=0)
        found = tuple(each for each in found if each.number == number)
        if not found:
            raise BreachUnknown
        document = papers.form(facts, practice, found[0], now, context.lang)
    content: dict[str, Any] = {"breaches": [papers.breach_document(each, now.minute) for each in found]}
    return paperwork.hand_over(context, arguments, kind, document, content)
