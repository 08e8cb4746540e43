"""The commands inside the vault: one table for the desk, its palette and keys, and for plain lines."""

from __future__ import annotations

from cli.i18n import N_, _
from cli.shell.clients import client, engagement
from cli.shell.handing import erase, export
from cli.shell.inboxing import inbox
from cli.shell.keeping import allowed, forbid, guard, idle, passphrase, period, settings, status
from cli.shell.noting import edit, expire, find, keep, list_notes, new, show, shred, soon, theme
from cli.shell.page import Line
from cli.shell.stickverb import stick
from cli.shell.syncverb import sync
from cli.shell.words import ALIAS, MODE, NOTE, NOTES, PERIOD, THEME, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host


def word_of(name: str) -> Word:
    """The word with this English name."""
    return next(word for word in WORDS if word.name == name)


async def lock(host: Host, _rest: list[str]) -> None:
    host.lock()


async def leave(host: Host, _rest: list[str]) -> None:
    host.leave()


async def show_help(host: Host, _rest: list[str]) -> None:
    host.answer(host.help_lines())


def help_lines(host: Host, keys: bool = True) -> list[Line]:
    """Every command, with its key on the desk."""
    usages = [f"{word.called(host.lang)} {_(word.usage) if word.usage else ''}" for word in WORDS]
    shown = [word.key if keys else "" for word in WORDS]
    wide, deep = max(map(len, usages)), max(map(len, shown))
    lines = [Line(_("Commands"), "class:head"), Line()]
    for usage, key, word in zip(usages, shown, WORDS, strict=True):
        lines.append(Line(f"  {usage:<{wide}}  {key:<{deep}}{'  ' if deep else ''}{_(word.help)}"))
    return lines


WORDS = (
    Word("new", "nieuw", N_("[PERIOD]"), N_("write a note"), new, (PERIOD,), "Ctrl-N", ("add",)),
    Word("edit", "wijzig", N_("[HANDLE]"), N_("change the text of a note"), edit, (NOTE,), "Ctrl-E"),
    Word("show", "toon", N_("[HANDLE]"), N_("read a note"), show, (NOTE,), "Enter"),
    Word("find", "zoek", N_("WORD…"), N_("find the notes that hold all these words"), find),
    Word("theme", "thema", N_("[THEME]"), N_("show the themes, or the notes of one"), theme, (THEME,)),
    Word("soon", "binnenkort", "", N_("show the notes that end with this month"), soon),
    Word("inbox", "inbox", "", N_("take in what was jotted down"), inbox, also=("krabbels", "jots")),
    Word("list", "lijst", "", N_("show all notes"), list_notes),
    Word("keep", "bewaar", N_("[HANDLE] PERIOD"), N_("change how long a note is kept"), keep, (NOTE, PERIOD), "Ctrl-K"),
    Word("shred", "vernietig", N_("[HANDLE…]"), N_("destroy notes for good"), shred, (NOTES,), "Del"),
    Word(
        "engagement",
        "traject",
        N_("[open] [ALIAS]"),
        N_("show or open a client's notes"),
        engagement,
        (ALIAS,),
    ),
    Word("client", "cliënt", "", N_("the client is here with the slip"), client, also=("client", "briefje", "slip")),
    Word("export", "kopie", N_("[FILE]"), N_("make a copy for the client"), export),
    Word("erase", "wis", "", N_("destroy all of a client's notes, with a receipt"), erase),
    Word("expire", "verloop", "", N_("destroy the notes whose time is up"), expire),
    Word("sync", "sync", "", N_("sync with the server now"), sync),
    Word("stick", "stick", "", N_("bring the recovery sticks up to date"), stick, also=("place", "plaats")),
    Word("status", "status", "", N_("show how the vault is doing"), status),
    Word("settings", "instellingen", "", N_("show how the vault behaves"), settings),
    Word("period", "termijn", N_("[PERIOD]"), N_("choose how long new notes are kept"), period, (PERIOD,)),
    Word("idle", "rust", N_("[MINUTES]"), N_("choose when the vault locks itself"), idle),
    Word("guard", "wacht", N_("[MODE]"), N_("choose what the privacy guard does"), guard, (MODE,)),
    Word("allowed", "toegestaan", "", N_("show the words that the guard lets pass"), allowed),
    Word("forbid", "verbied", N_("WORD"), N_("have the guard mark an allowed word again"), forbid),
    Word("passphrase", "wachtwoordzin", "", N_("choose another passphrase"), passphrase, also=("wachtwoord",)),
    Word("lock", "slot", "", N_("lock the vault at once"), lock, key="Ctrl-L"),
    Word("help", "hulp", "", N_("show all commands and keys"), show_help, key="?", also=("?",)),
    Word("quit", "stop", "", N_("leave; the vault is closed"), leave, key="Ctrl-Q", also=("exit",)),
)
