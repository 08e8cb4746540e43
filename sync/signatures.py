"""Signed requests: RFC 9421 with one fixed form, and RFC 9530 digests (docs/spec/sync-protocol.md section 8.2). Pure.

Shared by client and server. It builds and reads what is signed; who signs and who verifies brings the key.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple

from sync import protocol

LABEL = "sig"
COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")'
CONTENT_DIGEST = "Content-Digest"
SIGNATURE_INPUT = "Signature-Input"
SIGNATURE = "Signature"

_PARAMS = re.compile(
    re.escape(f"{LABEL}={COMPONENTS}")
    + r';keyid="([0-9a-f]{16})";nonce="([A-Za-z0-9_-]{22})";alg="ed25519";tag="ongemerkt"'
)
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_SIGNATURE = re.compile(re.escape(LABEL) + r"=:([A-Za-z0-9+/]{86}==):")
_VISIBLE = re.compile(r"[!-~]+")
_HTTPS = ":443"


class Params(NamedTuple):
    """What Signature-Input says: the device's id (8 bytes), the nonce (16 bytes), and the parameters as signed."""

    device: bytes
    nonce: bytes
    params: str


def content_digest(body: bytes) -> str:
    """The value of Content-Digest for a body."""
    return digest_value(hashlib.sha256(body).digest())


def digest_value(digest: bytes) -> str:
    """The value of Content-Digest for the SHA-256 (32 bytes) of a body."""
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def signature_params(device: bytes, nonce: bytes) -> str:
    """The signature's parameters for a device id (8 bytes) and a nonce of the server (16 bytes)."""
    return f'{COMPONENTS};keyid="{device.hex()}";nonce="{encode_nonce(nonce)}";alg="ed25519";tag="ongemerkt"'


def signature_input(device: bytes, nonce: bytes) -> str:
    """The value of Signature-Input."""
    return f"{LABEL}={signature_params(device, nonce)}"


def signature_value(signature: bytes) -> str:
    """The value of Signature for an Ed25519 signature (64 bytes)."""
    return f"{LABEL}=:{base64.b64encode(signature).decode()}:"


def authority_of(host: str) -> str:
    """A Host as it is signed: lower case, without the port that https implies (RFC 9421 section 2.2.3)."""
    return host.lower().removesuffix(_HTTPS)


def base(method: str, authority: str, path: str, query: str, digest: str, params: str) -> bytes:
    """The signature base (RFC 9421 section 2.5).

    `path` and `query` (without its question mark) as they stand in the request line, percent-encoded; `digest` and
    `params` as in the headers. Raises protocol.Malformed for what could not be in a request, line ends above all.
    """
    for part in (method, authority, path):
        if not _VISIBLE.fullmatch(part):
            raise protocol.Malformed
    if query and not _VISIBLE.fullmatch(query):
        raise protocol.Malformed
    lines = (
        f'"@method": {method}',
        f'"@authority": {authority_of(authority)}',
        f'"@path": {path}',
        f'"@query": ?{query}',
        f'"content-digest": {digest}',
        f'"@signature-params": {params}',
    )
    return "\n".join(lines).encode("ascii")


def signed_headers(
    sign: Callable[[bytes], bytes], device: bytes, nonce: bytes, method: str, authority: str, target: str, body: bytes
) -> dict[str, str]:
    """The three headers of a signed request. `sign` makes the Ed25519 signature; `target` is path?query."""
    path, _, query = target.partition("?")
    digest = content_digest(body)
    signed = base(method, authority, path, query, digest, signature_params(device, nonce))
    return {
        CONTENT_DIGEST: digest,
        SIGNATURE_INPUT: signature_input(device, nonce),
        SIGNATURE: signature_value(sign(signed)),
    }


def parse_input(value: str) -> Params:
    """Reads Signature-Input: the one form of section 8.2 and no other. Raises protocol.Malformed."""
    found = _PARAMS.fullmatch(value)
    if found is None:
        raise protocol.Malformed
    return Params(bytes.fromhex(found[1]), decode_nonce(found[2]), value.removeprefix(f"{LABEL}="))


def parse_signature(value: str) -> bytes:
    """Reads Signature: 64 bytes. Raises protocol.Malformed."""
    return _decoded(_SIGNATURE, value)


def parse_digest(value: str) -> bytes:
    """Reads Content-Digest: the SHA-256 of the body, 32 bytes. Raises protocol.Malformed."""
    return _decoded(_DIGEST, value)


def encode_nonce(nonce: bytes) -> str:
    """A nonce (16 bytes) as text: base64url without filling."""
    return base64.urlsafe_b64encode(nonce).decode().rstrip("=")


def decode_nonce(text: str) -> bytes:
    """A nonce from its text. Raises protocol.Malformed."""
    try:
        nonce = base64.urlsafe_b64decode(text + "==")
    except (ValueError, binascii.Error):
        raise protocol.Malformed from None
    # one text for one nonce: the unused bits of the last letter are zero, and nothing was skipped
    if len(nonce) != protocol.NONCE or encode_nonce(nonce) != text:
        raise protocol.Malformed
    return nonce


def _decoded(form: re.Pattern[str], value: str) -> bytes:
    found = form.fullmatch(value)
    if found is None:
        raise protocol.Malformed
    decoded = base64.b64decode(found[1])
    if base64.b64encode(decoded).decode() != found[1]:
        raise protocol.Malformed
    return decoded
