"""Who asks: signatures of requests and one-time nonces (docs/spec/sync-protocol.md section 8.2; RFC 9421).

An unknown device and a wrong signature can't be told apart: both are verified, with one answer.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync import protocol, signatures
from sync.server.refusals import Refusal
from sync.server.storage.contract import Storage

_NOBODY = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
"""A key that signed nothing: it stands in for the key of a device that isn't known, so that it takes as long."""
_NO_DEVICE = bytes(protocol.DEVICE)
"""Nonces for devices that aren't known are kept under it, so that it takes as long and fills no memory."""


class Claim(NamedTuple):
    """What a request says of its signer: device id, nonce, what was signed, the signature, the body's digest."""

    device: bytes
    nonce: bytes
    signed: bytes
    signature: bytes
    digest: bytes


class Requester(NamedTuple):
    """A device that has proved itself: id, account, signing key, its notice if it was removed, and its next nonce."""

    device: bytes
    account: bytes
    key: bytes
    notice: bytes | None
    next_nonce: bytes


class WrongNonce(Exception):
    """Signed rightly with a nonce that is unknown or used; carries the next one."""

    def __init__(self, next_nonce: bytes) -> None:
        """`next_nonce` is good for the device."""
        super().__init__()
        self.next_nonce = next_nonce


def read_claim(method: str, path: str, query: str, header: Callable[[str], str]) -> Claim:
    """Reads the headers of a signed request; nothing is verified. `path` and `query` are as in the request line,
    `header` gives a header that stands there once or raises Malformed. Raises Refusal."""
    try:
        params = signatures.parse_input(header(signatures.SIGNATURE_INPUT))
        signature = signatures.parse_signature(header(signatures.SIGNATURE))
        written = header(signatures.CONTENT_DIGEST)
        digest = signatures.parse_digest(written)
        signed = signatures.base(method, header("Host"), path, query, written, params.params)
    except protocol.Malformed:
        raise Refusal("signature") from None
    return Claim(params.device, params.nonce, signed, signature, digest)


def verify(storage: Storage, claim: Claim) -> Requester:
    """The device that signed; its nonce is used up. Blocks. Raises Refusal, WrongNonce."""
    device = storage.device(claim.device)
    right = signed_by(device.signing_key if device else _NOBODY, claim.signature, claim.signed)
    if device is None or not right:
        raise Refusal("signature")
    fresh = secrets.token_bytes(protocol.NONCE)
    if not storage.use_nonce(claim.device, claim.nonce, fresh):
        storage.put_nonces(claim.device, [fresh])
        raise WrongNonce(fresh)
    return Requester(claim.device, device.account, device.signing_key, device.notice, fresh)


def verify_enrolment(claim: Claim, secret: bytes, key: bytes) -> None:
    """The claim is signed by the key that it brings, for this invitation (section 8.8). Raises Refusal."""
    nonce = hashlib.sha256(secret).digest()[: protocol.NONCE]
    fits = hmac.compare_digest(claim.nonce, nonce) and claim.device == protocol.device_id(key)
    if not signed_by(key, claim.signature, claim.signed) or not fits:
        raise Refusal("signature")


def check_digest(claim: Claim, digest: bytes) -> None:
    """The body that came is the one that was signed; `digest` is its SHA-256. Raises Refusal."""
    if not hmac.compare_digest(claim.digest, digest):
        raise Refusal("signature")


def signed_by(key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the Ed25519 signature (64 bytes) over `data` is by `key` (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_nonces(storage: Storage, device: bytes) -> list[bytes]:
    """Nonces for a device; for one that isn't known they never fit. Blocks."""
    nonces = [secrets.token_bytes(protocol.NONCE) for _ in range(protocol.NONCES)]
    storage.put_nonces(device if storage.device(device) else _NO_DEVICE, nonces)
    return nonces
