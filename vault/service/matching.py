"""Finding the notes of a claim by their tags (docs/spec/rights.md section 3)."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing

from vault import errors
from vault.crypto.claim import Claim, ordinal_of
from vault.formats import note as note_format
from vault.formats.reader import FormatError
from vault.service import notes
from vault.service.callbacks import Progress
from vault.service.state import State

_CHUNK = 64
"""Notes that go from the thread that reads to the one that tries the tags at a time."""


def matching(
    state: State, firsts: Sequence[int], claim: Claim, progress: Progress | None = None
) -> Iterator[tuple[int, int, list[bytes]]]:
    """(first slot, ordinal, payloads) of each of these notes that is the claim's, in no telling order."""
    done = 0
    for chunk in _chunks(state, firsts):
        for first, payloads in chunk:
            ordinal = ordinal_of(tag_in(payloads[0]), claim)
            if ordinal is not None:
                yield first, ordinal, payloads
        done += len(chunk)
        if progress:
            progress(done, len(firsts))


def tag_in(payload: bytes) -> bytes:
    """The tag in a note's first payload. Raises SlotTampered."""
    try:
        return note_format.tag_of(payload)
    except FormatError:
        raise errors.SlotTampered from None


def _chunks(state: State, firsts: Sequence[int]) -> Iterator[list[tuple[int, list[bytes]]]]:
    # trying a tag takes longer than reading its note, so two cores halve the time
    if len(firsts) <= _CHUNK or (os.cpu_count() or 1) < 2:
        yield from _read(state, firsts)
        return
    from vault.store.readahead import ReadAhead

    with closing(ReadAhead(_read(state, firsts))) as ahead:
        yield from ahead


def _read(state: State, firsts: Sequence[int]) -> Iterator[list[tuple[int, list[bytes]]]]:
    chunk = []
    for found in notes.all_payloads(state, firsts):
        chunk.append(found)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk
