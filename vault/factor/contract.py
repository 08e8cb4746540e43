"""What a second factor is to the vault, and what it needs of whoever has it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Made(NamedTuple):
    """A new factor: what it has to be told at every unlock (at most limits.FACTOR_BYTES), and its secret (32 bytes)."""

    described: bytes
    secret: bytes


class Person(Protocol):
    """Whoever has the factors: is asked, and told what to do. What nobody can be asked comes back as None or False."""

    def key_file(self) -> str | None:
        """The path of the key file that was given beforehand."""

    def ask_key_file(self, *, or_key: bool) -> str | None:
        """Asks where it is. With `or_key` a security key will do as well: then "" means to look for that once more."""

    def plug_in(self, reason: str) -> bool:
        """Asks for the security key, since `reason` (one of errors.SECURITY_KEY); whether to look once more."""

    def touch(self) -> None:
        """Says that the security key is to be touched now."""

    def touched(self) -> None:
        """Says that the security key waits no more, whatever came of it."""

    def pin(self, left: int | None) -> str | None:
        """The security key's PIN. `left`: how often it may still be tried, after a wrong one."""


class Backend(Protocol):
    """One kind of second factor; each of its modules is one. Every wait in it has an end."""

    def make(self, person: Person, known: Sequence[bytes]) -> Made:
        """A new factor. `known`: what those that the vault has of this kind are told. Raises FactorKnown, its own."""

    def secrets(self, told: Sequence[bytes], person: Person) -> Mapping[bytes, bytes]:
        """What was told → secret, of whichever of these is at hand. Raises HeaderDamaged for what can't be told, and
        its own errors if none is."""
