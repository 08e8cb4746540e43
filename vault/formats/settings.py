"""The sealed settings: what the vault remembers besides notes (docs/spec/vault.md section 5.4)."""

from typing import NamedTuple

from vault import limits
from vault.formats import enrolled as enrolled_format
from vault.formats import rights as rights_format
from vault.formats import safety as safety_format
from vault.formats.enrolled import Enrolled
from vault.formats.reader import FormatError, Reader, UnknownVersion, pad
from vault.formats.rights import Rights
from vault.formats.safety import Safety
from vault.months import UNITS, Period

VERSION = 4
PAYLOAD = limits.PAGE_BOX - 73
POLICIES = ("ask", "redact", "refuse", "off")
"""What is done with what the guard finds, in the order of their numbers."""
NO_ORIGIN = bytes(16)
"""The origin of a vault that is its own: claim codes are salted with its id."""


class Template(NamedTuple):
    """Questions to begin a note with, under a name of the coach's choice."""

    name: str
    text: str


class Settings(NamedTuple):
    """`stretched`: unlock method id → its stretched secret S (32 bytes). `inbox`: X25519 secret key (32 bytes).

    `seen`: highest month ever seen. `idle`: minutes without a key until the interactive vault locks itself. `guard`:
    one of POLICIES. `allowed`: words that the guard leaves alone, ascending and each once. `rights`: engagements, and
    what is kept of clients' requests. `origin`: the id of the vault that claim codes are salted with, or NO_ORIGIN.
    `enrolled`: the account on a server, if there is one. `safety`: places, second factors, receipts that wait.
    """

    stretched: dict[bytes, bytes]
    inbox: bytes
    seen: int
    keep: Period
    idle: int
    guard: str = POLICIES[0]
    allowed: tuple[str, ...] = ()
    templates: tuple[Template, ...] = ()
    rights: Rights = Rights()
    origin: bytes = NO_ORIGIN
    enrolled: Enrolled | None = None
    safety: Safety = Safety()


def allowed_bytes(words: tuple[str, ...]) -> int:
    """What the words take in the settings, in bytes."""
    return sum(1 + len(word.encode()) for word in words)


def templates_bytes(templates: tuple[Template, ...]) -> int:
    """What the templates take in the settings, in bytes."""
    return sum(3 + len(name.encode()) + len(text.encode()) for name, text in templates)


def fits(settings: Settings) -> bool:
    """Whether there is room for these, and for what has to be written in any case: to be asked before adding."""
    return len(_plain(settings)) + limits.SETTINGS_SPARE <= PAYLOAD * limits.SETTINGS_PAGES


def has_room(settings: Settings) -> bool:
    """Whether there is room for these at all."""
    return len(_plain(settings)) <= PAYLOAD * limits.SETTINGS_PAGES


def encode(settings: Settings) -> list[bytes]:
    """The settings as limits.SETTINGS_PAGES payloads. Raises FormatError for what can't be read back or has no room."""
    body = pad(_plain(settings), PAYLOAD * limits.SETTINGS_PAGES)
    return [body[at : at + PAYLOAD] for at in range(0, len(body), PAYLOAD)]


def _plain(settings: Settings) -> bytes:
    out = bytearray([VERSION])
    out += settings.seen.to_bytes(2, "big") + settings.idle.to_bytes(1, "big")
    out += settings.keep.unit.encode() + settings.keep.length.to_bytes(4, "big")
    out += settings.inbox + bytes([len(settings.stretched)])
    for identity, secret in settings.stretched.items():
        out += identity + secret
    out += bytes([POLICIES.index(settings.guard)])
    out += len(settings.allowed).to_bytes(2, "big")
    for word in settings.allowed:
        out += _sized(word, 1)
    out += bytes([len(settings.templates)])
    for name, text in settings.templates:
        out += _sized(name, 1) + _sized(text, 2)
    out += rights_format.encode(settings.rights)
    out += settings.origin + bytes([settings.enrolled is not None])
    if settings.enrolled is not None:
        out += enrolled_format.encode(settings.enrolled)
    out += safety_format.encode(settings.safety)
    return bytes(out)


def _sized(text: str, size: int) -> bytes:
    data = text.encode()
    return len(data).to_bytes(size, "big") + data


def decode(payloads: list[bytes]) -> Settings:
    """The settings in `payloads`; older versions lack what came later. Raises FormatError, UnknownVersion."""
    reader = Reader(b"".join(payloads))
    version = reader.number(1)
    if version > VERSION:
        raise UnknownVersion("version")
    if version == 0:
        raise FormatError("version")
    seen, idle, unit = reader.number(2), reader.number(1), reader.take(1).decode("latin-1")
    keep = Period(reader.number(4), unit)
    if unit not in UNITS or keep.length == 0:
        raise FormatError("keep")
    inbox, count = reader.take(32), reader.number(1)
    if not 1 <= count <= limits.METHODS_MOST:
        raise FormatError("methods")
    stretched = {reader.take(16): reader.take(32) for _ in range(count)}
    if len(stretched) != count:
        raise FormatError("methods")
    settings = Settings(stretched, inbox, seen, keep, idle)
    if version > 1:
        settings = settings._replace(guard=_policy(reader), allowed=_allowed(reader), templates=_templates(reader))
        settings = settings._replace(rights=rights_format.decode(reader))
    if version > 2:
        settings = settings._replace(origin=reader.take(len(NO_ORIGIN)), enrolled=_enrolled(reader))
    if version > 3:
        settings = settings._replace(safety=safety_format.decode(reader))
    reader.rest_is_zero()
    return settings


def _enrolled(reader: Reader) -> Enrolled | None:
    number = reader.number(1)
    if number > 1:
        raise FormatError("enrolled")
    return enrolled_format.decode(reader) if number else None


def _policy(reader: Reader) -> str:
    number = reader.number(1)
    if number >= len(POLICIES):
        raise FormatError("policy")
    return POLICIES[number]


def _allowed(reader: Reader) -> tuple[str, ...]:
    count = reader.number(2)
    if count > limits.ALLOWED_WORDS:
        raise FormatError("allowed")
    words = tuple(reader.text(1, limits.ALLOWED_WORD_BYTES) for _ in range(count))
    # the order of code points is that of their UTF-8
    if list(words) != sorted(set(words)) or allowed_bytes(words) > limits.ALLOWED_BYTES:
        raise FormatError("allowed")
    return words


def _templates(reader: Reader) -> tuple[Template, ...]:
    count = reader.number(1)
    if count > limits.TEMPLATES:
        raise FormatError("templates")
    templates = tuple(
        Template(reader.text(1, limits.TEMPLATE_NAME_BYTES), reader.text(2, limits.TEMPLATE_BYTES))
        for _ in range(count)
    )
    names = {template.name for template in templates}
    if len(names) != count or templates_bytes(templates) > limits.TEMPLATES_BYTES:
        raise FormatError("templates")
    return templates
