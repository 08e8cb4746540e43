"""When a place owes: something was destroyed or replaced that it may still hold (docs/spec/places.md section 3.2).

Written in the destroying commit itself, so that no moment exists in which a shredded note is on a stick unsaid.
"""

from collections.abc import Mapping

from vault.formats.reader import FormatError
from vault.formats.settings import Settings
from vault.ledger import DRAFT, FIRST, KEY_BYTES, MORE, RECORD, Entry, Ledger


def with_owing(
    old: Settings, new: Settings, ledger: Ledger, changes: Mapping[int, Entry], *, header_changed: bool
) -> Settings:
    """`new`, in which every place owes if the commit that goes from `old` to `new` with these changes destroys."""
    safety = new.safety
    if all(place.owes for place in safety.places):
        return new
    if not (header_changed or _loses(old, new) or _destroys(ledger, changes)):
        return new
    places = tuple(place._replace(owes=True) for place in safety.places)
    return new._replace(safety=safety._replace(places=places))


def _loses(old: Settings, new: Settings) -> bool:
    """Whether an allowed word, a template or an engagement goes."""
    keys = {(each.alias, each.key) for each in old.rights.engagements}
    keys -= {(each.alias, each.key) for each in new.rights.engagements}
    return bool(keys or set(old.allowed) - set(new.allowed) or set(old.templates) - set(new.templates))


def _destroys(ledger: Ledger, changes: Mapping[int, Entry]) -> bool:
    """Whether the key of a part goes that places hold: they have no drafts."""
    changed = [slot for slot, entry in changes.items() if _loses_key(ledger, slot, entry)]
    if not changed:
        return False
    drafts = draft_slots(ledger)
    return any(slot not in drafts for slot in changed)


def _loses_key(ledger: Ledger, slot: int, entry: Entry) -> bool:
    if ledger.kinds[slot] not in (FIRST, MORE, RECORD):
        return False
    return ledger.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)] != entry.key


def draft_slots(ledger: Ledger) -> set[int]:
    """The slots of every part of a draft."""
    found: set[int] = set()
    for first in ledger.firsts(DRAFT):
        try:
            found.update(ledger.chain(first))
        except FormatError:
            found.add(first)
    return found
