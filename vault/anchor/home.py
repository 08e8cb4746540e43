"""The anchor of one vault, whichever backend keeps it: finding out which, and moving it (spec section 6.4)."""

from vault import errors
from vault.anchor import BACKENDS
from vault.anchor.contract import Backend
from vault.anchor.file import FileAnchor
from vault.formats.anchorfile import Anchor


class AnchorHome:
    """See contract.AnchorPlace. More than one backend keeps something only in the middle of a move."""

    def __init__(self, folder: str, tpm: str) -> None:
        """Works in the vault's anchor folder; `tpm` is where the TPM is, which is used only if it keeps the anchor.

        Without a TPM ("") only a file may keep it, and what lies there for a TPM is none of this vault's.
        """
        self._all = {kind: make(folder, tpm) for kind, make in BACKENDS.items() if tpm or kind == FileAnchor.kind}
        self._now: Backend = next(iter(self._all.values()))
        self._next: Backend | None = None
        self._goal = ""

    @property
    def kind(self) -> str:
        """The name of the backend that keeps the anchor in force."""
        return self._now.kind

    def aim(self, kind: str) -> None:
        """The next epoch's anchor is made by this backend; "" for the one that keeps the present one."""
        self._goal = kind

    def kinds(self) -> list[str]:
        """Which backends keep something. Raises StorageFailed."""
        return [kind for kind, each in self._all.items() if each.is_there()]

    def find(self, epoch: bytes) -> Anchor:
        """See contract.AnchorPlace."""
        problem: errors.VaultDamaged = errors.AnchorMissing()
        for each in self._all.values():
            try:
                anchor = each.find(epoch)
            except errors.AnchorMissing:
                continue
            except errors.AnchorMismatch as error:
                problem = problem if isinstance(problem, errors.AnchorDamaged) else error
            except errors.AnchorDamaged as error:
                problem = error
            else:
                self._now = each
                return anchor
        raise problem

    def settle(self) -> None:
        """See contract.AnchorPlace."""
        self._now.settle()
        for each in self._others():
            each.destroy()

    def settle_on_unlocking(self) -> None:
        """The same; what was moved out of a TPM that can't be reached is wiped without it. Raises StorageFailed."""
        self._now.settle()
        for each in self._others():
            try:
                each.destroy()
            except errors.TpmUnreachable:
                # it may be gone for good, and that must keep nobody out
                each.wipe()

    def _others(self) -> list[Backend]:
        return [each for each in self._all.values() if each is not self._now and each.is_there()]

    def prepare(self, anchor: Anchor, head: bytes) -> None:
        """See contract.AnchorPlace."""
        self._next = None
        self.settle()
        # remembered before anything is made, so that `abandon` takes back what was made by half
        self._next = self._all[self._goal] if self._goal else self._now
        self._next.prepare(anchor, head)

    def abandon(self) -> None:
        """See contract.AnchorPlace."""
        begun, self._next = self._next, None
        if begun is None or begun is self._now:
            self._now.abandon()
        else:
            begun.destroy()

    def advance(self) -> None:
        """See contract.AnchorPlace."""
        # first of all: whatever fails below, the next anchor is the one in force
        self._now, self._next = self._next or self._now, None
        self._now.advance()
        for each in self._others():
            each.destroy()

    def witness(self, before: bytes, after: bytes) -> None:
        """See contract.AnchorPlace."""
        self._now.witness(before, after)

    def confirm(self, after: bytes) -> None:
        """See contract.AnchorPlace."""
        self._now.confirm(after)

    def still(self) -> None:
        """See contract.AnchorPlace."""
        self._now.still()

    def is_newest(self, head: bytes) -> bool:
        """See contract.AnchorPlace."""
        return self._now.is_newest(head)
