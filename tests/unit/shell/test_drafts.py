"""A draft never takes the place of another one."""

from cli.shell.drafts import Draft
from vault.service import Vault


def test_a_waiting_draft_is_joined_not_replaced(vault: Vault) -> None:
    vault.seal_draft("Gisteren.")
    draft = Draft(vault)
    draft.seal("Vandaag.")
    draft.seal("Vandaag.")
    assert vault.draft() == ("Gisteren.\n\nVandaag.", "")


def test_the_draft_that_was_opened_is_replaced(vault: Vault) -> None:
    handle = vault.add("Noot.").handle
    vault.seal_draft("Gisteren.", handle)
    Draft(vault, handle, taken=True).seal("Gisteren en vandaag.")
    assert vault.draft() == ("Gisteren en vandaag.", handle)


def test_the_draft_of_a_note_that_is_gone_becomes_a_new_one(vault: Vault) -> None:
    handle = vault.add("Noot.").handle
    draft = Draft(vault, handle)
    vault.shred([handle])
    draft.seal("Nog niet af.")
    assert vault.draft() == ("Nog niet af.", "")


def test_only_a_draft_that_was_opened_is_dropped(vault: Vault) -> None:
    vault.seal_draft("Van een ander venster.")
    Draft(vault).drop()
    assert vault.draft() is not None
    Draft(vault, taken=True).drop()
    assert vault.draft() is None
