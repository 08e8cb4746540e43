"""`python -m tests.vectors.make`: writes the known answers beside this file.

Everything is computed from docs/spec/vault.md with tests/support/independent.py; nothing of the product is imported.
A file holds right answers (`good`) and, made from them by one fault each, wrong ones with the class of failure that a
reader must end in (`faults`). Bytes are hexadecimal; `00*30` stands for 30 zero bytes.
"""

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw

from tests.support import independent
from tests.vectors import places, rights, sync

HERE = Path(__file__).parent
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORMAT, VERSION, REFUSED, PARAMETERS = "FormatError", "UnknownVersion", "BoxRefused", "ParametersRefused"


def spelled(data: bytes) -> str:
    """Hexadecimal, long runs of zero bytes counted."""
    parts = re.split(rb"(\0{17,})", data)
    return " ".join(part.hex() if at % 2 == 0 else f"00*{len(part)}" for at, part in enumerate(parts) if part)


def spelt_bytes(text: str) -> bytes:
    """What `spelled` wrote."""
    out = b""
    for word in text.split():
        out += bytes(int(word[3:])) if word.startswith("00*") else bytes.fromhex(word)
    return out


def filled(seed: int, size: int) -> bytes:
    """Bytes that look like nothing in particular, the same each time."""
    return independent.blake2b(b"vector %d" % seed, size=64)[:size]


def fault(name: str, data: bytes, failure: str = FORMAT) -> dict[str, str]:
    """One wrong answer."""
    return {"name": name, "bytes": spelled(data), "failure": failure}


def put(data: bytes, at: int, piece: bytes) -> bytes:
    """`data` with a piece replaced."""
    return data[:at] + piece + data[at + len(piece) :]


# -- derivations and boxes ---------------------------------------------------------------------------------------------


def derive() -> dict[str, Any]:
    """Section 2.1."""
    key, parts = filled(1, 32), [filled(2, 32), filled(3, 32), filled(4, 16), filled(5, 16)]
    persons = {
        "static_wrap_key": (b"ongemerkt-stat-1", [parts[2], parts[3]]),
        "epoch_wrap_key": (b"ongemerkt-kek--1", parts),
        "database_key": (b"ongemerkt-db---1", [parts[2]]),
    }
    good = [
        {
            "function": name,
            "key": key.hex(),
            "parts": [part.hex() for part in used],
            "derived": independent.derive(key, person, *used).hex(),
        }
        for name, (person, used) in persons.items()
    ]
    return {"good": good, "faults": []}


def box() -> dict[str, Any]:
    """Section 2.2."""
    key, vault, nonce = filled(10, 32), filled(11, 16), filled(12, 24)
    good = []
    for kind, index, size in (
        ("S", 0, 0),
        ("S", 255, 1),
        ("P", 8, 64),
        ("H", 0, 439),
        ("T", 0, 32),
        ("S", 2**40, 1911),
    ):
        text = (filled(13, 64) * 30)[:size]
        sealed = independent.seal(key, vault, kind.encode(), index, nonce, text)
        good.append(place(key, vault, kind, index) | {"plaintext": text.hex(), "box": sealed.hex()})
    text = b"vier kleuren"
    right = independent.seal(key, vault, b"S", 7, nonce, text)
    here = place(key, vault, "S", 7)
    faults = [
        here | fault("a newer version", b"\x02" + right[1:], REFUSED),
        here | fault("the nonce's first bit", put(right, 1, bytes([right[1] ^ 1])), REFUSED),
        here | fault("the commitment's last bit", put(right, 56, bytes([right[56] ^ 0x80])), REFUSED),
        here | fault("the ciphertext's first bit", put(right, 57, bytes([right[57] ^ 1])), REFUSED),
        here | fault("the tag's last bit", put(right, len(right) - 1, bytes([right[-1] ^ 0x80])), REFUSED),
        here | fault("cut off by a byte", right[:-1], REFUSED),
        here | fault("a byte more", right + b"\0", REFUSED),
        here | fault("nothing", b"", REFUSED),
        here | fault("shorter than any box", right[:72], REFUSED),
        here | {"key": filled(14, 32).hex()} | fault("another key", right, REFUSED),
        here | {"vault": filled(15, 16).hex()} | fault("another vault", right, REFUSED),
        here | {"kind": "P"} | fault("another kind", right, REFUSED),
        here | {"index": 8} | fault("another place", right, REFUSED),
        here | fault("a commitment to another key", other_commitment(right, key, vault, nonce, text), REFUSED),
    ]
    return {"good": good, "faults": faults}


def place(key: bytes, vault: bytes, kind: str, index: int) -> dict[str, Any]:
    """Where a box belongs."""
    return {"key": key.hex(), "vault": vault.hex(), "kind": kind, "index": index}


def other_commitment(right: bytes, key: bytes, vault: bytes, nonce: bytes, text: bytes) -> bytes:
    """A box whose AEAD is right for the key, over a commitment that is not."""
    where = b"\x01" + vault + b"S" + (7).to_bytes(8, "big")
    encryption = independent.blake2b(where + nonce, key=key, person=b"ongemerkt-aead-1")[:32]
    wrong = filled(16, 32)
    return right[:25] + wrong + independent.xchacha_seal(encryption, nonce, where + wrong, text)


# -- files and rows ----------------------------------------------------------------------------------------------------


def checksum(body: bytes) -> bytes:
    """The check against damage."""
    return independent.blake2b(body, size=16, person=b"ongemerkt-csum-1")


METHODS = (
    {
        "id": filled(20, 16),
        "kind": 1,
        "m_kib": 262144,
        "t": 3,
        "p": 1,
        "salt": filled(21, 16),
        "wrap": filled(22, 53) * 2,
    },
    {
        "id": filled(23, 16),
        "kind": 2,
        "m_kib": 65536,
        "t": 3,
        "p": 4,
        "salt": filled(24, 16),
        "wrap": filled(25, 53) * 2,
    },
)


def header() -> dict[str, Any]:
    """Section 3.1."""
    methods = [method | {"wrap": bytes(method["wrap"])[:105]} for method in METHODS]  # type: ignore[call-overload]

    def written(change: Callable[[bytearray], object] = lambda body: None, count: int = 2) -> bytes:
        body = bytearray(b"ongemerkt vault\n\x01" + filled(26, 16) + filled(27, 32) + bytes([count]))
        for method in (methods * 5)[:count]:
            body += method["id"] + bytes([method["kind"], 0])
            body += struct.pack(">III", method["m_kib"], method["t"], method["p"]) + method["salt"] + method["wrap"]
        body += bytes(4080 - len(body))
        change(body)
        return bytes(body) + checksum(bytes(body))

    def with_piece(at: int, piece: bytes) -> bytes:
        return written(lambda body: body.__setitem__(slice(at, at + len(piece)), piece))

    def factored(*factors: tuple[int, int, bytes], version: int = 2, kind: int = 1) -> bytes:
        """Methods of the passphrase with these factors (id, factor, what it is told), after the recovery code."""
        code = methods[1]
        body = b"ongemerkt vault\n" + bytes([version]) + filled(26, 16) + filled(27, 32) + bytes([1 + len(factors)])
        for identity, method_kind, number, told in (
            (code["id"], code["kind"], 0, None),
            *((filled(identity, 16), kind, number, told) for identity, number, told in factors),
        ):
            body += identity + bytes([method_kind, number])
            body += struct.pack(">III", code["m_kib"], code["t"], code["p"]) + code["salt"] + code["wrap"]
            if told is not None:
                body += struct.pack(">H", len(told)) + told
        body = body.ljust(4080, b"\0")
        return body + checksum(body)

    right = written()
    security_key = b"\0" + filled(28, 32) + filled(29, 64) + b"id"
    with_factors = factored((24, 1, b""), (25, 2, security_key))
    fields = {
        "vault_id": filled(26, 16).hex(),
        "inbox": filled(27, 32).hex(),
        "methods": [
            {name: value.hex() if isinstance(value, bytes) else value for name, value in method.items()}
            for method in methods
        ],
        "hash": independent.blake2b(right, size=32, person=b"ongemerkt-head-1").hex(),
    }
    size = 16 + 1 + 1 + 12 + 16 + 105
    faults = [
        fault("another magic", with_piece(0, b"Ongemerkt")),
        fault("version 0", with_piece(16, b"\x00")),
        fault("a newer version", with_piece(16, b"\x03"), VERSION),
        fault("version 2 without a second factor", with_piece(16, b"\x02")),
        fault("version 1 with a second factor", factored((24, 1, b""), version=1)),
        fault("an unknown second factor", factored((24, 3, b""))),
        fault("a recovery code with a second factor", factored((24, 1, b""), kind=2)),
        fault("a second factor that is told too much", factored((24, 2, b"x" * 513))),
        fault("no method", with_piece(65, b"\x00")),
        fault("nine methods", written(count=9)),
        fault("fewer methods than bytes say", with_piece(65, b"\x01")),
        fault("an unknown kind", with_piece(66 + 16, b"\x03")),
        fault("a second factor", with_piece(66 + 17, b"\x01")),
        fault("one id twice", with_piece(66 + size, methods[0]["id"])),
        fault("something after the methods", with_piece(66 + 2 * size, b"\x01")),
        fault("something in the last byte of the padding", with_piece(4079, b"\x01")),
        fault("a wrong checksum", put(right, 4095, bytes([right[4095] ^ 1]))),
        fault("a changed byte under an old checksum", put(right, 30, bytes([right[30] ^ 1]))),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
        fault("nothing", b""),
    ]
    code = {name: value.hex() if isinstance(value, bytes) else value for name, value in methods[1].items()}
    fields_of_factors = fields | {
        "methods": [
            code,
            code | {"id": filled(24, 16).hex(), "kind": 1, "factor": 1, "told": ""},
            code | {"id": filled(25, 16).hex(), "kind": 1, "factor": 2, "told": security_key.hex()},
        ],
        "hash": independent.blake2b(with_factors, size=32, person=b"ongemerkt-head-1").hex(),
    }
    good = [fields | {"bytes": spelled(right)}, fields_of_factors | {"bytes": spelled(with_factors)}]
    return {"good": good, "faults": faults}


def lockrow() -> dict[str, Any]:
    """Section 5.1."""
    wraps = [(filled(30 + number, 16), (filled(35 + number, 64) * 2)[:105]) for number in range(3)]

    def written(count: int, stated: int | None = None) -> bytes:
        body = b"\x01" + filled(40, 16) + filled(41, 32) + bytes([count if stated is None else stated])
        for identity, wrap in wraps[:count]:
            body += identity + wrap
        return body.ljust(1024, b"\0")

    good = [
        {
            "epoch": filled(40, 16).hex(),
            "header_hash": filled(41, 32).hex(),
            "wraps": {identity.hex(): wrap.hex() for identity, wrap in wraps[:count]},
            "bytes": spelled(written(count)),
        }
        for count in (1, 2, 3)
    ]
    right = written(2)
    faults = [
        fault("another version", b"\x02" + right[1:]),
        fault("no wrap", written(0)),
        fault("nine wraps", written(2, 9)),
        fault("more wraps than there are", written(2, 8)),
        fault("fewer wraps than bytes say", written(2, 1)),
        fault("one method twice", put(right, 50 + 121, right[50:66])),
        fault("something in the padding", right[:-1] + b"\x01"),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
    ]
    return {"good": good, "faults": faults}


def head() -> dict[str, Any]:
    """Section 5.2."""
    epoch, root, previous = filled(50, 16), filled(51, 32), filled(52, 32)
    body = b"\x01" + (77).to_bytes(8, "big") + epoch + (512).to_bytes(4, "big") + root + previous
    right = body.ljust(439, b"\0")
    pages = [filled(53, 64), filled(54, 64)]
    hashes = [independent.blake2b(page, size=32, person=b"ongemerkt-page-1") for page in pages]
    fields = {
        "version": 77,
        "epoch": epoch.hex(),
        "pool": 512,
        "root": root.hex(),
        "previous": previous.hex(),
        "page_boxes": [page.hex() for page in pages],
        "page_hashes": [digest.hex() for digest in hashes],
        "root_of_pages": independent.blake2b(b"".join(hashes), size=32, person=b"ongemerkt-root-1").hex(),
        "hash": independent.blake2b(right, size=32, person=b"ongemerkt-hbox-1").hex(),
        "bytes": spelled(right),
    }
    faults = [
        fault("another version", b"\x02" + right[1:]),
        fault("something in the padding", right[:-1] + b"\x01"),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
        fault("nothing", b""),
    ]
    return {"good": [fields], "faults": faults}


def settings() -> dict[str, Any]:
    """Section 5.4. `written` is what a reader writes back."""
    methods = [(filled(60 + number, 16), filled(65 + number, 32)) for number in range(2)]
    size = 8 * 3887
    words, questions = ["Inez", "Zoë", "de Eik"], [["Kort", "Wat was er?"], ["GROW", "Doel: …\nNu: …"]]

    def sized(text: str, count: int = 1) -> bytes:
        return len(text.encode()).to_bytes(count, "big") + text.encode()

    def first(unit: bytes = b"y", length: int = 1, stated: int = 2, version: int = 4) -> bytes:
        body = bytes([version]) + (322).to_bytes(2, "big") + bytes([10]) + unit + length.to_bytes(4, "big")
        return body + filled(68, 32) + bytes([stated]) + b"".join(identity + secret for identity, secret in methods)

    def second(policy: int = 0, allowed: list[bytes] | None = None, templates: list[bytes] | None = None) -> bytes:
        body = bytes([policy]) + len(allowed or ()).to_bytes(2, "big") + b"".join(allowed or ())
        return body + bytes([len(templates or ())]) + b"".join(templates or ())

    def third(*lists: list[bytes], seed: bytes = bytes(32)) -> bytes:
        return seed + b"".join(bytes([len(each)]) + b"".join(each) for each in lists)

    def engagement(alias: str, key: bytes, ordinal: int = 0, kind: int | None = None) -> bytes:
        kind = int(ordinal > 0) if kind is None else kind
        return sized(alias) + bytes([kind]) + key + (ordinal.to_bytes(2, "big") if kind else b"")

    def under_way(stage: int, claimed: int, notes: int, month: int, path: bytes = b"") -> bytes:
        return struct.pack(">BBIHH", stage, claimed, notes, month, len(path)) + path

    def whole(*parts: bytes) -> bytes:
        return b"".join(parts).ljust(size, b"\0")

    def enrolled_fault(name: str, block: bytes, flag: int = 1) -> dict[str, str]:
        return fault(name, whole(first(), second(), third([], [], []), filled(613, 16), bytes([flag]), block))

    allowed = [sized(word) for word in words]
    templates = [sized(name) + sized(text, 2) for name, text in questions]
    right = whole(first(), second())
    keys = [filled(610 + number, 32) for number in range(2)]
    engagements = [engagement("Beuk", keys[0]), engagement("de Eik", keys[1], 7)]
    requests = [struct.pack(">HHH", 320, 1, 0), struct.pack(">HHH", 322, 0, 65535)]
    waiting = [under_way(1, 0, 12, 0, b"/x/.ongemerkt-00.part"), under_way(2, 0, 3, 321), under_way(2, 1, 3, 321)]
    rights_part = third(engagements, requests, waiting, seed=filled(612, 32))
    origin, block = filled(613, 16), sync.enrolled(**sync.ENROLLED)
    full = whole(first(), second(2, allowed, templates), rights_part, origin, b"\1", block, places.FULL)
    before_places = whole(first(version=3), second(2, allowed, templates), rights_part, origin, b"\1", block)
    without_places = whole(first(), second(2, allowed, templates), rights_part, origin, b"\1", block)
    before_sync = whole(first(version=2), second(2, allowed, templates), rights_part)

    def rights_fault(name: str, *lists: list[bytes]) -> dict[str, str]:
        return fault(name, whole(first(), second(), third(*lists)))

    many = [engagement(f"{number:03}", keys[0]) for number in range(129)]
    wide = [engagement(f"{number:03}".ljust(64, "x"), keys[0], 1) for number in range(72)]
    fields = {
        "seen": 322,
        "idle": 10,
        "keep": [1, "y"],
        "inbox": filled(68, 32).hex(),
        "stretched": {identity.hex(): secret.hex() for identity, secret in methods},
        "guard": "ask",
        "allowed": [],
        "templates": [],
        "rights": [bytes(32).hex(), [], [], []],
        "origin": bytes(16).hex(),
        "enrolled": None,
        "safety": places.NOTHING,
        "bytes": spelled(right),
        "written": spelled(right),
    }
    more = {
        "guard": "refuse",
        "allowed": words,
        "templates": questions,
        "rights": [
            filled(612, 32).hex(),
            [["Beuk", keys[0].hex(), 0], ["de Eik", keys[1].hex(), 7]],
            [[320, 1, 0], [322, 0, 65535]],
            [
                [1, False, 12, 0, b"/x/.ongemerkt-00.part".hex()],
                [2, False, 3, 321, ""],
                [2, True, 3, 321, ""],
            ],
        ],
    }
    written = spelled(whole(first(), second(2, allowed, templates), rights_part))
    good = [
        fields,
        fields | {"bytes": spelled(whole(first(version=1)))},
        fields | more | {"bytes": spelled(before_sync), "written": written},
        fields
        | more
        | {"origin": origin.hex(), "enrolled": sync.as_json()}
        | {"bytes": spelled(before_places), "written": spelled(without_places)},
        fields
        | more
        | {"origin": origin.hex(), "enrolled": sync.as_json(), "safety": places.AS_JSON}
        | dict.fromkeys(("bytes", "written"), spelled(full)),
    ]
    much = [sized(f"{number:04}") for number in range(1001)]
    long = [sized(f"{number:02}".ljust(100, "x")) for number in range(82)]
    faults = [
        fault("a newer version", b"\x05" + right[1:], VERSION),
        fault("no version", b"\x00" + right[1:]),
        fault("version 1 with what came after it", whole(first(version=1), second(2, allowed, templates))),
        fault("version 2 with what came after it", whole(first(version=2), second(), third([], [], []), origin)),
        fault(
            "version 3 with what came after it",
            whole(first(version=3), second(), third([], [], []), origin, b"\0", places.FULL),
        ),
        fault("an unknown unit", whole(first(unit=b"w"))),
        fault("a period of nothing", whole(first(length=0))),
        fault("no method", whole(first(stated=0))),
        fault("nine methods", whole(first(stated=9))),
        fault("fewer methods than bytes say", whole(first(stated=1))),
        fault("one method twice", put(right, 42 + 48, methods[0][0])),
        fault("an unknown policy", whole(first(), second(4))),
        fault("allowed words in another order", whole(first(), second(0, allowed[::-1]))),
        fault("an allowed word twice", whole(first(), second(0, [allowed[0], allowed[0]]))),
        fault("an allowed word of nothing", whole(first(), second(0, [sized("")]))),
        fault("an allowed word too long", whole(first(), second(0, [sized("x" * 101)]))),
        fault("an allowed word that is no text", whole(first(), second(0, [b"\x02\xc3\x28"]))),
        fault("too many allowed words", whole(first(), second(0, much))),
        fault("too many bytes of allowed words", whole(first(), second(0, long))),
        fault("fewer allowed words than bytes say", whole(first(), b"\0\0\x02", *allowed, b"\0")),
        fault("a template without a name", whole(first(), second(0, [], [sized("") + sized("x", 2)]))),
        fault("a template without a text", whole(first(), second(0, [], [sized("x") + sized("", 2)]))),
        fault("a template's name too long", whole(first(), second(0, [], [sized("x" * 81) + sized("x", 2)]))),
        fault("a template's text too long", whole(first(), second(0, [], [sized("x") + sized("x" * 4001, 2)]))),
        fault("two templates of one name", whole(first(), second(0, [], [templates[0]] * 2))),
        fault("25 templates", whole(first(), second(0, [], [sized(f"{at}") + sized("x", 2) for at in range(25)]))),
        fault(
            "too many bytes of templates",
            whole(first(), second(0, [], [sized(f"{at}") + sized("x" * 3072, 2) for at in range(4)])),
        ),
        rights_fault("engagements in another order", engagements[::-1], [], []),
        rights_fault("an alias twice", [engagements[0]] * 2, [], []),
        rights_fault("an alias of nothing", [engagement("", keys[0])], [], []),
        rights_fault("an alias too long", [engagement("x" * 65, keys[0])], [], []),
        rights_fault("an alias that is no text", [b"\x02\xc3\x28\x00" + keys[0]], [], []),
        rights_fault("an engagement of no kind", [engagement("Eik", keys[0], 1, 2)], [], []),
        rights_fault("ordinal 0 of an engagement that counts", [engagement("Eik", keys[0], 0, 1)], [], []),
        rights_fault("129 engagements", many, [], []),
        rights_fault("too many bytes of engagements", wide, [], []),
        fault("fewer engagements than bytes say", whole(first(), second(), bytes(32), b"\2", engagements[0])),
        rights_fault("months in another order", [], requests[::-1], []),
        rights_fault("a month twice", [], [requests[0]] * 2, []),
        rights_fault("a month without a request", [], [struct.pack(">HHH", 322, 0, 0)], []),
        rights_fault("61 months", [], [struct.pack(">HHH", number, 1, 0) for number in range(61)], []),
        rights_fault("something under way in another order", [], [], waiting[::-1]),
        rights_fault("two copies under way", [], [], [under_way(1, 0, 1, 0), under_way(1, 0, 2, 0)]),
        rights_fault("an unknown stage", [], [], [under_way(3, 0, 1, 1)]),
        rights_fault("stage 0", [], [], [under_way(0, 0, 1, 0)]),
        rights_fault("asked in no known way", [], [], [under_way(2, 2, 1, 322)]),
        rights_fault("no notes under way", [], [], [under_way(2, 1, 0, 322)]),
        rights_fault("more notes than any vault holds", [], [], [under_way(2, 1, 4_194_305, 322)]),
        rights_fault("a copy with a month", [], [], [under_way(1, 0, 1, 322)]),
        rights_fault("a receipt with a path", [], [], [under_way(2, 0, 1, 322, b"/x")]),
        rights_fault("a path too long", [], [], [under_way(1, 0, 1, 0, b"x" * 1025)]),
        rights_fault("nine under way", [], [], [under_way(2, 0, number, 322) for number in range(1, 10)]),
        enrolled_fault("neither enrolled nor not", block, 2),
        enrolled_fault("not enrolled, and a block all the same", block, 0),
        *(enrolled_fault(name, wrong) for name, wrong in sync.wrong_blocks()),
        *(enrolled_fault(name, block + wrong) for name, wrong in places.wrong_blocks()),
        fault("something in the padding", right[:-1] + b"\x01"),
        fault("cut off in a method", right[:60]),
        fault("cut off in an allowed word", full[: len(first()) + 5]),
        fault("cut off in a template", full[: full.index(b"Nu:")]),
        fault("cut off in an engagement", full[: full.index(b"de Eik") + 20]),
        fault("cut off in a path", full[: full.index(b".part")]),
        fault("cut off in the server's address", full[: full.index(b"https://") + 9]),
        fault("cut off in a device", full[: full.index(b"laptop")]),
        fault("nothing", b""),
    ]
    return {"good": good, "faults": faults}


def anchor() -> dict[str, Any]:
    """Section 6.1."""
    body = b"ongemerkt anchor\x01" + filled(70, 16) + filled(71, 32)
    record = filled(72, 32) + filled(73, 32) + b"\x00"
    first = (body + checksum(body)).ljust(4096, b"\0")
    right = first + (record + checksum(record)).ljust(8192, b"\0")
    fields = {
        "epoch": filled(70, 16).hex(),
        "secret": filled(71, 32).hex(),
        "before": filled(72, 32).hex(),
        "after": filled(73, 32).hex(),
        "bytes": spelled(right),
    }
    other = put(body, 16, b"\x02")
    faults = [
        fault("another magic", put(right, 0, b"O")),
        fault("another version", put(right, 0, other + checksum(other))),
        fault("a changed secret", put(right, 40, bytes([right[40] ^ 1]))),
        fault("a changed checksum", put(right, 65, bytes([right[65] ^ 1]))),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
        fault("nothing", b""),
    ]
    return {"good": [fields], "faults": faults}


def note() -> dict[str, Any]:
    """Section 4.2: payloads of 1,911 bytes, one after the other in `bytes`."""
    tag = filled(80, 50)

    def written(text: bytes, length: int | None = None, slots: int | None = None) -> bytes:
        body = b"\x01" + tag + (len(text) if length is None else length).to_bytes(4, "big") + text
        count = -(-len(body) // 1911) if slots is None else slots
        return body.ljust(count * 1911, b"\0")

    texts = ["x", "Gesprek over grenzen: “nee” is óók een antwoord.", "é" * 928, "é" * 928 + "x", "lang " * 1000]
    good = [{"text": text, "tag": tag.hex(), "bytes": spelled(written(text.encode()))} for text in texts]
    right = written(b"vier kleuren")
    faults = [
        fault("another version", b"\x02" + right[1:]),
        fault("a text longer than its slots", written(b"vier kleuren", 1857)),
        fault("a text longer than any note", written(b"vier kleuren", 2**20 + 1)),
        fault("the longest length there is", written(b"vier kleuren", 2**32 - 1)),
        fault("a slot too many", written(b"vier kleuren", slots=2)),
        fault("cut off", right[:-1]),
        fault("nothing", b""),
    ]
    return {"good": good, "faults": faults}


def ledger_page() -> dict[str, Any]:
    """Section 5.3: one page of entries; entries that are not listed are free."""
    none, zero = 0xFFFFFFFF, bytes(32).hex()

    def row(kind: int, expiry: int, follower: int, handle: int, key: str, own: int = 0, parent: int = 0) -> Any:
        found = {"kind": kind, "expiry": expiry, "next": follower, "handle": handle, "key": key}
        return found | {"id": own, "parent": parent}

    def written(entries: dict[int, Any]) -> bytes:
        rows = [entries.get(at, row(0, 0, none, none, zero)) for at in range(64)]
        columns = bytes(each["kind"] for each in rows)
        for code, name in (("H", "expiry"), ("I", "next"), ("I", "handle")):
            columns += struct.pack(f"<64{code}", *(each[name] for each in rows))
        columns += b"".join(bytes.fromhex(each["key"]) for each in rows)
        for name in ("id", "parent"):
            columns += struct.pack("<64Q", *(each[name] for each in rows))
        return columns.ljust(3887, b"\0")

    without_ids = {
        0: row(1, 334, 63, 614_124, filled(90, 32).hex()),
        63: row(2, 334, none, none, filled(91, 32).hex()),
        17: row(3, 65535, none, none, filled(92, 32).hex()),
    }
    first, second = (int.from_bytes(filled(number, 8), "little") for number in (93, 94))
    tomb = row(4, 0, none, 0x30000 | 0b100000000101, zero, second, first)
    entries = without_ids | {
        0: row(1, 334, 63, 614_124, filled(90, 32).hex(), first, second),
        5: tomb,
        6: row(4, 0, none, 0, zero, 1),
    }

    def tomb_fault(name: str, **fields: Any) -> dict[str, str]:
        return fault(name, written({5: tomb | fields}))

    right = written(entries)
    faults = [
        fault("an unknown kind", put(right, 8, b"\x06")),
        tomb_fault("a tomb of nothing", id=0),
        tomb_fault("a tomb with an unknown flag", handle=1 << 12),
        tomb_fault("a tomb with a key", key=filled(92, 32).hex()),
        tomb_fault("a tomb with a month", expiry=334),
        tomb_fault("a tomb with a next slot", next=9),
        fault("something in the padding", right[:-1] + b"\x01"),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
        fault("nothing", b""),
    ]
    good = [
        {"entries": {str(at): entry for at, entry in each.items()}, "bytes": spelled(written(each))}
        for each in (without_ids, entries)
    ]
    return {"good": good, "faults": faults}


# -- secrets -----------------------------------------------------------------------------------------------------------


def recovery() -> dict[str, Any]:
    """Section 3.3: codes as typed; a fault's `failure` is that it is no code."""
    letters = "".join(ALPHABET[byte & 31] for byte in filled(95, 28))
    digest = int.from_bytes(independent.blake2b(letters.encode(), size=2, person=b"ongemerkt-kit--1"), "big")
    code = letters + ALPHABET[digest & 31] + ALPHABET[digest >> 5 & 31]
    grouped = "-".join(code[at : at + 5] for at in range(0, 30, 5))
    forgiving = code.lower().replace("1", "l").replace("0", "o")
    good = [
        {"typed": typed, "code": code}
        for typed in (code, grouped, code.lower(), grouped.lower(), f"  {grouped}\n", " ".join(code), forgiving)
    ]
    swapped = code[:2] + code[3] + code[2] + code[4:]
    wrong = {
        "one letter changed": ("A" if code[4] != "A" else "B").join((code[:4], code[5:])),
        "two letters swapped": swapped,
        "a check letter changed": code[:29] + ("A" if code[29] != "A" else "B"),
        "a letter too few": code[:-1],
        "a letter too many": code + "0",
        "a U in it": "U" + code[1:],
        "another sign in it": "." + code[1:],
        "nothing": "",
    }
    return {"good": good, "faults": [{"name": name, "typed": typed} for name, typed in wrong.items()]}


def stretch() -> dict[str, Any]:
    """Section 3.2: Argon2id by argon2-cffi, which shares no code with libsodium; costs that a reader must refuse."""
    salt, good = filled(97, 16), []
    for secret, m_kib, t, p in (("paard accu nietje", 64, 3, 1), ("é", 128, 3, 1), ("", 64, 4, 1), ("x", 64, 3, 4)):
        derived = hash_secret_raw(secret.encode(), salt, t, m_kib, p, 32, Type.ID)
        good.append({"secret": secret, "salt": salt.hex(), "cost": [m_kib, t, p], "stretched": derived.hex()})
    costs = {
        "too little memory": [65_535, 3, 4],
        "too much memory": [2_097_153, 3, 4],
        "4 TiB": [4_294_967_295, 3, 4],
        "no memory": [0, 3, 4],
        "no pass": [65_536, 0, 4],
        "two passes": [65_536, 2, 4],
        "17 passes": [65_536, 17, 4],
        "4 billion passes": [65_536, 4_294_967_295, 4],
        "no lane": [65_536, 3, 0],
        "5 lanes": [65_536, 3, 5],
    }
    return {
        "good": good,
        "faults": [{"name": name, "cost": cost, "failure": PARAMETERS} for name, cost in costs.items()],
    }


MAKERS: tuple[Callable[[], dict[str, Any]], ...] = (
    derive, box, header, lockrow, head, settings, anchor, note, ledger_page, recovery, stretch, *rights.MAKERS,
)  # fmt: skip


def build() -> dict[str, str]:
    """File name → content, of every file of vectors."""
    return {f"{make.__name__}.json": json.dumps(make(), indent=1, ensure_ascii=False) + "\n" for make in MAKERS}


if __name__ == "__main__":
    for name, content in build().items():
        (HERE / name).write_text(content, encoding="utf-8")
