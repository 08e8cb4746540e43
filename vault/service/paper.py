"""The part of an open vault that makes and leaves the recovery paper (docs/spec/sync-protocol.md section 11)."""

from os import urandom

from vault import errors, sodium
from vault.crypto import wire
from vault.formats import synchead
from vault.formats.enrolled import ACTIVE, PAPER, USED
from vault.service.change import commit, new_epoch
from vault.service.session import Adding
from vault.service.syncing import NewDevice, Syncing


class ByPaper(Syncing):
    """The server as a place, by choice. Base of vault.service.vault.Vault."""

    def new_paper(self) -> NewDevice:
        """Draws what the recovery device shall be let in with. Nothing is written. Raises NotEnrolled, PaperExists."""
        if self._paper_id():
            raise errors.PaperExists
        secret = urandom(16)
        seed, receive = wire.paper_keys(secret)
        adding = Adding(sodium.signing_key(seed)[0], sodium.public_of(receive), PAPER)
        return NewDevice(secret, adding, seed, receive)

    def paper(self) -> bytes:
        """The id of the recovery device, to be taken out. Raises NotEnrolled, PaperMissing."""
        found = self._paper_id()
        if not found:
            raise errors.PaperMissing
        return found

    @property
    def came_by_paper(self) -> bool:
        """Whether this device's keys still are those on the recovery paper, which must not stay so."""
        enrolled = self._state.settings.enrolled
        if enrolled is None:
            return False
        return any(each.index == enrolled.index and each.name == USED for each in enrolled.devices)

    def never_came(self) -> list[bytes]:
        """Ids of devices that this one let in to go on as, before it was broken off: nobody has their keys any more.

        Raises NotEnrolled.
        """
        mirror = self._mirror(self._enrolled)
        if mirror is None or not self.came_by_paper:
            return []
        own = synchead.device_id(sodium.signing_key(self._enrolled.signing)[0])
        left = [each for each in mirror.devices if each.awaited and each.version == 0 and each.adder == own]
        return [synchead.device_id(each.key) for each in left]

    def take_keys(self, new: NewDevice) -> bytes:
        """This device goes on as the one that it let in itself; the id of the one that it was, to be taken out.

        Raises NotEnrolled, DeviceUnknown, StorageFailed.
        """
        enrolled, state = self._enrolled, self._state
        listed = next((each for each in enrolled.devices if each.key == new.adding.signing_key), None)
        if listed is None:
            raise errors.DeviceUnknown
        old = synchead.device_id(sodium.signing_key(enrolled.signing)[0])
        fresh = enrolled._replace(
            index=listed.index, signing=new.seed, receive=new.receive, next_receive=bytes(32), prepared=0, written=0
        )
        commit(state, settings=state.settings._replace(enrolled=fresh), epoch=new_epoch(state))
        return old

    def used_paper(self) -> bytes:
        """The id of a device that came by the recovery paper and took other keys since; empty if there is none."""
        enrolled = self._enrolled
        found = [each for each in enrolled.devices if each.state == ACTIVE and each.name == USED]
        return synchead.device_id(found[0].key) if found and found[0].index != enrolled.index else b""
