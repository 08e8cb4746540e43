"""A header whose inbox key somebody exchanged (docs/spec/places.md section 10)."""

from vault import errors, files
from vault.formats import header as header_format
from vault.formats.header import header_hash
from vault.service import inboxfolder
from vault.service.entering import Candidate
from vault.service.paths import Paths


def put_right(paths: Paths, wanted: bytes, candidates: list[Candidate]) -> None:
    """If one of these headers, with an inbox key that this computer knows, is the one with the hash `wanted`.

    Then it is put back, durably, and InboxSwapped is raised; else nothing happens. Raises StorageFailed.
    """
    for candidate in candidates:
        for key in inboxfolder.known_keys(paths, candidate.header.vault_id):
            raw = header_format.encode(candidate.header._replace(inbox=key))
            if header_hash(raw) == wanted:
                # under the name of a header to come first, so that a kill leaves a whole one in force
                files.write_new(paths.next_header(), raw)
                files.sync_folder(paths.data)
                files.rename(paths.next_header(), paths.header())
                files.sync_folder(paths.data)
                files.still(paths.header(), paths.data)
                raise errors.InboxSwapped
