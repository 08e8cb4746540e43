"""The first half of unlocking: from the headers on disk and a secret to the static secret (spec section 8.2).

Kept apart from the rest, which is imported while the key derivation runs on the other core.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from vault import errors, files, limits
from vault.formats import header as header_format
from vault.formats.header import Header, Method
from vault.formats.reader import FormatError, UnknownVersion
from vault.service.methods import Factors, find_static
from vault.service.paths import Paths, exists

FACTOR_FAILURES = (errors.FactorNeeded, errors.SecurityKeyFailed, errors.KeyFileMissing, errors.KeyFileRefused)
"""That a second factor is not at hand: another header may do without."""


class Candidate(NamedTuple):
    """A header on disk: usually one; two when a change of unlock methods was interrupted."""

    path: str
    raw: bytes
    header: Header


class Entered(NamedTuple):
    """A header that the secret fits, by which method, that method's S, and the static secret."""

    candidate: Candidate
    method: Method
    stretched: bytes
    static: bytes


def candidates(paths: Paths) -> list[Candidate]:
    """The headers on disk, at least one. Raises NoVault, HeaderDamaged, VersionUnknown, StorageFailed."""
    found = []
    damage: errors.VaultDamaged | None = None
    for path in (paths.header(), paths.next_header()):
        raw = files.read(path, limits.HEADER_BYTES)
        if raw is None:
            continue
        try:
            found.append(Candidate(path, raw, header_format.decode(raw)))
        except UnknownVersion:
            damage = errors.VersionUnknown()
        except FormatError:
            # a torn next header is no damage: the change that wrote it never happened
            damage = damage or (errors.HeaderDamaged() if path == paths.header() else None)
    if damage is not None:
        raise damage
    if not exists(paths):
        # a next header alone is a vault whose making was interrupted: nothing was ever in it
        raise errors.NoVault
    if not found:
        raise errors.HeaderDamaged
    return found


def entries(
    found: list[Candidate], secret: str, on_stretch: Callable[[], None] | None, factors: Factors | None = None
) -> Iterator[Entered]:
    """The headers that the secret fits. Lazy, since each costs a key derivation.

    When a change of unlock methods was interrupted only one of two headers may take a second factor: that it is not at
    hand is raised when no other header is left. Raises that (FactorNeeded, and what `factors` raises), WrongSecret when
    a factor was asked for in vain, ParametersRefused, MemoryRefused.
    """
    missing: errors.VaultError | None = None
    for candidate in found:
        try:
            yield Entered(candidate, *find_static(candidate.header, secret, factors, on_stretch))
        except (errors.WrongSecret, *FACTOR_FAILURES) as error:
            if not isinstance(error, errors.WrongSecret) or (error.factor and missing is None):
                missing = error
    if missing is not None:
        raise missing
