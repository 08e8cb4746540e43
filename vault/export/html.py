"""The page (docs/spec/export.md section 4): one file that opens off-line in a browser when the code is typed."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from vault import errors, words
from vault.export import container, document
from vault.export.note import Note
from vault.formats.reader import FormatError

_PARTS = Path(__file__).parent / "page"
_TITLES = {"nl": "Bestand op slot", "en": "Locked file"}
"""The title while it is locked and while it is open: it ends up in window lists and histories."""


@cache
def frame(lang: str) -> tuple[bytes, bytes]:
    """What stands before and after the container in every page of a language."""
    page, style, script = ((_PARTS / name).read_text("utf-8") for name in ("page.html", "style.css", "script.js"))
    parts = {
        "LANG": lang,
        "TITLE": _TITLES[lang],
        "POLICY": _policy(style, script),
        "STYLE": style,
        "WORDS": " ".join(words.load(lang)),
        "SCRIPT": script,
    }
    for name, part in parts.items():
        page = page.replace(f"@@{name}@@", part)
    before, after = page.split("@@BOX@@")
    return before.encode(), after.encode()


def _policy(style: str, script: str) -> str:
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; "
        "img-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def write(notes: Sequence[Note], lang: str, code: str, draw: Callable[[int], bytes]) -> bytes:
    """The html export. Raises ExportTooLarge."""
    before, after = frame(lang)
    return before + base64.b64encode(container.seal(document.encode(notes, lang), code, draw)) + after


def verify(data: bytes, notes: Sequence[Note], code: str) -> None:
    """Raises ExportNotVerified unless `data` is our page, whole, around these notes under this code."""
    for lang in words.LANGUAGES:
        before, after = frame(lang)
        if data.startswith(before) and data.endswith(after):
            try:
                box = base64.b64decode(data[len(before) : -len(after)], validate=True)
                found = document.decode(container.unseal(box, code))
            except (ValueError, FormatError, errors.WrongSecret, errors.ParametersRefused):
                raise errors.ExportNotVerified from None
            if found == (lang, list(notes)):
                return
    raise errors.ExportNotVerified
