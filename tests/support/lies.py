"""What a hostile server may do: hold something else than was written, say something else than it holds, or break."""

from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import protocol
from sync.protocol import StateAnswer
from sync.server.exchange import Reply, refused
from sync.server.refusals import Refusal
from sync.server.storage.contract import Device
from tests.support.hostile_server import HostileServer, Lie, OutOfReach, Past, Request, book_copy
from tests.support.memory_storage import Account, MemoryStorage


class Holds(Lie):
    """The server holds something else: `change` is done to its storage before the first request."""

    def __init__(self, change: Callable[[HostileServer, bytes], None]) -> None:
        self._change = change
        self._done = False

    def before(self, server: HostileServer, request: Request, device: bytes) -> None:
        known = server.storage.device(device)
        if not self._done and known is not None:
            self._done = True
            self._change(server, known.account)


class SaysState(Lie):
    """Another answer to a state request."""

    def __init__(self, change: Callable[[HostileServer, bytes, StateAnswer], StateAnswer]) -> None:
        self._change = change

    def after(self, server: HostileServer, request: Request, device: bytes, reply: Reply) -> Reply:
        known = server.storage.device(device)
        if request.path != protocol.STATE or reply.status != 200 or known is None:
            return reply
        server.nonce_of_last_request = protocol.decode_state_asked(request.body).nonce
        answer = self._change(server, known.account, protocol.decode_state_answer(reply.body))
        return reply._replace(body=protocol.encode_state_answer(answer))


class SaysBytes(Lie):
    """Other bytes as the answer to one kind of request."""

    def __init__(self, path: str, change: Callable[[bytes], bytes]) -> None:
        self._path, self._change = path, change

    def after(self, server: HostileServer, request: Request, device: bytes, reply: Reply) -> Reply:
        if request.path != self._path or reply.status != 200:
            return reply
        return reply._replace(body=self._change(reply.body))


class SaysBoxes(SaysBytes):
    """Other boxes than those that were asked for."""

    def __init__(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        super().__init__(protocol.FETCH, lambda body: b"".join(change(protocol.boxes(body, protocol.SLOT_BOX))))


class SaysReceipt(Lie):
    """Another receipt for a commit: `change` gives what is signed and said, from nonce, head and month."""

    def __init__(self, change: Callable[[HostileServer, bytes, bytes, int], bytes]) -> None:
        self._change = change

    def after(self, server: HostileServer, request: Request, device: bytes, reply: Reply) -> Reply:
        if request.path != protocol.COMMIT or reply.status != 200:
            return reply
        asked = protocol.decode_commit(request.body)
        return reply._replace(body=self._change(server, asked.nonce, asked.head, server.month))


class SaysRemoved(Lie):
    """Every answer is a notice."""

    def __init__(self, notice: bytes) -> None:
        self._notice = notice

    def after(self, server: HostileServer, request: Request, device: bytes, reply: Reply) -> Reply:
        return refused(Refusal("removed", notice=self._notice))


class Forgets(Lie):
    """Says that it took a commit, and did not; `taken` is what it would have held."""

    taken: Account

    def before(self, server: HostileServer, request: Request, device: bytes) -> None:
        known = server.storage.device(device)
        assert known is not None
        self._account = known.account
        self._book = book_copy(server.storage.books[known.account])

    def after(self, server: HostileServer, request: Request, device: bytes, reply: Reply) -> Reply:
        if request.path == protocol.COMMIT and reply.status == 200:
            self.taken = server.storage.books[self._account]
            server.storage.books[self._account] = self._book
        return reply


class KeepsBack(Lie):
    """Reads so many commits and says that another device was first."""

    def __init__(self, times: int) -> None:
        self._left = times

    def instead(self, server: HostileServer, request: Request) -> Reply | None:
        if request.path != protocol.COMMIT or self._left == 0:
            return None
        self._left -= 1
        return refused(Refusal("conflict"))


class Breaks(Lie):
    """The connection breaks at the signed request of this number, counted from 0: before it is carried out, or after.

    With `once` the next connection works again; else nothing comes through any more.
    """

    def __init__(self, number: int, *, carried_out: bool, once: bool) -> None:
        self._left, self._carried_out, self._once = number, carried_out, once

    def arriving(self, server: HostileServer, request: Request) -> None:
        broken = self._left < 0 and not self._once
        if broken or (self._left == 0 and not self._carried_out):
            self._left -= 1
            raise OutOfReach

    def after(self, server: HostileServer, request: Request, device: bytes, reply: Reply) -> Reply:
        self._left -= 1
        if self._left == -1 and self._carried_out:
            raise OutOfReach
        return reply


# -- what it holds


def emptied(server: HostileServer, account: bytes) -> None:
    book = server.storage.books[account]
    book.head, book.version, book.generation = None, 0, b""
    book.slots, book.pages, book.staged = [], [], None


def reset(server: HostileServer, _account: bytes) -> None:
    server.storage = MemoryStorage()


def put_back(past: Past) -> Callable[[HostileServer, bytes], None]:
    """The account as it was then, with the shares of today."""

    def change(server: HostileServer, account: bytes) -> None:
        assert past.head is not None
        head = protocol.decode_head(past.head)
        book = server.storage.books[account]
        book.head, book.version, book.generation, book.staged = past.head, head.version, head.generation, None
        book.slots, book.pages = list(past.slots), [(box, protocol.page_hash(box)) for box in past.pages]

    return change


def swapped(other: bytes) -> Callable[[HostileServer, bytes], None]:
    """Another account's content in the place of this one's."""

    def change(server: HostileServer, account: bytes) -> None:
        server.storage.books[account] = book_copy(server.storage.books[other])

    return change


def old_page(past: Past, number: int) -> Callable[[HostileServer, bytes], None]:
    """One page of an older head among those of the present one."""

    def change(server: HostileServer, account: bytes) -> None:
        server.storage.books[account].pages[number] = (past.pages[number], protocol.page_hash(past.pages[number]))

    return change


def exchanged_pages(one: int, other: int) -> Callable[[HostileServer, bytes], None]:
    """Two pages in each other's place."""

    def change(server: HostileServer, account: bytes) -> None:
        pages = server.storage.books[account].pages
        pages[one], pages[other] = pages[other], pages[one]

    return change


def page_of(other: bytes, number: int) -> Callable[[HostileServer, bytes], None]:
    """A page of another account."""

    def change(server: HostileServer, account: bytes) -> None:
        server.storage.books[account].pages[number] = server.storage.books[other].pages[number]

    return change


def signed_by_a_stranger(server: HostileServer, account: bytes) -> None:
    """A next head with everything of the last one, so that T opens, signed by a device that the server let in."""
    stranger = Ed25519PrivateKey.generate()
    key = stranger.public_key().public_bytes_raw()
    server.storage.devices[protocol.device_id(key)] = Device(account, key, None)
    book = server.storage.books[account]
    assert book.head is not None
    last = protocol.decode_head(book.head)
    head = last._replace(
        version=last.version + 1, previous=protocol.head_hash(book.head), signer=protocol.device_id(key)
    )
    signature = stranger.sign(protocol.head_signed(protocol.encode_head(head)))
    book.head, book.version = protocol.encode_head(head._replace(signature=signature)), head.version


def old_slots(past: Past) -> Callable[[HostileServer, bytes], None]:
    """The slots of an older head under the present one."""

    def change(server: HostileServer, account: bytes) -> None:
        server.storage.books[account].slots = list(past.slots)

    return change


def slots_of(other: bytes) -> Callable[[HostileServer, bytes], None]:
    """The slots of another account."""

    def change(server: HostileServer, account: bytes) -> None:
        slots, book = server.storage.books[other].slots, server.storage.books[account]
        book.slots = [slots[number % len(slots)] for number in range(len(book.slots))]

    return change


# -- what it says


def with_head(change: Callable[[bytearray], None]) -> SaysState:
    """The present head with some bytes changed."""

    def said(_server: HostileServer, _account: bytes, answer: StateAnswer) -> StateAnswer:
        assert answer.head is not None
        head = bytearray(answer.head)
        change(head)
        return answer._replace(head=bytes(head))

    return SaysState(said)


def put(at: int, value: bytes) -> Callable[[bytearray], None]:
    def change(head: bytearray) -> None:
        head[at : at + len(value)] = value

    return change


def old_answer(past: Past) -> SaysState:
    """An older head with all its pages."""

    def said(_server: HostileServer, _account: bytes, answer: StateAnswer) -> StateAnswer:
        return answer._replace(head=past.head, pages=tuple(enumerate(past.pages)))

    return SaysState(said)


def with_shares(change: Callable[[Sequence[bytes]], Sequence[bytes]], later: int = 0) -> SaysState:
    def said(_server: HostileServer, _account: bytes, answer: StateAnswer) -> StateAnswer:
        return answer._replace(shares=tuple(change(answer.shares)), first=answer.first + later)

    return SaysState(said)


def receipt(
    server: HostileServer, nonce: bytes, head: bytes, month: int, *, account: bytes | None = None, version: int = 0
) -> bytes:
    """A receipt that this server signs, for whatever."""
    fields = protocol.decode_head(head)
    said = protocol.holds_signed(
        account or fields.account, nonce, version or fields.version, protocol.head_hash(head), month
    )
    return protocol.encode_held(month, server.receipts.sign(said))
