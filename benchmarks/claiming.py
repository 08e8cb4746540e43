"""A client asks for everything: 300 notes among 10,000 found by the slip, copied, destroyed, with a receipt.

The key derivation of the claim code is not counted. Baseline: opening all 10,000 notes once, as finding does.
"""

from collections.abc import Callable
from os import urandom
from pathlib import Path

from benchmarks.result import Bar, Result
from benchmarks.scratch import SEED, Scratch
from benchmarks.timing import alternate, milliseconds
from tests.support.notes import generate
from vault.crypto import claim as claims
from vault.service import Vault
from vault.service.exporting import export_code, export_copy

NOTES, OF_CLIENT = 10_000, 300
ROUNDS = 5
FORMATS = ("json", "html", "pdf")


def measure(scratch: Scratch) -> list[Result]:
    """One result for finding, and one for all of it in each of three formats."""
    results = []
    for kind in ("", *FORMATS):
        found, base = [], []
        for _round in range(ROUNDS if kind else 1):
            one, other = _measured(scratch, kind)
            found += one
            base += other
        what = f"claim: found, {kind} copy, shred, receipt" if kind else "claim: found"
        results.append(Result(what, f"{OF_CLIENT} of {NOTES:,}", "ms", found, base, Bar(3000)))
    return results


def _measured(scratch: Scratch, kind: str) -> tuple[list[float], list[float]]:
    home = scratch.copy(scratch.vault(NOTES - OF_CLIENT))
    with home.open() as vault:
        code = vault.open_engagement("beech")
        vault.add_many(generate(SEED + 5, OF_CLIENT, least=1400, most=1600), engagement="beech")
        claim = claims.derive(code, vault._state.vault_id)
        work = _handing_over(vault, claim, kind, scratch.new_folder()) if kind else lambda: vault.notes_of("", claim)
        rounds = 1 if kind else ROUNDS
        return alternate(lambda: milliseconds(work), lambda: milliseconds(vault.notes), rounds, warm_up=0)


def _handing_over(vault: Vault, claim: claims.Claim, kind: str, folder: Path) -> Callable[[], object]:
    folder.mkdir()
    copy = export_copy(kind, str(folder / f"copy.{kind}"), lang="nl", code=export_code(kind, "nl"), kept=False)

    def work() -> object:
        handles = [note.handle for note in vault.notes_of("", claim)]
        assert len(handles) == OF_CLIENT
        receipt = folder / f"receipt-{urandom(4).hex()}.json"
        return vault.shred_for_client(handles, claimed=True, copy=copy, receipt_to=str(receipt))

    return work
