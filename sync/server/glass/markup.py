"""HTML and SVG as values. Text is escaped when it is put in, by the only way there is to put it in. Pure."""

from html import escape
from typing import Final

_EMPTY: Final = frozenset({"meta", "link", "br"})


class Element:
    """An element that is whole. Its children are elements, or text, which is escaped here and nowhere else."""

    __slots__ = ("_source",)

    def __init__(self, name: str, /, *children: "Element | str", **attributes: str | float) -> None:
        """`name` and the attributes' names come from code: `class_` for class, an underscore for a dash."""
        written = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"' for key, value in attributes.items()
        )
        inside = "".join(
            child.source if isinstance(child, Element) else escape(child, quote=False) for child in children
        )
        assert not (inside and name in _EMPTY)
        self._source = f"<{name}{written}>" + ("" if name in _EMPTY else f"{inside}</{name}>")

    @property
    def source(self) -> str:
        """As it stands in the document."""
        return self._source


class Style(Element):
    """A style sheet of our own, as it is: the policy's hash is over these very characters."""

    __slots__ = ()

    def __init__(self, sheet: str) -> None:
        """`sheet` is a file of ours, never anything that came from outside."""
        assert "<" not in sheet
        self._source = f"<style>{sheet}</style>"


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
