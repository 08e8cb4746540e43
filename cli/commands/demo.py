"""`ongemerkt demo`: a coach's day in a scratch vault, told step by step; nothing of it stays."""

from __future__ import annotations

import os

from cli import failures, output, words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from datetime import date

    from cli.context import Context
    from vault.service import Paths, Vault

USAGE = ""
_MONTHS = 3
"""How far the demo moves its clock, a month at a time: by then a note kept for two months is gone."""
_NOTES = (
    (N_("Says yes before thinking. Practised a pause: first breathe, then answer."), "6m"),
    (N_("Wants to guard her boundaries at work. Next time: what did saying no bring?"), "1y"),
    (N_("Doubts about the new role. Made a list of what gives energy."), "2m"),
)
_CHANGED = N_("Wants to guard her boundaries at work. Saying no worked twice this week.")
_WORD = N_("boundaries")


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Plays the day; exit code 6 when a promise that it shows does not hold."""
    import tempfile

    from vault.expiry import moment
    from vault.harden import harden
    from vault.limits import RELEASE_MONTH
    from vault.service import Paths

    harden()
    today = moment(context.clock(), RELEASE_MONTH, False).today
    # such a folder is readable for its owner only
    with tempfile.TemporaryDirectory(prefix="ongemerkt-") as scratch:
        paths = Paths(os.path.join(scratch, "vault"), os.path.join(scratch, "anchors"))
        kept = Day(paths, today, output.tell if context.json else output.prose).play(os.path.join(scratch, "copy"))
    if context.json:
        output.document({"passed": kept})
    output.tell(_("The vault of this demo is removed. Make your own with: ongemerkt init"))
    return failures.DONE if kept else failures.DAMAGED


class Day:
    """One coach's day, and the months after it."""

    def __init__(self, paths: Paths, today: date, say: Callable[[str], None]) -> None:
        self._paths = paths
        self._today = today
        self._say = say
        self._steps = 0
        self._passphrase = os.urandom(16).hex()

    def play(self, copy: str) -> bool:
        """Plays everything; the folder `copy` gets the vault as it was that day. Whether every promise held."""
        import shutil

        first = self._morning()
        shutil.copytree(self._paths.data, copy)
        self._later()
        self._client_asks(first)
        held = [self._raw_files(), self._old_copy(copy)]
        return all(held)

    def _morning(self) -> str:
        from vault.service import create_vault, parse_period

        self._step(_("You make a vault. The passphrase is yours alone, the recovery code goes on paper:"))
        keep = parse_period("6m")
        vault, code = create_vault(
            self._paths, self._passphrase, cost="fast", keep=keep, clock=self._clock, clock_confirmed=True
        )
        self._line(code)
        with vault:
            self._step(_("Between two sessions you write what matters. No name, no date:"))
            handles = []
            for text, period in _NOTES:
                added = vault.add(_(text), parse_period(period))
                handles.append(added.handle)
                self._line(f"{added.handle}  {_(text)}")
                self._line(" " * 8 + words.kept(added.span, parse_period(period)))
            self._evening(vault, handles[1])
        return handles[0]

    def _evening(self, vault: Vault, handle: str) -> None:
        self._step(_("Before the next session you look for '{word}' and read the note back:").format(word=_(_WORD)))
        for note in vault.find([_(_WORD)]):
            self._line(f"{note.handle}  {note.text}")
        self._step(_("After it you change the note. The old text is destroyed at once:"))
        vault.edit(handle, _(_CHANGED))
        self._line(f"{handle}  {vault.show(handle).text}")

    def _later(self) -> None:
        from vault.months import first_day, month_of

        month = month_of(self._today)
        gone = left = 0
        for later in range(1, _MONTHS + 1):
            self._today = first_day(month + later)
            with self._open() as vault:
                gone += vault.expired_at_open
                left = len(vault.notes())
        self._step(_("Three months pass. What was to be kept for two months is gone by itself:"))
        self._line(words.expired(gone))
        self._still_there(left)

    def _client_asks(self, handle: str) -> None:
        self._step(_("A client asks you to destroy a note. You do:"))
        with self._open() as vault:
            vault.shred([handle])
            self._line(_("{handle} is destroyed.").format(handle=handle))
            self._still_there(len(vault.notes()))

    def _still_there(self, count: int) -> None:
        text = ngettext("{n} note is still there.", "{n} notes are still there.", count)
        self._line(text.format(n=count))

    def _raw_files(self) -> bool:
        self._step(_("Does a thief with your disk find any of it in the files?"))
        texts = [_(text).encode() for text in (*(text for text, _period in _NOTES), _CHANGED, _WORD)]
        found = any(text in raw for raw in self._files() for text in texts)
        self._line(_("YES. That must not be.") if found else _("No: no word of any note stands in them."))
        return not found

    def _old_copy(self, copy: str) -> bool:
        from vault.errors import VaultError

        self._step(_("And with an old copy of the vault and the right passphrase?"))
        try:
            self._open(copy).close()
        except VaultError as error:
            self._line(_("No: the old copy does not open any more."))
            self._line(failures.explain(error)[2])
            return True
        self._line(_("YES. That must not be."))
        return False

    def _files(self) -> Iterator[bytes]:
        for place, _folders, names in os.walk(os.path.dirname(self._paths.data)):
            for name in names:
                with open(os.path.join(place, name), "rb") as file:
                    yield file.read()

    def _open(self, folder: str | None = None) -> Vault:
        from vault.service import open_vault

        paths = self._paths._replace(data=folder or self._paths.data)
        return open_vault(paths, self._passphrase, clock=self._clock)

    def _clock(self) -> date:
        return self._today

    def _step(self, text: str) -> None:
        self._steps += 1
        self._say(f"\n{self._steps}. {text}")

    def _line(self, text: str) -> None:
        self._say("   " + text)
