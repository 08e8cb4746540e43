"""Waiting for a security key, with an end to it, and what its refusals mean (CTAP 2.1 section 8.2)."""

from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

from vault import errors, limits

Result = TypeVar("Result")

INSISTS = "insists"
"""A reason of SecurityKeyFailed that goes no further than vault.factor: the key wants to verify its user first."""


def within(seconds: float, work: Callable[[Event], Result]) -> Result:
    """What `work` returns, done in a thread of its own; an event tells it to stop when the time is up.

    A key that is silent holds a read that nothing can end: its thread is left alone then. Raises SecurityKeyFailed.
    """
    event, result, failed = Event(), list[Result](), list[Exception]()

    def run() -> None:
        try:
            result.append(work(event))
        except Exception as error:  # noqa: BLE001 - a key's answer may break the library anywhere
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        # told to stop waiting; a key that still answers then stops blinking
        event.set()
        thread.join(limits.SECURITY_KEY_STOP)
    if not result and not failed:
        raise errors.SecurityKeyFailed("silent")
    if failed:
        raise _told(failed[0]) from None
    return result[0]


def _told(error: Exception) -> Exception:
    from fido2.ctap import CtapError

    if isinstance(error, errors.VaultError):
        return error
    if isinstance(error, CtapError):
        return errors.SecurityKeyFailed(_REASONS.get(int(error.code), "refused"))
    if isinstance(error, OSError):
        return errors.SecurityKeyFailed("gone")
    return errors.SecurityKeyFailed("refused")


_REASONS = {
    0x05: "silent",  # TIMEOUT
    0x22: "unknown",  # INVALID_CREDENTIAL
    0x26: "unable",  # UNSUPPORTED_ALGORITHM
    0x2D: "silent",  # KEEPALIVE_CANCEL
    0x2E: "unknown",  # NO_CREDENTIALS
    0x2F: "silent",  # USER_ACTION_TIMEOUT
    0x31: "pin",  # PIN_INVALID
    0x32: "blocked",  # PIN_BLOCKED
    0x34: "blocked",  # PIN_AUTH_BLOCKED
    0x35: "no-pin",  # PIN_NOT_SET
    0x36: INSISTS,  # PUAT_REQUIRED
    0x3A: "silent",  # ACTION_TIMEOUT
    0x3C: "blocked",  # UV_BLOCKED
    0x3F: "pin",  # UV_INVALID
}
"""Status codes of CTAP 2.1 section 8.2; any other is a refusal."""
