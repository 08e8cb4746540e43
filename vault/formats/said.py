"""What a server signs (docs/spec/sync-protocol.md sections 8.4 and 8.6). Pure."""

_HOLDS = b"ongemerkt holds 1\n"
_MONTH = b"ongemerkt month 1\n"


def holds(account: bytes, nonce: bytes, version: int, head: bytes, month: int) -> bytes:
    """That it holds this head (its hash, 32 bytes) and nothing older; `nonce` is that of the commit."""
    return _HOLDS + account + nonce + version.to_bytes(8, "big") + head + month.to_bytes(2, "big")


def month(account: bytes, nonce: bytes, number: int) -> bytes:
    """Which month it is; `nonce` is that of the question."""
    return _MONTH + account + nonce + number.to_bytes(2, "big")
