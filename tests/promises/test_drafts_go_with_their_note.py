"""What was being written to a note is destroyed with the note (lesson 18: every way of erasing erases the same things).

Seen to fail with `_with_drafts` returning the notes alone: the draft came back as a new note's text.
"""

from datetime import timedelta
from pathlib import Path

from tests.support.playing import DAY, PASSPHRASE, new_vault, reopened
from vault.months import Period
from vault.service import Paths, open_vault

MONTH = timedelta(days=30)


def test_a_shredded_note_takes_its_draft_along(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        handle = vault.add("de notitie").handle
        vault.seal_draft("de notitie, verder geschreven", handle)
        vault.shred([handle])
        assert vault.draft() is None
        assert not vault.status().draft


def test_an_expired_note_takes_its_draft_along(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        handle = vault.add("de notitie", Period(2, "m")).handle
    with reopened(tmp_path, lambda: DAY + MONTH) as vault:
        vault.seal_draft("de notitie, verder geschreven", handle)
    with reopened(tmp_path, lambda: DAY + timedelta(days=65)) as vault:
        assert vault.expired_at_open == 1
        assert vault.draft() is None


def test_another_notes_draft_and_a_new_ones_stay(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        gone, kept = vault.add("de ene").handle, vault.add("de andere").handle
        vault.seal_draft("de andere, verder", kept)
        vault.shred([gone])
        assert vault.draft() == ("de andere, verder", kept)


def test_a_dry_run_of_expiry_hides_what_is_due_and_destroys_nothing(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        vault.add("de notitie", Period(2, "m"))
        paths = Paths(*vault._paths)
    with open_vault(paths, PASSPHRASE, clock=lambda: DAY + timedelta(days=65), destroy_due=False) as vault:
        assert vault.due() == 1
        assert vault.notes() == []
    with reopened(tmp_path, lambda: DAY) as vault:
        assert len(vault.notes()) == 1
