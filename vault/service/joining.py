"""Making a vault on a device that another one let in (docs/spec/sync-protocol.md section 7.2). No network is here."""

from typing import TYPE_CHECKING, NamedTuple

from vault import errors
from vault.crypto import wire
from vault.crypto.aead import BoxRefused
from vault.formats import offer as offer_format
from vault.formats.offer import Offer
from vault.formats.reader import FormatError
from vault.months import Period
from vault.service import create_joined_vault
from vault.service.callbacks import Clock
from vault.service.create import first_settings
from vault.service.paths import Paths
from vault.service.syncing import joined_enrolled

if TYPE_CHECKING:
    from vault.service.vault import Vault

_KEEP = Period(6, "m")
"""Until the first session brings what the account has in common."""
_UNNAMED = "?"
"""What a device is called until then."""


class Joining(NamedTuple):
    """An offer that was taken, and the server that it came from: its address, and its key's pin (32 bytes)."""

    offer: Offer
    url: str
    pin: bytes


def offer_id(secret: bytes) -> bytes:
    """Under which id (16 bytes) a server keeps the offer of a pairing secret (16 bytes)."""
    return wire.offer_id(secret)


def read_offer(secret: bytes, box: bytes, url: str, pin: bytes) -> Joining:
    """The offer (512 bytes) that the server at `url` gave for a pairing secret. Raises ServerForged."""
    try:
        return Joining(offer_format.decode(wire.open_offer(secret, box)), url, pin)
    except (BoxRefused, FormatError):
        raise errors.ServerForged from None


def join_vault(
    paths: Paths,
    passphrase: str,
    joining: Joining,
    *,
    clock: Clock,
    cost: str = "normal",
    clock_confirmed: bool = False,
    code: str = "",
) -> "tuple[Vault, str]":
    """A vault that belongs to the account, empty until its first session; and its recovery code.

    Raises as `create_vault` does.
    """
    shared = first_settings(_KEEP)
    enrolled = joined_enrolled(joining.offer, joining.url, joining.pin, _UNNAMED, shared)
    return create_joined_vault(
        paths,
        passphrase,
        shared=shared,
        enrolled=enrolled,
        clock=clock,
        cost=cost,
        clock_confirmed=clock_confirmed,
        code=code,
    )
