"""`ongemerkt demo`: a coach's day in a scratch vault with a scratch server, told step by step; nothing of it stays."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import NoReturn

    from cli.context import Context

USAGE = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Plays the day; exit code 6 when a promise that it shows does not hold. Raises what a step raises."""
    from cli.demoday import Day
    from vault.harden import harden

    harden()
    with _scratch() as (folder, clearing):
        day = Day(folder, context.clock(), context.lang, output.tell if context.json else output.prose, clearing)
        day.play()
    if context.json:
        steps = [{"name": each.name, "passed": each.passed} for each in day.told.steps]
        output.document({"passed": day.told.passed, "cost": day.cost, "steps": steps, "left_out": day.told.left_out})
    else:
        output.prose("")
        for line in day.told.summary():
            output.prose(line)
    output.tell(_("Everything of this demo is removed. Make your own vault with: ongemerkt init"))
    return failures.DONE if day.told.passed else failures.DAMAGED


@contextmanager
def _scratch() -> Iterator[tuple[str, ExitStack]]:
    """A folder, and a stack for what has to end before it is removed: both are cleared however the demo ends.

    While that goes on, neither a second Ctrl-C nor a closing window stops it.
    """
    import signal
    import tempfile

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def ignore() -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)

    def stop(number: int, _frame: object) -> NoReturn:
        # the first one ends the demo, and no other one counts
        ignore()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    with ExitStack() as clearing:
        # such a folder is readable for its owner only
        folder = clearing.enter_context(tempfile.TemporaryDirectory(prefix="ongemerkt-"))
        before = {number: signal.signal(number, stop) for number in numbers}
        try:
            yield folder, clearing
        finally:
            ignore()
            clearing.close()
    for number, handler in before.items():
        signal.signal(number, handler or signal.SIG_DFL)
