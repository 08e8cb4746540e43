"""Puts the finds of all detectors together, without overlap. Pure."""

from collections.abc import Iterable

from vault.guard.find import Span


class Claims:
    """Stretches of a text that are spoken for; the first to claim a stretch has it."""

    __slots__ = ("_mask", "_spans")

    def __init__(self, length: int) -> None:
        self._mask = bytearray(length)
        self._spans: list[Span] = []

    def free(self, start: int, end: int) -> bool:
        """Whether nothing between `start` and `end` is claimed."""
        return self._mask.find(1, start, end) < 0

    def add(self, spans: Iterable[Span]) -> None:
        """Claims each of `spans` that is free."""
        for span in spans:
            if span.start < span.end and self.free(span.start, span.end):
                self._mask[span.start : span.end] = b"\1" * (span.end - span.start)
                self._spans.append(span)

    def spans(self) -> list[Span]:
        """What is claimed, in order."""
        return sorted(self._spans)
