"""A security key in software: CTAP 2.1 in CBOR, with hmac-secret, PIN and a touch that a test decides about.

It stands where python-fido2 expects a device, so the product's own code and the library's run against it. Its side of
the protocol (FIDO CTAP 2.1, sections 6.1, 6.2, 6.5 and 12.5) is written here from the specification, with nothing of
the library but CBOR and the base class.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fido2 import cbor
from fido2.ctap import STATUS, CtapDevice, CtapError

CBOR_CAPABILITY, CBOR_COMMAND = 0x04, 0x10
UP, UV, ATTESTED, EXTENSIONS = 0x01, 0x04, 0x40, 0x80
ERR = CtapError.ERR


class Credential(NamedTuple):
    """What the key keeps of a credential: two secrets, one for when it has verified its user."""

    party: str
    plain: bytes
    verified: bytes
    private: ec.EllipticCurvePrivateKey


class SoftKey(CtapDevice):
    """One security key. Everything about it may be changed while a test goes on."""

    def __init__(self, *, seed: bytes = b"", pin: str = "", protocols: tuple[int, ...] = (2, 1)) -> None:
        """With a `seed` its credentials are the same each time it is made: a key outlives a process."""
        self.seed = seed or os.urandom(16)
        self.pin, self.protocols = pin, protocols
        self.credentials: dict[bytes, Credential] = {}
        self.always_verifies = self.has_sensor = self.exempt = False
        self.tokens = True
        """Whether it knows permissions (pinUvAuthToken of CTAP 2.1)."""
        self.extensions = ["hmac-secret"]
        self.touch: Callable[[Event | None], int] = lambda _: 0
        """What comes of waiting for a touch: a status; 0 is a touch."""
        self.before: Callable[[int], None] = lambda _: None
        """Called with each command before it is done."""
        self.asked: list[int] = []
        self.touches = self.verified = self.wrong = self.made = 0
        self.closed = False
        self._agreement = ec.generate_private_key(ec.SECP256R1())
        self._token = os.urandom(32)

    # -- the device

    @property
    def capabilities(self) -> int:
        return CBOR_CAPABILITY

    @classmethod
    def list_devices(cls) -> Iterator[CtapDevice]:
        return iter(())

    def close(self) -> None:
        self.closed = True

    def call(
        self,
        cmd: int,
        data: bytes = b"",
        event: Event | None = None,
        on_keepalive: Callable[[STATUS], None] | None = None,
    ) -> bytes:
        assert cmd == CBOR_COMMAND
        self.asked.append(data[0])
        self.before(data[0])
        commands = {0x01: self._make, 0x02: self._assert, 0x04: self._info, 0x06: self._client_pin}
        try:
            answer = commands[data[0]](cbor.decode(data[1:]) if data[1:] else {}, event)
        except CtapError as error:
            return bytes([error.code])
        return b"\0" + cbor.encode(answer)

    # -- commands

    def _info(self, _request: Any, _event: Event | None) -> dict[int, Any]:
        options = {"rk": False, "up": True, "clientPin": bool(self.pin), "alwaysUv": self.always_verifies}
        options |= {"pinUvAuthToken": self.tokens, "makeCredUvNotRqd": self.exempt}
        options |= {"uv": True} if self.has_sensor else {}
        return {
            1: ["FIDO_2_0", "FIDO_2_1"],
            2: self.extensions,
            3: bytes(16),
            4: dict(sorted(options.items(), key=lambda each: (len(each[0]), each[0]))),
            6: list(self.protocols),
        }

    def _make(self, request: Any, event: Event | None) -> dict[int, Any]:
        must = bool(self.pin or self.has_sensor) and not self.exempt
        verified = self._verify(request, 8, 9, 7, must=must or self.always_verifies)
        if any(each["id"] in self.credentials for each in request.get(5, [])):
            raise CtapError(ERR.CREDENTIAL_EXCLUDED)
        self._wait(event)
        identity = self._derived(b"id", bytes([self.made]))
        self.made += 1
        credential = self._credential(request[2]["id"], identity)
        self.credentials[identity] = credential
        public = credential.private.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        extensions = {"hmac-secret": True} if "hmac-secret" in request.get(6, {}) and self.extensions else None
        attested = bytes(16) + len(identity).to_bytes(2, "big") + identity + cbor.encode(key)
        told = self._authenticator_data(request[2]["id"], verified, attested, extensions)
        signature = credential.private.sign(told + request[1], ec.ECDSA(hashes.SHA256()))
        return {1: "packed", 2: told, 3: {"alg": -7, "sig": signature}}

    def _assert(self, request: Any, event: Event | None) -> dict[int, Any]:
        up = request.get(5, {}).get("up", True)
        verified = self._verify(request, 6, 7, 5, must=self.always_verifies and up)
        wanted = [each["id"] for each in request.get(3, []) if each["id"] in self.credentials]
        if not wanted or self.credentials[wanted[0]].party != request[1]:
            raise CtapError(ERR.NO_CREDENTIALS)
        credential = self.credentials[wanted[0]]
        if up:
            self._wait(event)
        extensions = None
        if "hmac-secret" in request.get(4, {}):
            extensions = {"hmac-secret": self._hmac_secret(credential, request[4]["hmac-secret"], verified)}
        told = self._authenticator_data(request[1], verified, b"", extensions, up=up)
        signature = credential.private.sign(told + request[2], ec.ECDSA(hashes.SHA256()))
        return {1: {"id": wanted[0], "type": "public-key"}, 2: told, 3: signature}

    def _client_pin(self, request: Any, event: Event | None) -> dict[int, Any]:
        protocol, command = request[1], request[2]
        if command == 1:
            return {3: 8 - self.wrong}
        if command == 2:
            public = self._agreement.public_key().public_numbers()
            return {1: {1: 2, 3: -25, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}}
        shared = self._shared(protocol, request[3])
        if command == 6:
            self._wait(event)
        else:
            assert command == (9 if self.tokens else 5)
            self._check_pin(_decrypt(protocol, shared, request[6]))
        return {2: _encrypt(protocol, shared, self._token)}

    # -- what they are made of

    def _verify(self, request: Any, parameter: int, version: int, options: int, *, must: bool) -> bool:
        if parameter in request:
            challenge = request[1] if parameter == 8 else request[2]
            if request[parameter] != _mac(request[version], self._token, challenge):
                raise CtapError(ERR.PIN_AUTH_INVALID)
            self.verified += 1
            return True
        if request.get(options, {}).get("uv"):
            self.verified += 1
            return True
        if must:
            raise CtapError(ERR.PUAT_REQUIRED)
        return False

    def _check_pin(self, typed: bytes) -> None:
        if self.wrong >= 3:
            raise CtapError(ERR.PIN_AUTH_BLOCKED)
        if typed != hashlib.sha256(self.pin.encode()).digest()[:16]:
            self.wrong += 1
            self._agreement = ec.generate_private_key(ec.SECP256R1())
            raise CtapError(ERR.PIN_AUTH_BLOCKED if self.wrong >= 3 else ERR.PIN_INVALID)
        self.wrong = 0

    def _wait(self, event: Event | None) -> None:
        self.touches += 1
        if status := self.touch(event):
            raise CtapError(status)

    def _derived(self, *parts: bytes) -> bytes:
        return hmac.digest(self.seed, b"".join(parts), "sha256")

    def _credential(self, party: str, identity: bytes) -> Credential:
        private = ec.derive_private_key(int.from_bytes(self._derived(b"key", identity), "big") >> 1, ec.SECP256R1())
        return Credential(party, self._derived(b"plain", identity), self._derived(b"verified", identity), private)

    def again(self, party: str = "ongemerkt", count: int = 3) -> "SoftKey":
        """The same key in another process: with the first credentials it ever made."""
        for number in range(count):
            identity = self._derived(b"id", bytes([number]))
            self.credentials[identity] = self._credential(party, identity)
        return self

    def _hmac_secret(self, credential: Credential, asked: Any, verified: bool) -> bytes:
        protocol = asked.get(4, 1)
        shared = self._shared(protocol, asked[1])
        if _mac(protocol, shared[:32], asked[2]) != asked[3]:
            raise CtapError(ERR.PIN_AUTH_INVALID)
        secret = credential.verified if verified else credential.plain
        salts = _decrypt(protocol, shared, asked[2])
        outputs = [hmac.digest(secret, salts[at : at + 32], "sha256") for at in range(0, len(salts), 32)]
        return _encrypt(protocol, shared, b"".join(outputs))

    def _shared(self, protocol: int, peer: Any) -> bytes:
        x, y = (int.from_bytes(peer[at], "big") for at in (-2, -3))
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        z = self._agreement.exchange(ec.ECDH(), public)
        if protocol == 1:
            return hashlib.sha256(z).digest()
        return b"".join(
            HKDF(hashes.SHA256(), 32, bytes(32), info).derive(z) for info in (b"CTAP2 HMAC key", b"CTAP2 AES key")
        )

    @staticmethod
    def _authenticator_data(
        party: str, verified: bool, attested: bytes, extensions: dict[str, Any] | None, *, up: bool = True
    ) -> bytes:
        flags = UP * up | UV * verified | ATTESTED * bool(attested) | EXTENSIONS * (extensions is not None)
        tail = cbor.encode(extensions) if extensions is not None else b""
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + bytes(4) + attested + tail


def _mac(protocol: int, key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")[: 16 if protocol == 1 else 32]


def _aes(protocol: int, shared: bytes, iv: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(shared if protocol == 1 else shared[32:]), modes.CBC(iv))


def _encrypt(protocol: int, shared: bytes, plain: bytes) -> bytes:
    iv = bytes(16) if protocol == 1 else os.urandom(16)
    encryptor = _aes(protocol, shared, iv).encryptor()
    sealed = encryptor.update(plain) + encryptor.finalize()
    return sealed if protocol == 1 else iv + sealed


def _decrypt(protocol: int, shared: bytes, sealed: bytes) -> bytes:
    iv, sealed = (bytes(16), sealed) if protocol == 1 else (sealed[:16], sealed[16:])
    decryptor = _aes(protocol, shared, iv).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()
