"""The commands of `ongemerkt`, in the order in which help shows them. A module is imported when its command is used.

A command's module has USAGE (what follows its name, marked for translation), `arguments(parser)` and
`run(context, arguments) -> int`.
"""

from __future__ import annotations

from cli.i18n import N_

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("init", "cli.commands.init", N_("make a vault")),
    ("add", "cli.commands.add", N_("seal a note")),
    ("jot", "cli.commands.jot", N_("jot something down without unlocking the vault")),
    ("inbox", "cli.commands.inbox", N_("take in what was jotted down")),
    ("list", "cli.commands.list", N_("show which notes there are")),
    ("find", "cli.commands.find", N_("find the notes that hold all these words")),
    ("show", "cli.commands.show", N_("show a note")),
    ("edit", "cli.commands.edit", N_("change the text of a note")),
    ("keep", "cli.commands.keep", N_("change how long a note is kept")),
    ("shred", "cli.commands.shred", N_("destroy notes for good")),
    ("engagement", "cli.commands.engagement", N_("group a client's notes, and make the claim slip")),
    ("export", "cli.commands.export", N_("write a copy of notes for a client")),
    ("receipt", "cli.commands.receipt", N_("check a receipt of destruction")),
    ("expire", "cli.commands.expire", N_("destroy the notes whose time is up")),
    ("import", "cli.commands.importing", N_("take in notes from files and folders")),
    ("scan", "cli.commands.scan", N_("show what the privacy guard finds in a text")),
    ("guard", "cli.commands.guard", N_("choose what the privacy guard does in this vault")),
    ("sync", "cli.commands.sync", N_("keep the vault on your own server, sealed")),
    ("device", "cli.commands.device", N_("have the same notes on more than one computer")),
    ("place", "cli.commands.place", N_("recovery sticks, and what they lack")),
    ("backup", "cli.commands.backup", N_("keep a sealed copy of what is stored, now or every night")),
    ("restore", "cli.commands.restore", N_("get a vault back from a recovery stick")),
    ("recovery", "cli.commands.recovery", N_("rehearse what you would do without this computer")),
    ("passphrase", "cli.commands.passphrase", N_("choose another passphrase")),
    ("factor", "cli.commands.factor", N_("ask for a key file or security key besides the passphrase")),
    ("register", "cli.commands.register", N_("make the registers that the privacy law asks for")),
    ("notice", "cli.commands.notice", N_("make the privacy notice for your clients")),
    ("anchor", "cli.commands.anchor", N_("choose where the secret is kept that can be erased")),
    ("status", "cli.commands.status", N_("show how the vault is doing")),
    ("doctor", "cli.commands.doctor", N_("look for leaks around the vault, and say how to mend them")),
    ("selftest", "cli.commands.selftest", N_("check that the program works on this computer")),
    ("demo", "cli.commands.demo", N_("play a coach's day in a vault that is thrown away")),
    ("completion", "cli.commands.completion", N_("print the completion script for your shell")),
)
