"""Where a slot's row lies in the database file."""

from tests.support.independent import Aes256
from tests.support.vaults import Place


def database_page_of_slots(place: Place) -> dict[int, int]:
    """Slot → page of the file that holds its row, read off the file itself: the two cells' row ids on each leaf."""
    raw = place.db.read_bytes()
    cipher = Aes256(place.database_key())
    found: dict[int, int] = {}
    for number in range(1, len(raw) // 4096):
        page = raw[number * 4096 : (number + 1) * 4096]
        iv = page[4016:4032]
        start = cipher.decrypt_cbc(iv, page[:16])
        cells = int.from_bytes(start[3:5], "big")
        if start[0] != 0x0D or cells != 2:
            continue
        for at in (8, 10):
            offset = int.from_bytes(start[at : at + 2], "big")
            block = offset // 16 * 16
            before = page[block - 16 : block] if block else iv
            cell = cipher.decrypt_cbc(before, page[block : block + 32])[offset - block :]
            _, used = varint(cell)
            found[varint(cell[used:])[0]] = number
    return found


def varint(data: bytes) -> tuple[int, int]:
    """A number of SQLite's and how many bytes it took."""
    value = 0
    for at in range(9):
        value = value << 7 | data[at] & 0x7F
        if not data[at] & 0x80:
            return value, at + 1
    raise AssertionError("nine bytes are more than a row id needs")
