"""The part of an open vault that keeps recovery sticks (docs/spec/places.md section 3)."""

import os
from os import urandom
from typing import NamedTuple

from vault import errors, files, limits
from vault.formats import header as header_format
from vault.formats import settings as settings_format
from vault.formats.reader import FormatError, UnknownVersion
from vault.formats.safety import NONE, STICK, Place, Safety
from vault.formats.settings import Settings
from vault.service import open_receipts, sticks, versions
from vault.service.callbacks import Progress
from vault.service.change import Part, commit
from vault.service.paths import exists
from vault.service.sticks import Stick
from vault.service.syncing import Syncing


class PlaceStatus(NamedTuple):
    """A place. `name`: its folder, with a number behind it if another place has the same. `reachable`: a stick of this
    vault is there now. `lacks`: it has not the notes that the vault has. `owes`: it may still hold what was destroyed
    since its last refresh."""

    name: str
    folder: str
    reachable: bool
    lacks: bool
    owes: bool


class Places(Syncing):
    """Base of vault.service.vault.Vault."""

    @property
    def _safety(self) -> Safety:
        return self._state.settings.safety

    def places(self) -> list[PlaceStatus]:
        """The places besides this computer and the account's devices, in the order in which they were added."""
        digest = sticks.living_digest(self._state.ledger) if self._safety.places else b""
        return [
            PlaceStatus(name, each.folder, self._is_reachable(each.folder), each.digest != digest, each.owes)
            for name, each in zip(_names(self._safety.places), self._safety.places, strict=True)
        ]

    def _is_reachable(self, folder: str) -> bool:
        try:
            raw = files.read(sticks.stick_paths(folder).header(), limits.HEADER_BYTES)
            return raw is not None and header_format.decode(raw).vault_id == self._state.vault_id
        except (errors.StorageFailed, FormatError, UnknownVersion):
            return False

    # -- adding

    def add_place(self, folder: str, progress: Progress | None = None, *, readme: bytes = b"") -> PlaceStatus:
        """Makes a recovery stick in this folder, or within it (`stick_folder`), and fills it.

        A stick of this vault that is no place of it any more, or not yet, is taken in and refreshed. Raises
        PlacesTooMany, SettingsFull, PlaceFolderRefused, PlaceExists and what `refresh_place` raises: then it is none.
        """
        self.expire()
        folder = self._checked_folder(sticks.stick_folder(folder))
        if exists(sticks.stick_paths(folder)):
            return self._take_in(folder, progress)
        if not sticks.is_ours_or_empty(folder):
            raise errors.PlaceExists
        self._check_room(folder)
        self._begin()
        identity = urandom(16)
        sticks.make_stick(folder, self._state, identity, readme)
        with Stick(folder, self._state) as stick:
            return self._refresh(stick, folder, progress)

    def _checked_folder(self, folder: str) -> str:
        own, anchors = os.path.realpath(self._paths.data), os.path.realpath(self._paths.anchors)
        real = os.path.realpath(folder)
        # a stick within the vault's folder, or one that holds it, is no copy at another place
        inside = any(os.path.commonpath((real, each)) in (real, each) for each in (own, anchors))
        try:
            too_long = len(folder.encode()) > limits.PLACE_FOLDER_BYTES
        except UnicodeEncodeError:
            raise errors.PlaceFolderRefused from None
        if inside or too_long or "\0" in folder:
            raise errors.PlaceFolderRefused
        return folder

    def _check_room(self, folder: str) -> None:
        settings = self._state.settings
        if len(settings.safety.places) >= limits.PLACES:
            raise errors.PlacesTooMany
        fresh = Place(b"\1" * 16, STICK, 0, False, bytes(16), folder)
        if not settings_format.fits(_with_place(settings, fresh)):
            raise errors.SettingsFull

    def _begin(self) -> None:
        """Before the first place: the vault gets a lineage, and every note an id."""
        state = self._state
        parts = [
            Part(slot, state.ledger.entry(slot)._replace(id=versions.new_id()), None)
            for slot in state.ledger.firsts()
            if not state.ledger.ids[slot]
        ]
        safety = self._safety
        if safety.lineage == NONE:
            safety = safety._replace(lineage=urandom(16))
        if parts or safety != self._safety:
            commit(state, parts, settings=state.settings._replace(safety=safety))

    def _take_in(self, folder: str, progress: Progress | None) -> PlaceStatus:
        with Stick(folder, self._state) as stick:
            if self._listed(stick.home.id) is not None:
                raise errors.PlaceExists
            self._check_room(folder)
            self._begin()
            return self._refresh(stick, folder, progress)

    # -- refreshing

    def refresh_place(self, folder: str, progress: Progress | None = None, *, secret: str = "") -> PlaceStatus:
        """Brings the stick in this folder, or within it, to what the vault holds now; what was destroyed since is gone
        from it then. `secret`: an old passphrase or recovery code, for a stick that has no unlock method in common with
        the vault (WrongSecret).

        Raises PlaceMissing, PlaceUnknown, PlaceAhead (the vault is an older copy: nothing is written), PlaceDamaged,
        PlaceNotVerified, PlaceFailed (nothing is confirmed then; the next refresh does it again), VaultBusy.
        """
        from vault.service import refreshing

        self.expire()
        folder = sticks.stick_folder(folder)
        with Stick(folder, self._state, secret) as stick:
            known = self._listed(stick.home.id) is not None
            ancestors = {each.lineage for each in self._safety.ancestors}
            if not known:
                if stick.safety.lineage not in ancestors:
                    raise (
                        errors.PlaceAhead if not refreshing.is_older(stick.safety, self._state) else errors.PlaceUnknown
                    )
                self._check_room(folder)
            return self._refresh(stick, self._checked_folder(folder), progress)

    def _listed(self, identity: bytes) -> Place | None:
        return next((each for each in self._safety.places if each.id == identity), None)

    def _refresh(self, stick: Stick, folder: str, progress: Progress | None) -> PlaceStatus:
        """Steps 2 to 6 of section 3.2."""
        from vault.service import refreshing

        # nothing is confirmed while an anchor is left here that could undo a destruction
        self._state.anchor.settle()
        state, identity, version = self._state, stick.home.id, self._state.head.version
        refreshing.refresh(state, stick, identity, progress)
        place = Place(identity, STICK, version, False, sticks.living_digest(state.ledger), folder)
        settings = _with_place(state.settings, place)
        receipts = open_receipts.stick_confirmed(settings.safety.receipts, identity)
        self._store(settings._replace(safety=settings.safety._replace(receipts=receipts)))
        return self._status_of(identity)

    def _status_of(self, identity: bytes) -> PlaceStatus:
        at = [each.id for each in self._safety.places].index(identity)
        return self.places()[at]

    # -- removing

    def remove_place(self, folder: str) -> None:
        """Destroys everything on the stick in this folder, or within it, and takes it from the places.

        Raises PlaceMissing (see `forget_place`), PlaceUnknown, VaultBusy, PlaceFailed.
        """
        folder = self._checked_folder(sticks.stick_folder(folder))
        identity, opened = self._of_this_vault(folder)
        sticks.destroy_stick(folder, self._state.vault_id)
        self._drop(identity, destroyed=opened)

    def _of_this_vault(self, folder: str) -> tuple[bytes, bool]:
        """The place's id, and whether it was read from the stick itself: one that is damaged is known by its folder."""
        by_folder = next((each.id for each in self._safety.places if each.folder == folder), b"")
        try:
            with Stick(folder, self._state) as stick:
                identity = stick.home.id
        except (errors.PlaceDamaged, errors.WrongSecret, errors.VersionUnknown, errors.ParametersRefused):
            if not by_folder:
                raise errors.PlaceUnknown from None
            return by_folder, False
        if self._listed(identity) is None:
            raise errors.PlaceUnknown
        return identity, True

    def forget_place(self, name: str) -> None:
        """Takes a lost stick from the places, by its name or folder: it holds what it held. Raises PlaceMissing."""
        names = _names(self._safety.places)
        folder = os.path.abspath(name)
        found = [each.id for shown, each in zip(names, self._safety.places, strict=True) if shown == name]
        found = found or [each.id for each in self._safety.places if each.folder == folder]
        found = found or [each.id for each in self._safety.places if each.folder == os.path.join(folder, sticks.NAME)]
        if len(found) != 1:
            raise errors.PlaceMissing
        self._drop(found[0], destroyed=False)

    def _drop(self, identity: bytes, *, destroyed: bool) -> None:
        settings = self._state.settings
        safety = settings.safety
        places = tuple(each for each in safety.places if each.id != identity)
        # with its ledger gone, nothing on it can be read any more: that confirms too
        receipts = open_receipts.stick_confirmed(safety.receipts, identity) if destroyed else safety.receipts
        self._store(settings._replace(safety=safety._replace(places=places, receipts=receipts)))


def _with_place(settings: Settings, place: Place) -> Settings:
    """With this place, in the seat of the one with its id if there is one."""
    safety = settings.safety
    if any(each.id == place.id for each in safety.places):
        places = tuple(place if each.id == place.id else each for each in safety.places)
    else:
        places = (*safety.places, place)
    return settings._replace(safety=safety._replace(places=places))


def _names(places: tuple[Place, ...]) -> list[str]:
    names: list[str] = []
    for at, each in enumerate(places):
        earlier = sum(other.folder == each.folder for other in places[:at])
        names.append(f"{each.folder} ({earlier + 1})" if earlier else each.folder)
    return names
