"""The two pictures of the glass page, as SVG: what stands in the cabinet, and the calendar of key shares. Pure.

Drawn 320 units wide, so that they can be read on a telephone; colours come from the page's style sheet by class.
"""

import hashlib
from collections.abc import Iterator
from itertools import accumulate

from sync.server.glass.markup import Element
from sync.server.glass.wording import Wording

WIDTH = 320
_LEFT, _RIGHT = 20, 300
_ICONS_FROM, _ICON, _STEP = 116, 15, 18
_ICONS_MOST = 7
"""So many are drawn; the figure beside them tells how many there are."""
_YEAR = 12
_EPOCH = 2000


class Row:
    """A row in the cabinet: what it is, how many, and the figure as it is written."""

    def __init__(self, label: str, count: int, figure: str, icon: str) -> None:
        """`icon` is one of chest, empty, device, noise."""
        self.label, self.count, self.figure, self.icon = label, count, figure, icon


def _text(x: float, y: float, words: str, kind: str) -> Element:
    return Element("text", words, x=x, y=y, class_=kind)


def _box(x: float, y: float, width: float, height: float, radius: float, kind: str) -> Element:
    return Element("rect", x=x, y=y, width=width, height=height, rx=radius, class_=kind)


def _path(drawn: str, kind: str) -> Element:
    return Element("path", d=drawn, class_=kind)


def _svg(name: str, height: float, title: str, text: str, drawn: list[Element]) -> Element:
    return Element(
        "svg",
        Element("title", title, id=f"{name}-title"),
        Element("desc", text, id=f"{name}-text"),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        class_=name,
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-text",
    )


# -- the cabinet


def cabinet(title: str, text: str, accounts: list[Row], devices: Row, content: Row) -> Element:
    """The glass cabinet: a shelf with the accounts by size, one with the devices, one with what the content looks like.
    `text` is what the picture shows, for those who can't see it."""
    shelves = [*_rows(accounts, 34)]
    line = 34 + 26 * len(accounts)
    shelves += [_shelf(line + 2), *_rows([devices], line + 12)]
    line += 38
    shelves += [_shelf(line + 2), *_noise(content, line + 12)]
    bottom = line + 70
    frame = [
        _box(6, 18, WIDTH - 12, bottom - 18, 10, "glass"),
        _path(f"M24 {bottom}v10M{WIDTH - 24} {bottom}v10", "foot"),
        _box(1, 8, WIDTH - 2, 12, 5, "top"),
    ]
    # behind what stands there, so that it hides nothing
    shine = [_shine(at, width, bottom) for at, width in ((236, 20), (268, 7))]
    return _svg("cabinet", bottom + 12, title, text, [*frame, *shine, *shelves])


def _shine(x: float, width: float, bottom: float) -> Element:
    return _path(f"M{x} 20.5L{x - 58} {bottom - 1.5}h{width}L{x + width} 20.5Z", "shine")


def _shelf(y: float) -> Element:
    return _path(f"M8 {y}H{WIDTH - 8}", "shelf")


def _rows(rows: list[Row], top: float) -> Iterator[Element]:
    for y, row in zip(accumulate([26] * len(rows), initial=top), rows, strict=False):
        yield _text(_LEFT, y + 12, row.label, "label")
        for at in range(min(row.count, _ICONS_MOST)):
            yield from _icon(row.icon, _ICONS_FROM + at * _STEP, y)
        if row.count > _ICONS_MOST:
            yield _text(_ICONS_FROM + _ICONS_MOST * _STEP, y + 12, "…", "label")
        yield _text(_RIGHT, y + 12, row.figure, "figure")


def _icon(kind: str, x: float, y: float) -> Iterator[Element]:
    if kind == "device":
        yield _box(x + 1.5, y + 1.5, 12, 9, 1.5, "device")
        yield _path(f"M{x} {y + 13}h{_ICON}", "device")
        return
    yield _box(x, y, _ICON, _ICON, 2, "chest" if kind == "chest" else "hollow")
    if kind == "chest":
        yield _path(f"M{x + 5.5} {y + 7}v-1.5a2 2 0 0 1 4 0v1.5", "lock")
        yield _box(x + 4.5, y + 7, 6, 4.5, 1, "keep")


def _noise(content: Row, top: float) -> Iterator[Element]:
    """Noise that is the same on every page: it shows what boxes look like, it is none."""
    if content.count:
        bits = int.from_bytes(hashlib.shake_256(b"ongemerkt glass").digest(70), "big")
        dots = [divmod(at, 70) for at in range(560) if bits >> at & 1]
        drawn = "".join(f"M{_LEFT + column * 4} {top + row * 4:g}h3v3h-3z" for row, column in dots)
        yield _path(drawn, "noise")
    else:
        yield _box(_LEFT, top, _RIGHT - _LEFT, 31, 2, "hollow")
    yield _text(_LEFT, top + 46, content.label, "label")
    yield _text(_RIGHT, top + 46, content.figure, "figure")


# -- the calendar


def calendar(words: Wording, first: int, last: int, legend: tuple[str, str, str], text: str) -> Element:
    """A row for each year, a key for each month from `first` to `last`; `first` is the present one and goes next.
    The months of the first row that are past are there too, gone. `legend`: still there, goes next, gone."""
    # in January the year before shows what is gone
    start, end = (first - 1) // _YEAR, last // _YEAR
    left, step, line = 40, 23, 22
    drawn = [_text(left + month * step + 9, 14, words.months_short[month], "initial") for month in range(_YEAR)]
    for year in range(start, end + 1):
        y = 24 + (year - start) * line
        drawn.append(_text(0, y + 12, str(_EPOCH + year), "label"))
        for month in range(year * _YEAR, (year + 1) * _YEAR):
            drawn += _month(left + month % _YEAR * step, y, month, first, last)
    below = 24 + (end - start + 1) * line + 16
    for at, (kind, told) in enumerate(zip(("key", "next", "gone"), legend, strict=True)):
        drawn += _key(2, below + at * 22, kind)
        drawn.append(_text(30, below + at * 22 + 12, told, "label"))
    return _svg("calendar", below + 62, words.calendar_title, text, drawn)


def _month(x: float, y: float, month: int, first: int, last: int) -> list[Element]:
    if month > last:
        return [Element("circle", cx=x + 9, cy=y + 8, r=1, class_="beyond")]
    return _key(x, y, "gone" if month < first else "next" if month == first else "key")


def _key(x: float, y: float, kind: str) -> list[Element]:
    bow = f"M{x + 9.5} {y + 8}a3.5 3.5 0 1 0 -7 0a3.5 3.5 0 1 0 7 0"
    key = _path(f"{bow}h7.5v3.5M{x + 14} {y + 8}v3", kind)
    if kind == "gone":
        return [Element("circle", cx=x + 9.5, cy=y + 8, r=4, class_=kind)]
    if kind == "next":
        return [_box(x - 0.5, y - 1, 20, 18, 4, "ring"), key]
    return [key]
