"""What the outside hands in to be called."""

from collections.abc import Callable
from datetime import date

Clock = Callable[[], date]
"""Today. Only the entry point reads a clock."""
Progress = Callable[[int, int], None]
"""Told how much of how much is done."""
