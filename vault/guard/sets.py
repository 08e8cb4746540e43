"""Sets of words, written as one line of text. Pure."""


def words(text: str) -> frozenset[str]:
    """The words in `text`."""
    return frozenset(text.split())
