"""Sealing a note into the inbox without unlocking (docs/spec/places.md section 10).

Works while the vault is locked, and while another process has it open: of the vault only the header is read.
"""

import os
from os import urandom

from vault import errors, files, limits
from vault.crypto import aead
from vault.crypto.inbox import seal_jot
from vault.formats import jot as jot_format
from vault.service import entering, inboxfolder
from vault.service.inboxfolder import InboxLock
from vault.service.paths import Paths, exists

_TARGETS = ("", jot_format.NEXT)


def check(paths: Paths) -> None:
    """Whether there is a vault, and an inbox key that this computer knows, before anybody types anything.

    Raises NoVault, InboxUnknown, InboxSwapped, HeaderDamaged, VersionUnknown, StorageFailed.
    """
    if not exists(paths):
        raise errors.NoVault
    _keys(paths)


def jot(paths: Paths, text: str) -> int:
    """Seals `text` as a jot, durably. How many wait now.

    Raises NoVault, NoteEmpty, NoteTooLong, NoteNotText, JotsTooMany, InboxUnknown, InboxSwapped (nothing was sealed),
    InboxBusy, InboxStrange, HeaderDamaged, VersionUnknown, StorageFailed.
    """
    if not exists(paths):
        raise errors.NoVault
    plaintext = jot_format.encode(_checked(text))
    try:
        with InboxLock(paths):
            found = inboxfolder.names(paths)
            inboxfolder.clear_unfinished(paths, found)
            waiting = inboxfolder.check_room(paths, found, len(plaintext) + jot_format.AROUND)
            _write(paths, _sealed(paths, plaintext))
            return waiting + 1
    finally:
        paths.still()


def _checked(text: str) -> bytes:
    if not text.strip():
        raise errors.NoteEmpty
    data = _utf8(text)
    if data is None:
        raise errors.NoteNotText
    if len(data) > limits.JOT_BYTES:
        raise errors.NoteTooLong
    return data


def _utf8(text: str) -> bytes | None:
    # a function of its own, since Python's error would hold the text
    if "\0" in text:
        return None
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def _sealed(paths: Paths, plaintext: bytes) -> list[bytes]:
    try:
        return [seal_jot(key, vault_id, plaintext) for vault_id, key in _keys(paths)]
    except aead.BoxRefused:
        # a key that is none stands in the header and in the copy
        raise errors.InboxSwapped from None


def _keys(paths: Paths) -> list[tuple[bytes, bytes]]:
    """The vault's id and the inbox key, of every header that may be in force: one, or two after an interrupted taking
    in. Raises InboxUnknown, InboxSwapped."""
    for attempt in range(2):
        # twice, since somebody who unlocks may put the next header in the place of the first between two looks
        found = entering.candidates(paths) + entering.candidates(paths)
        keys = list(dict.fromkeys((each.header.vault_id, each.header.inbox) for each in found))
        strange = [key for vault_id, key in keys if key not in _known(paths, vault_id)]
        if not strange and len(keys) <= len(_TARGETS):
            return keys
        if attempt:
            break
    raise errors.InboxSwapped


def _known(paths: Paths, vault_id: bytes) -> list[bytes]:
    known = inboxfolder.known_keys(paths, vault_id)
    if not known:
        raise errors.InboxUnknown
    return known


def _write(paths: Paths, sealed: list[bytes]) -> None:
    """All of them or none: what the first of `sealed` holds under a fresh name, the second for a key to come."""
    folder, name = paths.inbox(), urandom(jot_format.NAME_DIGITS // 2).hex()
    written: list[str] = []
    try:
        # the name itself comes last: from then on it is a jot
        for data, ending in reversed(list(zip(sealed, _TARGETS, strict=False))):
            path = os.path.join(folder, name)
            # before they are there: a failing disk may do what it says it did not
            written += [path + jot_format.NEW, path + ending]
            files.write_new(path + jot_format.NEW, data)
            files.rename(path + jot_format.NEW, path + ending)
        files.sync_folder(folder)
    except BaseException:
        _withdraw(written)
        raise
    finally:
        files.still_itself(*written, folder)


def _withdraw(written: list[str]) -> None:
    for path in reversed(written):
        try:
            files.remove(path)
        except errors.StorageFailed:
            # sealed, and not acknowledged: at the worst a note that comes twice, since the coach tries again
            continue
