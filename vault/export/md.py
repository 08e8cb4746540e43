"""The md export (docs/spec/export.md section 6): every text byte for byte, between lines that no note can hold."""

import re
from collections.abc import Callable, Sequence

from vault import errors
from vault.export.note import Note, same
from vault.export.wording import WORDING, Wording

_STARS = re.compile(r"^[^\S\n]*(\*{3,})[^\S\n]*$", re.MULTILINE)


def write(notes: Sequence[Note], lang: str, code: str, draw: Callable[[int], bytes]) -> bytes:  # noqa: ARG001
    """The md export."""
    longest = max((len(stars) for note in notes for stars in _STARS.findall(note.text)), default=2)
    between = f"\n{'*' * (longest + 1)}\n\n"
    words = WORDING[lang]
    return between.join([_head(words, len(notes)), *(note.text + "\n" for note in notes), _tail(words)]).encode()


def _head(words: Wording, count: int) -> str:
    return f"# {words.title}\n\n{words.told(count)}\n"


def _tail(words: Wording) -> str:
    return f"{words.closing}\n"


def decode(data: bytes) -> list[str]:
    """The texts in an md export. Raises ExportNotVerified."""
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise errors.ExportNotVerified from None
    line = _STARS.search(whole)
    pieces = whole.split(f"\n{line[1]}\n\n") if line else []
    if len(pieces) < 2:
        raise errors.ExportNotVerified
    head, *texts, tail = pieces
    if not any((head, tail) == (_head(words, len(texts)), _tail(words)) for words in WORDING.values()):
        raise errors.ExportNotVerified
    return [text[:-1] for text in texts if text.endswith("\n")]


def verify(data: bytes, notes: Sequence[Note], code: str) -> None:  # noqa: ARG001
    """Raises ExportNotVerified unless `data` is an md export of these notes."""
    same(decode(data), notes)
