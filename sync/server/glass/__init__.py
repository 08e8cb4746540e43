"""The glass page (docs/spec/sync-protocol.md sections 8.9 and 9): what this server knows, as a picture. Pure.

For a visitor, a coach's client for instance: one document, without script, cookie or anything to fetch.
"""

import base64
import hashlib
from pathlib import Path
from typing import Final

from sync.server.glass import picture
from sync.server.glass.markup import Element, Style
from sync.server.glass.wording import WORDINGS, Wording
from sync.server.storage.contract import Numbers

LANGUAGES: Final = tuple(WORDINGS)
"""The page's languages, the usual one first. It links to the other one as `?lang=`."""

_STYLE: Final = (Path(__file__).parent / "style.css").read_text("utf-8")
CSP: Final = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page's policy: its own style sheet and nothing else."""
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What goes along with the page. Its type is `text/html; charset=utf-8`."""

_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB", "PB")


def figures(numbers: Numbers) -> dict[str, object]:
    """The page's numbers, for programs (`GET /v1/glass`). Pools in slots (0: empty), months since January 2000, bytes;
    `shares` is null without accounts."""
    shares = _shares(numbers)
    return {
        "accounts": sum(numbers.pools.values()),
        "pools": [{"slots": pool, "accounts": count} for pool, count in _pools(numbers)],
        "devices": numbers.devices,
        "shares": shares and {"first": shares[0], "last": shares[1], "months": shares[1] - shares[0] + 1},
        "bytes": numbers.bytes_held,
    }


def page(numbers: Numbers, lang: str = LANGUAGES[0]) -> str:
    """The page, in Dutch if `lang` is none of LANGUAGES."""
    lang = lang if lang in WORDINGS else LANGUAGES[0]
    words = WORDINGS[lang]
    head = Element(
        "head",
        Element("meta", charset="utf-8"),
        Element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Element("meta", name="robots", content="noindex"),
        Element("title", words.title),
        Style(_STYLE),
    )
    body = Element("body", _header(words), _main(words, numbers), _footer(words))
    return "<!doctype html>" + Element("html", head, body, lang=lang).source


def _pools(numbers: Numbers) -> list[tuple[int, int]]:
    return sorted((pool, count) for pool, count in numbers.pools.items() if count)


def _shares(numbers: Numbers) -> tuple[int, int] | None:
    held = bool(_pools(numbers)) and numbers.first_share <= numbers.last_share
    return (numbers.first_share, numbers.last_share) if held else None


# -- the parts of the page


def _header(words: Wording) -> Element:
    other = Element(
        "a", words.other, href=f"?lang={words.other_lang}", lang=words.other_lang, hreflang=words.other_lang
    )
    return Element("header", Element("nav", other), Element("h1", words.title), Element("p", words.lead, class_="lead"))


def _main(words: Wording, numbers: Numbers) -> Element:
    told = [Element("div", Element("dt", name), Element("dd", text)) for name, text in words.unknown_things]
    left = Element("div", _cabinet(words, numbers), _calendar(words, numbers))
    right = Element(
        "div",
        _section(words.unknown, "unknown", Element("dl", *told)),
        _section(words.sees, "sees", _list(words.sees_things)),
        _section(words.keeps, "keeps", _list(words.keeps_things)),
        _section(words.trust, "trust", *(Element("p", text) for text in words.trust_text)),
    )
    return Element("main", left, right)


def _footer(words: Wording) -> Element:
    return Element("footer", Element("a", words.machines, href="/v1/glass"))


def _section(title: str, kind: str, *children: Element) -> Element:
    return Element("section", Element("h2", title), *children, class_=kind)


def _list(texts: tuple[str, ...]) -> Element:
    return Element("ul", *(Element("li", text) for text in texts))


def _cabinet(words: Wording, numbers: Numbers) -> Element:
    pools = _pools(numbers)
    accounts = _counted(words.accounts, sum(count for _, count in pools), words)
    devices, held = _counted(words.devices, numbers.devices, words), _size(numbers.bytes_held, words)
    text = words.picture_text.format(accounts=accounts, devices=devices, bytes=held) if pools else words.no_account
    drawn = picture.cabinet(
        words.picture,
        text,
        [_row(pool, count, words) for pool, count in pools] or [picture.Row(words.accounts_row, 0, "0", "chest")],
        picture.Row(words.devices_row, numbers.devices, _number(numbers.devices, words), "device"),
        picture.Row(words.noise if numbers.bytes_held else words.empty, numbers.bytes_held, held, "noise"),
    )
    told = [Element("p", Element("strong", accounts), f": {_sizes(pools, words)}; ", Element("strong", devices), ".")]
    if not pools:
        told = [Element("p", words.no_account)]
    held_told = f"{words.held.format(bytes=held)} " if numbers.bytes_held else ""
    caption = Element("figcaption", *told, Element("p", held_told + words.slots_text))
    return _section(words.picture, "picture", Element("figure", drawn, caption))


def _row(pool: int, count: int, words: Wording) -> picture.Row:
    label = words.slots.format(size=_number(pool, words)) if pool else words.unused
    return picture.Row(label, count, _number(count, words), "chest" if pool else "empty")


def _sizes(pools: list[tuple[int, int]], words: Wording) -> str:
    """How many accounts of which size; what the sizes are is said with the first."""
    parts = [f"{_number(count, words)} {words.unused}" for pool, count in pools if not pool]
    form = words.sized
    for pool, count in pools:
        if pool:
            parts.append(form.format(n=_number(count, words), size=_number(pool, words)))
            form = words.sized_too
    return words.conjunction.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _calendar(words: Wording, numbers: Numbers) -> Element:
    shares = _shares(numbers)
    if shares is None:
        return _section(words.calendar, "shares", Element("p", words.calendar_none))
    first, last = shares
    count = last - first + 1
    text = words.calendar_text.format(
        months=_counted(words.months_counted, count, words), first=_month(first, words), last=_month(last, words)
    )
    legend = (words.still, words.this_month.format(month=_month(first, words)), words.gone)
    drawn = picture.calendar(words, first, last, legend, text)
    caption = Element("figcaption", Element("p", text), Element("p", words.calendar_note))
    return _section(words.calendar, "shares", Element("figure", drawn, caption))


# -- numbers in words


def _counted(forms: tuple[str, str], count: int, words: Wording) -> str:
    return forms[count != 1].format(n=_number(count, words))


def _number(count: int, words: Wording) -> str:
    return f"{count:,}".replace(",", words.thousands)


def _size(count: int, words: Wording) -> str:
    """Bytes to three figures, in units of a thousand."""
    size, unit = float(count), 0
    while size >= 999.5 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    figure = f"{size:.1f}" if unit and size < 99.95 else f"{size:.0f}"
    return f"{figure.replace('.', words.point)} {_UNITS[unit]}"


def _month(month: int, words: Wording) -> str:
    return f"{words.months[month % 12]} {2000 + month // 12}"
