"""What the vault hands out: plain values, without keys, slots or dates."""

from typing import NamedTuple

from vault.crypto.stretch import cost_name
from vault.expiry import Span, is_due
from vault.formats.enrolled import ACTIVE
from vault.formats.header import PASSPHRASE
from vault.handles import spell
from vault.ledger import DRAFT, FREE
from vault.service import notes as sealed
from vault.service.state import State


class Added(NamedTuple):
    """A new note's handle, and how long it lives."""

    handle: str
    span: Span


class Note:
    """A living note: its handle, its text, and how many months it has left at most (0: this month is its last).

    `ordinal` counts the notes of an engagement from 1; 0 where it is not known, and always without the claim.
    """

    __slots__ = ("data", "handle", "months_left", "ordinal")

    def __init__(self, handle: str, data: bytes, months_left: int) -> None:
        """`data`, the text in UTF-8, is decoded when it is read: a long list shares what is remembered anyway."""
        self.handle = handle
        self.months_left = months_left
        self.data = data
        self.ordinal = 0

    @property
    def text(self) -> str:
        """The text. Raises SlotTampered."""
        return sealed.decode(self.data)


class Found(NamedTuple):
    """The notes that were found, and how many of those that were looked at are damaged and can't be read."""

    notes: list[Note]
    unreadable: int


class Status(NamedTuple):
    """What the vault holds. `by_months_left` and `by_slots` (size rounded up to a power of two) count notes."""

    notes: int
    pool: int
    used: int
    by_months_left: dict[int, int]
    by_slots: dict[int, int]
    smallest_crowd: int
    file_bytes: int
    anchor: str
    places: int
    waiting: int
    draft: bool
    cost: str
    jots: int = 0
    unreadable_jots: int = 0


def handle_of(state: State, slot: int) -> str:
    """The handle of the note whose first part is in `slot`."""
    return spell(state.ledger.handles[slot])


def status_of(state: State, firsts: list[int], now: int, waiting: int, file_bytes: int) -> Status:
    """The status of a vault whose notes shown in month `now` are `firsts`."""
    ledger, enrolled = state.ledger, state.settings.enrolled
    months: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for slot in firsts:
        left = ledger.expiries[slot] - now
        months[left] = months.get(left, 0) + 1
        size = 1 << (len(sealed.chain(state, slot)) - 1).bit_length()
        sizes[size] = sizes.get(size, 0) + 1
    method = next(method for method in state.header.methods if method.kind == PASSPHRASE)
    return Status(
        notes=len(firsts),
        pool=ledger.pool,
        used=ledger.pool - ledger.kinds.count(FREE),
        by_months_left=dict(sorted(months.items())),
        by_slots=dict(sorted(sizes.items())),
        smallest_crowd=min(months.values(), default=0),
        file_bytes=file_bytes,
        anchor=state.anchor.kind,
        places=len(state.settings.safety.places)
        + (sum(each.state == ACTIVE for each in enrolled.devices) if enrolled else 1),
        waiting=waiting,
        draft=any(not is_due(ledger.expiries[slot], now) for slot in ledger.firsts(DRAFT)),
        cost=cost_name(method.cost),
    )


IDLE_LEAST, IDLE_MOST = 1, 120
"""Minutes without a key until the interactive vault locks itself: the least and the most that can be set."""
