"""Somebody who has second factors, for tests: answers what a vault asks, and remembers what it was asked."""

from pathlib import Path

from tests.support.authenticator import SoftKey


class Holder:
    """A vault.factor.contract.Person. Lists are answers in order; what is empty stands for nobody to ask."""

    def __init__(
        self, file: Path | str | None = None, *, files: list[str] | None = None, pins: list[str] | None = None
    ):
        self.file = None if file is None else str(file)
        self.files, self.pins = files or [], pins or []
        self.plugs: list[SoftKey | None] = []
        """What is plugged in at each asking for it."""
        self.keys: list[SoftKey] = []
        """The keys that are plugged in, for the backend's `devices`."""
        self.asked: list[str] = []

    def devices(self) -> list[SoftKey]:
        """Those plugged in now."""
        return self.keys

    def key_file(self) -> str | None:
        return self.file

    def ask_key_file(self, *, or_key: bool) -> str | None:
        self.asked.append("file or key" if or_key else "file")
        if not self.files:
            return None
        self.file = self.files.pop(0)
        return self.file

    def plug_in(self, reason: str) -> bool:
        self.asked.append(f"plug in: {reason}")
        if not self.plugs:
            return False
        key = self.plugs.pop(0)
        self.keys = [] if key is None else [key]
        return True

    def touch(self) -> None:
        self.asked.append("touch")

    def touched(self) -> None:
        self.asked.append("touched")

    def pin(self, left: int | None) -> str | None:
        self.asked.append("pin" if left is None else f"pin, {left} left")
        return self.pins.pop(0) if self.pins else None
