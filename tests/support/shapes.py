"""One right value of each stored form, and its reader."""

from collections.abc import Callable

from vault import ledger
from vault.formats import anchorfile, enrolled, head, lockrow, note, settings, tpmfile
from vault.formats import header as header_format
from vault.formats.anchorfile import Anchor, Record
from vault.formats.enrolled import Enrolled, KnownDevice
from vault.formats.head import Head
from vault.formats.header import Cost, Header, Method
from vault.formats.lockrow import LockRow
from vault.formats.reader import Reader
from vault.formats.rights import Engagement, Requests, Rights, UnderWay
from vault.formats.safety import Ancestor, Factor, Home, OpenReceipt, Place, Safety, Stick
from vault.formats.settings import Settings, Template
from vault.months import Period

ID, DIGEST, WRAP = bytes(range(16)), bytes(range(32)), bytes(range(105))
METHOD = Method(ID, 1, Cost(65_536, 3, 4), ID, WRAP)

ENROLLED = Enrolled(
    ID,
    1,
    DIGEST,
    DIGEST,
    DIGEST,
    8,
    "https://notities.voorbeeld.nl:8443",
    DIGEST,
    DIGEST,
    "eu",
    7,
    DIGEST,
    6,
    ID[:8],
    ID,
    322,
    321,
    9810,
    (KnownDevice(0, 1, DIGEST, 7, 322, "laptop"), KnownDevice(1, 1, DIGEST[::-1], 6, 321, "één telefoon")),
)
SETTINGS = Settings(
    {ID: DIGEST},
    DIGEST,
    322,
    Period(1, "y"),
    10,
    "redact",
    ("Inez", "Zoë"),
    (Template("GROW", "Doel?\nEn nu?"),),
    Rights(
        DIGEST,
        (Engagement("Beuk", DIGEST, 0), Engagement("de Eik", DIGEST, 7)),
        (Requests(322, 1, 2),),
        (UnderWay(1, False, 3, 0, b"/x/y"), UnderWay(2, True, 3, 322)),
    ),
    ID,
    ENROLLED,
    Safety(
        ID,
        (Ancestor(ID[::-1], 7),),
        Home(ID, 3),
        (Factor(ID, DIGEST, DIGEST),),
        (Place(ID, 1, 8, True, ID, "/media/stick"),),
        (OpenReceipt(True, 3, 322, 4, 6, 2, True, True, (Stick(ID, True),)),),
    ),
)


def _cut(data: bytes) -> list[bytes]:
    return [data[at : at + note.PAYLOAD] for at in range(0, len(data), note.PAYLOAD)]


def _page() -> bytes:
    found = ledger.Ledger(64)
    found.apply(
        {
            3: ledger.Entry(1, 330, 5, 77, DIGEST, 1 << 40, 9),
            5: ledger.Entry(2, 330, ledger.NO_SLOT, ledger.NO_HANDLE, DIGEST),
            8: ledger.Tomb(8, 9, 0, 5, False, True).entry(),
        }
    )
    return ledger.encode_page(found, 0)


RIGHT: dict[str, bytes] = {
    "header": header_format.encode(
        Header(ID, DIGEST, (METHOD._replace(factor=2, described=DIGEST), METHOD._replace(id=ID[::-1], kind=2)))
    ),
    "lockrow": lockrow.encode(LockRow(ID, DIGEST, {ID: WRAP, ID[::-1]: WRAP})),
    "head": head.encode(Head(9, ID, 256, DIGEST, DIGEST)),
    "settings": b"".join(settings.encode(SETTINGS)),
    "enrolled": enrolled.encode(ENROLLED),
    "anchor": anchorfile.encode(Anchor(ID, DIGEST), Record(DIGEST, DIGEST[::-1], True)),
    "records": anchorfile.encode(Anchor(ID, DIGEST), Record(DIGEST, DIGEST[::-1], True)),
    "tpm anchor": tpmfile.encode(
        ID,
        tpmfile.Seat(0x01800000, DIGEST, DIGEST + b"\0\x0b"),
        tpmfile.Sealed(7, WRAP, WRAP),
        Record(DIGEST, DIGEST[::-1], True),
    ),
    "note": b"".join(note.encode("vier kleuren " * 300, bytes(50))),
    "tag": note.encode("vier kleuren", bytes(50))[0],
    "page": _page(),
}
READERS: dict[str, Callable[[bytes], object]] = {
    "header": header_format.decode,
    "lockrow": lockrow.decode,
    "head": head.decode,
    "settings": lambda data: settings.decode([data]),
    "enrolled": lambda data: enrolled.decode(Reader(data)),
    "anchor": anchorfile.decode,
    "records": anchorfile.decode_records,
    "tpm anchor": tpmfile.decode,
    "note": lambda data: note.text_bytes(_cut(data)),
    "tag": note.tag_of,
    "page": lambda data: ledger.decode_pages([data], 64),
}
