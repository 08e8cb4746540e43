"""Word and name lists of the guard: fetches the packages they come from and writes vault/guard/data.

    python tools/guard_lists.py           brings the lists up to date
    python tools/guard_lists.py --check   only says what is behind

Needs npm, pip and apt-get with their usual registries; every package has a fixed version and a fixed digest. What is
written by hand (vault/guard/data/own.txt) is not touched. The same packages give the same bytes.
"""

import hashlib
import importlib
import io
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[1] / "vault" / "guard" / "data"


class Package(NamedTuple):
    """Something the lists are made from."""

    name: str
    version: str
    fetch: tuple[str, ...]
    sha256: str


ZXCVBN = Package(
    "@zxcvbn-ts/language-nl-be",
    "3.0.2",
    ("npm", "pack", "--silent", "@zxcvbn-ts/language-nl-be@3.0.2"),
    "352b272e589bfe04a4e58881f4ef6edd1ed3a17162cb427c8aed5dd275219f79",
)
FAKER = Package(
    "faker",
    "40.54.0",
    (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "faker==40.54.0"),
    "2dd88ee8cb63a9149e19ef48bdd73879bc3854d8ba2d6c1535e902a762e603f7",
)
DUTCH = Package(
    "wdutch",
    "1:2.20.19-2",
    ("apt-get", "--quiet=2", "download", "wdutch=1:2.20.19-2"),
    "79dc0dbbd9b3e029ba84423a804c635aca87105521962f9b4c3023399c94dc35",
)
ENGLISH = Package(
    "wbritish",
    "2020.12.07-2",
    ("apt-get", "--quiet=2", "download", "wbritish=2020.12.07-2"),
    "f80571f14aa987ef0d727e2077d4f2abd84adf92492af494e7de04882c53be3f",
)

# Where people in the Netherlands, or their parents, come from, as far as the names are in Latin letters.
_LOCALES = (
    "nl_NL", "nl_BE", "tr_TR", "fr_DZ", "pl_PL", "de_DE", "de_AT", "fr_FR", "fr_BE", "en_GB", "en_US", "id_ID", "es_ES",
    "it_IT", "pt_PT", "hr_HR", "ro_RO", "hu_HU", "cs_CZ", "sk_SK", "sv_SE", "da_DK", "no_NO", "fi_FI", "az_AZ", "en_IN",
    "en_PK", "en_NG", "tw_GH",
)  # fmt: skip
_FIRST = ("first_names", "first_names_male", "first_names_female")
_LAST = ("last_names", "male_last_names", "unisex_last_names", "last_names_male", "last_names_unisex")

_PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "het",
        "ten",
        "ter",
        "te",
        "'t",
        "'s",
        "la",
        "le",
        "du",
        "des",
        "von",
        "zu",
        "el",
        "al",
        "ben",
        "da",
        "di",
        "do",
        "dos",
        "della",
        "op",
        "in",
        "aan",
        "bij",
        "uit",
        "d'",
    ]
)
_SIMPLE = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)*")
_STREET = re.compile(
    r".{2,}(?:straat|weg|laan|plein|steeg|hof|gracht|kade|singel|pad|dreef|dijk|plantsoen|baan|park|straatje|tunnel|brug)"
)
_ROMAN = re.compile(r"[MDCLXVI]+")
# Those who live somewhere: Afghaan, Algerijn, Arowak. They have the same derived words as a town.
_DWELLER = re.compile(r".*(?:aan|aal|iet|oot|eek|eeg|een|ees|enaar|ijn|ier|iër|eër|ander|oer|urk|ool|eek|and?er)")
_ADJECTIVE = re.compile(r".*(?:isch|aans|ees|eens|ijns|oots|iers|uws|egs|eks|ods|ens|lands)")
_SHAPE_SIGNS = 28
"""The start of a word, a to z, its end."""
_LAST_SHAPE = re.compile(
    r"[A-Z][a-z]{2,}(?:stra|sma|ma|inga|enga|ink|ing|sen|man|mans|huis|hof|kamp|veld|berg|dijk|broek|ers|aars|meijer|meyer|meier|is|ens|"
    r"aerts|arts|kens|jens|steen|stein|bach|boom|horst|brink|wijk|daal|haar|laar|raat|maker|makers|sens|ees|oglu|ic|ski|ska|wicz|ova|ov|ian|yan|"
    r"zadeh|ani|aoui|oui|ouri|adi|idi|mans|ties|sz|ez|es|ini|elli|etti|ucci|eau|ard|ert|aert|ens|sma|wold|water|land|mond|oord|hoven|huizen|hoeve)"
)
# Those who live somewhere and are called by a short word: the only ones that no ending tells.
_NATIONS = re.compile(
    r"Bataaf|Berber|Bretoen|Brit|Bulgaar|Fin|Fran|Frie|Griek|Hindoe|Hongaar|Ier|Jood|Kazach|Kosovaar|Moor|Romein|Slovaak|"
    r"Slowaak|Tadzjiek|Tataar|Thai|Zeeuw|Zweed|Zwitser|Noord-Ier|Drent|Twent|Est|Let|Schot|Deen|Noor|Pool|Turk|Koerd|Rus"
)
_FOREIGN = re.compile(r".*(?:-.*|se|sche?|isch|ees|eeër|iër|ër|aans|ië|meer|baai|tijd)")
_INHABITANTS = ("er", "aar", "naar", "enaar")
_COMMON = 8000
"""Words that are frequent enough never to be taken for a name without a reason."""


def fetched(package: Package, folder: Path) -> Path:
    """The package's file in `folder`, fetched by its own client and checked."""
    before = set(folder.iterdir())
    subprocess.run(package.fetch, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (path,) = set(folder.iterdir()) - before
    if hashlib.sha256(path.read_bytes()).hexdigest() != package.sha256:
        raise SystemExit(f"{package.name}: not the package that was looked at")
    return path


def plain(word: str) -> str:
    """`word` in lower case without accents, as people type it."""
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("ı", "i").replace("ø", "o")


class Dutch:
    """OpenTaal's list, sorted out: what is always written with a capital tells by its derived words what it is."""

    def __init__(self, words: Iterable[str], towns: set[str]) -> None:
        everything = set(words)
        self.low = {word for word in everything if word.islower()}
        known = {word for word in everything if _SIMPLE.fullmatch(word) and not _ROMAN.fullmatch(word.upper())}
        # 'Amsterdams, Amsterdamse', 'Maleis, Maleise' are adjectives; 'Lammerts, Lammertse' are last names.
        pairs = {word for word in known if word.endswith("s") and word + "e" in known}
        roots = {word for word in known if word + "s" in pairs}
        nations = {word for word in roots if _DWELLER.fullmatch(word) or _NATIONS.fullmatch(word)}
        towns = (towns & known) | {w for w in roots - nations if any(w + end in known for end in _INHABITANTS)}
        adjectives = {word for word in pairs if word[:-1] in towns | nations or _ADJECTIVE.fullmatch(word)}
        dwellers = {word + end for word in towns for end in _INHABITANTS if word + end in known} | nations
        dwellers |= {word for word in known if word.endswith(("iër", "eër"))}
        dwellers |= {word + end for word in dwellers for end in ("s", "en", "n") if word + end in known}
        self.peoples = adjectives | {word + "e" for word in adjectives} | dwellers
        self.places = towns - self.peoples
        genitives = {w for w in known if any(w + end in everything for end in ("s", "'s", "'"))}
        rest = {w for w in known - self.peoples if not _STREET.fullmatch(w) and not self._compound(w)}
        owned = {w + "s" for w in genitives}
        self.first = (genitives & rest) - self.places
        # What is left are last names, compounds with a name in them, and adjectives of places nobody lists.
        left = {word for word in rest - self.first - self.places - owned if not _FOREIGN.fullmatch(word)}
        self.last = {word for word in left if _LAST_SHAPE.fullmatch(word) or not self._joined(word.lower())}

    def _compound(self, word: str) -> bool:
        """Whether `word` is a name with a common word behind it: Koerdenleider."""
        return any(word[cut:].lower() in self.low for cut in range(3, len(word) - 4))

    def _joined(self, low: str) -> bool:
        """Whether `low` is put together from two words of some length."""
        return any(low[:cut] in self.low and low[cut:].removeprefix("s") in self.low for cut in range(4, len(low) - 3))

    def verbs(self) -> Iterator[str]:
        """Forms that go with he or she: those of regular verbs, since 'werkend' is a word as well."""
        for word in self.low:
            if word.endswith("en") and len(word) > 4:
                yield from self._forms(word)

    def _forms(self, infinitive: str) -> Iterator[str]:
        base = infinitive[:-2]
        if base[-1] == base[-2]:
            base = base[:-1]
        base = base[:-1] + {"v": "f", "z": "s"}.get(base[-1], base[-1])
        for stem in {base, base[:-1] + base[-2] + base[-1]}:
            present = stem if stem.endswith("t") else stem + "t"
            # Only verbs have both 'werkend' and 'werkt'.
            if present in self.low and infinitive + "d" in self.low:
                yield present
                yield from (stem + end for end in ("te", "de") if stem + end in self.low)


def lines(package: Path, member: str) -> list[str]:
    """The lines of one file in a Debian package."""
    command = ("dpkg-deb", "--fsys-tarfile", str(package))
    shown = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(shown)) as tar:
        content = tar.extractfile(member)
        assert content is not None
        return content.read().decode().split("\n")


class Belgian(NamedTuple):
    """Lists of zxcvbn-ts: Belgian civil registration, and Dutch words by frequency."""

    first: list[str]
    last: list[str]
    frequent: list[str]

    @classmethod
    def read(cls, package: Path) -> "Belgian":
        """The lists in the package."""
        with tarfile.open(package) as tar:

            def load(name: str) -> list[str]:
                content = tar.extractfile(f"package/src/{name}.json")
                assert content is not None
                found = json.load(content)
                return found.split(",") if isinstance(found, str) else list(found)

            return cls(load("girlsFirstnames") + load("boysFirstnames"), load("lastnames"), load("commonWords"))


class Fake(NamedTuple):
    """Lists of Faker."""

    first: set[str]
    last: set[str]
    places: set[str]
    countries: set[str]
    employers: set[str]

    @classmethod
    def read(cls, package: Path, folder: Path) -> "Fake":
        """The lists in the package; its modules are imported from `folder`."""
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / "faker")  # noqa: S202 its digest was checked
        sys.path.insert(0, str(folder / "faker"))
        first: set[str] = set()
        last: set[str] = set()
        for locale in _LOCALES:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
            first.update(name for field in _FIRST for name in getattr(provider, field, ()))
            last.update(name for field in _LAST for name in getattr(provider, field, ()))
        near = importlib.import_module("faker.providers.address.nl_NL").Provider
        south = importlib.import_module("faker.providers.address.nl_BE").Provider
        companies = importlib.import_module("faker.providers.company.nl_NL").Provider
        places = {*near.cities, *near.provinces, *south.provinces}
        return cls(first, last, places, set(near.countries), set(companies.large_companies))


def core(name: str) -> str:
    """The last name without the words before it: 'van den Broeck' is found by 'Broeck'."""
    parts = name.replace("’", "'").split()
    while len(parts) > 1 and parts[0].lower() in _PARTICLES:
        parts = parts[1:]
    return " ".join(parts)


def full_names(names: Iterable[str]) -> set[str]:
    """The last names that have words before them, whole: 'de vries', 'van den broeck'."""
    kept = {plain(name.replace("’", "'")) for name in names if name.split()[0].lower() in _PARTICLES and " " in name}
    return {name for name in kept if re.fullmatch(r"[a-z' -]+", name)}


def usable(names: Iterable[str], least: int) -> set[str]:
    """The names as they are looked up: one word, lower case, without accents."""
    return {
        name
        for name in map(plain, names)
        if len(name) >= least and re.fullmatch(r"[a-z]+(?:['-][a-z]+)*", name) and name not in _PARTICLES
    }


def digests(words: Iterable[str]) -> bytes:
    """The words as sorted 32-bit check sums: small, read at once, wrong once in ten thousand unknown words."""
    sums = array("I", sorted({zlib.crc32(word.encode()) for word in words}))
    assert sums.itemsize == 4
    if sys.byteorder == "big":
        sums.byteswap()
    return sums.tobytes()


def text(words: Iterable[str]) -> bytes:
    """The words, one a line, sorted."""
    return "".join(word + "\n" for word in sorted(set(words))).encode()


def shapes(names: Iterable[str], words: Iterable[str]) -> bytes:
    """How much each row of three letters speaks for a first name, against a word: a signed byte each, in sixteenths."""
    counts = []
    for group in (names, words):
        count = [0] * _SHAPE_SIGNS**3
        for word in group:
            row = [0, *(ord(sign) - 96 for sign in word), _SHAPE_SIGNS - 1]
            for a, b, c in zip(row, row[1:], row[2:], strict=False):
                count[(a * _SHAPE_SIGNS + b) * _SHAPE_SIGNS + c] += 1
        counts.append(count)
    name_sum, word_sum = map(sum, counts)
    odds = (math.log((n + 0.5) / name_sum) - math.log((w + 0.5) / word_sum) for n, w in zip(*counts, strict=True))
    return array("b", (max(-127, min(127, round(16 * odd))) for odd in odds)).tobytes()


def wanted(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every generated file as it should be."""
    english = {word for word in lines(fetched(ENGLISH, folder), "./usr/share/dict/british-english") if word.islower()}
    belgian = Belgian.read(fetched(ZXCVBN, folder))
    fake = Fake.read(fetched(FAKER, folder), folder)
    dutch = Dutch(lines(fetched(DUTCH, folder), "./usr/share/dict/dutch"), fake.places | fake.countries)
    first = usable([*belgian.first, *fake.first, *dutch.first], 2)
    last = usable(map(core, [*belgian.last, *fake.last]), 3)
    places = {place.replace("’", "'") for place in {*fake.places, *fake.countries, *dutch.places}}
    peoples = usable(dutch.peoples, 3) - usable([*belgian.first, *fake.first], 2)
    yield "first.txt", text(first)
    yield "last.txt", text(last | (usable(dutch.last, 4) - dutch.low))
    yield "last_full.txt", text(full_names([*belgian.last, *fake.last]))
    yield "places.txt", text(map(plain, places))
    yield "peoples.txt", text(peoples)
    yield "employers.txt", text(fake.employers)
    yield "verbs.txt", text(dutch.verbs())
    frequent = [word for word in belgian.frequent if word in dutch.low][:_COMMON]
    yield "common.txt", text(frequent)
    plain_words = {word for word in dutch.low | english if re.fullmatch(r"[a-z]{4,14}", word)}
    yield "shape.bin", shapes({n for n in first - plain_words if n.isalpha() and len(n) > 3}, plain_words)
    yield (
        "words.bin",
        digests(word for low in (dutch.low, english) for word in low if re.fullmatch(r"[^\W\d_].*", word)),
    )


def main() -> int:
    """Writes what has changed, or tells it."""
    check = "--check" in sys.argv[1:]
    behind = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in wanted(Path(scratch)):
            path = DATA / name
            if not path.exists() or path.read_bytes() != content:
                behind.append(name)
                if not check:
                    path.write_bytes(content)
    for name in behind:
        print(name)
    return 1 if check and behind else 0


if __name__ == "__main__":
    sys.exit(main())
