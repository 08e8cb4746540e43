"""Questions on the desk, and waiting: what has the keys until the coach has answered, or the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.i18n import _, ngettext
from cli.shell.line import Line
from cli.shell.looks import Looks
from cli.shell.screen import Screen
from cli.shell.shelf import Shelf
from cli.shell.waiting import Grace, sign_of_life

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from vault.service import Progress

    Result = TypeVar("Result")


class Questions(Screen):
    """The part of the desk that asks, counts down and shows a sign of life. Base of cli.shell.desk.Desk."""

    line: Line
    looks: Looks
    shelf: Shelf
    waiting: Grace

    told = ""
    """What stands below the page."""

    def tell(self, text: str) -> None:
        """Says something below the page. It stays until the next command."""
        self.told = text
        self.app.invalidate()

    async def ask(self, prompt: str, hidden: bool = False) -> str | None:
        """What is answered, None when the coach goes back."""
        return await self.line.ask(prompt, hidden)

    async def confirm(self, question: str) -> bool:
        """Whether the coach says yes. Anything else is no."""
        self.tell(question)
        answer = await self.line.ask(_("[y/N]") + " ")
        self.tell("")
        return answer is not None and answer.strip().lower() in ("y", "yes", "j", "ja")

    async def grace(self, count: int) -> bool:
        """Whether it is to happen, after some seconds in which any key but Enter calls it off."""
        told = ngettext(
            "{n} note is destroyed in {seconds} s. Esc: keep it after all · Enter: now",
            "{n} notes are destroyed in {seconds} s. Esc: keep them after all · Enter: now",
            count,
        )
        with self._listening_below(told):
            return await self.waiting.lets(lambda left: self.tell(told.format(n=count, seconds=left)))

    async def busy(self, text: str, work: Callable[[Progress], Result]) -> Result:
        """Does `work` in a thread while a sign of life moves and no key counts. Raises what it raises."""
        with self._listening_below(text):
            self.shelf.resting = True
            try:
                return await sign_of_life(text, work, self.tell)
            finally:
                self.shelf.resting = False

    @contextmanager
    def _listening_below(self, text: str) -> Iterator[None]:
        """Keys go to what is told below the page, and nowhere else, until it is over."""
        before = self.app.layout.current_control
        self.tell(text)
        self.app.layout.focus(self.looks.told)
        try:
            yield
        finally:
            self.tell("")
            self.app.layout.focus(before)
