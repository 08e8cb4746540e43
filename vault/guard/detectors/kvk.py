"""Numbers of the Chamber of Commerce. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced, digits, numeric
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_NUMBER = re.compile(r"(?<![\w+-])\d(?:[ .-]?\d){7}(?:[ .-]?\d{4})?(?!\w)(?![.-]\d)")
_WORD = re.compile(r"kvk|k\.v\.k|koophandel|handelsregister|inschrijfn|ingeschreven onder|vestigingsn")
_LATER = re.compile(r"\W{0,3}(?:(?:in|bij|van|volgens) (?:het|de) )?(?:kvk|k\.v\.k|kamer van|handelsregister)")


def find(sheet: Sheet) -> Iterator[Span]:
    """Eight digits (twelve for a branch) that are announced: by themselves they could be anything."""
    for match in numeric(_NUMBER, sheet):
        if len(digits(match.group())) not in {8, 12}:
            continue
        if announced(_WORD, sheet, match.start(), 60) or _LATER.match(after(sheet, match.end())) is not None:
            yield Span(match.start(), match.end(), "kvk")
