"""A device as the server sees it: a key that signs requests, and bytes in the place of everything else.

It knows no notes and opens nothing: heads, pages and slots are random bytes of the right form.
"""

import hashlib
import http.client
import json
import secrets
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync import codes, protocol, signatures
from sync.server import keys
from tests.support.server import Running

POOL = protocol.POOL_LEAST


class Answered(NamedTuple):
    """Status, headers (names in lower case) and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """The name of the error."""
        name: str = json.loads(self.body)["error"]
        return name


class Line:
    """A connection to a server, whose key is compared with the pin."""

    def __init__(self, server: Running) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.authority = f"127.0.0.1:{server.port}"
        plain = server.url.startswith("http://")
        self._http = (
            http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            if plain
            else http.client.HTTPSConnection("127.0.0.1", server.port, timeout=60, context=context)
        )
        self._pin = None if plain else server.pin

    def ask(
        self, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answered:
        """One request and its answer."""
        sent = {"Content-Type": protocol.OCTETS} if body else {}
        if self._http.sock is None:
            self._connect()
        self._http.request(method, target, body, sent | (headers or {}))
        found = self._http.getresponse()
        return Answered(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())

    def begin(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._connect()
        assert self._http.sock is not None
        self._http.sock.sendall(data)

    def send_raw(self, data: bytes) -> bytes:
        """Sends bytes as they are; all that comes back until the server ends the connection."""
        self.begin(data)
        assert self._http.sock is not None
        found = b""
        while part := self._http.sock.recv(65536):
            found += part
        return found

    def close(self) -> None:
        self._http.close()

    def _connect(self) -> None:
        self._http.connect()
        if isinstance(self._http.sock, ssl.SSLSocket):
            certificate = self._http.sock.getpeercert(binary_form=True) or b""
            assert keys.pin_of(ssl.DER_cert_to_PEM_cert(certificate).encode()) == self._pin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class Device:
    """A device of an account. Every signed request uses up a nonce; a new one comes with the answer."""

    server: Running
    account: bytes = field(default_factory=lambda: secrets.token_bytes(protocol.ACCOUNT))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    nonces: list[bytes] = field(default_factory=list)
    head: bytes = b""
    pages: list[bytes] = field(default_factory=list)
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.server)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        return protocol.device_id(self.public)

    # -- requests

    def sign(self, method: str, target: str, body: bytes, nonce: bytes) -> dict[str, str]:
        """The headers of a signed request."""
        return signatures.signed_headers(self.key.sign, self.id, nonce, method, self.line.authority, target, body)

    def fresh_nonce(self) -> bytes:
        """One of those that are left, or of a new set."""
        if not self.nonces:
            found = self.line.ask("POST", f"{protocol.NONCES_PATH}?device={self.id.hex()}")
            self.nonces = [signatures.decode_nonce(text) for text in json.loads(found.body)["nonces"]]
        return self.nonces.pop()

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answered:
        """A signed request. A header given by name (with _ for -) takes the place of the right one."""
        right = self.sign(method, target, body, self.fresh_nonce())
        given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        answered = self.line.ask(method, target, body, {name.lower(): value for name, value in right.items()} | given)
        if protocol.NEXT_NONCE.lower() in answered.headers:
            self.nonces.append(signatures.decode_nonce(answered.headers[protocol.NEXT_NONCE.lower()]))
        return answered

    def enrol(self, code: str | None = None) -> Answered:
        """Makes the account with an invitation."""
        invitation = codes.decode_code(code or self.server.invite())
        body = invitation.secret + self.account + self.public
        nonce = hashlib.sha256(invitation.secret).digest()[: protocol.NONCE]
        answered = self.line.ask("POST", protocol.ACCOUNTS, body, self.sign("POST", protocol.ACCOUNTS, body, nonce))
        if answered.status == 201:
            self.nonces.append(signatures.decode_nonce(answered.headers[protocol.NEXT_NONCE.lower()]))
        return answered

    def state(self, generation: bytes = bytes(protocol.GENERATION), known: Iterable[bytes] = ()) -> Answered:
        asked = protocol.StateAsked(secrets.token_bytes(protocol.NONCE), generation, tuple(known))
        return self.ask("POST", protocol.STATE, protocol.encode_state_asked(asked))

    def fetch(self, version: int, slots: list[int]) -> Answered:
        return self.ask("POST", protocol.FETCH, protocol.encode_fetch(version, slots))

    # -- a mirror of random bytes

    def upload(self, generation: bytes, pool: int = POOL, *, start: int = 0, count: int | None = None) -> Answered:
        """Random slots of a generation, from `start` on."""
        boxes = secrets.token_bytes((pool - start if count is None else count) * protocol.SLOT_BOX)
        return self.ask("PUT", f"{protocol.POOLS}/{generation.hex()}?pool={pool}&from={start}", boxes)

    def next_head(self, generation: bytes | None = None, pool: int = POOL) -> protocol.Head:
        """An unsigned head that follows the last one of this device."""
        last = protocol.decode_head(self.head) if self.head else None
        return protocol.Head(
            account=self.account,
            version=last.version + 1 if last else 1,
            previous=protocol.head_hash(self.head) if self.head else bytes(protocol.HASH),
            generation=generation or (last.generation if last else secrets.token_bytes(protocol.GENERATION)),
            pool=pool,
            root=secrets.token_bytes(protocol.HASH),
            sealed=tuple(secrets.token_bytes(protocol.SEALED_T) for _ in range(protocol.DEVICES_MOST)),
            signer=self.id,
        )

    def signed_head(self, head: protocol.Head) -> bytes:
        """Its bytes with this device's signature."""
        signature = self.key.sign(protocol.head_signed(protocol.encode_head(head)))
        return protocol.encode_head(head._replace(signature=signature))

    def commit(
        self,
        head: bytes,
        pages: Iterable[tuple[int, bytes]] = (),
        slots: Iterable[tuple[int, bytes]] = (),
        nonce: bytes | None = None,
    ) -> Answered:
        """Sends a head; it is the last one of this device when the server took it."""
        asked = protocol.CommitAsked(nonce or secrets.token_bytes(protocol.NONCE), head, tuple(pages), tuple(slots))
        answered = self.ask("POST", protocol.COMMIT, protocol.encode_commit(asked))
        if answered.status == 200:
            self.head = head
        return answered

    def first_commit(self, pool: int = POOL) -> Answered:
        """A whole pool and its first head."""
        head = self.next_head(secrets.token_bytes(protocol.GENERATION), pool)
        for start in range(0, pool, protocol.SLOTS_MOST):
            sent = self.upload(head.generation, pool, start=start, count=min(pool - start, protocol.SLOTS_MOST))
            assert sent.status == 204, sent
        return self.commit(self.signed_head(head), random_pages(range(protocol.pages_of(pool))))

    def add_device(self, offer_id: bytes, offer: bytes) -> "tuple[Device, Answered]":
        """One more device of the account."""
        other = Device(self.server, self.account)
        return other, self.ask("POST", protocol.DEVICES, other.public + offer_id + offer)


def random_pages(numbers: Iterable[int]) -> list[tuple[int, bytes]]:
    """Pages of noise."""
    return [(number, secrets.token_bytes(protocol.PAGE_BOX)) for number in numbers]


def random_slots(numbers: Iterable[int]) -> list[tuple[int, bytes]]:
    """Slots of noise."""
    return [(number, secrets.token_bytes(protocol.SLOT_BOX)) for number in numbers]


def verified(key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether an Ed25519 signature fits."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def enrolled(server: Running) -> Device:
    """A device with an account of its own."""
    device = Device(server)
    answered = device.enrol()
    if answered.status != 201:
        device.line.close()
        raise AssertionError(answered)
    return device
