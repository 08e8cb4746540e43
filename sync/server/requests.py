"""What each signed request does, as a function from its body to its answer (docs/spec/sync-protocol.md section 8).

They block, and run in a thread. Storage errors and protocol.Malformed are turned into refusals by the caller.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from sync import protocol
from sync.server import auth
from sync.server.keys import ReceiptKey
from sync.server.refusals import Refusal
from sync.server.storage.contract import Commit, Storage

_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")
_GENERATION = re.compile(r"[0-9a-f]{16}")


class Answer(NamedTuple):
    """An answer that is no error: its status and its octets."""

    status: int
    body: bytes = b""


@dataclass(slots=True)
class Call:
    """A request of a device that has proved itself, its body read and found to be what was signed."""

    storage: Storage
    receipts: ReceiptKey
    month: int
    day: int
    device: bytes
    account: bytes
    key: bytes
    body: bytes
    path: dict[str, str]
    query: str

    def take_body(self) -> bytes:
        """The body, let go here so that it can go from memory once it is decoded."""
        body, self.body = self.body, b""
        return body


Handler = Callable[[Call], Answer]


class Signed(NamedTuple):
    """A signed request: method, path, longest body in bytes, and what it does."""

    method: str
    path: str
    most: int
    handler: Handler


def state(call: Call) -> Answer:
    """Section 8.4."""
    asked = protocol.decode_state_asked(call.take_body())
    found = call.storage.snapshot(call.account, asked.generation, asked.known, month=call.month)
    answer = protocol.StateAnswer(
        month=call.month,
        signature=call.receipts.sign(protocol.month_signed(call.account, asked.nonce, call.month)),
        first=found.shares[0][0] if found.shares else call.month,
        shares=tuple(share for _, share in found.shares),
        head=found.head,
        pages=found.pages,
    )
    return Answer(200, protocol.encode_state_answer(answer))


def fetch(call: Call) -> Answer:
    """Section 8.5."""
    version, slots = protocol.decode_fetch(call.take_body())
    return Answer(200, b"".join(call.storage.read_slots(call.account, version, slots)))


def commit(call: Call) -> Answer:
    """Section 8.6. A head that is not the requester's own, signed by it for its account, is refused."""
    asked = protocol.decode_commit(call.take_body())
    head = protocol.decode_head(asked.head)
    own = head.account == call.account and head.signer == call.device
    if not own or not auth.signed_by(call.key, head.signature, protocol.head_signed(asked.head)):
        raise Refusal("refused")
    call.storage.commit(
        call.account,
        Commit(
            head=asked.head,
            version=head.version,
            previous=head.previous,
            generation=head.generation,
            pool=head.pool,
            pages=[(number, box, protocol.page_hash(box)) for number, box in asked.pages],
            slots=asked.slots,
            month=call.month,
        ),
    )
    held = protocol.holds_signed(call.account, asked.nonce, head.version, protocol.head_hash(asked.head), call.month)
    return Answer(200, protocol.encode_held(call.month, call.receipts.sign(held)))


def stage(call: Call) -> Answer:
    """Section 8.7."""
    generation = call.path["generation"]
    if not _GENERATION.fullmatch(generation):
        raise protocol.Malformed
    pool, start = _numbers(call.query, "pool", "from")
    protocol.pages_of(pool)
    boxes = protocol.boxes(call.take_body(), protocol.SLOT_BOX)
    if not boxes:
        raise protocol.Malformed
    call.storage.stage(call.account, bytes.fromhex(generation), pool, start, boxes)
    return Answer(204)


def add_device(call: Call) -> Answer:
    """Section 8.8: a second device's key, and the offer that it will take."""
    reader = protocol.Reader(call.body)
    key, offer_id, offer = (reader.take(size) for size in (protocol.KEY, protocol.OFFER_ID, protocol.OFFER_BOX))
    reader.end()
    call.storage.add_device(call.account, key, offer_id, offer, call.day + protocol.OFFER_DAYS)
    return Answer(201)


def remove_device(call: Call) -> Answer:
    """Section 8.8: from now on that device gets its notice and nothing else."""
    reader = protocol.Reader(call.body)
    device, notice = reader.take(protocol.DEVICE), reader.take(protocol.NOTICE)
    reader.end()
    call.storage.remove_device(call.account, device, notice)
    return Answer(204)


def leave(call: Call) -> Answer:
    """Section 8.8: the device is forgotten, with the last one the account."""
    call.storage.leave(call.account, call.device)
    return Answer(204)


def _numbers(query: str, *names: str) -> list[int]:
    """The numbers that the query gives, each name once and no other. Raises protocol.Malformed."""
    try:
        found = dict(parse_qsl(query, strict_parsing=True, keep_blank_values=True, max_num_fields=len(names)))
    except ValueError:
        raise protocol.Malformed from None
    if found.keys() != set(names) or not all(_NUMBER.fullmatch(text) for text in found.values()):
        raise protocol.Malformed
    return [int(found[name]) for name in names]


SIGNED: Final = (
    Signed("POST", protocol.STATE, 28 + protocol.HASH_START * protocol.pages_of(protocol.POOL_MOST), state),
    Signed("POST", protocol.FETCH, 12 + 4 * protocol.SLOTS_MOST, fetch),
    Signed("POST", protocol.COMMIT, protocol.BODY_MOST, commit),
    Signed("PUT", protocol.POOLS + "/{generation}", protocol.SLOTS_MOST * protocol.SLOT_BOX, stage),
    Signed("POST", protocol.DEVICES, protocol.KEY + protocol.OFFER_ID + protocol.OFFER_BOX, add_device),
    Signed("POST", protocol.REMOVE, protocol.DEVICE + protocol.NOTICE, remove_device),
    Signed("POST", protocol.LEAVE, 0, leave),
)
"""All of them but enrolment, whose key is in its body (sync/server/unsigned.py)."""
ENROL_BODY: Final = protocol.SECRET + protocol.ACCOUNT + protocol.KEY
