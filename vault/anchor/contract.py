"""What an anchor backend does (docs/spec/vault.md section 6)."""

from typing import Protocol

from vault.formats.anchorfile import Anchor


class AnchorPlace(Protocol):
    """Keeps the current anchor and, while the epoch changes, the next one beside it."""

    kind: str
    """The backend's name, as `status` shows it."""

    def find(self, epoch: bytes) -> Anchor:
        """The anchor of `epoch`. Changes nothing here.

        Raises AnchorMissing (none here), AnchorMismatch (only others here), AnchorDamaged, StorageFailed; of a TPM
        also AnchorLost, AnchorSpent and TpmUnreachable (a StorageFailed).
        """

    def settle(self) -> None:
        """Destroys every anchor but the one that `find` found; a crash may have left two. Raises StorageFailed."""

    def prepare(self, anchor: Anchor, head: bytes) -> None:
        """Writes the next epoch's anchor durably beside the current one; `head` is the hash of that epoch's first head.

        An `advance` that failed earlier is finished first. Raises StorageFailed.
        """

    def abandon(self) -> None:
        """Destroys the next anchor after a change that did not happen. Raises StorageFailed.

        Nothing is destroyed when that is the anchor in force, because an earlier `advance` failed.
        """

    def advance(self) -> None:
        """Destroys the current anchor for good and puts the next in its place.

        Raises StorageFailed; the next anchor is in force all the same, and the rest is done by whatever comes next.
        """

    def witness(self, before: bytes, after: bytes) -> None:
        """Remembers durably, before the commit, that the head goes from `before` to `after`.

        An `advance` that failed earlier is finished first. Raises StorageFailed.
        """

    def confirm(self, after: bytes) -> None:
        """Remembers that the commit is done. Never raises: the next unlock does it again."""

    def still(self) -> None:
        """Gives every file it keeps the constant time (property P2). Never raises."""

    def is_newest(self, head: bytes) -> bool:
        """Whether no newer head than this is remembered."""


class Backend(AnchorPlace, Protocol):
    """One kind of anchor, which another kind may take the place of (section 6.4)."""

    def is_there(self) -> bool:
        """Whether it keeps anything. Raises StorageFailed."""

    def destroy(self) -> None:
        """Destroys every anchor it keeps, for good, and with it whatever it made outside its folder.

        Raises StorageFailed.
        """

    def wipe(self) -> None:
        """Destroys what it keeps in files, as well as the disk allows, and nothing else. Raises StorageFailed."""
