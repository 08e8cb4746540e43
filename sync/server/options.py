"""Reading the command line of ongemerkt-server. Global options stand before or after the command word."""

import argparse
import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from sync.server.commands import COMMANDS
from sync.server.messages import LANGUAGES, _

PROGRAM = "ongemerkt-server"


class UsageError(Exception):
    """The command line can't be understood. Holds the usage line and the reason, in the keeper's language."""

    def __init__(self, usage: str, reason: str) -> None:
        """Both end up on stderr."""
        super().__init__(reason)
        self.usage, self.reason = usage, reason


class Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        raise UsageError(self.format_usage().strip(), message)


def module_of(name: str) -> ModuleType:
    """The command's module, imported now."""
    return importlib.import_module(next(module for command, module, _help in COMMANDS if command == name))


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; `command` is the command word. Raises UsageError; SystemExit after --help or --version."""
    parser = Parser(
        PROGRAM, description=_("The server for ongemerkt: it keeps what it can't read."), allow_abbrev=False
    )
    shown = _("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {_version()}", help=shown)
    _add_global(parser, None)
    commands = parser.add_subparsers(dest="command", required=True, metavar=_("command"), title=_("commands"))
    for name, _module, text in COMMANDS:
        command = commands.add_parser(name, help=_(text), description=_(text), allow_abbrev=False)
        module_of(name).arguments(command)
        for each in (command, *_below(command)):
            _add_global(each, argparse.SUPPRESS)
    return parser.parse_args(list(argv))


def language(argv: Sequence[str]) -> str | None:
    """What --lang says, read before there is a parser: its errors need the language."""
    for word, after in zip(argv, [*argv[1:], ""], strict=True):
        chosen = after if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and chosen in LANGUAGES:
            return chosen
    return None


def _add_global(parser: argparse.ArgumentParser, default: str | None) -> None:
    group = parser.add_argument_group(_("for every command"))
    group.add_argument("--dir", metavar="DIR", default=default, help=_("the server's folder, or ONGEMERKT_SERVER_DIR"))
    group.add_argument("--json", action="store_true", default=default or False, help=_("answer as one JSON document"))
    group.add_argument("--lang", choices=LANGUAGES, default=default, help=_("language of the messages"))


def _below(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Parsers of the words that follow a command."""
    found: list[argparse.ArgumentParser] = parser.get_default("below") or []
    return found


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ongemerkt")
    except PackageNotFoundError:
        return "?"
