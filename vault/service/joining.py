"""Making a vault on a device that another one let in (docs/spec/sync-protocol.md section 7.2). No network is here."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from vault import errors, limits, sodium, trust
from vault.crypto import wire
from vault.crypto.aead import BoxRefused
from vault.formats import devices as devices_format
from vault.formats import offer as offer_format
from vault.formats import synchead
from vault.formats.enrolled import ACTIVE
from vault.formats.offer import Offer, Vouched
from vault.formats.reader import FormatError, UnknownVersion
from vault.months import Period
from vault.service import create_joined_vault
from vault.service.callbacks import Clock
from vault.service.create import first_settings
from vault.service.paths import Paths
from vault.service.syncing import Server, joined_enrolled

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


def paper_signing(secret: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The id (8 bytes) of the recovery device whose paper has this secret (16 bytes), and how it signs requests."""
    public, key = sodium.signing_key(wire.paper_keys(secret)[0])
    return synchead.device_id(public), partial(sodium.sign, secret=key)


def read_paper(secret: bytes, head: bytes | None, pages: Sequence[tuple[int, bytes]], server: Server) -> Joining:
    """What an offer would say, from the head and all pages that the server gave to the recovery device (section 11).

    `server` without its receipt key, which stands in the pages. Raises ServerEmptied, ServerForged, ServerTampered,
    ServerNewer, PaperMissing.
    """
    if head is None:
        raise errors.ServerEmptied
    seed, receive = wire.paper_keys(secret)
    try:
        found = synchead.decode(head)
        boxes = [box for _, box in sorted(pages)]
        trust.check_pages(found, boxes)
        index, t = _sealed_to(found.sealed, receive)
        payloads = trust.open_pages(t, found.account, boxes)
        devices, receipt_key = devices_format.decode_with_key(payloads[trust.DEVICES_PAGE])
    except UnknownVersion:
        raise errors.ServerNewer from None
    except FormatError:
        raise errors.ServerForged from None
    own = next((each for each in devices if each.key == wire.signing_public(seed)), None)
    if own is None or own.state != ACTIVE or own.index != index or not receipt_key:
        raise errors.PaperMissing
    signer = next((each for each in devices if synchead.device_id(each.key) == found.signer), None)
    if signer is None or signer.state != ACTIVE or not wire.is_head_signed(signer.key, head):
        raise errors.ServerForged
    # the signer first, so that it is never the one left out
    others = sorted((each for each in devices if each.awaited and each != own), key=lambda each: each != signer)
    vouched = tuple(Vouched(each.index, each.key) for each in others[: limits.OFFERED_DEVICES])
    offer = Offer(found.account, index, seed, receive, found.version, receipt_key, server.rule, vouched)
    return Joining(offer, server.url, server.pin)


def _sealed_to(sealed: Sequence[bytes], receive: bytes) -> tuple[int, bytes]:
    for index, each in enumerate(sealed):
        with suppress(BoxRefused):
            return index, wire.open_t(each, receive)
    raise errors.PaperMissing


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
