"""A client asks for everything of 300 notes among 10,000: found by the claim code, copied as JSON, destroyed, receipt.

The key derivation of the code is left out: it takes 64 MiB and about 0.3 s, whatever the vault holds. Baseline: what
finding cannot do without, one sweep that opens every slot and tries x on every tag, in one thread.
"""

import os

from benchmarks.bare import database_of
from benchmarks.result import Bar, Result
from benchmarks.scratch import SEED, Home, Scratch
from benchmarks.timing import alternate, milliseconds
from tests.support.notes import generate
from vault.crypto import aead, claim
from vault.ledger import living
from vault.service import Vault, export_copy

NOTES, MINE = 10_000, 300
ROUNDS = 7
_FOUND = Bar(1000)
_ALL = Bar(3000)


def measure(scratch: Scratch) -> list[Result]:
    """Finding alone; then everything that the client asks for."""
    made = scratch.copy(scratch.vault(NOTES))
    with made.open() as vault:
        vault.shred(vault.handles()[:MINE])
        code = vault.open_engagement("bench")
        vault.add_many(generate(SEED + 2, MINE), engagement="bench")
        vault.close_engagement("bench")
    return [_finding(made, code), _everything(scratch, made, code)]


def _finding(made: Home, code: bytes) -> Result:
    with made.open() as vault:
        keys = vault.claim(code)

        def ours() -> float:
            took = milliseconds(lambda: vault.notes_of(claim=keys))
            assert len(vault.notes_of(claim=keys)) == MINE
            return took

        samples = alternate(ours, lambda: milliseconds(lambda: _bare(made, vault, keys)), ROUNDS)
    return Result("find by claim code", f"{NOTES:,}", "ms", *samples, _FOUND, f"{MINE} notes are the client's")


def _bare(made: Home, vault: Vault, keys: claim.Claim) -> None:
    state = vault._state
    entries = {slot: entry.key for slot, entry in living(state.ledger)}
    with database_of(made, state.static) as connection:
        for number, box in connection.execute("SELECT n, box FROM slot"):
            if number in entries:
                payload = aead.open_box(entries[number], state.vault_id, aead.SLOT, number, box)
                claim.ordinal_of(payload[1:51], keys)


def _everything(scratch: Scratch, made: Home, code: bytes) -> Result:
    took = []
    for _ in range(ROUNDS):
        home = scratch.copy(made)
        with home.open() as vault:
            keys = vault.claim(code)
            took.append(milliseconds(lambda vault=vault, keys=keys, home=home: _ask(vault, keys, home)))  # type: ignore[misc]
            assert len(vault.handles()) == NOTES - MINE
    note = f"{MINE} notes found, copied as JSON and verified, destroyed, receipt written"
    return Result("export and shred by claim", f"{NOTES:,}", "ms", took, (), _ALL, note)


def _ask(vault: Vault, keys: claim.Claim, home: Home) -> None:
    found = vault.notes_of(claim=keys)
    copy = export_copy("json", os.path.join(home.folder, "copy.json"), lang="nl", code="", kept=False)
    receipt = os.path.join(home.folder, "receipt.json")
    assert vault.shred_for_client([note.handle for note in found], claimed=True, copy=copy, receipt_to=receipt).written
