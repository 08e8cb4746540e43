"""The commands of ongemerkt-server, one in each file. A new one is a file and a line here."""

from typing import Final

COMMANDS: Final = (
    ("init", "sync.server.commands.init", "make a server in the folder: keys, settings, certificate"),
    ("run", "sync.server.commands.run", "serve until it is told to stop"),
    ("invite", "sync.server.commands.invite", "print an invitation code for one coach"),
    ("account", "sync.server.commands.account", "list accounts, purge one, or set its quota"),
    ("purge", "sync.server.commands.purge", "drop what is past its period (it also does so by itself)"),
    ("status", "sync.server.commands.status", "tell how the server is"),
    ("openapi", "sync.server.commands.openapi", "print the description of its requests"),
)
"""Command word, module, help."""
