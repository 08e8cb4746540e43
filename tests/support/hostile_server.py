"""A server in memory that speaks the protocol's bytes, remembers everything it ever held, and lies when told to.

Honest requests go through the real server's own functions (sync/server) on a storage in memory. A `Lie` changes what is
stored or what is answered; tests/support/lies.py has them. What it kept is there for an attacker to look into (P7), and
no canary may ever pass it.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from sync import protocol, signatures
from sync.server import auth, calendar
from sync.server.exchange import JSON, Reply, as_json, refused
from sync.server.keys import ReceiptKey
from sync.server.refusals import Refusal
from sync.server.requests import SIGNED, Call
from sync.server.storage import contract
from tests.support.memory_storage import Account, MemoryStorage, Staged

AUTHORITY = "server.test"
_OF_STORAGE = {
    contract.Missing: "not-found",
    contract.Exists: "conflict",
    contract.Conflict: "conflict",
    contract.Incomplete: "refused",
    contract.Full: "full",
}


class OutOfReach(Exception):
    """The connection broke: the request never came, or its answer never went out."""


class Request(NamedTuple):
    """One request as it comes off the wire; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Lie:
    """What a server does otherwise. This one does nothing otherwise: it is honest."""

    def arriving(self, server: "HostileServer", request: Request) -> None:
        """Before anything is done with a signed request; may raise OutOfReach."""

    def before(self, server: "HostileServer", request: Request, device: bytes) -> None:
        """Before a signed request is carried out; may change what the server holds."""

    def instead(self, server: "HostileServer", request: Request) -> Reply | None:
        """An answer to a signed request that is read, and not carried out."""
        return None

    def after(self, server: "HostileServer", request: Request, device: bytes, reply: Reply) -> Reply:
        """What is answered instead of `reply`."""
        return reply


class Past(NamedTuple):
    """All that an account held at one moment."""

    head: bytes | None
    pages: tuple[bytes, ...]
    slots: tuple[bytes, ...]
    shares: tuple[tuple[int, bytes], ...]
    staged: tuple[tuple[int, bytes], ...]

    @property
    def version(self) -> int:
        """The head's version, 0 for none."""
        return protocol.decode_head(self.head).version if self.head else 0


class Loot:
    """Everything that an account ever sent or had here, refused commits and half uploads included."""

    def __init__(self) -> None:
        self.heads: set[bytes] = set()
        self.pages: dict[int, set[bytes]] = {}
        self.slots: dict[int, set[bytes]] = {}
        self.shares: dict[int, set[bytes]] = {}
        self.rest: list[bytes] = []
        """Offers and notices."""

    def take(self, request: Request) -> None:
        """What comes with a request."""
        try:
            if request.path == protocol.COMMIT:
                asked = protocol.decode_commit(request.body)
                self.heads.add(asked.head)
                self._add(self.pages, asked.pages)
                self._add(self.slots, asked.slots)
            elif request.path.startswith(protocol.POOLS):
                start = int(request.query.rpartition("=")[2])
                self._add(self.slots, enumerate(protocol.boxes(request.body, protocol.SLOT_BOX), start))
            elif request.path in (protocol.DEVICES, protocol.REMOVE):
                self.rest.append(request.body)
        except protocol.Malformed:
            return

    def keep(self, past: "Past") -> None:
        """What is kept of it."""
        self._add(self.shares, past.shares)

    @staticmethod
    def _add(known: dict[int, set[bytes]], found: Iterable[tuple[int, bytes]]) -> None:
        for number, box in found:
            known.setdefault(number, set()).add(box)


class HostileServer:
    """A server behind `answer`. `past` has every state of every account, `loot` all that ever came from each;
    `canaries` are words it must never see."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.storage = MemoryStorage()
        self.receipts = ReceiptKey(os.urandom(32))
        self.today = today
        self.lie = Lie()
        self.past: dict[bytes, list[Past]] = {}
        self.loot: dict[bytes, Loot] = {}
        self.requests: list[str] = []
        self.nonce_of_last_request = b""
        self.canaries: tuple[bytes, ...] = (b"kanarie", b"KANARIE")

    # -- what a keeper does

    def invite(self) -> bytes:
        """The secret of a new invitation."""
        secret = os.urandom(protocol.SECRET)
        self.storage.invite(hashlib.sha256(secret).digest(), 1, calendar.day_of(self.today()) + protocol.INVITE_DAYS)
        return secret

    def month_passes(self) -> None:
        """What the server does by itself when a month has ended."""
        self.storage.purge(month=self.month, day=calendar.day_of(self.today()), dormant_months=1 << 16)
        self._remember()

    @property
    def month(self) -> int:
        """The present month."""
        return calendar.month_of(self.today())

    @contextmanager
    def lying(self, lie: Lie) -> Iterator[None]:
        """Lies for a while; afterwards it holds again what it held before, and is honest."""
        held, self.lie = copied(self.storage), lie
        try:
            yield
        finally:
            # what a lie used up of nonces is no part of it
            held.nonces.update(self.storage.nonces)
            self.storage, self.lie = held, Lie()

    @contextmanager
    def odd(self, lie: Lie) -> Iterator[None]:
        """Does as the lie says for a while; what it holds afterwards is what came of it."""
        self.lie = lie
        try:
            yield
        finally:
            self.lie = Lie()

    # -- requests

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body. Raises OutOfReach."""
        self.requests.append(f"{request.method} {request.path}")
        self._look(request.body)
        try:
            reply, nonce = self._routed(request)
        finally:
            self._remember()
        self._look(reply.body)
        headers = {"content-type": reply.media, "content-length": str(len(reply.body))}
        headers.update({name.decode(): value.decode() for name, value in reply.headers})
        if nonce is not None:
            headers[protocol.NEXT_NONCE.lower()] = signatures.encode_nonce(nonce)
        return reply.status, headers, reply.body

    def _routed(self, request: Request) -> tuple[Reply, bytes | None]:
        try:
            if request.path == protocol.NONCES_PATH:
                device = bytes.fromhex(request.query.removeprefix("device="))
                nonces = [signatures.encode_nonce(nonce) for nonce in auth.new_nonces(self.storage, device)]
                return Reply(200, as_json({"nonces": nonces}), JSON), None
            if request.path == protocol.OFFERS:
                day = calendar.day_of(self.today())
                return Reply(200, self.storage.take_offer(request.body, day=day)), None
            if request.path == protocol.ACCOUNTS:
                return self._enrolled(request)
            return self._signed(request)
        except Refusal as refusal:
            return refused(refusal), None
        except contract.StorageError as error:
            return refused(Refusal(_OF_STORAGE[type(error)])), None

    def _enrolled(self, request: Request) -> tuple[Reply, bytes | None]:
        claim = self._claim(request)
        secret, account, key = request.body[:16], request.body[16:32], request.body[32:]
        auth.verify_enrolment(claim, secret, key)
        day = calendar.day_of(self.today())
        self.storage.enrol(hashlib.sha256(secret).digest(), account, key, day=day, month=self.month)
        return Reply(201, self.receipts.public), None

    def _signed(self, request: Request) -> tuple[Reply, bytes | None]:
        claim = self._claim(request)
        self.lie.arriving(self, request)
        try:
            requester = auth.verify(self.storage, claim)
        except auth.WrongNonce as wrong:
            return refused(Refusal("nonce")), wrong.next_nonce
        self.lie.before(self, request, requester.device)
        reply = self._carried_out(request, requester)
        return self.lie.after(self, request, requester.device, reply), requester.next_nonce

    def _claim(self, request: Request) -> auth.Claim:
        claim = auth.read_claim(request.method, request.path, request.query, lambda name: request.headers[name.lower()])
        auth.check_digest(claim, hashlib.sha256(request.body).digest())
        return claim

    def _carried_out(self, request: Request, requester: auth.Requester) -> Reply:
        known = self.storage.device(requester.device)
        if known is None:
            return refused(Refusal("signature"))
        if known.notice is not None:
            return refused(Refusal("removed", notice=known.notice))
        self.loot.setdefault(known.account, Loot()).take(request)
        if (reply := self.lie.instead(self, request)) is not None:
            return reply
        path, generation = request.path, ""
        if path.startswith(protocol.POOLS):
            path, generation = protocol.POOLS + "/{generation}", path.removeprefix(protocol.POOLS + "/")
        handler = next(one.handler for one in SIGNED if one.path == path and one.method == request.method)
        call = Call(
            storage=self.storage,
            receipts=self.receipts,
            month=self.month,
            day=calendar.day_of(self.today()),
            device=requester.device,
            account=known.account,
            key=requester.key,
            body=request.body,
            path={"generation": generation},
            query=request.query,
        )
        try:
            done = handler(call)
        except protocol.Malformed:
            return refused(Refusal("malformed"))
        except Refusal as refusal:
            return refused(refusal)
        except contract.StorageError as error:
            return refused(Refusal(_OF_STORAGE[type(error)]))
        return Reply(done.status, done.body)

    # -- what it sees and keeps

    def _look(self, data: bytes) -> None:
        for canary in self.canaries:
            assert canary not in data, "a canary passed the server"

    def _remember(self) -> None:
        for account, book in self.storage.books.items():
            now = past_of(book)
            known = self.past.setdefault(account, [])
            if not known or known[-1] != now:
                known.append(now)
                self.loot.setdefault(account, Loot()).keep(now)


def past_of(book: Account) -> Past:
    """An account as it is now."""
    pages = tuple(box for box, _ in book.pages)
    staged = tuple(sorted(book.staged.slots.items())) if book.staged else ()
    return Past(book.head, pages, tuple(book.slots), tuple(sorted(book.shares.items())), staged)


def book_copy(book: Account) -> Account:
    """An account of its own with the same content."""
    staged = book.staged and Staged(book.staged.generation, book.staged.pool, dict(book.staged.slots))
    return Account(
        book.month,
        dict(book.shares),
        book.quota,
        book.head,
        book.version,
        book.generation,
        list(book.slots),
        list(book.pages),
        staged,
    )


def copied(storage: MemoryStorage) -> MemoryStorage:
    """A storage of its own with the same content."""
    return MemoryStorage(
        dict(storage.invitations),
        {account: book_copy(book) for account, book in storage.books.items()},
        dict(storage.devices),
        dict(storage.offers),
        {device: list(nonces) for device, nonces in storage.nonces.items()},
    )
