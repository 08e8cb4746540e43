"""From HTML to plain text, and Joplin's links to a neutral word. Pure, and in time that grows with the length alone.

Python's html.parser takes quadratic time on unclosed comments and fails on some declarations, so tags are cut here by
hand: what is no tag is text, and what is never closed is text too.
"""

import re
from html import unescape

LINK = "\x00"
"""Stands where a link was, until `worded`; no text holds it."""

_ID = r":/[0-9a-fA-F]{32}"
_MARKDOWN_LINK = re.compile(
    rf"!?\[[^\[\]\n]{{0,500}}\]\(\s{{0,3}}<?{_ID}(?:#[^)\s]{{0,200}})?>?(?:\s{{1,3}}\"[^\"\n]{{0,300}}\")?\s{{0,3}}\)"
)
_LINK_DEFINITION = re.compile(rf"^ {{0,3}}\[[^\[\]\n]{{1,200}}\]: ?<?{_ID}[^\n]{{0,300}}$", re.MULTILINE)
_TAG_LINK = re.compile(rf"<(?:img|a|audio|video|source|object)\b[^<>]{{0,400}}{_ID}[^<>]{{0,400}}>", re.IGNORECASE)
_BARE = re.compile(_ID + r"(?![0-9a-fA-F])")
_NESTED = 3
"""Links in links that are followed: an image that is a link, and one more."""

_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
        *("option", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
_CELLS = frozenset(("td", "th"))
_DROPPED = frozenset(("script", "style", "head", "title", "template", "noscript", "svg", "iframe", "object"))
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_LONG_NUMBER = re.compile(r"&#\d{8,}")
_BLANKS, _BREAKS = re.compile(r"[ \t\n\r\f\v\xa0]+"), re.compile(r" ?\n ?")


def neutral(text: str) -> str:
    """The text with LINK for every link to another note or an attachment: their names go too."""
    if ":/" not in text:
        return text
    text = _TAG_LINK.sub(LINK, text)
    for _round in range(_NESTED):
        text, count = _MARKDOWN_LINK.subn(LINK, text)
        if not count:
            break
        text = re.sub(rf"\[{LINK}\]\(\s{{0,3}}<?{_ID}[^)\s]{{0,200}}\)", LINK, text)
    return _BARE.sub(LINK, _LINK_DEFINITION.sub("", text))


def worded(text: str, word: str) -> str:
    """The text with `word` for every LINK."""
    return text.replace(LINK, word)


class _Cutter:
    """Goes through HTML once. What was not found once is not looked for again, or time would grow with the square."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._lower = html.translate(_LOWER)
        self._missing: set[str] = set()
        self._out: list[str] = []

    def text(self) -> str:
        at = 0
        while (start := self._html.find("<", at)) >= 0:
            self._out.append(self._words(self._html[at:start]))
            at = self._tag(start)
        self._out.append(self._words(self._html[at:]))
        return "".join(self._out)

    @staticmethod
    def _words(part: str) -> str:
        # a number of thousands of digits is refused by Python itself
        return _BLANKS.sub(" ", unescape(_LONG_NUMBER.sub("\ufffd", part)).replace("\0", "\ufffd")) if part else ""

    def _find(self, what: str, at: int) -> int:
        if what in self._missing:
            return -1
        found = self._lower.find(what, at)
        if found < 0:
            self._missing.add(what)
        return found

    def _tag(self, start: int) -> int:
        """Takes what begins with the < at `start`. Where it ends."""
        if self._html.startswith("<!--", start):
            end = self._find("-->", start + 4)
            return end + 3 if end >= 0 else start + 4
        name = _NAME.match(self._lower, start + 1)
        if name is None and self._html[start + 1 : start + 2] not in ("!", "?"):
            self._out.append("<")
            return start + 1
        end = self._find(">", start)
        if end < 0:
            self._out.append("<")
            return start + 1
        return self._named(name.group(1), start, end + 1) if name else end + 1

    def _named(self, name: str, start: int, end: int) -> int:
        closing = self._html[start + 1] == "/"
        if name in _DROPPED and not closing:
            stop = self._find(f"</{name}", end)
            return stop if stop >= 0 else end
        if not closing and _BARE.search(self._html, start, end):
            self._out.append(LINK)
            stop = self._find("</a", end) if name == "a" else -1
            return stop if stop >= 0 else end
        if name in _BLOCKS:
            self._out.append("\n- " if name == "li" and not closing else "\n")
        elif name in _CELLS:
            self._out.append(" ")
        return end


def plain(html: str) -> str:
    """The words of an HTML text, each block on a line of its own; LINK where a link was."""
    lines = _BREAKS.sub("\n", re.sub(" {2,}", " ", _Cutter(html).text())).strip()
    return re.sub(r"\n{3,}", "\n\n", lines)
