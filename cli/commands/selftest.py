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

    names = _names()
    checks = []
    with tempfile.TemporaryDirectory(prefix="ongemerkt-") as scratch:
        for name, passed in selftest.run(scratch):
            checks.append({"check": name, "passed": passed})
            if not context.json:
                verdict = _("good") if passed else _("WRONG")
                output.answer(f"{verdict}  {names[name]}")
    good = all(check["passed"] for check in checks)
    if context.json:
        output.document({"passed": good, "checks": checks})
    elif good:
        output.tell(_("Everything works on this computer."))
    else:
        output.tell(_("Something does not work on this computer. Do not trust it with notes."))
    return failures.DONE if good else failures.DAMAGED


def _names() -> dict[str, str]:
    """What each check is called in the user's language."""
    from vault import selftest

    return {
        selftest.DERIVATION: _("keys are derived as specified (BLAKE2b)"),
        selftest.BOX: _("sealed text opens, changed text does not (XChaCha20-Poly1305)"),
        selftest.STRETCHING: _("the passphrase is stretched as specified (Argon2id)"),
        selftest.RECOVERY: _("a recovery code is recognised, a mistyped one is not"),
        selftest.WRITTEN: _("a note is written and read back"),
        selftest.HIDDEN: _("the files show nothing of it"),
        selftest.SHREDDED: _("a shredded note is gone"),
        selftest.OLD_COPY: _("an old copy of the vault does not open"),
    }
