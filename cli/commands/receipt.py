"""`ongemerkt receipt`: checks a receipt of destruction, without a vault; or makes one again that is not out yet."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.receipt import Receipt
    from vault.service.rights import ReceiptState

USAGE = N_("verify FILE [--page FILE] | again FILE | list")
VERIFY, AGAIN, LIST = "verify", "again", "list"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which file."""
    parser.add_argument(
        "action",
        choices=(VERIFY, AGAIN, LIST),
        help=_(
            "verify: check a receipt, no vault needed; again: make one that could not be written, or write one anew"
            " once every place has confirmed; list: show the receipts that wait"
        ),
    )
    parser.add_argument("file", metavar=_("FILE"), nargs="?", help=_("the file of the receipt"))
    parser.add_argument("--page", metavar=_("FILE"), help=_("write what it says to this new file, .txt or .pdf"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    if (arguments.file is None) != (arguments.action == LIST):
        raise failures.bad_input("Usage", _("Say: ongemerkt receipt {usage}").format(usage=_(USAGE)))
    if arguments.action == LIST:
        return _list(context)
    if arguments.page is not None:
        from cli.papers import check_kind

        check_kind(arguments.page)
    if arguments.action == AGAIN:
        return _again(context, arguments)
    from cli.reading import file_bytes
    from vault import receipt

    return _told(context, arguments.page, receipt.verify(file_bytes(arguments.file)))


def _list(context: Context) -> int:
    from vault import receipt

    with context.open_vault(quiet=True) as vault:
        found = vault.receipts()
    if context.json:
        rows = [each._asdict() | {"month": receipt.month_text(each.month)} for each in found]
        output.document({"receipts": rows})
        return failures.DONE
    for each in found:
        output.answer(f"{words.month(each.month)}  {words.notes(each.notes)}  {_state(each)}")
    if not found:
        output.tell(_("No receipt waits for anything."))
    return failures.DONE


def _state(each: ReceiptState) -> str:
    from cli.papers import places

    if not each.out:
        return _("not out yet: ongemerkt receipt again FILE")
    if each.complete:
        return _("complete: write it anew with ongemerkt receipt again FILE")
    if each.can_complete:
        return _("waits for: {places}").format(places=places(each.waiting))
    return _("never complete: {places} can't confirm any more").format(places=places(each.waiting))


def _again(context: Context, arguments: argparse.Namespace) -> int:
    from vault import receipt

    with context.open_vault() as vault:
        done = vault.write_waiting_receipt(arguments.file)
    output.tell(_("The receipt is in {name}.").format(name=arguments.file))
    return _told(context, arguments.page, receipt.verify(done.receipt))


def _told(context: Context, page: str | None, found: Receipt) -> int:
    from cli import papers
    from cli.copies import write_new
    from vault import receipt
    from vault.service import receipt_mark

    mark = receipt_mark(found.key, context.lang)
    paper = papers.receipt_page(found, mark)
    if page is not None:
        write_new(page, papers.rendered(paper, page, context.lang))
    if context.json:
        output.document(
            {
                "valid": True,
                "notes": found.notes,
                "month": receipt.month_text(found.month),
                "asked": found.asked,
                "confirmed": dict(found.confirmed),
                "waiting": dict(found.waiting),
                "mark": " ".join(mark),
                "key": found.key.hex(),
            }
        )
    else:
        output.prose(papers.text(paper).rstrip("\n"))
    output.tell(_("The receipt is whole and its signature fits."))
    return failures.DONE
