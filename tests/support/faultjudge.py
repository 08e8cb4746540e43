"""Judging what a fault left of a vault: old or new, whole, and every acknowledged change in it."""

from pathlib import Path
from typing import NamedTuple

from tests.support.faultbench import (
    AFTERWARDS,
    DAY,
    KEEP,
    LATER,
    PASSPHRASE,
    Bench,
    Broken,
    Operation,
    Seen,
    copy_tree,
    demand,
    paths_in,
    seen_in,
)
from tests.support.faultdeeds import Init
from vault import errors, files
from vault.formats import anchorfile
from vault.service import create_vault

DATA_FILES = {"header", "vault.db", "lock"}
ANCHOR_FILES = {"anchor", "CACHEDIR.TAG", ".nobackup"}
INBOX = "inbox"
"""The jots, and beside the anchor the copy of their key: faultinbox.py judges both."""


def look(bench: Bench, folder: Path, passphrases: tuple[str, ...] = (PASSPHRASE,)) -> Seen | None:
    """The vault in `folder`, opened with whichever passphrase opens it; None when there is none.

    Opening must leave nothing behind that a change leaves while it is at it.
    """
    found: list[Seen] = []
    for passphrase in passphrases:
        try:
            with bench.open(folder, passphrase) as vault:
                found.append(seen_in(vault, passphrase))
                _tidy(folder)
        except errors.NoVault:
            return None
        except errors.WrongSecret:
            continue
    demand(len(found) == 1, f"{len(found)} passphrases open the vault instead of one")
    return found[0]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def one_anchor(folder: Path) -> Path:
    """The only file of the anchor that may exist when nothing is going on."""
    homes = list((folder / "anchors").iterdir())
    demand(len(homes) == 1, f"{len(homes)} anchor folders")
    # what replaces the copy of the inbox key; on a disk that failed it goes at the next unlock
    names = _names(homes[0]) - {INBOX, INBOX + ".next"}
    demand(names == ANCHOR_FILES, f"beside the anchor: {names ^ ANCHOR_FILES}")
    return homes[0] / "anchor"


def _tidy(folder: Path) -> None:
    data = folder / "data"
    names = _names(data) - {INBOX}
    demand(names == DATA_FILES, f"beside the vault: {names ^ DATA_FILES}")
    anchor = one_anchor(folder)
    demand(INBOX + ".next" not in _names(anchor.parent), "half a copy of the inbox key is left")
    demand((data / "header").stat().st_size == 4096, "size of the header")
    demand(anchor.stat().st_size == anchorfile.FILE_BYTES, "size of the anchor")
    for path in (data, anchor.parent, anchor, *(data / name for name in DATA_FILES)):
        status = path.stat()
        demand(status.st_mtime == files.EPOCH_TIME, f"the time of {path.name} tells something")
        demand(status.st_mode & 0o077 == 0, f"others can read {path.name}")


class Verdict(NamedTuple):
    """What a run claims: whether the change was acknowledged (None: unclear), whether a clean end of it was seen,
    whether LATER was added after it, and the spare note shredded after that."""

    happened: bool | None
    finished: bool = True
    added: bool = False
    shredded: bool = False
    nothing: bool = False
    """Not even the remains of a vault may be there."""


def judge(bench: Bench, operation: Operation, folder: Path, verdict: Verdict, *, quick: bool = False) -> None:
    """Raises Broken unless what is in `folder` is the old or the new state, whole, and keeps the claims.

    Tries an older copy and goes on working with the vault, unless `quick`.
    """
    if verdict.nothing:
        left = {path.name for path in folder.rglob("*")}
        demand(left <= {"data", "anchors", "lock"}, f"left behind: {left}")
    claimed = verdict.happened if operation.decided is None else operation.decided
    if verdict.happened and verdict.finished:
        # before anything opens the vault and tidies up
        anchor = one_anchor(folder)
        if operation.destroys and claimed:
            _no_old_anchor(bench, anchor.parent)
    found = look(bench, folder, operation.passphrases)
    if isinstance(operation, Init):
        _judge_init(bench, folder, found, verdict)
        return
    demand(found is not None, "there is no vault any more")
    assert found is not None
    assert bench.old is not None
    demand((folder / "data" / "vault.db").stat().st_size in bench.sizes, "the database has another size")
    found = _without_later(bench, found, verdict)
    new = operation.is_new(bench, bench.old, found)
    demand(new or found == bench.old, f"neither the old state nor the new one: {_difference(bench.old, found)}")
    demand(claimed is None or new == claimed, "claimed and done differ")
    if new and operation.destroys:
        _no_old_anchor(bench, one_anchor(folder).parent)
    operation.aftermath(bench, folder, found.passphrase, new)
    if quick:
        return
    if new and operation.destroys:
        _old_copy_is_dead(bench, folder)
    _works(bench, folder, found.passphrase, bench.code)


def _difference(old: Seen, found: Seen) -> str:
    gone, come = old.notes - found.notes, found.notes - old.notes
    return f"{len(gone)} notes gone, {len(come)} come, draft {found.draft is not None}, keep {found.keep}"


def _without_later(bench: Bench, found: Seen, verdict: Verdict) -> Seen:
    assert bench.old is not None
    later = [note for note in found.notes if note[1] == LATER]
    demand(len(later) == verdict.added, "a note acknowledged after the fault is not there")
    spare = {note for note in bench.old.notes if note[0] == bench.handle["spare"]}
    demand(spare.isdisjoint(found.notes) == verdict.shredded, "a note shredded after the fault is there")
    if "spare" in bench.ids:
        tomb = (bench.ids["spare"], 0, True)
        demand((tomb in found.tombs) == verdict.shredded, "a note shredded after the fault has left no tomb")
        found = found._replace(tombs=found.tombs - {tomb})
    return found._replace(notes=found.notes.difference(later) | spare)


def _no_old_anchor(bench: Bench, home: Path) -> None:
    for path in home.iterdir():
        data = path.read_bytes()
        for old in bench.old_anchors:
            demand(old[:16] not in data and old[16:] not in data, f"the old anchor is kept in {path.name}")


def _old_copy_is_dead(bench: Bench, folder: Path) -> None:
    """Whoever has a copy of the data folder of before, and knows every secret, must get nothing."""
    bench.attack.mkdir(exist_ok=True)
    copy_tree(bench.pristine / "data", bench.attack / "data")
    copy_tree(folder / "anchors", bench.attack / "anchors")
    bench.turn += 1
    try:
        bench.open(bench.attack, (bench.secret, bench.code)[bench.turn % 2]).close()
    except errors.AnchorMismatch:
        return
    raise Broken("an older copy of the vault opens")


def _works(bench: Bench, folder: Path, passphrase: str, code: str) -> None:
    with bench.open(folder, passphrase) as vault:
        before = seen_in(vault)
        vault.add(AFTERWARDS)
    with bench.open(folder, code) as vault:
        after = seen_in(vault)
    demand([text for _, text, _ in after.notes - before.notes] == [AFTERWARDS], "a note added afterwards is not there")
    demand(before.notes < after.notes and before._replace(notes=after.notes) == after, "adding a note changed others")


def _judge_init(bench: Bench, folder: Path, found: Seen | None, verdict: Verdict) -> None:
    code = bench.code
    if found is None:
        demand(not verdict.happened, "the vault that was acknowledged is not there")
        vault, code = create_vault(paths_in(folder), PASSPHRASE, keep=KEEP, clock=lambda: DAY)
        vault.close()
        found = look(bench, folder)
        verdict = Verdict(True)
    assert found is not None
    wanted = {LATER} if verdict.added else set()
    demand({text for _, text, _ in found.notes} == wanted, "the new vault does not hold what it should")
    if verdict.happened:
        _works(bench, folder, PASSPHRASE, code)
    else:
        bench.open(folder).close()
