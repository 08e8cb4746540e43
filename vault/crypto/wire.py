"""What crosses the wire sealed or signed (docs/spec/sync-protocol.md sections 3, 4 and 7).

Ed25519 secret keys are given by their seed (32 bytes). Lengths of what is verified or opened are those that the formats
let pass.
"""

from collections.abc import Mapping
from os import urandom

from vault import limits, sodium
from vault.crypto import aead
from vault.crypto.aead import BoxRefused
from vault.crypto.derive import derive
from vault.formats import synchead

T_BYTES = 32
_SLOT_KEY = b"ongemerkt-wire-1"
_MARK = b"ongemerkt-shar-1"
_FINGERPRINT = b"ongemerkt-fing-1"
_OFFER_ID = b"ongemerkt-ofid-1"
_OFFER_KEY = b"ongemerkt-ofke-1"
_PAPER_SIGNING = b"ongemerkt-pasi-1"
_PAPER_RECEIVE = b"ongemerkt-pare-1"
_DEVICE_SIGNED = b"ongemerkt device 1\n"
_REMOVAL_SIGNED = b"ongemerkt remove 1\n"
_NO_ACCOUNT = bytes(16)
"""In the place of an offer: who opens it does not know the account yet."""


# -- hashes


def share_mark(share: bytes) -> bytes:
    """The mark (8 bytes) of a month's share: tells whether it is the same one, and nothing of it."""
    return sodium.blake2b(share, 8, _MARK)


def fingerprint(head_hash: bytes) -> bytes:
    """The fingerprint (16 bytes) of a head's hash, whose first bits are spoken as words to compare devices."""
    return sodium.blake2b(head_hash, 16, _FINGERPRINT)


# -- slots and pages


def slot_key(key: bytes, account: bytes, share: bytes) -> bytes:
    """The key (32 bytes) of a slot on the server: of the entry's key and the share of its month (32 bytes each)."""
    return derive(key, _SLOT_KEY, account, share)


def seal_slot(key: bytes, account: bytes, share: bytes, slot: int, payload: bytes) -> bytes:
    """A slot's box on the server. `key` is drawn for this box and never used again."""
    return aead.seal(slot_key(key, account, share), account, aead.WIRE, slot, payload)


def open_slot(key: bytes, account: bytes, share: bytes, slot: int, box: bytes) -> bytes:
    """The payload in a slot's box. Raises BoxRefused."""
    return aead.open_box(slot_key(key, account, share), account, aead.WIRE, slot, box)


def seal_page(t: bytes, account: bytes, page: int, payload: bytes) -> bytes:
    """A page's box on the server."""
    return aead.seal(t, account, aead.SYNC_PAGE, page, payload)


def open_page(t: bytes, account: bytes, page: int, box: bytes) -> bytes:
    """The plaintext in a page's box. Raises BoxRefused."""
    return aead.open_box(t, account, aead.SYNC_PAGE, page, box)


# -- T


def can_receive(public: bytes) -> bool:
    """Whether anything can be sealed to this receive key: not if it is a point of low order."""
    return _sealed(bytes(T_BYTES), public) is not None


def seal_t(t: bytes, receivers: Mapping[int, bytes]) -> tuple[bytes, ...]:
    """T sealed for each device index: to the receive keys of the active ones, else noise that looks the same.

    Raises BoxRefused if nothing can be sealed to one of the keys.
    """
    sealed = []
    for index in range(limits.DEVICES):
        if index in receivers:
            box = _sealed(t, receivers[index])
        else:
            box = _sealed(urandom(T_BYTES), sodium.key_pair()[0])
        if box is None:
            raise BoxRefused
        sealed.append(box)
    return tuple(sealed)


def _sealed(message: bytes, public: bytes) -> bytes | None:
    try:
        return sodium.seal(message, public)
    except ValueError:
        return None


def open_t(sealed: bytes, secret: bytes) -> bytes:
    """T, sealed to the receive key with this secret. Raises BoxRefused."""
    t = sodium.open_sealed(sealed, sodium.public_of(secret), secret)
    if t is None:
        raise BoxRefused
    return t


# -- offers


def offer_id(secret: bytes) -> bytes:
    """The id (16 bytes) under which the server keeps the offer of a pairing secret (16 bytes)."""
    return sodium.blake2b(b"", 16, _OFFER_ID, secret)


def seal_offer(secret: bytes, payload: bytes) -> bytes:
    """An offer's box."""
    return aead.seal(derive(secret, _OFFER_KEY), _NO_ACCOUNT, aead.OFFER, 0, payload)


def open_offer(secret: bytes, box: bytes) -> bytes:
    """The plaintext in an offer's box. Raises BoxRefused."""
    return aead.open_box(derive(secret, _OFFER_KEY), _NO_ACCOUNT, aead.OFFER, 0, box)


# -- the recovery paper (section 11)


def paper_keys(secret: bytes) -> tuple[bytes, bytes]:
    """Signing seed and receive secret (32 bytes each) of the recovery device whose paper has this secret (16 bytes)."""
    return derive(secret, _PAPER_SIGNING), derive(secret, _PAPER_RECEIVE)


# -- signatures


def signing_public(seed: bytes) -> bytes:
    """The Ed25519 public key of a device."""
    return sodium.signing_key(seed)[0]


def _sign(seed: bytes, message: bytes) -> bytes:
    return sodium.sign(message, sodium.signing_key(seed)[1])


def sign_head(seed: bytes, head: bytes) -> bytes:
    """The head's bytes with the signature put in."""
    return head[: -sodium.SIGNATURE_BYTES] + _sign(seed, synchead.signed_part(head))


def is_head_signed(key: bytes, head: bytes) -> bool:
    """Whether the signature in a head's bytes is by this key."""
    return sodium.is_signed(synchead.signed_part(head), head[-sodium.SIGNATURE_BYTES :], key)


def certify(seed: bytes, account: bytes, index: int, key: bytes) -> bytes:
    """The adder's signature that lets the device with this index and signing key in."""
    return _sign(seed, _certified(account, index, key))


def is_certified(adder: bytes, account: bytes, index: int, key: bytes, certificate: bytes) -> bool:
    """Whether the device was let in by the device with the signing key `adder`."""
    return sodium.is_signed(_certified(account, index, key), certificate, adder)


def _certified(account: bytes, index: int, key: bytes) -> bytes:
    return _DEVICE_SIGNED + account + bytes([index]) + key


def sign_removal(seed: bytes, account: bytes, state: int, device: bytes) -> bytes:
    """The remover's signature that puts a device (its id, 8 bytes) into `state`."""
    return _sign(seed, _removed(account, state, device))


def is_removed(remover: bytes, account: bytes, state: int, device: bytes, removal: bytes) -> bool:
    """Whether the device was put into `state` by the device with the signing key `remover`."""
    return sodium.is_signed(_removed(account, state, device), removal, remover)


def _removed(account: bytes, state: int, device: bytes) -> bytes:
    return _REMOVAL_SIGNED + account + bytes([state]) + device
