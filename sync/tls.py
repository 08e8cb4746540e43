"""TLS with a pinned key (sync §7.1, §8.1).

A server proves itself by its key and by nothing else: authorities and the name in the certificate are not looked at, so
a self-signed one serves, and no authority can let another server in. TLS itself proves that the server has the private
key, whatever `verify_mode` says.
"""

import hashlib
import socket
import ssl

from sync.errors import ServerAnswersWrong, ServerKeyChanged, ServerOutOfReach

PINS = (16, 32)
"""Bytes of a pin, as codes carry it and whole."""

_SEQUENCE, _INTEGER, _VERSION = 0x30, 0x02, 0xA0
_CIPHERS_12 = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: forward secrecy, authenticated. Those of TLS 1.3 all are."""


def context() -> ssl.SSLContext:
    """Settings of every connection: TLS 1.2 or later; nothing compressed, nothing resumed, so nothing sent early."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    settings.minimum_version = ssl.TLSVersion.TLSv1_2
    settings.check_hostname = False
    settings.verify_mode = ssl.CERT_NONE
    settings.set_ciphers(_CIPHERS_12)
    settings.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return settings


def handshake(sock: socket.socket, host: str, pin: bytes | None) -> tuple[ssl.SSLSocket, bytes]:
    """TLS over a connected socket, within its time-out; and the pin (32 bytes) of the key that the server has proved.

    `pin` is the expected one, its first 16 bytes or all 32; None accepts any key, to look at it. Raises
    ServerKeyChanged, ServerOutOfReach, ServerAnswersWrong (no TLS, or none that is good enough); then the socket is
    closed.
    """
    try:
        secured = context().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    except BaseException:
        sock.close()
        raise
    try:
        secured.do_handshake()
        certificate = secured.getpeercert(binary_form=True)
        if certificate is None:
            raise ServerAnswersWrong
        found = hashlib.sha256(public_key_info(certificate)).digest()
        if pin is not None and found[: len(pin)] != pin:
            raise ServerKeyChanged(found)
    except OSError as error:
        secured.close()
        raise failed(error) from None
    except BaseException:
        secured.close()
        raise
    return secured, found


def failed(error: OSError) -> ServerOutOfReach | ServerAnswersWrong:
    """What an error of a socket means: bytes that are no TLS are a wrong answer, all else is a line that broke."""
    broke = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
    if isinstance(error, ssl.SSLError) and not isinstance(error, broke):
        return ServerAnswersWrong()
    return ServerOutOfReach()


def public_key_info(certificate: bytes) -> bytes:
    """SubjectPublicKeyInfo of an X.509 certificate (RFC 5280 section 4.1), both DER. Raises ServerAnswersWrong.

    Read by hand, since loading a library for it takes longer than a whole session. Lengths must be definite and of the
    shortest form, so that no two readers can see different keys in one certificate.
    """
    start, end, after = _element(certificate, 0, len(certificate), _SEQUENCE)
    if after != len(certificate):
        raise ServerAnswersWrong
    at, end, _ = _element(certificate, start, end, _SEQUENCE)
    if certificate[at : at + 1] == bytes([_VERSION]):
        at = _element(certificate, at, end, _VERSION)[2]
    # serial number, algorithm, issuer, validity, subject
    for tag in (_INTEGER, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE):
        at = _element(certificate, at, end, tag)[2]
    after = _element(certificate, at, end, _SEQUENCE)[2]
    return certificate[at:after]


def _element(data: bytes, at: int, end: int, tag: int) -> tuple[int, int, int]:
    """Start and end of the contents of the element at `at`, and where the next one starts (the same as the end)."""
    head = data[at : min(at + 5, end)]
    if len(head) < 2 or head[0] != tag:
        raise ServerAnswersWrong
    size, start = head[1], at + 2
    if size >= 0x80:
        count = size - 0x80
        digits = head[2 : 2 + count]
        size = int.from_bytes(digits, "big")
        if not 1 <= count == len(digits) <= 3 or size < (0x80 if count == 1 else 1 << 8 * (count - 1)):
            raise ServerAnswersWrong
        start += count
    if start + size > end:
        raise ServerAnswersWrong
    return start, start + size, start + size
