"""What the papers are made from: settings of the vault, and nothing that leads to a client. Pure."""

from typing import NamedTuple

KEY_FILE, FIDO2 = "keyfile", "fido2"
"""Second factors."""


class Cost(NamedTuple):
    """Argon2id parameters of a way to unlock: memory in KiB, passes, lanes."""

    kib: int
    passes: int
    lanes: int

    @property
    def memory(self) -> str:
        """Such as "256 MiB"."""
        return f"{self.kib} KiB" if self.kib % 1024 else f"{self.kib // 1024} MiB"


class Server(NamedTuple):
    """The server: its host name, where it may stand (nl, eu or any), whether notes can be recovered from it."""

    host: str
    rule: str
    recovery: bool


class Month(NamedTuple):
    """Requests in a month, such as "2026-11": copies and erasures."""

    month: str
    copies: int
    erasures: int


class Facts(NamedTuple):
    """The real settings.

    `keep`: period of a new note when nothing is said, such as "6m". `longest`: no living note has more months left than
    this; rounded up to whole half-years, so that no single note shows; 0 without notes. `costs`: of the passphrase.
    `factors`: kinds of second factors that it takes, empty for none. `recovery_code`: whether there is one. `anchor`:
    "file" or another kind. `devices`: computers that hold a vault, this one included. `sticks`: recovery sticks.
    `server`: None without one. `guard`: ask, redact, refuse or off. `idle`: minutes. `requests`: month by month.
    `nightly_backup`: whether this computer makes one (of sealed slots, without keys).
    """

    keep: str
    longest: int
    costs: tuple[Cost, ...]
    factors: tuple[str, ...]
    recovery_code: bool
    anchor: str
    devices: int
    sticks: int
    server: Server | None
    guard: str
    idle: int
    requests: tuple[Month, ...]
    nightly_backup: bool = False

    @property
    def places(self) -> int:
        """In how many places the keys are."""
        recovers = self.server is not None and self.server.recovery
        return self.devices + self.sticks + int(recovers)


class Practice(NamedTuple):
    """What the coach says about the practice; empty texts are lines to write on. Kept nowhere."""

    name: str = ""
    contact: str = ""
