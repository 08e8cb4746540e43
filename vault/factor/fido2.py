"""A FIDO2 security key as second factor: the hmac-secret extension of CTAP 2 (docs/spec/places.md section 7).

Speaks with the key through python-fido2, which is imported when a key is asked. What a key answers is hostile input:
whatever goes wrong in reading it ends in SecurityKeyFailed. A key that answers nothing is left alone after a while.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar
from unicodedata import normalize

from vault import errors, limits
from vault.factor.contract import Made, Person
from vault.factor.waiting import INSISTS, within

if TYPE_CHECKING:
    from fido2.ctap import CtapDevice
    from fido2.ctap2.base import AssertionResponse, Ctap2
    from fido2.ctap2.pin import ClientPin, PinProtocol

Result = TypeVar("Result")

RELYING_PARTY = "ongemerkt"
_VERIFIED = 1
"""The flag of a secret that the key gives after it has verified its user."""
_SALT_BYTES = 32
_PIN_TRIES = 3
_NO_TOUCH = {"up": False}
_ROOT = ""
"""Where /dev and /sys are."""


class Told(NamedTuple):
    """What a security key is told: whether it verifies its user, the salt (32 bytes), and which credential it is."""

    verified: bool
    salt: bytes
    credential: bytes

    @classmethod
    def read(cls, described: bytes) -> "Told":
        """Raises HeaderDamaged."""
        if len(described) <= 1 + _SALT_BYTES or described[0] > _VERIFIED:
            raise errors.HeaderDamaged
        return cls(described[0] == _VERIFIED, described[1 : 1 + _SALT_BYTES], described[1 + _SALT_BYTES :])

    def written(self) -> bytes:
        """The bytes in the header."""
        return bytes([_VERIFIED * self.verified]) + self.salt + self.credential


def plugged_in() -> "Iterable[CtapDevice]":
    """The security keys that are plugged in. Raises SecurityKeyFailed if there are only such as may not be used."""
    from fido2.hid import CtapHidDevice, list_descriptors, open_connection

    found = []
    for descriptor in list_descriptors():
        try:
            found.append(CtapHidDevice(descriptor, open_connection(descriptor)))
        except Exception:  # noqa: BLE001, S112 - a device that can't be spoken with is no security key of ours
            continue
    if not found and _is_forbidden():
        raise errors.SecurityKeyFailed("forbidden")
    return found


def make(person: Person, known: Sequence[bytes], devices: "Callable[[], Iterable[CtapDevice]] | None" = None) -> Made:
    """A new credential on the one security key that is plugged in, and its secret for a salt of its own.

    Asks for the key's PIN if the key wants it, and for a touch twice. `devices`: the security keys that are there.
    Raises FactorKnown, SecurityKeyFailed.
    """
    with _Keys(person, devices or plugged_in) as keys:
        key = keys.only_one()
        credential = key.new_credential([Told.read(each).credential for each in known])
        told, secret = key.first_secret(os.urandom(_SALT_BYTES), credential)
    if len(told.written()) > limits.FACTOR_BYTES:
        raise errors.SecurityKeyFailed("unable")
    return Made(told.written(), secret)


def secrets(
    told: Sequence[bytes], person: Person, devices: "Callable[[], Iterable[CtapDevice]] | None" = None
) -> Mapping[bytes, bytes]:
    """The secret of the first plugged-in key that has one of these credentials; it is to be touched.

    Keys that have none are passed over without a touch. `devices`: the security keys that are there. Raises
    HeaderDamaged, SecurityKeyFailed.
    """
    wanted = [Told.read(each) for each in told]
    failed = errors.SecurityKeyFailed("unknown")
    with _Keys(person, devices or plugged_in) as keys:
        for key in keys.all():
            try:
                own = next((each for each in wanted if key.has(each.credential)), None)
            except errors.SecurityKeyFailed as error:
                failed = error
                continue
            if own is not None:
                return {own.written(): key.secret(own)}
    raise failed


class _Keys:
    """The security keys that are plugged in; a context manager that lets go of them."""

    def __init__(self, person: Person, devices: "Callable[[], Iterable[CtapDevice]]") -> None:
        self._person = person
        self._find = devices
        self._devices: list[CtapDevice] = []

    def __enter__(self) -> Self:
        try:
            import fido2.ctap2  # noqa: F401 - whether it is there at all
        except ImportError:
            raise errors.SecurityKeyFailed("not-installed") from None
        self._devices = within(limits.SECURITY_KEY_ANSWER, lambda _: list(self._find()))
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._let_go()
        if isinstance(error, errors.SecurityKeyFailed) and error.reason == INSISTS:
            raise errors.SecurityKeyFailed("refused") from None

    def _let_go(self) -> None:
        for device in self._devices:
            try:
                device.close()
            except Exception:  # noqa: BLE001, S112 - it was unplugged, or is still busy with what it was asked
                continue

    def all(self) -> "list[_Key]":
        """Those that can do what is needed. Raises SecurityKeyFailed if there are none."""
        keys: list[_Key] = []
        failed = errors.SecurityKeyFailed("absent")
        for device in self._devices:
            try:
                keys.append(_Key(device, self._person))
            except errors.SecurityKeyFailed as error:
                failed = error
        if not keys:
            raise failed
        return keys

    def only_one(self) -> "_Key":
        """The one there is. Raises SecurityKeyFailed."""
        keys = self.all()
        if len(keys) > 1:
            raise errors.SecurityKeyFailed("several")
        return keys[0]


class _Key:
    """One security key that has hmac-secret."""

    def __init__(self, device: "CtapDevice", person: Person) -> None:
        """Asks it what it can do. Raises SecurityKeyFailed."""
        from fido2.ctap2.base import Ctap2

        self._person = person
        self._ctap: Ctap2 = within(limits.SECURITY_KEY_ANSWER, lambda _: _ctap(device, Ctap2))
        self._options = self._ctap.info.options
        self._protocol = _protocol(self._ctap)

    @property
    def _always_verifies(self) -> bool:
        """Whether it gives no secret without verifying its user (alwaysUv of CTAP 2.1)."""
        return self._options.get("alwaysUv") is True

    def has(self, credential: bytes) -> bool:
        """Whether this credential is its own; without a touch. Raises SecurityKeyFailed."""
        most = self._ctap.info.max_cred_id_length
        if most and len(credential) > most:
            return False

        def look(_event: Event) -> bool:
            self._ctap.get_assertion(RELYING_PARTY, bytes(32), [_described(credential)], None, _NO_TOUCH)
            return True

        try:
            return within(limits.SECURITY_KEY_ANSWER, look)
        except errors.SecurityKeyFailed as error:
            if error.reason not in ("unknown", INSISTS):
                raise
            # one that does not say so before it has verified its user may be the one
            return error.reason == INSISTS

    def new_credential(self, excluded: Sequence[bytes]) -> bytes:
        """A new credential's id. Raises FactorKnown, SecurityKeyFailed."""
        if any(self.has(credential) for credential in excluded):
            raise errors.FactorKnown
        permission = _permissions().MAKE_CREDENTIAL
        configured = any(self._options.get(name) for name in ("uv", "clientPin", "bioEnroll"))
        if self._always_verifies or (configured and not self._options.get("makeCredUvNotRqd")):
            return self._touched(self._make, permission, verifies=True)
        return self._touched_and_verified_if_need_be(self._make, permission)

    def _make(self, verifying: "_Verifying", event: Event) -> bytes:
        challenge = os.urandom(32)
        answer = self._ctap.make_credential(
            challenge,
            {"id": RELYING_PARTY, "name": RELYING_PARTY},
            # a key that keeps credentials keeps one for each user: another id, or that of another vault would go
            {"id": os.urandom(16), "name": RELYING_PARTY, "displayName": RELYING_PARTY},
            [{"type": "public-key", "alg": algorithm} for algorithm in (-7, -8)],
            extensions={"hmac-secret": True},
            options=verifying.options,
            pin_uv_param=verifying.parameter(self._protocol, challenge),
            pin_uv_protocol=verifying.version(self._protocol),
            event=event,
        )
        made = answer.auth_data.credential_data
        if made is None or not (answer.auth_data.extensions or {}).get("hmac-secret"):
            raise errors.SecurityKeyFailed("unable")
        return bytes(made.credential_id)

    def first_secret(self, salt: bytes, credential: bytes) -> tuple[Told, bytes]:
        """The secret (32 bytes) of a new credential, and what the key has to be told for it from now on.

        Without verifying its user if the key gives one so: unlocking asks for a passphrase already.
        """
        told = Told(self._always_verifies, salt, credential)

        def ask(verifying: "_Verifying", event: Event) -> tuple[bool, bytes]:
            return self._hmac_secret(told, verifying, event)

        permission = _permissions().GET_ASSERTION
        if self._always_verifies:
            verified, secret = self._touched(ask, permission, verifies=True)
        else:
            verified, secret = self._touched_and_verified_if_need_be(ask, permission)
        return told._replace(verified=verified), secret

    def secret(self, told: Told) -> bytes:
        """The secret (32 bytes) of a credential of its own. Raises SecurityKeyFailed."""

        def ask(verifying: "_Verifying", event: Event) -> tuple[bool, bytes]:
            return self._hmac_secret(told, verifying, event)

        try:
            verified, secret = self._touched(ask, _permissions().GET_ASSERTION, verifies=told.verified)
        except errors.SecurityKeyFailed as error:
            if error.reason != INSISTS:
                raise
            verified, secret = True, b""
        # the key has one secret for each, so this one would open nothing
        if verified != told.verified:
            raise errors.SecurityKeyFailed("changed")
        return secret

    def _hmac_secret(self, told: Told, verifying: "_Verifying", event: Event) -> tuple[bool, bytes]:
        from fido2.ctap2.extensions import HmacSecretExtension
        from fido2.webauthn import PublicKeyCredentialRequestOptions

        challenge = os.urandom(32)
        wanted = PublicKeyCredentialRequestOptions(
            challenge=challenge, rp_id=RELYING_PARTY, extensions={"hmacGetSecret": {"salt1": told.salt}}
        )
        extension = HmacSecretExtension(allow_hmac_secret=True).get_assertion(self._ctap, wanted, self._protocol)
        if extension is None:
            raise errors.SecurityKeyFailed("unable")
        answer: AssertionResponse = self._ctap.get_assertion(
            RELYING_PARTY,
            challenge,
            [_described(told.credential)],
            extension.prepare_inputs(None, None),
            verifying.options,
            verifying.parameter(self._protocol, challenge),
            verifying.version(self._protocol),
            event=event,
        )
        output = (extension.prepare_outputs(answer, None) or {}).get("hmacGetSecret")
        if output is None or len(output.output1) != 32 or output.output2:
            raise errors.SecurityKeyFailed("unable")
        return answer.auth_data.is_user_verified(), bytes(output.output1)

    # -- touching, and verifying the user

    def _touched_and_verified_if_need_be(
        self, ask: "Callable[[_Verifying, Event], Result]", permission: "ClientPin.PERMISSION"
    ) -> Result:
        try:
            return self._touched(ask, permission, verifies=False)
        except errors.SecurityKeyFailed as error:
            if error.reason != INSISTS:
                raise
        return self._touched(ask, permission, verifies=True)

    def _touched(
        self, ask: "Callable[[_Verifying, Event], Result]", permission: "ClientPin.PERMISSION", *, verifies: bool
    ) -> Result:
        """What `ask` gives once the key was touched, and has verified its user if it `verifies`."""
        verifying = self._verified(permission) if verifies else _Verifying()
        self._person.touch()
        try:
            return within(limits.SECURITY_KEY_TOUCH, lambda event: ask(verifying, event))
        finally:
            self._person.touched()

    def _verified(self, permission: "ClientPin.PERMISSION") -> "_Verifying":
        """Lets the key verify its user: by its own sensor if it has one that is set up, else by its PIN."""
        from fido2.ctap2.pin import ClientPin

        client = ClientPin(self._ctap, self._protocol)
        if self._options.get("uv"):
            if not ClientPin.is_token_supported(self._ctap.info):
                return _Verifying(options={"uv": True})
            self._person.touch()
            try:
                token = within(
                    limits.SECURITY_KEY_TOUCH,
                    lambda event: client.get_uv_token(permission, RELYING_PARTY, event),
                )
                return _Verifying(token)
            except errors.SecurityKeyFailed as error:
                if error.reason not in ("pin", "blocked") or not self._options.get("clientPin"):
                    raise
            finally:
                self._person.touched()
        if not self._options.get("clientPin"):
            raise errors.SecurityKeyFailed("no-pin")
        return _Verifying(self._by_pin(client, permission))

    def _by_pin(self, client: "ClientPin", permission: "ClientPin.PERMISSION") -> bytes:
        left: int | None = None
        for _attempt in range(_PIN_TRIES):
            typed = self._person.pin(left)
            if not typed:
                break
            # CTAP 2.1 section 6.5.1
            given = partial(client.get_pin_token, normalize("NFC", typed), permission, RELYING_PARTY)
            try:
                return within(limits.SECURITY_KEY_ANSWER, lambda _: given())  # noqa: B023 - done before the next
            except errors.SecurityKeyFailed as error:
                if error.reason != "pin":
                    raise
            left = within(limits.SECURITY_KEY_ANSWER, lambda _: client.get_pin_retries()[0])
        raise errors.SecurityKeyFailed("pin", left)


class _Verifying(NamedTuple):
    """How a key verifies its user in one request: a token that was given for it, or an option; or not at all."""

    token: bytes | None = None
    options: Mapping[str, bool] | None = None

    def parameter(self, protocol: "PinProtocol", challenge: bytes) -> bytes | None:
        """What shows the key the token."""
        return None if self.token is None else protocol.authenticate(self.token, challenge)

    def version(self, protocol: "PinProtocol") -> int | None:
        """The protocol that the token is of."""
        return None if self.token is None else protocol.VERSION


def _described(credential: bytes) -> dict[str, object]:
    return {"type": "public-key", "id": credential}


def _permissions() -> "type[ClientPin.PERMISSION]":
    from fido2.ctap2.pin import ClientPin

    return ClientPin.PERMISSION


def _ctap(device: "CtapDevice", kind: "type[Ctap2]") -> "Ctap2":
    try:
        ctap = kind(device)
    except ValueError:
        # a key of the time before CTAP 2
        raise errors.SecurityKeyFailed("unable") from None
    if "hmac-secret" not in ctap.info.extensions:
        raise errors.SecurityKeyFailed("unable")
    return ctap


def _protocol(ctap: "Ctap2") -> "PinProtocol":
    from fido2.ctap2.pin import ClientPin

    try:
        return ClientPin(ctap).protocol
    except ValueError:
        raise errors.SecurityKeyFailed("unable") from None


def _is_forbidden() -> bool:
    """Whether a security key is plugged in that this user may not open (Linux)."""
    import glob

    for device in glob.glob(f"{_ROOT}/dev/hidraw*"):
        described = f"{_ROOT}/sys/class/hidraw/{os.path.basename(device)}/device/report_descriptor"
        try:
            with open(described, "rb") as file:
                # usage page F1D0, FIDO Alliance (HID usage tables)
                is_key = b"\x06\xd0\xf1" in file.read(4096)
        except OSError:
            continue
        if is_key and not os.access(device, os.R_OK | os.W_OK):
            return True
    return False
