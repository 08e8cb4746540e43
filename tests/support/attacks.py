"""Attacks of a hostile server by name, each with the refusals that it must meet (docs/spec/sync-protocol.md 4.3)."""

import os
from collections.abc import Callable
from typing import NamedTuple

from sync import errors as sync_errors
from sync import protocol
from sync.protocol import StateAnswer
from tests.support.hostile_server import HostileServer, Lie
from tests.support.lies import (
    Holds,
    SaysBytes,
    SaysReceipt,
    SaysRemoved,
    SaysState,
    emptied,
    put,
    receipt,
    reset,
    with_head,
    with_shares,
)
from vault import errors


class Attack(NamedTuple):
    """An attack by its name: the lie, and how it is refused by a device in step and by one for which there is news."""

    name: str
    lie: Callable[[], Lie]
    in_step: type[Exception]
    with_news: type[Exception]


FORGED = (errors.ServerForged,) * 2
RECEIPT = (errors.ServerReceiptWrong,) * 2
SHARES = (errors.ServerSharesChanged,) * 2
NO_ANSWER = (sync_errors.ServerAnswersWrong,) * 2
FORKED = (errors.ServerForked,) * 2
"""Beside the last head: the hash of it is known."""
FORKED_OR_FORGED = (errors.ServerForked, errors.ServerForged)
FORKED_OR_TAMPERED = (errors.ServerForked, errors.ServerTampered)
_VERSION = 1 + protocol.ACCOUNT
_PREVIOUS = _VERSION + 8
_GENERATION = _PREVIOUS + protocol.HASH
_POOL = _GENERATION + protocol.GENERATION
_ROOT = _POOL + 4
_SEALED = _ROOT + protocol.HASH
_SIGNER = protocol.HEAD - protocol.SIGNATURE - protocol.DEVICE
_SIGNATURE = protocol.HEAD - protocol.SIGNATURE


def flipped(at: int) -> Callable[[bytearray], None]:
    def change(head: bytearray) -> None:
        head[at] ^= 1

    return change


def attacks_on_anybody() -> list[Attack]:
    """Those that need nothing but a server, an account with a head, and a session that commits."""
    random_notice = os.urandom(protocol.NOTICE - 1)
    return [
        Attack("emptied", lambda: Holds(emptied), *(errors.ServerEmptied,) * 2),
        Attack("reset", lambda: Holds(reset), *(sync_errors.NotKnown,) * 2),
        Attack("head of another account", lambda: with_head(put(1, os.urandom(16))), *FORGED),
        Attack("head of a newer version of the protocol", lambda: with_head(put(0, b"\2")), *(errors.ServerNewer,) * 2),
        Attack("head of an older version of the protocol", lambda: with_head(put(0, b"\0")), *FORGED),
        Attack("head of a later version than was signed", lambda: with_head(put(_VERSION, b"\x7f")), *FORGED),
        Attack("head of version 0", lambda: with_head(put(_VERSION, bytes(8))), *FORGED),
        Attack("previous hash changed", lambda: with_head(flipped(_PREVIOUS)), *FORKED),
        Attack("generation changed", lambda: with_head(flipped(_GENERATION)), *FORKED_OR_FORGED),
        Attack("pool size changed", lambda: with_head(put(_POOL + 2, b"\2\0")), *FORKED_OR_TAMPERED),
        Attack("no pool size at all", lambda: with_head(put(_POOL, b"\xff" * 4)), *FORGED),
        Attack("root changed", lambda: with_head(flipped(_ROOT)), *FORKED_OR_TAMPERED),
        Attack("sealed T changed", lambda: with_head(flipped(_SEALED)), *FORKED_OR_FORGED),
        Attack("signer changed", lambda: with_head(flipped(_SIGNER)), *FORKED_OR_FORGED),
        Attack("signature changed", lambda: with_head(flipped(_SIGNATURE)), *FORKED_OR_FORGED),
        Attack("shares replaced", lambda: with_shares(lambda all_: [os.urandom(32) for _ in all_]), *SHARES),
        Attack("shares zeroed", lambda: with_shares(lambda all_: [bytes(32) for _ in all_]), *SHARES),
        Attack("shares left out", lambda: with_shares(lambda _: []), *SHARES),
        Attack("shares moved by a month", lambda: with_shares(lambda all_: all_[:-1], later=1), *SHARES),
        Attack("a share of one month changed", lambda: with_shares(lambda all_: [*all_[:5], *all_[4:-1]]), *SHARES),
        Attack("shares of the next year gone, by its own word for the month", lambda: SaysState(_a_year_on), *SHARES),
        Attack("month of another session", lambda: SaysState(_replayed), *RECEIPT),
        Attack("month changed", lambda: SaysState(lambda _s, _a, said: said._replace(month=said.month + 1)), *RECEIPT),
        Attack("answer cut short", lambda: SaysBytes(protocol.STATE, lambda body: body[:-1]), *NO_ANSWER),
        Attack("answer with more behind it", lambda: SaysBytes(protocol.STATE, lambda body: body + b"\0"), *NO_ANSWER),
        Attack("no answer", lambda: SaysBytes(protocol.STATE, lambda _: b""), *NO_ANSWER),
        Attack("random answer", lambda: SaysBytes(protocol.STATE, lambda body: os.urandom(len(body))), *NO_ANSWER),
        Attack("a notice made up", lambda: SaysRemoved(b"\1" + random_notice), *FORGED),
        Attack("a notice of a newer version", lambda: SaysRemoved(b"\2" + random_notice), *(errors.ServerNewer,) * 2),
        Attack("a notice of nothing", lambda: SaysRemoved(bytes(protocol.NOTICE)), *FORGED),
    ]


def attacks_on_receipts() -> list[Attack]:
    """Those about a commit that the server did take."""
    return [
        Attack("receipt with a wrong signature", lambda: SaysReceipt(_unsigned), *RECEIPT),
        Attack("receipt for another head", lambda: SaysReceipt(_of_other_head), *RECEIPT),
        Attack("receipt for another version", lambda: SaysReceipt(_of_other_version), *RECEIPT),
        Attack("receipt for another nonce", lambda: SaysReceipt(_of_other_nonce), *RECEIPT),
        Attack("receipt for another account", lambda: SaysReceipt(_of_other_account), *RECEIPT),
        Attack("receipt cut short", lambda: SaysBytes(protocol.COMMIT, lambda body: body[:-1]), *NO_ANSWER),
    ]


def _a_year_on(server: HostileServer, account: bytes, answer: StateAnswer) -> StateAnswer:
    # signed as it should be: only a device's own calendar says otherwise
    nonce = server.nonce_of_last_request
    month = answer.month + 12
    signature = server.receipts.sign(protocol.month_signed(account, nonce, month))
    return answer._replace(month=month, signature=signature, first=answer.first + 12, shares=answer.shares[12:])


def _replayed(server: HostileServer, account: bytes, answer: StateAnswer) -> StateAnswer:
    signature = server.receipts.sign(protocol.month_signed(account, os.urandom(protocol.NONCE), server.month))
    return answer._replace(signature=signature)


def _unsigned(_server: HostileServer, _nonce: bytes, _head: bytes, month: int) -> bytes:
    return protocol.encode_held(month, bytes(protocol.SIGNATURE))


def _of_other_head(server: HostileServer, nonce: bytes, head: bytes, month: int) -> bytes:
    return receipt(server, nonce, head[:-1] + bytes([head[-1] ^ 1]), month)


def _of_other_version(server: HostileServer, nonce: bytes, head: bytes, month: int) -> bytes:
    return receipt(server, nonce, head, month, version=protocol.decode_head(head).version + 1)


def _of_other_nonce(server: HostileServer, _nonce: bytes, head: bytes, month: int) -> bytes:
    return receipt(server, os.urandom(protocol.NONCE), head, month)


def _of_other_account(server: HostileServer, nonce: bytes, head: bytes, month: int) -> bytes:
    return receipt(server, nonce, head, month, account=os.urandom(protocol.ACCOUNT))
