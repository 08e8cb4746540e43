"""Papers for a client, as text and as PDF: the claim slip and the page of a receipt. They hold no name and no day."""

from __future__ import annotations

import os
import textwrap
from typing import NamedTuple

from cli import failures
from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vault.receipt import Receipt

_WIDTH = 72
_QUIET = 2
"""Light modules around a QR code in text: readers want some."""
KINDS = (".txt", ".pdf")


class Paper(NamedTuple):
    """What stands on it, from top to bottom. `code`: words shown large; `qr`: what its QR code says, or empty."""

    title: str
    lead: str
    code: list[str]
    rows: list[tuple[str, str]]
    points: list[str]
    qr: str = ""


def slip(words: Sequence[str], mark: Sequence[str]) -> Paper:
    """The claim slip."""
    return Paper(
        title=_("CLAIM SLIP"),
        lead=_(
            "Your coach makes notes of your talks. They bear no name and no date. When your talks are over, these eight"
            " words are the only thing that tells which of the notes are yours."
        ),
        code=list(words),
        rows=[(_("Mark of the vault"), " ".join(mark))],
        points=[
            _("With these words you can ask: What do you hold about me? Change it. Give it to me. Destroy it."),
            _("Bring this slip along, or read the words out. That you have them is enough: nobody asks who you are."),
            _("Keep it where you keep your papers. Whoever has the words can ask what you can ask."),
            _("Nobody can make a new slip: your coach does not keep the words. Without them the notes can't be found."),
            _("Your notes go by themselves when their time is up, with or without this slip."),
            _("A receipt of destruction is real if it shows the same mark as this slip."),
        ],
        qr=" ".join(words),
    )


def receipt_page(receipt: Receipt, mark: Sequence[str]) -> Paper:
    """The page that says in plain words what a receipt says."""
    from vault import receipt as receipts

    count = ngettext("{n} note was destroyed for good.", "{n} notes were destroyed for good.", receipt.notes)
    asked = {
        receipts.CLAIM: _("with the client's claim slip"),
        receipts.HAND: _("by the coach, by hand"),
    }[receipt.asked]
    rows = [
        (_("Month"), receipts.month_text(receipt.month)),
        (_("Chosen"), asked),
        (_("Confirmed"), places(receipt.confirmed)),
        (
            _("Not yet confirmed"),
            places(receipt.waiting) if receipt.waiting else _("nowhere: every place has confirmed"),
        ),
        (_("Mark of the vault"), " ".join(mark)),
    ]
    return Paper(
        title=_("RECEIPT OF DESTRUCTION"),
        lead=count.format(n=receipt.notes),
        code=[],
        rows=rows,
        points=[
            _("The keys of these notes were erased from the vault. Without them the notes can't be read any more."),
            _("What was copied out of the vault before, such as a print or an export, is not covered by this."),
            _("Compare the mark with that on your claim slip: the same six words mean that this vault signed."),
            _("The signed form lies beside this page. Anybody can check it with: ongemerkt receipt verify FILE"),
        ],
    )


def places(counted: object) -> str:
    """Kinds of places with how many there are, such as "1 computer, 1 server"."""
    from vault import receipt as receipts

    counts: dict[str, int] = dict(counted)  # type: ignore[call-overload]
    named = {
        receipts.DEVICE: lambda n: ngettext("{n} computer", "{n} computers", n),
        receipts.SERVER: lambda n: ngettext("{n} server", "{n} servers", n),
        receipts.STICK: lambda n: ngettext("{n} recovery stick", "{n} recovery sticks", n),
    }
    return ", ".join(named[kind](count).format(n=count) for kind, count in counts.items())


# -- as text


def text(paper: Paper, *, qr: bool = True) -> str:
    """The paper as text of at most 72 columns, but for the QR code's width."""
    parts = [paper.title, "", *textwrap.wrap(paper.lead, _WIDTH), ""]
    half = (len(paper.code) + 1) // 2
    if paper.code:
        parts += ["    " + "  ".join(paper.code[:half]), "    " + "  ".join(paper.code[half:]), ""]
    width = max(len(name) for name, _value in paper.rows)
    for name, value in paper.rows:
        indent = " " * (width + 2)
        parts += textwrap.wrap(f"{name.ljust(width)}  {value}", _WIDTH, subsequent_indent=indent)
    parts.append("")
    for point in paper.points:
        parts += textwrap.wrap(point, _WIDTH, initial_indent="- ", subsequent_indent="  ")
    if qr and paper.qr:
        parts += ["", *qr_rows(paper.qr)]
    return "\n".join(parts) + "\n"


def qr_rows(content: str, error: str = "m") -> list[str]:
    """The QR code in half blocks, dark on light; `error` is its level of error correction."""
    import segno

    code = segno.make_qr(content, error=error)
    modules = [list(row) for row in code.matrix_iter(border=_QUIET)]
    if len(modules) % 2:
        modules.append([0] * len(modules[0]))
    signs = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    pairs = zip(modules[::2], modules[1::2], strict=True)
    return ["".join(signs[top & 1, bottom & 1] for top, bottom in zip(*pair, strict=True)).rstrip() for pair in pairs]


def page_names(receipt: str | None) -> list[str]:
    """The files for the page beside a receipt: a text, and a PDF if it can be made here. Raises TargetExists."""
    from vault.errors import TargetExists

    if not receipt:
        return []
    stem, kind = os.path.splitext(receipt)
    names = [stem + each for each in (KINDS if has_pdf() else KINDS[:1]) if each != kind.lower()]
    if any(os.path.lexists(name) for name in names):
        raise TargetExists
    return names


def write_pages(document: bytes, names: Sequence[str], lang: str) -> list[str]:
    """Writes the pages of a receipt; those that could be written. They can be had again: receipt verify --page."""
    from cli.copies import write_new
    from vault import receipt
    from vault.errors import VaultError
    from vault.service import receipt_mark

    found = receipt.verify(document)
    paper = receipt_page(found, receipt_mark(found.key, lang))
    written = []
    for name in names:
        try:
            write_new(name, rendered(paper, name, lang))
        except (failures.Refused, VaultError, OSError):
            continue
        written.append(name)
    return written


class NewFile:
    """A new file for a paper, mode 0600, made before what it is about, so that a wrong name does no harm."""

    def __init__(self, path: str) -> None:
        """Makes the empty file. Raises Refused."""
        from cli.copies import write_new

        write_new(path, b"")
        self._path = path

    def write(self, data: bytes) -> None:
        """Fills it, to the disk. Raises OSError."""
        with open(self._path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def discard(self) -> None:
        """Removes it again."""
        os.unlink(self._path)


# -- as PDF


def check_kind(path: str) -> None:
    """Raises Refused unless the name ends in .txt or .pdf."""
    if os.path.splitext(path)[1].lower() not in KINDS:
        raise failures.bad_input(
            "PaperUnknown", _("A paper is a text or a PDF: choose a name that ends in .txt or .pdf.")
        )


def rendered(paper: Paper, path: str, lang: str) -> bytes:
    """The paper in the form that the file's name says. Raises ExportNeeds, ExportFailed."""
    return pdf(paper, lang) if path.lower().endswith(".pdf") else text(paper).encode()


def has_pdf() -> bool:
    """Whether the optional part for PDF is installed."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def pdf(paper: Paper, lang: str) -> bytes:
    """The paper as PDF/UA. Raises ExportNeeds, ExportFailed."""
    import io
    import json
    from pathlib import Path

    from vault import errors

    if not has_pdf():
        raise errors.ExportNeeds("pdf")
    import typst

    picture = ""
    if paper.qr:
        import segno

        out = io.BytesIO()
        segno.make_qr(paper.qr, error="m").save(out, kind="svg", border=2, xmldecl=False, nl=False)
        picture = out.getvalue().decode()
    data = paper._asdict() | {"lang": lang, "picture": picture, "alt": _("The eight words as a QR code")}
    try:
        # data go in as data, never into the template's text
        made = typst.compile(
            (Path(__file__).parent / "paper.typ").read_bytes(),
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"data": json.dumps(data)},
        )
    except typst.TypstError:
        made = None
    if made is None:
        raise errors.ExportFailed
    return bytes(made)
