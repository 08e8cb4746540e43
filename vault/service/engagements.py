"""The part of an open vault that groups a client's notes (docs/spec/rights.md sections 1 to 4)."""

from collections.abc import Iterator
from os import urandom
from typing import NamedTuple

from vault import errors, limits
from vault.crypto import claim as claims
from vault.crypto.claim import Claim
from vault.formats import note as note_format
from vault.formats import rights as rights_format
from vault.formats.rights import Engagement as Kept
from vault.formats.rights import Rights as KeptRights
from vault.formats.settings import Settings
from vault.ledger import DRAFT
from vault.service import notes, same_alias, versions
from vault.service.callbacks import Progress
from vault.service.change import Part
from vault.service.destroying import Destroying
from vault.service.preferences import one_line, with_room
from vault.service.texts import fold
from vault.service.views import Note


class Engagement(NamedTuple):
    """An open engagement. The notes of a strict one are found by its claim code only."""

    alias: str
    strict: bool


class Tags(NamedTuple):
    """Where new notes belong: P, the first ordinal, whether ordinals count up, and the settings that change with it."""

    public: bytes
    ordinal: int
    counts: bool
    settings: Settings | None

    def take(self) -> Iterator[bytes]:
        """A fresh tag for one note after another."""
        ordinal = self.ordinal
        while True:
            yield claims.tag(self.public, ordinal)
            if self.counts:
                ordinal = min(ordinal + 1, limits.ORDINAL_MOST)


class Engagements(Destroying):
    """What is known of who belongs together is in the sealed settings alone. Base of vault.service.vault.Vault."""

    @property
    def _rights(self) -> KeptRights:
        return self._state.settings.rights

    def _with_rights(self, rights: KeptRights) -> Settings:
        return self._state.settings._replace(rights=rights_format.ordered(rights))

    # -- engagements

    def engagements(self) -> list[Engagement]:
        """The open engagements, in alphabetical order: which is older is not kept."""
        found = [Engagement(each.alias, each.strict) for each in self._rights.engagements]
        return sorted(found, key=lambda each: fold(each.alias))

    def check_engagement(self, alias: str) -> None:
        """Raises EngagementUnknown unless one with this alias is open, or it is empty."""
        if alias:
            self._known(alias)

    def open_engagement(self, alias: str, strict: bool = False, code: bytes | None = None) -> bytes:
        """Opens one and returns its claim code, which is kept nowhere: `claim_words` says it in words.

        With `code`, the claim code of an earlier engagement, that one's notes are found again. Costs a key derivation.
        Raises AliasRefused, EngagementExists, EngagementsTooMany, SettingsFull, MemoryRefused: then nothing changes.
        """
        alias = _checked(alias)
        if self._kept(alias) is not None:
            raise errors.EngagementExists
        known, code = code is not None, code or claims.new_code(urandom)
        claim = self.claim(code)
        if any(_public(each) == claim.public for each in self._rights.engagements):
            raise errors.EngagementExists
        ordinal = self._next_ordinal(claim) if known else 1
        kept = Kept(alias, claim.public, 0) if strict else Kept(alias, claim.secret, ordinal)
        rights = self._rights
        engagements = (*rights.engagements, kept)
        too_long = rights_format.engagements_bytes(engagements) > limits.ENGAGEMENTS_BYTES
        if len(engagements) > limits.ENGAGEMENTS or too_long:
            raise errors.EngagementsTooMany
        # its mark stands on the slip
        self._store(with_room(self._with_rights(rights._replace(engagements=engagements, seed=self._seed()))))
        return code

    def close_engagement(self, alias: str) -> None:
        """Erases its alias and keys; no older copy tells them any more. Its notes stay, and only its slip finds them.

        Raises EngagementUnknown.
        """
        kept = self._known(alias)
        rights = self._rights
        left = tuple(each for each in rights.engagements if each is not kept)
        # P is in the tag of a draft that was begun for it: then the draft was begun for nobody
        tomb = versions.tomb_of_engagement(self._state, kept.key)
        room = int(tomb is not None) + sum(len(notes.chain(self._state, first)) for first in self._drafts_of(kept))
        self._ensure_room(room)
        drafts, slots = self._drafts_of(kept), notes.Seats(self._state).take_slots(room)
        fresh = [part for first in drafts for part in self._without_tag(first, slots)]
        if tomb is not None:
            fresh.append(Part(slots.pop(), tomb, None))
        self._destroy(drafts, fresh, self._with_rights(rights._replace(engagements=left)))

    def _drafts_of(self, kept: Kept) -> list[int]:
        return [first for first in self._state.ledger.firsts(DRAFT) if self._draft_public(first) == _public(kept)]

    def _without_tag(self, draft: int, slots: list[int]) -> Iterator[Part]:
        """The parts of the draft without its tag, in slots taken off the list."""
        old, text = self._state.ledger.entry(draft), self._text(draft)
        taken = [slots.pop() for _ in range(note_format.slots_needed(len(text.encode())))]
        return notes.seal_draft(self._state, text, old.expiry, old.handle, taken, tag=note_format.NO_TAG)

    def _ensure_room(self, slots: int, progress: Progress | None = None) -> None:
        """Grows the pool if fewer slots than these are free."""
        state = self._state
        free = state.ledger.free_count()
        if free < slots:
            from vault.service.moving import move_house, pool_for

            pool = pool_for(state.ledger.pool - free + slots)
            if self._texts is not None:
                self._texts.clear()
            move_house(state, state.new_store(), pool, progress)

    def _kept(self, alias: str) -> Kept | None:
        return next((each for each in self._rights.engagements if same_alias(each.alias, alias)), None)

    def _known(self, alias: str) -> Kept:
        kept = self._kept(alias)
        if kept is None:
            raise errors.EngagementUnknown
        return kept

    def _seed(self) -> bytes:
        seed = self._rights.seed
        return seed if seed != rights_format.NO_SEED else urandom(len(seed))

    # -- claims

    def claim(self, code: bytes) -> Claim:
        """The keys of a claim code, for `notes_of` and `add`. Costs a key derivation. Raises MemoryRefused."""
        return claims.derive(code, self._state.origin)

    def notes_of(
        self, engagement: str = "", claim: Claim | None = None, progress: Progress | None = None
    ) -> list[Note]:
        """The notes of an engagement or claim, by ordinal and handle; a claim that fits nothing has none.

        Raises EngagementUnknown, EngagementStrict.
        """
        now, found = self.moment().now, []
        wanted = claim or self._claim_of(engagement)
        for first, ordinal, payloads in self._matching_claim(wanted, progress):
            note = self._note(first, notes.text_bytes(payloads), now)
            note.ordinal = ordinal
            found.append(note)
        return sorted(found, key=lambda note: (note.ordinal, note.handle))

    def _matching_claim(self, claim: Claim, progress: Progress | None) -> Iterator[tuple[int, int, list[bytes]]]:
        # late: most runs of the program match nothing
        from vault.service.matching import matching

        return matching(self._state, self._firsts(), claim, progress)

    def _claim_of(self, alias: str) -> Claim:
        kept = self._known(alias)
        if kept.strict:
            raise errors.EngagementStrict
        return claims.of_secret(kept.key)

    def _next_ordinal(self, claim: Claim, progress: Progress | None = None) -> int:
        highest = max((ordinal for _, ordinal, _ in self._matching_claim(claim, progress)), default=0)
        return min(highest + 1, limits.ORDINAL_MOST)

    # -- new notes

    def _tags(self, engagement: str, claim: Claim | None, count: int, progress: Progress | None) -> Tags | None:
        """Where `count` new notes belong; None for nowhere. Raises EngagementUnknown."""
        if claim is not None:
            engagement = next((each.alias for each in self._rights.engagements if _holds(each, claim)), "")
            if not engagement:
                return Tags(claim.public, self._next_ordinal(claim, progress), True, None)
        if not engagement:
            return None
        kept = self._known(engagement)
        if kept.strict:
            return Tags(kept.key, 0, False, None)
        counted = kept._replace(next=min(kept.next + count, limits.ORDINAL_MOST))
        rights = self._rights
        engagements = tuple(counted if each is kept else each for each in rights.engagements)
        return Tags(_public(kept), kept.next, True, self._with_rights(rights._replace(engagements=engagements)))

    # -- the draft

    def draft_engagement(self) -> str:
        """The alias of the open engagement that the draft was begun for, or empty."""
        drafts = self._state.ledger.firsts(DRAFT)
        publics = [self._draft_public(first) for first in drafts]
        return next((each.alias for each in self._rights.engagements if _public(each) in publics), "")

    def _draft_tag(self, engagement: str) -> bytes:
        if not engagement:
            return note_format.NO_TAG
        return _public(self._known(engagement)).ljust(note_format.TAG_BYTES, b"\0")

    def _draft_public(self, first: int) -> bytes:
        from vault.service.matching import tag_in

        payload = notes.open_slot(self._state, first, self._state.store.read_slot(first))
        return tag_in(payload)[: rights_format.KEY_BYTES]


def _public(kept: Kept) -> bytes:
    return kept.key if kept.strict else claims.of_secret(kept.key).public


def _holds(kept: Kept, claim: Claim) -> bool:
    """Whether it is the claim's and has an ordinal to count."""
    return not kept.strict and kept.key == claim.secret


def _checked(alias: str) -> str:
    """An alias as it is kept: blanks within it are single ones. Raises AliasRefused."""
    alias = " ".join(alias.split())
    if not alias or not one_line(alias) or len(alias.encode()) > limits.ALIAS_BYTES:
        raise errors.AliasRefused
    return alias
