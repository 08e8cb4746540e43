"""What the commands inside the vault need of the place where they are given: the desk, or the plain line mode."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from cli.shell.page import Line
    from cli.shell.saving import Saving
    from cli.shell.shelf import Scope
    from vault.months import Period
    from vault.service import Note, Progress, Vault

    Result = TypeVar("Result")


class Host(Protocol):
    """Where a coach gives commands and gets answers."""

    vault: Vault
    lang: str

    def chosen(self) -> str:
        """The handle of the note that a command without a handle is about; empty if there is none."""

    def tell(self, text: str) -> None:
        """Says something in a sentence."""

    def answer(self, lines: Iterable[Line]) -> None:
        """Shows an answer of several lines."""

    async def ask(self, prompt: str, hidden: bool = False) -> str | None:
        """What is answered, None when the coach goes back."""

    async def confirm(self, question: str) -> bool:
        """Whether the coach says yes. Anything else is no."""

    async def grace(self, count: int) -> bool:
        """Whether the coach lets so many notes be destroyed, after some seconds in which it can be called off."""

    async def busy(self, text: str, work: Callable[[Progress], Result]) -> Result:
        """Does `work` while a sign of life moves. Raises what it raises."""

    async def write(
        self, text: str, *, title: str, of: str = "", keep: Period | None = None, saving: Saving | None = None
    ) -> Saving | None:
        """Has the text written. What came of saving, None when the coach left without. `saving` stores it, if given."""

    def themes(self) -> Counter[str]:
        """How many notes have each theme."""

    def list_notes(self, typed: str) -> None:
        """Shows the notes that have what is typed; all of them for nothing."""

    def show_note(self, note: Note) -> None:
        """Shows a whole note."""

    def changed(self) -> None:
        """Something in the vault is other than it was."""

    def help_lines(self) -> list[Line]:
        """Every command and key."""

    @property
    def scope(self) -> Scope | None:
        """The client whose notes alone are shown."""

    def enter(self, scope: Scope | None) -> None:
        """Shows the notes of one client only, or with None all notes again."""

    def lock(self) -> None:
        """Locks the vault."""

    def leave(self) -> None:
        """Ends; the vault is closed."""
