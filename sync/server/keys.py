"""The server's own keys: one that signs receipts, and a TLS key with a certificate of its own.

Files of mode 0600 in the server's folder: `receipt.key` (32 bytes, hex), `tls.key` and `tls.crt` (PEM). Several nodes
behind one name share a folder's content: all of them must sign with the same receipt key.
"""

import hashlib
import ipaddress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.server import files
from sync.server.errors import CertificateUnusable, KeysDamaged

if TYPE_CHECKING:
    from cryptography import x509

RECEIPT: Final = "receipt.key"
TLS_KEY: Final = "tls.key"
TLS_CERT: Final = "tls.crt"
_DAYS = 3652
"""Ten years: what counts is the key's pin, not the certificate's end."""


class ReceiptKey:
    """Signs what the server says about what it holds (docs/spec/sync-protocol.md sections 8.4 and 8.6)."""

    def __init__(self, seed: bytes) -> None:
        """From its 32 bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes."""
        return self._key.sign(data)


def make_receipt_key(folder: Path) -> None:
    """Writes a new one."""
    files.write_new(folder / RECEIPT, Ed25519PrivateKey.generate().private_bytes_raw().hex().encode() + b"\n")


def load_receipt_key(folder: Path) -> ReceiptKey:
    """Reads it. Raises KeysDamaged."""
    try:
        seed = bytes.fromhex((folder / RECEIPT).read_text(encoding="ascii").strip())
        return ReceiptKey(seed)
    except (FileNotFoundError, ValueError):
        raise KeysDamaged from None


def make_certificate(folder: Path, names: list[str], today: date) -> None:
    """Writes a P-256 key and a certificate that it signed itself, for ten years; `names` are host names or addresses.

    Its times are whole days, the first of the month: it says no more about when it was made.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ongemerkt-server")])
    start = datetime.combine(today.replace(day=1), time(), UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(found) for found in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files.write_new(folder / TLS_KEY, private)
    files.write_new(folder / TLS_CERT, certificate.public_bytes(serialization.Encoding.PEM))


def pin_of(certificate: bytes) -> bytes:
    """SHA-256 of a PEM certificate's SubjectPublicKeyInfo (section 7.1). Raises CertificateUnusable."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    try:
        key = x509.load_pem_x509_certificate(certificate).public_key()
    except ValueError:
        raise CertificateUnusable from None
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()


def last_day_of(certificate: bytes) -> date:
    """The day on which a PEM certificate ends. Raises CertificateUnusable."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(certificate).not_valid_after_utc.date()
    except ValueError:
        raise CertificateUnusable from None


def _general_name(name: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
