"""`ongemerkt selftest`: known answers of the cryptography, and a note written, read and shredded in a scratch vault."""

from __future__ import annotations

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints a line for each check; exit code 6 when one fails."""
    import tempfile

    from vault import selftest

    checks = []
    with tempfile.TemporaryDirectory(prefix="ongemerkt-") as scratch:
        for name, passed in selftest.run(scratch):
            checks.append({"check": name, "passed": passed})
            if not context.json:
                verdict = _("good") if passed else _("WRONG")
                output.answer(f"{verdict}  {_(name)}")
    good = all(check["passed"] for check in checks)
    if context.json:
        output.document({"passed": good, "checks": checks})
    elif good:
        output.tell(_("Everything works on this computer."))
    else:
        output.tell(_("Something does not work on this computer. Do not trust it with notes."))
    return failures.DONE if good else failures.DAMAGED
