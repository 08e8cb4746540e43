"""The settings that the devices of an account share (docs/spec/sync-protocol.md sections 2.4 and 4.2). Pure."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import count
from typing import NamedTuple, TypeVar

from vault import limits
from vault.crypto.derive import engagement_tomb
from vault.formats import rights as rights_format
from vault.formats import settings as settings_format
from vault.formats.reader import FormatError, Reader, UnknownVersion, pad
from vault.formats.rights import KEY_BYTES, NO_SEED, Engagement, Requests, Rights, engagements_bytes
from vault.formats.settings import Settings, Template, allowed_bytes, templates_bytes
from vault.months import Period
from vault.sodium import blake2b

VERSION = 1
PAYLOAD = limits.PAGE_BOX - 73
_HASH = b"ongemerkt-comm-1"
_KEEP_BYTES = 5
_OWN_BYTES = 1 + 2 + 1 + _KEEP_BYTES + 32 + 1 + 48
"""What stands before the guard's policy in the sealed settings of a vault with one unlock method (vault spec 5.4)."""


class Common(NamedTuple):
    """`origin`: the vault id that claim codes are salted with (16 bytes). `seed`: of the receipt key (32 bytes). The
    others are as in vault.formats.settings and vault.formats.rights, each in its order."""

    origin: bytes
    seed: bytes
    keep: Period
    policy: str
    allowed: tuple[str, ...]
    templates: tuple[Template, ...]
    engagements: tuple[Engagement, ...]
    requests: tuple[Requests, ...]


def common_of(settings: Settings, origin: bytes) -> Common:
    """What these settings share; `origin` is the vault's own id if it has no other."""
    seed, engagements, requests, _ = settings.rights
    return Common(
        origin, seed, settings.keep, settings.guard, settings.allowed, settings.templates, engagements, requests
    )


def with_common(settings: Settings, common: Common) -> Settings:
    """The settings with everything that is shared as it is in `common`."""
    rights = settings.rights._replace(seed=common.seed, engagements=common.engagements, requests=common.requests)
    return settings._replace(
        origin=common.origin,
        keep=common.keep,
        guard=common.policy,
        allowed=common.allowed,
        templates=common.templates,
        rights=rights,
    )


# -- bytes (section 4.2): between the fixed fields it is what the sealed settings hold, so their reader reads it


def _alone(common: Common) -> Settings:
    """Sealed settings that hold nothing else."""
    return with_common(Settings({bytes(16): bytes(32)}, bytes(32), 0, common.keep, 0), common)


def encode(common: Common) -> list[bytes]:
    """The common settings as limits.SETTINGS_PAGES payloads."""
    sealed = b"".join(settings_format.encode(_alone(common)))
    chosen = 1 + 2 + allowed_bytes(common.allowed) + 1 + templates_bytes(common.templates)
    # the receipt seed before them stands elsewhere; the number of what is under way after them is 0
    rights = rights_format.encode(Rights(NO_SEED, common.engagements, common.requests))[KEY_BYTES:-1]
    keep = common.keep.unit.encode() + common.keep.length.to_bytes(4, "big")
    fixed = bytes([VERSION]) + common.origin + common.seed + keep
    body = pad(fixed + sealed[_OWN_BYTES : _OWN_BYTES + chosen] + rights, PAYLOAD * limits.SETTINGS_PAGES)
    return [body[at : at + PAYLOAD] for at in range(0, len(body), PAYLOAD)]


def decode(payloads: Sequence[bytes]) -> Common:
    """The common settings in these payloads. Raises FormatError, UnknownVersion."""
    body = b"".join(payloads)
    reader = Reader(body)
    version = reader.number(1)
    if version > VERSION:
        raise UnknownVersion("version")
    if version != VERSION or len(body) != PAYLOAD * limits.SETTINGS_PAGES:
        raise FormatError("common")
    origin, seed, keep = reader.take(16), reader.take(KEY_BYTES), reader.take(_KEEP_BYTES)
    chosen = _chosen(reader)
    rights = body[1 + 16 + KEY_BYTES + _KEEP_BYTES + len(chosen) :]
    own = b"\2" + bytes(3) + keep + bytes(32) + b"\1" + bytes(48)
    settings = settings_format.decode([own + chosen + seed + rights])
    if settings.rights.under_way:
        raise FormatError("padding")
    return common_of(settings, origin)


def _chosen(reader: Reader) -> bytes:
    """Takes policy, allowed words and templates off the front, looking at nothing but their lengths."""
    taken = []

    def take(size: int) -> bytes:
        taken.append(reader.take(size))
        return taken[-1]

    def number(size: int) -> int:
        return int.from_bytes(take(size), "big")

    take(1)
    for _ in range(number(2)):
        take(number(1))
    for _ in range(number(1)):
        take(number(1))
        take(number(2))
    return b"".join(taken)


def common_hash(common: Common) -> bytes:
    """The hash (16 bytes) of the common settings: what a device remembers of what was last common."""
    return blake2b(b"".join(encode(common)), 16, _HASH)


# -- two devices' common settings (section 2.4)


def engagement_id(key: bytes) -> int:
    """The id of the tomb of an engagement with this x or P, as a number like those of the ledger."""
    return int.from_bytes(engagement_tomb(key), "little")


def merge_common(
    mine: Common, theirs: Common, last: bytes, dead: AbstractSet[int], fold: Callable[[str], str]
) -> Common:
    """What holds after a merge: `theirs` are the server's, `last` the hash of what was last common (16 bytes).

    `dead`: the ids of tombs; an engagement that has one is left out in every case. `fold` makes texts alike that count
    as one (case, accents). What would exceed a limit of the sealed settings is left out of theirs.
    """
    one, other = _without(mine, dead), _without(theirs, dead)
    if common_hash(mine) == last:
        return other
    if common_hash(theirs) == last:
        return one
    return one._replace(
        seed=one.seed if one.seed != NO_SEED else other.seed,
        allowed=_allowed(one.allowed, other.allowed, fold),
        templates=_templates(one.templates, other.templates, fold),
        engagements=_engagements(one.engagements, other.engagements, fold),
        requests=_requests(one.requests, other.requests),
    )


def _without(common: Common, dead: AbstractSet[int]) -> Common:
    living = tuple(each for each in common.engagements if engagement_id(each.key) not in dead)
    return common._replace(engagements=living)


_Each = TypeVar("_Each")


def _filled(
    start: tuple[_Each, ...],
    more: Iterable[_Each],
    made: Callable[[Sequence[_Each]], tuple[_Each, ...]],
    fits: Callable[[tuple[_Each, ...]], bool],
) -> tuple[_Each, ...]:
    """What is `made` of as many of `more` as fit, or else `start`."""
    taken: list[_Each] = []
    found = start
    for each in more:
        tried = made([*taken, each])
        if fits(tried):
            taken.append(each)
            found = tried
    return found


def _allowed(mine: tuple[str, ...], theirs: tuple[str, ...], fold: Callable[[str], str]) -> tuple[str, ...]:
    known = {fold(word) for word in mine}
    return _filled(
        mine,
        (word for word in theirs if fold(word) not in known),
        lambda more: tuple(sorted((*mine, *more))),
        lambda found: len(found) <= limits.ALLOWED_WORDS and allowed_bytes(found) <= limits.ALLOWED_BYTES,
    )


def _templates(
    mine: tuple[Template, ...], theirs: tuple[Template, ...], fold: Callable[[str], str]
) -> tuple[Template, ...]:
    texts = {template.text for template in mine}

    def made(more: Sequence[Template]) -> tuple[Template, ...]:
        names = _apart([each.name for each in mine], [each.name for each in more], limits.TEMPLATE_NAME_BYTES, fold)
        return (*(each._replace(name=name) for each, name in zip(mine, names, strict=True)), *more)

    return _filled(
        mine,
        (template for template in theirs if template.text not in texts),
        made,
        lambda found: len(found) <= limits.TEMPLATES and templates_bytes(found) <= limits.TEMPLATES_BYTES,
    )


def _engagements(
    mine: tuple[Engagement, ...], theirs: tuple[Engagement, ...], fold: Callable[[str], str]
) -> tuple[Engagement, ...]:
    ordinals = {each.key: each.next for each in theirs}
    own = tuple(each if each.strict else each._replace(next=max(each.next, ordinals.get(each.key, 0))) for each in mine)
    keys = {each.key for each in own}

    def made(more: Sequence[Engagement]) -> tuple[Engagement, ...]:
        aliases = _apart([each.alias for each in own], [each.alias for each in more], limits.ALIAS_BYTES, fold)
        renamed = (each._replace(alias=alias) for each, alias in zip(own, aliases, strict=True))
        return tuple(sorted((*renamed, *more)))

    return _filled(
        own,
        (each for each in theirs if each.key not in keys),
        made,
        lambda found: len(found) <= limits.ENGAGEMENTS and engagements_bytes(found) <= limits.ENGAGEMENTS_BYTES,
    )


def _apart(names: Sequence[str], taken: Sequence[str], most: int, fold: Callable[[str], str]) -> list[str]:
    """The names, each with a figure behind it that is among `taken`: those were on the server before."""
    used = {fold(name) for name in (*names, *taken)}
    others = {fold(name) for name in taken}
    found = []
    for name in names:
        if fold(name) in others:
            name = next(each for each in _numbered(name, most) if fold(each) not in used)  # noqa: PLW2901
            used.add(fold(name))
        found.append(name)
    return found


def _numbered(name: str, most: int) -> Iterable[str]:
    """The name with a figure behind it, 2 and up, cut so that it is at most so many bytes of UTF-8."""
    for number in count(2):
        figure = f" {number}"
        cut = name.encode()[: most - len(figure)]
        yield cut.decode(errors="ignore").rstrip() + figure


def _requests(mine: tuple[Requests, ...], theirs: tuple[Requests, ...]) -> tuple[Requests, ...]:
    months: dict[int, Requests] = {each.month: each for each in mine}
    for month, copies, erasures in theirs:
        own = months.get(month, Requests(month, 0, 0))
        months[month] = Requests(month, max(own.copies, copies), max(own.erasures, erasures))
    return tuple(months[month] for month in sorted(months)[-limits.REQUEST_MONTHS :])
