"""Second factors of an open vault, and asking for them at an unlock (docs/spec/places.md section 7)."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vault import errors, factor, limits
from vault.factor.contract import Person
from vault.formats import safety
from vault.formats.header import FIDO2, KEY_FILE, PASSPHRASE, Header, Method
from vault.formats.settings import Settings
from vault.service.headers import change_header
from vault.service.methods import Base, Second, method_of
from vault.service.paths import Paths
from vault.service.preferences import with_room
from vault.service.state import State

__all__ = ["AtHand", "Factor", "Person", "add_factor", "listed", "remove_factor", "same_disk"]

_KEY_FILE_DOES = ("absent", "forbidden", "unknown", "not-installed")
"""When a key file will do as well: there is no security key of this vault that could be asked."""


class Factor(NamedTuple):
    """A second factor: its number, counted from 1 in the order of the header, and the name of its kind."""

    number: int
    name: str


# -- at an unlock


class AtHand:
    """Asks a person for second factors, as `open_vault` needs them; a security key is asked once for all tries."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._touched: dict[bytes, bytes] = {}

    def __call__(self, methods: Sequence[Method]) -> Mapping[bytes, bytes]:
        """The secrets of the factors of these methods that are at hand, by the id of the method.

        A key file that was given goes first, then a security key that is plugged in, then whatever the person is asked
        for. Raises SecurityKeyFailed, KeyFileMissing, KeyFileRefused, HeaderDamaged.
        """
        told = {kind: [each.described for each in methods if each.factor == kind] for kind in (KEY_FILE, FIDO2)}
        kind, secrets = self._ask(told)
        return {
            each.id: secrets[each.described] for each in methods if each.factor == kind and each.described in secrets
        }

    def _ask(self, told: Mapping[int, list[bytes]]) -> tuple[int, Mapping[bytes, bytes]]:
        person = self._person
        while not (told[KEY_FILE] and person.key_file()):
            failed: errors.SecurityKeyFailed | None = None
            if told[FIDO2]:
                try:
                    return FIDO2, self._touch(told[FIDO2])
                except errors.SecurityKeyFailed as error:
                    if not told[KEY_FILE] and error.reason in ("absent", "unknown") and person.plug_in(error.reason):
                        continue
                    if not told[KEY_FILE] or error.reason not in _KEY_FILE_DOES:
                        raise
                    failed = error
            if person.ask_key_file(or_key=failed is not None) is None:
                if failed is None:
                    return KEY_FILE, {}
                raise failed
        return KEY_FILE, factor.backend(KEY_FILE).secrets(told[KEY_FILE], person)

    def _touch(self, told: list[bytes]) -> Mapping[bytes, bytes]:
        if not any(each in self._touched for each in told):
            self._touched.update(factor.backend(FIDO2).secrets(told, self._person))
        return self._touched


# -- of an open vault


def listed(state: State) -> list[Factor]:
    """The second factors that the passphrase takes, in the order of the header."""
    return [Factor(number, factor.name_of(each.kind)) for number, each in enumerate(seconds(state), 1)]


def factor_secrets(state: State) -> Mapping[bytes, bytes]:
    """The secret of every method with a factor, by its id, as the sealed settings keep them."""
    return {each.method: each.secret for each in state.settings.safety.factors}


def seconds(state: State) -> list[Second]:
    """The second factors with their secrets, in the order of the header. Raises LedgerTampered."""
    secrets, methods = factor_secrets(state), [each for each in state.header.methods if each.factor]
    if {each.id for each in methods} != set(secrets):
        raise errors.LedgerTampered
    return [Second(each.factor, each.described, secrets[each.id]) for each in methods]


def with_passphrase(state: State, base: Base, factors: Sequence[Second]) -> tuple[Header, Settings]:
    """Header and settings in which this passphrase opens with any one of the factors; if there are none, alone.

    Every method of a passphrase is made anew.
    """
    seconds_or_none: Sequence[Second | None] = factors or [None]
    made = [(method_of(PASSPHRASE, base, state.vault_id, state.static, each), each) for each in seconds_or_none]
    others = [each for each in state.header.methods if each.kind != PASSPHRASE]
    stretched = {each.id: state.settings.stretched[each.id] for each in others}
    stretched |= {method.id: secret for (method, secret), _ in made}
    kept = tuple(
        safety.Factor(method.id, base.stretched, each.secret) for (method, _), each in made if each is not None
    )
    header = Header(state.vault_id, state.header.inbox, (*(method for (method, _), _ in made), *others))
    return header, state.settings._replace(stretched=stretched, safety=state.settings.safety._replace(factors=kept))


def add_factor(paths: Paths, state: State, name: str, person: Person) -> None:
    """Makes a second factor, asks it once more, and puts it in force.

    Raises FactorUnknown, FactorsTooMany, SettingsFull, KeyFileInside, FactorKnown, FactorNotVerified, what vault.factor
    raises, StorageFailed (nothing changed), ResidueLeft (changed).
    """
    kind, known = factor.kind_of(name), seconds(state)
    if kind is None:
        raise errors.FactorUnknown
    if len(known) >= limits.FACTORS:
        raise errors.FactorsTooMany
    base = _base(state)
    # what it will take, before anybody touches anything
    with_room(with_passphrase(state, base, [*known, Second(kind, b"", bytes(32))])[1])
    path = person.key_file() if kind == KEY_FILE else None
    if path is not None and _is_inside(paths, path):
        raise errors.KeyFileInside
    backend = factor.backend(kind)
    made = backend.make(person, [each.described for each in known if each.kind == kind])
    if any(each.secret == made.secret for each in known):
        raise errors.FactorKnown
    if backend.secrets([made.described], person).get(made.described) != made.secret:
        raise errors.FactorNotVerified
    header, settings = with_passphrase(state, base, [*known, Second(kind, made.described, made.secret)])
    change_header(paths, state, header, settings)


def remove_factor(paths: Paths, state: State, which: str) -> None:
    """Takes out the factor with this number, or the only one with this name.

    Raises FactorUnknown, StorageFailed (nothing changed), ResidueLeft (changed).
    """
    found = [each.number for each in listed(state) if which in (str(each.number), each.name)]
    if len(found) != 1:
        raise errors.FactorUnknown
    left = [each for number, each in enumerate(seconds(state), 1) if number != found[0]]
    header, settings = with_passphrase(state, _base(state), left)
    change_header(paths, state, header, settings)


def _base(state: State) -> Base:
    """What the passphrase alone stretches to."""
    method = next(each for each in state.header.methods if each.kind == PASSPHRASE)
    kept = {each.method: each.base for each in state.settings.safety.factors}
    return Base(kept[method.id] if method.factor else state.settings.stretched[method.id], method.salt, method.cost)


# -- where a key file lies


def same_disk(paths: Paths, path: str) -> bool:
    """Whether the file lies on the file system of the vault, as far as the system tells."""
    try:
        return os.stat(path).st_dev == os.stat(paths.data).st_dev
    except (OSError, ValueError):
        return False


def _is_inside(paths: Paths, path: str) -> bool:
    try:
        real = os.path.realpath(path)
    except ValueError:
        # no path at all
        return False
    folders = (os.path.realpath(folder) for folder in (paths.data, paths.anchors))
    return any(os.path.commonpath((real, folder)) == folder for folder in folders)
