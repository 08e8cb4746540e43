"""A paper as PDF/UA, typeset by typst (the extra `pdf`). What it says goes in as data, never as markup."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from vault.export.pdf import lines, names_of_unshown, typeset
from vault.papers.model import Block, Document, Points, Rows, cleaned


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "paper.typ").read_bytes()


def write(document: Document) -> bytes:
    """The paper. The same document gives the same bytes. Raises ExportNeeds, ExportFailed."""
    document = cleaned(document)
    names = names_of_unshown(_texts(_data(document)))
    return typeset(_template(), _translated(_data(document), names))


def _data(document: Document) -> dict[str, Any]:
    return {
        "lang": document.lang,
        "title": " ".join(document.title.split()),
        "lead": lines(document.lead),
        "fill": document.fill,
        "page": document.page,
        "sections": [
            {"heading": " ".join(section.heading.split()), "blocks": list(map(_block, section.blocks))}
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "text", "lines": lines(block)}
    if isinstance(block, Points):
        return {"kind": "points", "items": [lines(item) for item in block.items]}
    if isinstance(block, Rows):
        rows = [{"name": name, "lines": lines(value) if value.strip() else []} for name, value in block.rows]
        return {"kind": "rows", "rows": rows}
    return {"kind": "table", "heads": list(block.heads), "rows": [list(row) for row in block.rows]}


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    else:
        for value in data:
            yield from _texts(value)


def _translated(data: Any, names: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(names)
    if isinstance(data, dict):
        return {key: _translated(value, names) for key, value in data.items()}
    return [_translated(value, names) for value in data]
