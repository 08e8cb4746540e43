"""The part of an open vault that keeps the coach's registers (docs/spec/places.md section 9).

A register is one text in slots of its own, hidden from everything that is about notes. It is replaced as a whole, so
that what was taken out of it is gone for good.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from vault import errors, files, limits
from vault.formats import note as note_format
from vault.formats.enrolled import ACTIVE, PAPER
from vault.formats.header import FIDO2, KEY_FILE, PASSPHRASE, RECOVERY_KIT
from vault.formats.reader import FormatError, UnknownVersion
from vault.ledger import NO_SLOT, RECORD, Entry
from vault.receipt import month_text
from vault.service import notes
from vault.service.change import commit
from vault.service.notes import Seats
from vault.service.paper import ByPaper

if TYPE_CHECKING:
    from vault.formats.breaches import Breach
    from vault.papers.facts import Facts, Server

_HALF_YEAR = 6

BREACHES = 0
"""Numbers of the registers."""
NO_EXPIRY = limits.MONTH_MOST


class Kept(NamedTuple):
    """The register of breaches as found: its entries, and where in the vault it lies."""

    breaches: "tuple[Breach, ...]"
    firsts: tuple[int, ...]


class Records(ByPaper):
    """Base of vault.service.vault.Vault."""

    def breaches(self) -> "tuple[Breach, ...]":
        """The register of breaches, by number. Raises SlotTampered, VersionUnknown."""
        return self._kept_breaches().breaches

    def add_breach(self, breach: "Breach") -> "Breach":
        """Adds an entry; its number is the next one. Raises BreachRefused, RegisterFull."""
        kept = self._kept_breaches()
        if len(kept.breaches) >= limits.BREACHES:
            raise errors.RegisterFull
        number = max((each.number for each in kept.breaches), default=0) + 1
        added = breach._replace(number=number)
        self._put_breaches(kept, (*kept.breaches, added))
        return added

    def set_breach(self, breach: "Breach") -> None:
        """Replaces the entry of that number; no older copy of the vault tells the old one any more.

        Raises BreachUnknown, BreachRefused, RegisterFull.
        """
        kept = self._kept_breaches()
        self._known_number(kept, breach.number)
        self._put_breaches(kept, [breach if each.number == breach.number else each for each in kept.breaches])

    def remove_breach(self, number: int) -> None:
        """Destroys an entry for good. Raises BreachUnknown."""
        kept = self._kept_breaches()
        self._known_number(kept, number)
        self._put_breaches(kept, [each for each in kept.breaches if each.number != number])

    @staticmethod
    def _known_number(kept: Kept, number: int) -> None:
        if not any(each.number == number for each in kept.breaches):
            raise errors.BreachUnknown

    def _kept_breaches(self) -> Kept:
        from vault.formats import breaches as breaches_format

        firsts, text = self._record(BREACHES)
        try:
            return Kept(breaches_format.decode(text) if firsts else (), tuple(firsts))
        except UnknownVersion:
            raise errors.VersionUnknown from None
        except FormatError:
            raise errors.SlotTampered from None

    def _put_breaches(self, kept: Kept, breaches: "Sequence[Breach]") -> None:
        from vault.formats import breaches as breaches_format

        if tuple(breaches) == kept.breaches:
            return
        for breach in breaches:
            _check(breach)
        try:
            text = breaches_format.encode(breaches)
        except FormatError:
            # each entry is sound by itself
            raise errors.RegisterFull from None
        self._put_record(BREACHES, text if breaches else "")

    # -- the papers

    def facts(self) -> "Facts":
        """What the papers are made from: the settings as they are, and nothing that leads to a client."""
        from vault.papers import facts
        from vault.papers.facts import Cost, Facts, Month

        kinds = {KEY_FILE: facts.KEY_FILE, FIDO2: facts.FIDO2}
        state, settings = self._state, self._state.settings
        passphrases = [method for method in state.header.methods if method.kind == PASSPHRASE]
        costs = {Cost(method.cost.m_kib, method.cost.t, method.cost.p) for method in passphrases}
        devices = settings.enrolled.devices if settings.enrolled else ()
        return Facts(
            keep=str(settings.keep),
            longest=_rounded(max(self.months_left().values(), default=-1)),
            costs=tuple(sorted(costs)),
            factors=tuple(sorted({kinds[method.factor] for method in passphrases if method.factor})),
            recovery_code=any(method.kind == RECOVERY_KIT for method in state.header.methods),
            anchor=state.anchor.kind,
            devices=sum(each.awaited for each in devices) if devices else 1,
            sticks=len(settings.safety.places),
            server=self._server_facts(),
            guard=settings.guard,
            idle=settings.idle,
            requests=tuple(Month(month_text(month), copies, erasures) for month, copies, erasures in self.requests()),
            nightly_backup=self._backs_up(),
        )

    def _backs_up(self) -> bool:
        from vault.service.backup import key_path

        # all that a vault knows of its backups
        return files.is_there(key_path(self._paths))

    def _server_facts(self) -> "Server | None":
        from vault.papers.facts import Server

        enrolled = self._state.settings.enrolled
        if enrolled is None:
            return None
        host = enrolled.url.split("//", 1)[-1].split("/", 1)[0]
        recovery = any(each.state == ACTIVE and each.name == PAPER for each in enrolled.devices)
        return Server(host, enrolled.country, recovery)

    # -- any register

    def _record(self, number: int) -> tuple[list[int], str]:
        """The slots of the register's first parts (one, or none), and its text."""
        firsts = self._record_firsts(number)
        return firsts, self._text(firsts[0]) if firsts else ""

    def _record_firsts(self, number: int) -> list[int]:
        ledger = self._state.ledger
        return [slot for slot in ledger.firsts(RECORD) if ledger.handles[slot] == number]

    def _put_record(self, number: int, text: str) -> None:
        """Writes the register anew; with an empty text there is none any more. The old one is destroyed."""
        needed = note_format.slots_needed(len(text.encode())) if text else 0
        self._ensure_room(needed)
        state = self._state
        old = self._record_firsts(number)
        parts = []
        if text:
            first = Entry(RECORD, NO_EXPIRY, NO_SLOT, number, b"")
            payloads = note_format.encode(text, note_format.NO_TAG)
            parts = list(notes.seal_payloads(state, payloads, first, Seats(state).take_slots(needed)))
        if old:
            self._destroy(old, parts)
        else:
            commit(state, parts)


def _check(breach: "Breach") -> None:
    from vault.formats import breaches as breaches_format

    try:
        breaches_format.encode([breach])
    except FormatError:
        raise errors.BreachRefused from None


def _rounded(months_left: int) -> int:
    """Months until the end of that month, up to whole half-years: 0 for none."""
    return -(-(months_left + 1) // _HALF_YEAR) * _HALF_YEAR
