"""Versions of notes, and the tombs that they leave in an enrolled vault (docs/spec/sync-protocol.md section 2.1)."""

from collections.abc import Iterable
from os import urandom
from typing import NamedTuple

from vault.crypto.derive import engagement_tomb
from vault.ledger import ID_BYTES, Entry, Tomb
from vault.merge import twins
from vault.placing import half_of
from vault.service.state import State


class Version(NamedTuple):
    """The id of a note's version, and of the one that it took the place of; 0 for none."""

    id: int
    parent: int = 0


def new_id() -> int:
    """A fresh id: drawn at random, never 0."""
    return int.from_bytes(urandom(ID_BYTES), "little") or new_id()


def successor(state: State, first: int) -> Version:
    """The version that takes the place of the note in slot `first`. Only an enrolled vault knows its parent."""
    return Version(new_id(), state.ledger.ids[first] if state.settings.enrolled else 0)


def tombs(state: State, firsts: Iterable[int], *, shredded: bool) -> dict[int, Entry]:
    """Slot → the tomb to be left in it, for each of these notes; none unless the vault is enrolled."""
    enrolled, ledger = state.settings.enrolled, state.ledger
    if enrolled is None:
        return {}
    known = 1 << enrolled.index
    return {
        first: Tomb(
            first,
            ledger.ids[first],
            ledger.parents[first],
            known,
            shredded,
            # who replaces one of twins has seen both, and goes on with it as a note of its own
            apart=not shredded and _has_twins(state, first),
        ).entry()
        for first in firsts
        if ledger.ids[first]
    }


def tomb_of_engagement(state: State, key: bytes) -> Entry | None:
    """The tomb of an engagement with this key, x or P as kept; None unless the vault is enrolled and lacks it."""
    identity = int.from_bytes(engagement_tomb(key), "little")
    enrolled = state.settings.enrolled
    if enrolled is None or any(tomb.id == identity for tomb in state.ledger.tombs()):
        return None
    return Tomb(0, identity, 0, 1 << enrolled.index, True).entry()


def _has_twins(state: State, first: int) -> bool:
    """Whether another version lives that goes back to the same one."""
    ledger = state.ledger
    if not ledger.parents[first]:
        return False
    return any(ledger.ids[first] in group for group in twins(half_of(ledger)))
