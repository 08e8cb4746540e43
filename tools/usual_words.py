"""What guessers try first in Dutch: fetches a package and writes vault/words/usual_nl.txt, the likeliest first.

    python -m tools.usual_words           brings the list up to date
    python -m tools.usual_words --check   only says whether it is behind

Words by their frequency, with first and last names between them: a word's place in the list stands for the guesses
that it costs. What people make passphrases of (towns, clubs, the word for passphrase itself) comes before all that.
"""

import re
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from tools.guard_lists import ZXCVBN, fetched, plain
from tools.spoken_words import load

FILE = Path(__file__).parents[1] / "vault" / "words" / "usual_nl.txt"
_WORDS, _LAST_NAMES = 8000, 1000
_FIRST = """
    wachtwoord wachtwoordzin welkom geheim hallo coach coaching notitie sessie ongemerkt kluis voetbal liefde schatje
    lente zomer herfst winter maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april
    mei juni juli augustus september oktober november december ajax feyenoord psv nederland holland oranje amsterdam
    rotterdam utrecht haarlem eindhoven groningen tilburg almere breda nijmegen arnhem apeldoorn enschede amersfoort
    zwolle leiden dordrecht maastricht delft alkmaar deventer leeuwarden hilversum friesland zeeland limburg brabant
    drenthe gelderland overijssel flevoland
"""


def usual(folder: Path) -> Iterator[str]:
    """The words in order."""
    with tarfile.open(fetched(ZXCVBN, folder)) as tar:
        words = load(tar, "commonWords")[:_WORDS]
        names = [
            name
            for pair in zip(load(tar, "girlsFirstnames"), load(tar, "boysFirstnames"), strict=False)
            for name in pair
        ]
        last = load(tar, "lastnames")[:_LAST_NAMES]
    yield from _FIRST.split()
    for four in zip_longest(*[iter(words)] * 4, fillvalue=""):
        yield from four
        yield from names[:1]
        if len(names) % 2:
            yield from last[:1]
            del last[:1]
        del names[:1]


def main() -> int:
    """Writes the list if it has changed, or tells it."""
    with tempfile.TemporaryDirectory() as scratch:
        found = dict.fromkeys(re.sub("[^a-z]", "", plain(word)) for word in usual(Path(scratch)))
    content = "".join(word + "\n" for word in found if len(word) > 1)
    if FILE.exists() and FILE.read_text("ascii") == content:
        return 0
    print(FILE.name)
    if "--check" in sys.argv[1:]:
        return 1
    FILE.write_text(content, "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
