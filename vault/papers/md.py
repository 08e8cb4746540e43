"""A paper as Markdown (CommonMark): every sign of a text means itself (docs/adr/0029). Pure."""

import re
from collections.abc import Iterator

from vault.papers.model import Block, Document, Points, Rows, Table, cleaned

_LINE = "…" * 16
_SIGNS = re.compile(r"[\\`*_\[\]<>&~|$#]")
_ENDS_NUMBER = re.compile(r"(?m)^(\d{1,9})([.)])")
_STARTS = re.compile(r"(?m)^[-+=:]")
_LINKS = re.compile(r"(?i)(?<=[a-z])(://)|(?<=www)(\.)")
_INDENT = re.compile(r"(?m)^ +| +$")


def write(document: Document) -> bytes:
    """The paper. The same document gives the same bytes."""
    document = cleaned(document)
    parts = [f"# {_inline(document.title)}", _paragraph(document.lead)]
    for section in document.sections:
        parts.append(f"## {_inline(section.heading)}")
        parts += ["\n".join(_block(block, document.fill)) for block in section.blocks]
    return ("\n\n".join(parts) + "\n").encode()


def _block(block: Block, fill: str) -> Iterator[str]:
    if isinstance(block, str):
        yield _paragraph(block)
    elif isinstance(block, Points):
        for item in block.items:
            yield f"- {_lines(item)}"
    elif isinstance(block, Rows):
        for name, value in block.rows:
            yield f"* **{_inline(name)}:** {_lines(value) if value.strip() else f'{_LINE} ({_inline(fill)})'}"
    elif isinstance(block, Table):
        yield _table_row(block.heads)
        yield _table_row(("---",) * len(block.heads), escaped=False)
        for row in block.rows:
            yield _table_row(row)


def _table_row(cells: tuple[str, ...], *, escaped: bool = True) -> str:
    return "| " + " | ".join(_inline(cell) if escaped else cell for cell in cells) + " |"


def _paragraph(text: str) -> str:
    return _broken(_escaped(text), "")


def _lines(text: str) -> str:
    """A text of several lines inside a list: each further one below the first."""
    return _broken(_escaped(text), "  ")


def _broken(text: str, indent: str) -> str:
    # a backslash at the end of a line breaks it there, in an empty one too
    return f"\\\n{indent}".join(text.split("\n"))


def _inline(text: str) -> str:
    """Behind something else on its line, where a list or a heading can't begin."""
    return _signs_escaped(" ".join(text.split()))


def _signs_escaped(text: str) -> str:
    return _LINKS.sub(r"\\\g<0>", _SIGNS.sub(r"\\\g<0>", text))


def _escaped(text: str) -> str:
    text = _STARTS.sub(r"\\\g<0>", _ENDS_NUMBER.sub(r"\1\\\2", _signs_escaped(text)))
    # blanks at the start of a line would make it code, and at its end a break
    return _INDENT.sub(lambda found: "\u00a0" * len(found[0]), text)
