"""`ongemerkt receipt`: checks a receipt of destruction, without a vault; or makes one again that is not out yet."""

from __future__ import annotations

from cli import failures, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.receipt import Receipt

USAGE = N_("verify FILE [--page FILE] | again FILE")
VERIFY, AGAIN = "verify", "again"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which file."""
    parser.add_argument(
        "action",
        choices=(VERIFY, AGAIN),
        help=_("verify: check a receipt, no vault needed; again: make one that could not be written"),
    )
    parser.add_argument("file", metavar=_("FILE"), help=_("the file of the receipt"))
    parser.add_argument("--page", metavar=_("FILE"), help=_("write what it says to this new file, .txt or .pdf"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    if arguments.page is not None:
        from cli.papers import check_kind

        check_kind(arguments.page)
    if arguments.action == AGAIN:
        return _again(context, arguments)
    from cli.reading import file_bytes
    from vault import receipt

    return _told(context, arguments.page, receipt.verify(file_bytes(arguments.file)))


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
