"""Second factors (docs/spec/places.md section 7): what they have in common, and the list of those there are.

A backend is a module with the functions of `contract.Backend`. It is imported when it is used.
"""

from importlib import import_module
from typing import NamedTuple, cast

from vault.factor.contract import Backend
from vault.formats.header import FIDO2, KEY_FILE


class Known(NamedTuple):
    """A kind of second factor: its number in the header, its name, and the module that speaks with it."""

    kind: int
    name: str
    module: str


BACKENDS = (
    Known(KEY_FILE, "keyfile", "vault.factor.keyfile"),
    Known(FIDO2, "fido2", "vault.factor.fido2"),
)


def backend(kind: int) -> Backend:
    """The backend of this kind, imported now."""
    return cast("Backend", import_module(next(known.module for known in BACKENDS if known.kind == kind)))


def name_of(kind: int) -> str:
    """The name of this kind."""
    return next(known.name for known in BACKENDS if known.kind == kind)


def kind_of(name: str) -> int | None:
    """The kind of this name, None if there is none."""
    return next((known.kind for known in BACKENDS if known.name == name), None)
