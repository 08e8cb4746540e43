"""Sets of words, written as one line of text. Pure."""


def words(text: str) -> frozenset[str]:
    """The words in `text`."""
    return frozenset(text.split())


def endings(text: str) -> tuple[str, ...]:
    """The endings in `text`, in their order, as str.endswith takes them."""
    return tuple(text.split())
