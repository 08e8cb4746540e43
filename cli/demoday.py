"""The demo's day of a coach, and the months after it: real vaults, sticks and devices in a scratch folder.

Every step looks whether what it shows is so. What belongs to a server is left out where none can run.
"""

from __future__ import annotations

import os

from cli import failures, words
from cli.demotold import Told
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack
    from datetime import date

    from cli.demoserver import ScratchServer
    from vault.receipt import Receipt
    from vault.service import Vault

COST = "fast"
_MONTHS = 3
"""How far the demo moves its clock, a month at a time: by then a note kept for two months is gone."""
_NOTES = (
    (N_("Says yes before thinking. Practised a pause: first breathe, then answer."), "6m"),
    (N_("Wants to guard her boundaries at work. Next time: what did saying no bring?"), "1y"),
    (N_("Doubts about the new role. Made a list of what gives energy."), "2m"),
)
_CHANGED = N_("Wants to guard her boundaries at work. Saying no worked twice this week.")
_JOT = N_("On the stairs, just after the talk: the pause works at home as well.")
_WORD = N_("boundaries")
_WITH_SERVER = ("server", "device")


class Day:
    """Plays everything in `folder`; what has to end before that folder goes is put on `clearing`.

    `told` has the steps, `cost` the name of the key derivation of the demo's own vaults.
    """

    def __init__(self, folder: str, clock: date, lang: str, say: Callable[[str], None], clearing: ExitStack) -> None:
        from vault.expiry import moment
        from vault.limits import RELEASE_MONTH
        from vault.service import Paths

        self._today = moment(clock, RELEASE_MONTH, False).today
        self._clock_is_right = self._today == clock
        self._folder = folder
        self._lang = lang
        self._clearing = clearing
        self._paths = Paths(self._in("laptop"), self._in("anchors"))
        self._passphrase = os.urandom(16).hex()
        self._handles: list[str] = []
        self._server: ScratchServer | None = None
        self._second: Vault | None = None
        self.cost = COST
        self.told = Told(say)

    def play(self) -> None:
        """Plays the day. Raises what keeps a step from being played: Refused, and the errors of vault and sync."""
        import shutil

        with self._made() as vault:
            self._write(vault)
            self._find(vault)
            self._edit(vault)
        shutil.copytree(self._paths.data, self._in("old copy"))
        self._jot()
        with self._open() as vault:
            self._take_in(vault)
            self._stick(vault)
            self._share(vault)
            self._for_the_client(vault)
            self._everywhere(vault)
            self._receipt(vault)
        self._end_server()
        self._months()
        self._raw_files()
        self._old_copy()

    # -- at the desk

    def _made(self) -> Vault:
        from vault.service import create_vault, parse_period

        self.told.step("make", _("You make a vault. The passphrase is yours alone, the recovery code goes on paper:"))
        vault, code = create_vault(
            self._paths, self._passphrase, cost=COST, keep=parse_period("6m"), clock=self._clock, clock_confirmed=True
        )
        self._clearing.callback(vault.close)
        self.cost = vault.status().cost
        self.told.line(code)
        text = _(
            "To be quick, this demo makes a guess at the passphrase quick (--cost {cost}); your own vault does not."
        )
        self.told.line(text.format(cost=self.cost))
        return vault

    def _write(self, vault: Vault) -> None:
        from vault.service import parse_period

        self.told.step("write", _("Between two sessions you write what matters. No name, no date:"))
        for text, period in _NOTES:
            added = vault.add(_(text), parse_period(period))
            self._handles.append(added.handle)
            self.told.line(f"{added.handle}  {_(text)}")
            self.told.line(" " * 8 + words.kept(added.span, parse_period(period)))

    def _find(self, vault: Vault) -> None:
        sentence = _("Before the next session you look for '{word}' and read the note back:")
        self.told.step("find", sentence.format(word=_(_WORD)))
        found = vault.find([_(_WORD)])
        for note in found:
            self.told.line(f"{note.handle}  {note.text}")
        self.told.check([note.handle for note in found] == [self._handles[1]])

    def _edit(self, vault: Vault) -> None:
        self.told.step("edit", _("After it you change the note. The old text is destroyed at once:"))
        handle = vault.edit(self._handles[1], _(_CHANGED))
        text = vault.show(handle).text
        self.told.line(f"{handle}  {text}")
        self.told.check(text == _(_CHANGED))

    def _jot(self) -> None:
        from vault.service.jotting import jot

        self.told.step("jot", _("The vault is locked. You jot something down without the passphrase:"))
        waiting = jot(self._paths, _(_JOT))
        self.told.line(_("Sealed in your inbox.") + " " + words.inbox(waiting, 0))

    def _take_in(self, vault: Vault) -> None:
        jots = vault.jots()
        taken = vault.take_in({each.name: each.text for each in jots})
        self._handles += taken.handles.values()
        self.told.line(_("You unlock, and the jot is a note:"))
        shown = [vault.show(handle) for handle in taken.handles.values()]
        for note in shown:
            self.told.line(f"{note.handle}  {note.text}")
        self.told.check([note.text for note in shown] == [_(_JOT)])

    # -- other places

    def _stick(self, vault: Vault) -> None:
        from cli.sticks import README

        self.told.step("stick", _("You make a recovery stick, for when the computer breaks, and put it in a drawer:"))
        made = vault.add_place(self._in("stick"), readme=README.encode())
        self.told.line(_("It is written and read back whole. The same passphrase opens it."))
        self.told.check(made.reachable and not made.lacks and not made.owes)

    def _share(self, vault: Vault) -> None:
        from cli import demoserver

        if not self._clock_is_right:
            why = _("Server and second device are left out: the clock of this computer is far behind.")
        elif not demoserver.is_installed():
            why = _(
                "Server and second device are left out: no server is installed here (pip install 'ongemerkt[server]')."
            )
        else:
            self._start_server(vault)
            self._join(vault)
            return
        self.told.leave_out(_WITH_SERVER, why)

    def _start_server(self, vault: Vault) -> None:
        from cli import syncing
        from cli.demoserver import ScratchServer
        from cli.enrolling import COMPUTER, make_account

        self.told.step("server", _("You bring the vault onto a server, here a scratch one on this computer:"))
        self._server = ScratchServer(self._in("server"))
        self._clearing.callback(self._server.stop)
        make_account(vault, self._server.url, self._server.invitation(), "nl", COMPUTER)
        with syncing.connected(vault) as wire:
            report = syncing.session(vault, wire)
        self.told.line(_("Everything is there, sealed. It sees no text, no handle, no name, and not how many notes."))
        self.told.check(bool(report.sent))

    def _join(self, vault: Vault) -> None:
        from cli.commands.device import next_name, pairing_code
        from cli.joining import Taking, filled
        from sync.codes import Pairing, decode_code
        from vault.months import month_of
        from vault.service import Paths
        from vault.service.joining import join_vault

        self.told.step("device", _("You pair a second device with a code that works once; it fetches your notes:"))
        pairing = decode_code(pairing_code(vault, next_name(vault), show=False))
        assert isinstance(pairing, Pairing)
        joining = Taking(pairing, "nl")(month_of(self._today))
        paths = Paths(self._in("second"), self._in("second anchors"))
        second, _code = join_vault(paths, self._passphrase, joining, clock=self._clock, cost=COST, clock_confirmed=True)
        self._clearing.callback(second.close)
        self._second = second
        why, _report = filled(second, lambda _done, _total: None)
        if why is not None:
            raise why
        self._told_left(len(second.notes()))
        self.told.check(_texts(second) == _texts(vault))

    # -- a client's rights

    def _for_the_client(self, vault: Vault) -> None:
        from vault.service import export_code, export_copy

        self.told.step(
            "export", _("A client asks for a note, and that you destroy it. First the copy, and its spoken code:")
        )
        handle, target, first = self._handles[0], self._in("copy.html"), self._in("receipt 1.json")
        code = export_code("html", self._lang)
        self.told.line(code)
        copy = export_copy("html", target, lang=self._lang, code=code, kept=False)
        done = vault.shred_for_client([handle], claimed=False, copy=copy, receipt_to=first)
        size = os.path.getsize(target)
        self.told.line(
            _("Written, read back and opened with the code: {kib} KiB for any browser.").format(kib=size >> 10)
        )
        self.told.step("shred", _("Only then the note is destroyed, and you have a receipt of it:"))
        self.told.line(_("{handle} is destroyed.").format(handle=handle))
        self._told_left(len(vault.notes()))
        expected = {"stick": 1} | ({"server": 1, "device": 1} if self._second else {})
        found = self._verified(first)
        self.told.check(done.written and found.notes == 1 and dict(found.waiting) == expected)
        self.told.check(handle not in [note.handle for note in vault.notes()])

    def _everywhere(self, vault: Vault) -> None:
        from cli import syncing

        self.told.step("places", _("What you destroyed has to go everywhere. You fetch the stick from its drawer:"))
        place = vault.refresh_place(self._in("stick"))
        self.told.line(_("{name} is up to date.").format(name=_("The stick")))
        self.told.check(not place.owes and not place.lacks)
        if self._second is None:
            return
        for each in (vault, self._second, vault):
            with syncing.connected(each) as wire:
                syncing.session(each, wire)
        self.told.line(_("The server and the second device have destroyed it at their next session."))
        self.told.check(_texts(self._second) == _texts(vault))

    def _receipt(self, vault: Vault) -> None:
        self.told.step("receipt", _("Every place has confirmed. You write the receipt anew, and the client checks it:"))
        last = self._in("receipt 2.json")
        vault.write_waiting_receipt(last)
        found = self._verified(last)
        self.told.check(found.notes == 1 and not found.waiting)

    def _verified(self, file: str) -> Receipt:
        """What a receipt says, checked as `receipt verify` does, without a vault."""
        from cli.papers import places
        from cli.reading import file_bytes
        from vault import receipt

        found = receipt.verify(file_bytes(file))
        self.told.line(_("The receipt is whole and its signature fits."))
        self.told.line(_("Confirmed") + ": " + places(found.confirmed))
        waiting = places(found.waiting) if found.waiting else _("nowhere: every place has confirmed")
        self.told.line(_("Not yet confirmed") + ": " + waiting)
        return found

    # -- later

    def _end_server(self) -> None:
        if self._second is not None:
            self._second.close()
        if self._server is not None and not self._server.stop():
            raise failures.Refused(failures.AWAY, "ServerFailed", _("The scratch server of the demo ended badly."))

    def _months(self) -> None:
        from vault.months import first_day, month_of

        self.told.step("expire", _("Three months pass. What was to be kept for two months is gone by itself:"))
        month = month_of(self._today)
        gone = left = 0
        for later in range(1, _MONTHS + 1):
            self._today = first_day(month + later)
            with self._open() as vault:
                gone += vault.expired_at_open
                left = len(vault.notes())
        self.told.line(words.expired(gone))
        self._told_left(left)
        self.told.check((gone, left) == (1, len(_NOTES) - 1))

    def _raw_files(self) -> None:
        self.told.step("files", _("Does a thief with your disk, or the server's, find any of it in the files?"))
        texts = [_(text).encode() for text in (*(text for text, _period in _NOTES), _CHANGED, _JOT, _WORD)]
        found = any(text in raw for raw in self._files() for text in texts)
        if not found:
            self.told.line(_("No: no word of any note stands in them."))
        self.told.check(not found, _("YES. That must not be."))

    def _old_copy(self) -> None:
        from vault.errors import VaultError

        self.told.step("old-copy", _("And with an old copy of the vault and the right passphrase?"))
        try:
            self._open(self._in("old copy")).close()
        except VaultError as error:
            self.told.line(_("No: the old copy does not open any more."))
            self.told.line(failures.explain(error)[2])
            return
        self.told.check(False, _("YES. That must not be."))

    # -- what the steps share

    def _told_left(self, count: int) -> None:
        text = ngettext("{n} note is there.", "{n} notes are there.", count)
        self.told.line(text.format(n=count))

    def _files(self) -> Iterator[bytes]:
        for place, _folders, names in os.walk(self._folder):
            for name in names:
                with open(os.path.join(place, name), "rb") as file:
                    yield file.read()

    def _in(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _open(self, folder: str | None = None) -> Vault:
        from vault.service import open_vault

        paths = self._paths._replace(data=folder or self._paths.data)
        vault = open_vault(paths, self._passphrase, clock=self._clock)
        self._clearing.callback(vault.close)
        return vault

    def _clock(self) -> date:
        return self._today


def _texts(vault: Vault) -> list[str]:
    return sorted(note.text for note in vault.notes())
