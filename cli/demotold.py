"""What the demo tells: its steps one by one, and at the end which of them were shown."""

from __future__ import annotations

from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = {
    "make": N_("a vault that only your passphrase opens"),
    "write": N_("notes without a name or a date"),
    "find": N_("finding a note by its words"),
    "edit": N_("changing a note; the old text is destroyed"),
    "jot": N_("jotting down without unlocking"),
    "stick": N_("a recovery stick, for when the computer breaks"),
    "server": N_("a server that can't read what it keeps"),
    "device": N_("the same notes on a second device"),
    "export": N_("a copy for the client, sealed with a spoken code"),
    "shred": N_("destroying a note; the receipt tells who has not confirmed yet"),
    "places": N_("destroying it in the other places too"),
    "receipt": N_("a complete receipt, checked"),
    "expire": N_("a note that goes by itself when its time is up"),
    "files": N_("nothing for a thief in the files"),
    "old-copy": N_("an old copy of the vault that opens nothing"),
}
"""The steps by name, in the order in which they are played, and what each of them shows."""


class Step:
    """A step that was played; `passed` as long as nothing in it went otherwise than promised."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.passed = True


class Told:
    """Tells the steps. `left_out`: the names of those that can't be played here."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.steps: list[Step] = []
        self.left_out: list[str] = []

    @property
    def passed(self) -> bool:
        """Whether every step did."""
        return all(each.passed for each in self.steps)

    def step(self, name: str, text: str) -> None:
        """Begins a step."""
        self.steps.append(Step(name))
        self._say(f"\n{len(self.steps)}. {text}")

    def line(self, text: str) -> None:
        """A line of the present step."""
        self._say("   " + text)

    def check(self, held: bool, broken: str = "") -> None:
        """Whether what the present step promises did hold; `broken` is told if not."""
        if not held:
            self.steps[-1].passed = False
            self.line(broken or _("That did not go as promised. That must not be."))

    def leave_out(self, names: tuple[str, ...], why: str) -> None:
        """Tells why these steps are left out."""
        self.left_out += names
        self._say(f"\n-  {why}")

    def summary(self) -> list[str]:
        """What was shown, a line for each step."""
        title = _("What was shown:") if self.passed else _("Not everything went as promised:")
        verdicts = {each.name: _("good") if each.passed else _("WRONG") for each in self.steps}
        verdicts |= dict.fromkeys(self.left_out, _("left out"))
        width = max(map(len, verdicts.values()))
        return [
            title,
            *(f"   {verdicts[name].ljust(width)}  {_(text)}" for name, text in SHOWN.items() if name in verdicts),
        ]
