"""Plays a person at a full screen: keys go in through a pipe, and what is drawn can be waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from cli.shell.screen import Screen
from tests.support import cheap_kdf
from vault.months import Period
from vault.service import Paths, Vault, create_vault, open_vault

PASSPHRASE = "paard accu nietje"
DAY = date(2026, 11, 22)
PATIENCE = 10.0
"""Seconds to wait for something to be drawn; only a failing test waits so long."""

CTRL = {letter: chr(ord(letter) & 0x1F) for letter in "abcdefghijklmnopqrstuvwxyz"}
ESC, ENTER, PAGE_DOWN, F12 = "\x1b", "\r", "\x1b[6~", "\x1b[24~"
DOWN, UP, DELETE = "\x1b[B", "\x1b[A", "\x1b[3~"


def order(command: str) -> str:
    """The keys that give a command on the desk."""
    return CTRL["p"] + command + ENTER


def new_vault(folder: Path, clock: Callable[[], date] = lambda: DAY) -> Vault:
    """A vault in `folder` with a cheap key derivation."""
    cheap_kdf.install()
    return create_vault(_paths(folder), PASSPHRASE, keep=Period(6, "m"), clock=clock)[0]


def reopened(folder: Path, clock: Callable[[], date] = lambda: DAY) -> Vault:
    """The vault in `folder`, opened again."""
    cheap_kdf.install()
    return open_vault(_paths(folder), PASSPHRASE, clock=clock)


def _paths(folder: Path) -> Paths:
    return Paths(str(folder / "data"), str(folder / "anchors"))


Result = TypeVar("Result")


class Person:
    """Somebody who types and looks."""

    def __init__(self, screen: Screen, pipe: PipeInput) -> None:
        self._screen = screen
        self._pipe = pipe
        self._drawn = asyncio.Event()
        screen.app.after_render += lambda _: self._drawn.set()

    def seen(self) -> str:
        """The text on the screen."""
        drawn = self._screen.app.renderer.last_rendered_screen
        if drawn is None:
            return ""
        rows = [drawn.data_buffer[y] for y in range(drawn.height)]
        return "\n".join("".join(row[x].char for x in range(80)).rstrip() for row in rows)

    def styles(self, text: str) -> set[str]:
        """The styles in which `text` is drawn where it is first seen."""
        drawn = self._screen.app.renderer.last_rendered_screen
        assert drawn is not None
        for y, row in enumerate(self.seen().split("\n")):
            if text in row:
                start = row.index(text)
                return {drawn.data_buffer[y][x].style for x in range(start, start + len(text))}
        raise AssertionError(f"{text!r} is not on the screen:\n{self.seen()}")

    async def type(self, *keys: str, until: str) -> None:
        """Sends keys and waits until `until` is on the screen."""
        # in a thread: the pipe takes 64 KB and then waits for its reader, which is this process
        await asyncio.to_thread(self._pipe.send_text, "".join(keys))
        await self.sees(until)

    async def sees(self, text: str) -> None:
        """Waits until `text` is on the screen."""
        await self.waits(lambda: text in self.seen(), f"{text!r} on the screen")

    async def no_longer_sees(self, text: str) -> None:
        """Waits until `text` is gone from the screen."""
        await self.waits(lambda: text not in self.seen(), f"{text!r} gone from the screen")

    async def waits(self, there: Callable[[], bool], what: str) -> None:
        """Waits until `there`, looking again after every drawing."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not there():
                    self._drawn.clear()
                    await self._drawn.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {what}; saw:\n{self.seen()}") from None

    def hangs_up(self) -> None:
        """The terminal is gone."""
        self._pipe.close()

    def presses(self, *keys: str) -> None:
        """Sends keys and waits for nothing."""
        self._pipe.send_text("".join(keys))


Scenario = Callable[[Person], Awaitable[None]]


async def _together(screen: Screen, pipe: PipeInput, scenario: Scenario) -> int:
    person = Person(screen, pipe)
    showing = asyncio.create_task(screen.show())
    try:
        await scenario(person)
        async with asyncio.timeout(PATIENCE):
            return await showing
    finally:
        showing.cancel()


def play(make: Callable[[], Screen], scenario: Scenario) -> int:
    """Shows a screen, lets `scenario` play on it, and returns what the screen ended with. The scenario must end it."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        return asyncio.run(_together(make(), pipe, scenario))


def play_on(work: Callable[[], Result], scenario: Scenario) -> Result:
    """What `work` returns, which runs one screen itself, when `scenario` plays on that screen."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):

        def run(screen: Screen) -> int:
            return asyncio.run(_together(screen, pipe, scenario))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Screen, "run", run)
            return work()
