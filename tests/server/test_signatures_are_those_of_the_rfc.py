"""Requests are signed as RFC 9421 says: an independent library signs what we verify, and verifies what we sign.

Its verify() does not look at the body unless it is given one, so it always is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from hypothesis import example, given
from hypothesis import strategies as st

from sync import protocol, signatures
from sync.server import auth
from sync.server.refusals import Refusal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
DEVICE = protocol.device_id(PUBLIC)
NONCE = bytes(range(16))
METHODS = st.sampled_from(["GET", "POST", "PUT"])
AUTHORITIES = st.sampled_from(["sync.example.nl", "Sync.Example.NL:8443", "127.0.0.1:8443", "sync.example.nl:443"])
TARGETS = st.sampled_from(
    ["/", "/v1/state", "/v1/pools/00ff?pool=256&from=0", "/v1/a%20b?x=%2F", "/v1/leave?", "/v1/nonces?device=00"]
)


@dataclass
class Message:
    """A request as the library wants it."""

    method: str
    url: str
    headers: dict[str, str]


class Keys(HTTPSignatureKeyResolver):
    """One key for everybody."""

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return KEY

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return KEY.public_key()


class Theirs(HTTPMessageVerifier):
    """Our requests have a nonce instead of times."""

    require_created = False


def ours(method: str, authority: str, target: str, body: bytes) -> dict[str, str]:
    return signatures.signed_headers(KEY.sign, DEVICE, NONCE, method, authority, target, body)


def theirs(method: str, authority: str, target: str, body: bytes) -> dict[str, str]:
    """The headers as the library writes them, from parts of its own."""
    headers = {"Content-Digest": ours(method, authority, target, body)["Content-Digest"]}
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    names = ["@method", "@authority", "@path", "@query", "content-digest"]
    params: dict[str, Any] = {
        "keyid": DEVICE.hex(),
        "nonce": signatures.encode_nonce(NONCE),
        "alg": "ed25519",
        "tag": "ongemerkt",
    }
    base, node, _ = signer._build_signature_base(
        Message(method, f"https://{authority}{target}", headers),
        covered_component_ids=signer._parse_covered_component_ids(names),  # type: ignore[no-untyped-call]
        signature_params=params,
    )
    signature = algorithms.ED25519(private_key=KEY).sign(base.encode())  # type: ignore[no-untyped-call]
    return headers | {"Signature-Input": f"sig={node}", "Signature": signatures.signature_value(signature)}


def claimed(method: str, authority: str, target: str, headers: Mapping[str, str]) -> auth.Claim:
    path, _, query = target.partition("?")
    return auth.read_claim(method, path, query, ({"Host": authority} | dict(headers)).__getitem__)


@given(METHODS, AUTHORITIES, TARGETS, st.binary(max_size=64))
def test_what_the_library_signs_we_verify(method: str, authority: str, target: str, body: bytes) -> None:
    claim = claimed(method, authority, target, theirs(method, authority, target, body))
    assert (claim.device, claim.nonce) == (DEVICE, NONCE)
    assert auth.signed_by(PUBLIC, claim.signature, claim.signed)
    auth.check_digest(claim, signatures.parse_digest(signatures.content_digest(body)))


@given(METHODS, AUTHORITIES, TARGETS, st.binary(max_size=64))
def test_what_we_sign_the_library_verifies(method: str, authority: str, target: str, body: bytes) -> None:
    message = Message(method, f"https://{authority}{target}", ours(method, authority, target, body))
    verifier = Theirs(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    [found] = verifier.verify(message, max_age=None, expect_tag="ongemerkt", body=body)
    assert (found.body, found.nonce) == (body, signatures.encode_nonce(NONCE))
    with pytest.raises(InvalidSignature):
        verifier.verify(message, max_age=None, expect_tag="ongemerkt", body=body + b"x")


def test_the_library_and_we_write_the_same_headers() -> None:
    for target in ("/v1/state", "/v1/pools/00ff?pool=256&from=0"):
        assert ours("POST", "sync.example.nl", target, b"body") == theirs("POST", "sync.example.nl", target, b"body")


@pytest.mark.parametrize("changed", ["method", "authority", "path", "query", "device", "nonce", "digest"])
def test_every_part_of_a_request_is_signed(changed: str) -> None:
    """Seen to fail, one after another, with each line taken out of signatures.base."""
    authority, target, headers = (
        "sync.example.nl",
        "/v1/state?a=1",
        ours("POST", "sync.example.nl", "/v1/state?a=1", b""),
    )
    method = "POST"
    if changed == "method":
        method = "PUT"
    elif changed == "authority":
        authority = "other.example.nl"
    elif changed == "path":
        target = "/v1/fetch?a=1"
    elif changed == "query":
        target = "/v1/state?a=2"
    elif changed == "digest":
        headers["Content-Digest"] = signatures.content_digest(b"other")
    else:
        device, nonce = (bytes(8), NONCE) if changed == "device" else (DEVICE, bytes(16))
        headers["Signature-Input"] = signatures.signature_input(device, nonce)
    claim = claimed(method, authority, target, headers)
    assert not auth.signed_by(PUBLIC, claim.signature, claim.signed)


RIGHT = ours("POST", "sync.example.nl", "/v1/state", b"body")
OTHER_FORMS = [
    ("Signature-Input", RIGHT["Signature-Input"].replace('"@method" ', "")),
    ("Signature-Input", RIGHT["Signature-Input"].replace('"@method" "@authority"', '"@authority" "@method"')),
    ("Signature-Input", RIGHT["Signature-Input"] + ";created=1"),
    ("Signature-Input", RIGHT["Signature-Input"].replace("ed25519", "hmac-sha256")),
    ("Signature-Input", RIGHT["Signature-Input"].replace("ongemerkt", "other")),
    ("Signature-Input", RIGHT["Signature-Input"].replace("sig=", "sig2=")),
    ("Signature-Input", RIGHT["Signature-Input"] + ", " + RIGHT["Signature-Input"].replace("sig=", "sig2=")),
    ("Signature-Input", RIGHT["Signature-Input"].replace(";", "; ")),
    ("Signature-Input", RIGHT["Signature-Input"].replace(DEVICE.hex(), DEVICE.hex().upper())),
    ("Signature", RIGHT["Signature"] + ", " + RIGHT["Signature"].replace("sig=", "sig2=")),
    ("Signature", RIGHT["Signature"].replace(":", "")),
    ("Content-Digest", RIGHT["Content-Digest"].replace("sha-256", "sha-512")),
    ("Content-Digest", RIGHT["Content-Digest"] + ", sha-512=:" + "A" * 86 + "==:"),
]


@pytest.mark.parametrize(("name", "value"), OTHER_FORMS)
def test_no_other_form_is_read(name: str, value: str) -> None:
    """What could be read in two ways is not read at all: so no form is weaker than the one of the specification."""
    with pytest.raises(Refusal) as refused:
        claimed("POST", "sync.example.nl", "/v1/state", RIGHT | {name: value})
    assert refused.value.name == "signature"


@given(st.text() | st.from_regex(r"sig=\(.*", fullmatch=True) | st.sampled_from([*RIGHT.values()]))
@example(RIGHT["Signature"].replace("==:", "=:"))
def test_any_header_is_read_or_malformed(value: str) -> None:
    for parse in (signatures.parse_input, signatures.parse_signature, signatures.parse_digest, signatures.decode_nonce):
        try:
            parse(value)
        except protocol.Malformed:
            pass


@given(st.binary(min_size=16, max_size=16))
def test_a_nonce_has_one_text(nonce: bytes) -> None:
    text = signatures.encode_nonce(nonce)
    assert signatures.decode_nonce(text) == nonce
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if last != text[-1]:
            try:
                assert signatures.decode_nonce(text[:-1] + last) != nonce
            except protocol.Malformed:
                pass


@pytest.mark.parametrize("part", ["method", "authority", "path", "query"])
def test_a_line_end_in_a_request_is_not_signed(part: str) -> None:
    """It could make one signature base stand for two requests. Seen to fail without the check in signatures.base."""
    parts = {"method": "POST", "authority": "sync.example.nl", "path": "/v1/state", "query": "a=1"}
    with pytest.raises(protocol.Malformed):
        signatures.base(
            **(parts | {part: parts[part] + '\n"@path": /'}),
            digest="",
            params=signatures.signature_params(DEVICE, NONCE),
        )
