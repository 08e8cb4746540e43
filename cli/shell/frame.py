"""What every full screen of ours has in common: looks, keys that must do nothing, signals, a lost terminal.

The alternate screen is erased before it is left, no title is set, the clipboard is this program's own memory, and no
traceback is ever printed on it.
"""

import asyncio
import errno
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.clipboard import InMemoryClipboard
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
from prompt_toolkit.layout import Layout
from prompt_toolkit.styles import Style

from cli.failures import explain
from cli.shell.relock import HUNG_UP

_KEY_PAUSE = 0.2
"""Seconds after Esc in which another key still makes it an Alt key; prompt_toolkit's own second feels broken."""

# Attributes rather than colours: they read on light and on dark screens, and with NO_COLOR.
_STYLE = Style.from_dict(
    {
        "bar": "reverse",
        "key": "bold",
        "head": "bold",
        "quiet": "",
        "hit": "bold underline",
        "selected": "reverse",
        "chosen": "reverse",
        "handle": "bold",
        "theme": "ansigreen",
        "rule": "",
        "notice": "bold",
        # with NO_COLOR the line and the weight remain
        "guard": "bold underline ansired",
        "control-character": "reverse",
        "nbsp": "",
    }
)


def sentence(error: BaseException) -> str:
    """What to tell about an error."""
    return explain(error)[2]


def application(layout: Layout, bindings: KeyBindings) -> Application[int]:
    """A full screen with `layout`. Ends with a number: an exit code, or one of ours."""
    app: Application[int] = Application(
        layout=layout,
        key_bindings=merge_key_bindings([_harmless(), bindings]),
        style=_STYLE,
        include_default_pygments_style=False,
        full_screen=True,
        erase_when_done=True,
        mouse_support=True,
        enable_page_navigation_bindings=False,
        # or pasting without brackets would indent every line a little more
        paste_mode=True,
        clipboard=InMemoryClipboard(),
        editing_mode=EditingMode.EMACS,
    )
    app.ttimeoutlen = 0.05
    app.timeoutlen = _KEY_PAUSE
    return app


def _harmless() -> KeyBindings:
    """Keys that prompt_toolkit gives a meaning which would surprise here."""
    bindings = KeyBindings()

    @bindings.add("c-z")
    @bindings.add("c-q")
    @bindings.add("c-s")
    @bindings.add("c-r")
    @bindings.add("c-o")
    @bindings.add("escape", "#")
    @bindings.add("c-x", "(")
    @bindings.add("c-x", ")")
    @bindings.add("c-x", "e")
    def _(_event: object) -> None:
        pass

    return bindings


def end(app: Application[int], result: int) -> None:
    """Ends the screen, if it has not ended yet."""
    if app.is_running and not app.is_done:
        app.exit(result=result)


async def run(app: Application[int], start: Callable[[], None], stop: Callable[[int], None]) -> int:
    """Runs the screen until it ends. `stop` is called with a signal's number; it must bring the text to safety.

    A terminal that goes away counts as SIGHUP. An error that nobody expected is raised after the screen was left.
    """
    unexpected: list[BaseException] = []

    def failed(_loop: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        error = about.get("exception")
        if isinstance(error, OSError) and error.errno == errno.EIO:
            stop(signal.SIGHUP)
        elif error is not None:
            unexpected.append(error)
            end(app, 0)

    asyncio.get_running_loop().set_exception_handler(failed)
    result = HUNG_UP
    with _signals(stop):
        try:
            result = await app.run_async(pre_run=start, set_exception_handler=False)
        except (EOFError, OSError):
            stop(signal.SIGHUP)
    if unexpected:
        raise unexpected[0]
    return result


@contextmanager
def _signals(stop: Callable[[int], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if name in signal.Signals.__members__]
    for number in numbers:
        loop.add_signal_handler(number, stop, number)
    # a suspended program would leave its text on the screen
    suspend = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, suspend)
        for number in numbers:
            loop.remove_signal_handler(number)
