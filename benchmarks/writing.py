"""Writing: from the press of a key until it is drawn, in a note of 16 KB, with 10,000 notes in the open vault.

Baseline: the same editor with the guard off. After every few keys there is a pause, so that the scan of the whole note
starts and the next key meets it at work. (The module is not called `typing`: Python has one of that name.)
"""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from time import perf_counter

from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.layout import Window
from prompt_toolkit.output.vt100 import Vt100_Output

from benchmarks.result import Bar, Result
from benchmarks.scratch import Scratch
from benchmarks.timing import alternate
from cli.shell.aids import Aids
from cli.shell.editing import Editor
from cli.shell.saving import Saving
from cli.shell.screen import Screen
from tests.support.notes import generate
from vault.service import Vault

NOTES = 10_000
LENGTH = 16 << 10
ROUNDS = 4
TYPED = "Vandaag sprak Jan de Vries met collega Sanne over 3 maart. "
_BETWEEN = 0.004
"""Seconds between two keys of a word: faster than any hand."""
_PAUSE = 0.31
"""Seconds behind a word: the scan of the whole note has just begun then."""
_MOST = Bar(16)
_SCREENS = {"80 × 24": Size(24, 80), "200 × 50": Size(50, 200)}


def measure(scratch: Scratch) -> list[Result]:
    """The 95th percentile of one round is a sample; a note of paragraphs and one that is a single line."""
    paragraphs = "\n\n".join(generate(20, 24))[:LENGTH]
    results = []
    with scratch.vault(NOTES).open() as vault:
        vault.remember_texts(True)
        kept = vault.notes()
        for screen, size in _SCREENS.items():
            results.append(_typed(vault, "key drawn, 95 %", paragraphs, screen, size))
        results.append(_typed(vault, "key drawn, 95 %, one line", " ".join(paragraphs.split()), screen, size))
        assert len(kept) == NOTES
    return results


def _typed(vault: Vault, what: str, text: str, screen: str, size: Size) -> Result:
    with_guard, without = alternate(
        lambda: _round(vault, text, size, "ask"), lambda: _round(vault, text, size, "off"), ROUNDS
    )
    return Result(what, screen, "ms", with_guard, without, _MOST)


def _round(vault: Vault, text: str, size: Size, policy: str) -> float:
    with create_pipe_input() as pipe, _terminal(pipe, size):
        return asyncio.run(_type(vault, pipe, text, policy))


@contextmanager
def _terminal(pipe: PipeInput, size: Size) -> Iterator[None]:
    output = Vt100_Output(io.StringIO(), lambda: size, term="xterm-256color", enable_cpr=False)
    with create_app_session(input=pipe, output=output):
        yield


async def _type(vault: Vault, pipe: PipeInput, text: str, policy: str) -> float:
    screen = Screen(Window(), idle_seconds=3600)
    aids = Aids(vault, policy=policy)
    editor = Editor(text, title="Notitie", save=Saving(vault), on_done=lambda _: None, aids=aids)
    screen.editor = editor
    screen.app.layout.focus(editor.control)
    drawn = asyncio.Event()
    screen.app.after_render += lambda _: drawn.set()
    showing = asyncio.create_task(screen.show())
    await asyncio.sleep(2 * _PAUSE)
    took = []
    for share in (0, 1):
        editor.writing.cursor_position = len(text) * share // 2
        for key in TYPED:
            drawn.clear()
            start = perf_counter()
            pipe.send_text(key)
            await drawn.wait()
            took.append((perf_counter() - start) * 1000)
            await asyncio.sleep(_PAUSE if key == " " else _BETWEEN)
    screen.app.exit(result=0)
    await showing
    return quantiles(took, n=20)[-1]
