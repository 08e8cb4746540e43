"""One conversation with a TPM 2.0, by way of tpm2-pytss (docs/spec/vault.md section 6.3). Imported when a TPM is used.

Every error of the library leaves here as one of ours, without its text.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

import tpm2_pytss as tss

from vault import errors, limits
from vault.formats import tpmfile
from vault.formats.tpmfile import Sealed, Seat

_TPM_LAYERS = (0x0, 0xB)
"""Of a return code, shifted right by 16: the TPM itself, and the resource manager speaking for it."""
_WIRE_LAYER = 0xA
"""The way to the TPM: what fails there says nothing about what was sent."""
_KEEP = tss.TPMA_SESSION.CONTINUESESSION
_HIDE_SENT = _KEEP | tss.TPMA_SESSION.DECRYPT
_HIDE_ANSWER = _KEEP | tss.TPMA_SESSION.ENCRYPT
_ALL = 0xFF
_RC = tss.TPM2_RC
_AUTH = (_RC.AUTH_FAIL, _RC.BAD_AUTH)
_NOT_OURS = (
    *_AUTH,
    _RC.HANDLE,
    _RC.NV_UNINITIALIZED,
    _RC.NV_AUTHORIZATION,
    _RC.NV_LOCKED,
    _RC.ATTRIBUTES,
    _RC.NV_RANGE,
)
"""What a counter answers that is gone, or that is another one at the same index."""
_REASONS = {
    _RC.LOCKOUT: "locked",
    _RC.NV_SPACE: "full",
    _RC.OBJECT_MEMORY: "busy",
    _RC.SESSION_MEMORY: "busy",
    _RC.RETRY: "busy",
    _RC.NV_RATE: "busy",
}


class Chip:
    """A connection with the parent key and a session salted with it. Use it in `with`: nothing stays in the TPM."""

    def __init__(self, tcti: str, parent: bytes = b"") -> None:
        """`tcti` as in tpm2-tss ("device:/dev/tpmrm0"); `parent`: the name that the parent key must have.

        Raises TpmUnreachable; AnchorLost when the parent has another name.
        """
        self._loaded: list[Any] = []
        try:
            self._tss = tss.ESAPI(tcti)
        except (tss.TSS2_Exception, ValueError, RuntimeError):
            raise errors.TpmUnreachable(why(tcti)) from None
        try:
            self._begin(parent)
        except BaseException:
            self.close()
            raise

    def _begin(self, parent: bytes) -> None:
        with _told("owned"):
            self._parent = self._keep(self._tss.create_primary(tss.TPM2B_SENSITIVE_CREATE(), _storage_key())[0])
            self.parent_name = bytes(self._tss.tr_get_name(self._parent))
        if parent not in (b"", self.parent_name):
            raise errors.AnchorLost
        self._session = self._new_session(tss.TPM2_SE.HMAC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Takes everything of this conversation out of the TPM."""
        while self._loaded:
            self._flush(self._loaded[-1])
        with suppress(tss.TSS2_Exception):
            self._tss.close()

    # -- the counter

    def free_seat(self) -> Seat:
        """A seat at an index where nothing is, with a random auth value."""
        while True:
            index = tpmfile.INDEX_LEAST + secrets.randbelow(tpmfile.INDEX_MOST - tpmfile.INDEX_LEAST + 1)
            seat = Seat(index, os.urandom(32), self.parent_name)
            try:
                self._counter(seat)
            except errors.AnchorLost:
                return seat

    def define(self, seat: Seat) -> int:
        """Makes the counter. Its first value. Raises TpmUnreachable."""
        public = tss.TPMS_NV_PUBLIC(
            nvIndex=seat.nv, nameAlg=tss.TPM2_ALG.SHA256, attributes=tpmfile.ATTRIBUTES, dataSize=8
        )
        with _told("owned"):
            session = self._with(_HIDE_SENT)
            self._tss.nv_define_space(seat.auth, tss.TPM2B_NV_PUBLIC(nvPublic=public), session1=session)
        self.increment(seat)
        return self.value(seat)

    def value(self, seat: Seat) -> int:
        """The counter's value. Raises AnchorLost (it is not there, or not ours), TpmUnreachable."""
        counter = self._counter(seat)
        with _told(lost=_NOT_OURS):
            session = self._with(_HIDE_ANSWER)
            raw = self._tss.nv_read(counter, tpmfile.COUNTER_BYTES, auth_handle=counter, session1=session)
        return int.from_bytes(bytes(raw), "big")

    def increment(self, seat: Seat) -> None:
        """One step further: every blob with the old value as its bound is dead. Raises AnchorLost, TpmUnreachable."""
        counter = self._counter(seat)
        with _told(lost=_NOT_OURS):
            self._tss.nv_increment(counter, auth_handle=counter, session1=self._with(_KEEP))

    def raise_to(self, seat: Seat, value: int) -> None:
        """Increments until the counter is at least `value`. Raises AnchorLost, AnchorDamaged, TpmUnreachable."""
        now = self.value(seat)
        if value - now > limits.TPM_STEPS:
            raise errors.AnchorDamaged
        for _ in range(now, value):
            self.increment(seat)

    def remove(self, seat: Seat, given: int) -> None:
        """Kills every blob up to the bound `given`, and takes the counter away. Raises AnchorLost, TpmUnreachable."""
        # also proves that the counter is ours; one that was never incremented has no value yet
        self.increment(seat)
        self.raise_to(seat, min(given + 1, self.value(seat) + limits.TPM_STEPS))
        with _told("owned", lost=_NOT_OURS[2:]):
            self._tss.nv_undefine_space(self._counter(seat), session1=self._with(_KEEP))

    def _counter(self, seat: Seat) -> Any:
        with _told(lost=_NOT_OURS):
            counter = self._tss.tr_from_tpmpublic(seat.nv)
            self._tss.tr_set_auth(counter, seat.auth)
        return counter

    # -- the blob

    def seal(self, seat: Seat, bound: int, secret: bytes) -> Sealed:
        """Seals a secret that opens while the counter is at most `bound`. Raises TpmUnreachable."""
        public = _sealed_data(tpmfile.policy(seat.nv, bound))
        sensitive = tss.TPM2B_SENSITIVE_CREATE(tss.TPMS_SENSITIVE_CREATE(data=secret))
        with _told():
            made = self._tss.create(self._parent, sensitive, public, session1=self._with(_HIDE_SENT))
            return Sealed(bound, made[1].marshal(), made[0].marshal())

    def unseal(self, seat: Seat, sealed: Sealed) -> bytes:
        """The secret. Raises AnchorSpent (the counter is past the bound), AnchorLost, TpmUnreachable."""
        blob = self._load(sealed)
        try:
            policy = self._new_session(tss.TPM2_SE.POLICY)
            try:
                self._satisfy(policy, seat, sealed.bound)
                self._tss.trsess_set_attributes(policy, _HIDE_ANSWER, _ALL)
                with _told(lost=(_RC.POLICY_FAIL,)):
                    return bytes(self._tss.unseal(blob, session1=policy))
            finally:
                self._flush(policy)
        finally:
            self._flush(blob)

    def _load(self, sealed: Sealed) -> Any:
        # of this parent (its name was compared), so what does not load is damaged
        with _told(damaged=True):
            private, taken = tss.TPM2B_PRIVATE.unmarshal(sealed.private)
            public, also = tss.TPM2B_PUBLIC.unmarshal(sealed.public)
            if (taken, also) != (len(sealed.private), len(sealed.public)):
                raise errors.AnchorDamaged
            return self._keep(self._tss.load(self._parent, private, public, session1=self._with(_KEEP)))

    def _satisfy(self, policy: Any, seat: Seat, bound: int) -> None:
        counter = self._counter(seat)
        operand = bound.to_bytes(tpmfile.COUNTER_BYTES, "big")
        with _told(lost=_NOT_OURS, spent=(_RC.POLICY,)):
            session = self._with(_KEEP)
            self._tss.policy_nv(counter, counter, policy, operand, tss.TPM2_EO.UNSIGNED_LE, session1=session)

    # -- sessions and what is loaded

    def _new_session(self, kind: Any) -> Any:
        with _told():
            return self._keep(
                self._tss.start_auth_session(
                    self._parent, tss.ESYS_TR.NONE, kind, _aes(tss.TPMT_SYM_DEF), tss.TPM2_ALG.SHA256
                )
            )

    def _with(self, attributes: Any) -> Any:
        self._tss.trsess_set_attributes(self._session, attributes, _ALL)
        return self._session

    def _keep(self, handle: Any) -> Any:
        self._loaded.append(handle)
        return handle

    def _flush(self, handle: Any) -> None:
        self._loaded.remove(handle)
        with suppress(tss.TSS2_Exception):
            self._tss.flush_context(handle)


@contextmanager
def _told(
    owned: str = "", *, lost: tuple[int, ...] = (), spent: tuple[int, ...] = (), damaged: bool = False
) -> Iterator[None]:
    """Turns the library's errors into ours: these codes of the TPM into AnchorLost or AnchorSpent, `damaged` any
    complaint about what was sent into AnchorDamaged, `owned` names what a wrong authorisation means."""
    try:
        yield
    except tss.TSS2_Exception as error:
        layer = int(error.rc) >> 16
        code = int(error.error) if layer in _TPM_LAYERS else 0
        if code in spent:
            raise errors.AnchorSpent from None
        if code in lost:
            raise errors.AnchorLost from None
        if damaged and code not in _REASONS and layer != _WIRE_LAYER:
            raise errors.AnchorDamaged from None
        reason = owned if owned and code in _AUTH else _REASONS.get(code, "failed")
        raise errors.TpmUnreachable(reason) from None


def why(tcti: str) -> str:
    """The reason (errors.TPM_REASONS) why no connection can be had."""
    kind, _, path = tcti.partition(":")
    if kind != "device" or not path:
        return "failed"
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        known = {errno.ENOENT: "missing", errno.ENXIO: "missing", errno.ENODEV: "missing", errno.EBUSY: "busy"}
        refused = {errno.EACCES: "refused", errno.EPERM: "refused"}
        return {**known, **refused}.get(error.errno or 0, "failed")
    return "failed"


def _aes(kind: Any) -> Any:
    # 128 bits, CFB: what every TPM 2.0 of a PC knows
    bits, mode = tss.TPMU_SYM_KEY_BITS(aes=128), tss.TPMU_SYM_MODE(aes=tss.TPM2_ALG.CFB)
    return kind(algorithm=tss.TPM2_ALG.AES, keyBits=bits, mode=mode)


def _storage_key() -> Any:
    flags = tss.TPMA_OBJECT
    ecc = tss.TPMS_ECC_PARMS(
        symmetric=_aes(tss.TPMT_SYM_DEF_OBJECT),
        scheme=tss.TPMT_ECC_SCHEME(scheme=tss.TPM2_ALG.NULL),
        curveID=tss.TPM2_ECC.NIST_P256,
        kdf=tss.TPMT_KDF_SCHEME(scheme=tss.TPM2_ALG.NULL),
    )
    area = tss.TPMT_PUBLIC(
        type=tss.TPM2_ALG.ECC,
        nameAlg=tss.TPM2_ALG.SHA256,
        objectAttributes=flags.FIXEDTPM
        | flags.FIXEDPARENT
        | flags.SENSITIVEDATAORIGIN
        | flags.USERWITHAUTH
        | flags.NODA
        | flags.RESTRICTED
        | flags.DECRYPT,
        parameters=tss.TPMU_PUBLIC_PARMS(eccDetail=ecc),
    )
    return tss.TPM2B_PUBLIC(publicArea=area)


def _sealed_data(policy: bytes) -> Any:
    flags = tss.TPMA_OBJECT
    scheme = tss.TPMT_KEYEDHASH_SCHEME(scheme=tss.TPM2_ALG.NULL)
    area = tss.TPMT_PUBLIC(
        type=tss.TPM2_ALG.KEYEDHASH,
        nameAlg=tss.TPM2_ALG.SHA256,
        objectAttributes=flags.FIXEDTPM | flags.FIXEDPARENT | flags.NODA,
        authPolicy=policy,
        parameters=tss.TPMU_PUBLIC_PARMS(keyedHashDetail=tss.TPMS_KEYEDHASH_PARMS(scheme=scheme)),
    )
    return tss.TPM2B_PUBLIC(publicArea=area)
