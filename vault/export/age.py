"""The age export (docs/spec/export.md section 5): the Markdown, sealed so that any age program opens it."""

from collections.abc import Callable, Sequence

from vault import errors
from vault.export import md
from vault.export.note import Note


def write(notes: Sequence[Note], lang: str, code: str, draw: Callable[[int], bytes]) -> bytes:
    """The age export. Its salt, key and nonce are drawn inside the library; about a second for the key derivation."""
    from pyrage import passphrase

    sealed: bytes = passphrase.encrypt(md.write(notes, lang, code, draw), code)
    return sealed


def verify(data: bytes, notes: Sequence[Note], code: str) -> None:
    """Raises ExportNotVerified unless `data` is an age file of these notes that this code opens."""
    import pyrage

    try:
        opened = pyrage.passphrase.decrypt(data, code)
    except (pyrage.DecryptError, ValueError):
        raise errors.ExportNotVerified from None
    md.verify(opened, notes, code)
