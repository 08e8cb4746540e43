"""Reading the command line. Global options stand before or after the command word; one command is imported at most."""

from __future__ import annotations

import argparse
import os
import sys

from cli import __version__
from cli.commands import COMMANDS
from cli.i18n import LANGUAGES, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import NoReturn

    from _typeshed import SupportsWrite

PROGRAM = "ongemerkt"
_WIDTH = 80
_WIDEST = 100
"""Columns of help without a terminal, and at most: longer lines read badly."""
_TAKES_VALUE = ("--vault", "--lang", "--passphrase-file", "--passphrase-fd", "--key-file")
LOCKED = "--locked"
"""Hidden: the interactive vault starts the program anew with it when it locks itself (cli/shell/relock.py)."""
PLAIN = "--plain"
"""The interactive vault in lines, one after another, as a screen reader reads them."""
_FLAGS = (LOCKED, PLAIN, "--json", "--yes", "--version", "--help", "-h")


class UsageError(Exception):
    """The command line can't be understood. Holds the usage line and the reason, in the user's language."""

    def __init__(self, usage: str, reason: str) -> None:
        super().__init__(reason)
        self.usage = usage
        self.reason = reason


class _Formatter(argparse.HelpFormatter):
    """Help that fits the terminal. Left to itself, argparse imports shutil for its width: 2 ms of a start."""

    def __init__(self, prog: str) -> None:
        try:
            columns = os.get_terminal_size(1).columns
        except OSError:
            columns = 0
        super().__init__(prog, max_help_position=28, width=min(columns or _WIDTH, _WIDEST) - 2)


class Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        raise UsageError(self.format_usage().strip(), message)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        # argparse's own swallows it when help can't be written
        (file or sys.stderr).write(message)

    def actions(self) -> list[argparse.Action]:
        """Every argument and option, in the order in which they were added."""
        return self._actions


def split(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """The command word (None if there is none) and everything else in order.

    Stops looking at an option that is not global, since what follows it could be its value.
    """
    at = 0
    while at < len(argv):
        word = argv[at]
        if word in _TAKES_VALUE:
            at += 2
        elif word in _FLAGS or word.startswith(tuple(option + "=" for option in _TAKES_VALUE)):
            at += 1
        elif word.startswith("-"):
            break
        else:
            return word, [*argv[:at], *argv[at + 1 :]]
    return None, list(argv)


def option_value(argv: Sequence[str], option: str) -> str | None:
    """The last value of a global option, read before there is a parser (its errors need the language)."""
    found = None
    for at, word in enumerate(argv):
        if word == "--":
            break
        if word == option and at + 1 < len(argv):
            found = argv[at + 1]
        elif word.startswith(option + "="):
            found = word[len(option) + 1 :]
    return found


def module_of(name: str) -> ModuleType:
    """The command's module, imported now. Raises UsageError for a command that does not exist."""
    import importlib

    for command, module, _help in COMMANDS:
        if command == name:
            return importlib.import_module(module)
    raise UsageError(top_parser().format_usage().strip(), _unknown(name))


def parse(name: str, rest: Sequence[str]) -> argparse.Namespace:
    """The arguments of command `name`. Raises UsageError; SystemExit after --help or --version."""
    try:
        return command_parser(name).parse_args(list(rest))
    except UsageError:
        # an option between two arguments; the parser that copes with it takes twice as long
        return command_parser(name).parse_intermixed_args(list(rest))


def parse_top(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command line without a command. Raises UsageError; SystemExit after --help or --version."""
    return top_parser().parse_args(list(argv))


def command_parser(name: str) -> Parser:
    """The parser of one command, global options included. Raises UsageError."""
    module = module_of(name)
    description = next(_(text) for command, _module, text in COMMANDS if command == name)
    usage = " ".join((PROGRAM, name, _(module.USAGE))) if module.USAGE else f"{PROGRAM} {name}"
    parser = _new(f"{PROGRAM} {name}", usage, description[0].upper() + description[1:] + ".")
    module.arguments(parser)
    _add_global(parser)
    return parser


def top_parser() -> Parser:
    """The parser of a command line without a command; its help shows every command."""
    parser = _new(PROGRAM, _("ongemerkt [options] [command] …"), _("Session notes without a date or a name."))
    parser.epilog = _("Without a command the vault opens on the screen. More: ongemerkt COMMAND --help")
    group = parser.add_argument_group(_("commands"))
    for name, _module, text in COMMANDS:
        group.add_argument(name, nargs=argparse.SUPPRESS, default=argparse.SUPPRESS, help=_(text))
    _add_global(parser)
    parser.add_argument(PLAIN, action="store_true", help=_("the vault in plain lines, for a screen reader"))
    parser.add_argument(LOCKED, action="store_true", help=argparse.SUPPRESS)
    return parser


def _new(program: str, usage: str, description: str) -> Parser:
    return Parser(
        prog=program,
        usage=usage,
        description=description,
        formatter_class=_Formatter,
        allow_abbrev=False,
        add_help=False,
    )


def _add_global(parser: Parser) -> None:
    group = parser.add_argument_group(_("options that every command has"))
    group.add_argument("--vault", metavar=_("DIR"), type=_folder, help=_("the folder of the vault"))
    group.add_argument("--json", action="store_true", help=_("answer in JSON"))
    group.add_argument("--lang", choices=LANGUAGES, help=_("language of the messages"))
    group.add_argument("--yes", action="store_true", help=_("answer every question with yes"))
    group.add_argument(
        "--passphrase-file",
        metavar=_("FILE"),
        help=_("read the passphrase from the first line of this file; - is the standard input"),
    )
    group.add_argument(
        "--passphrase-fd",
        metavar="N",
        type=_descriptor,
        help=_("read the passphrase from the first line of this file descriptor"),
    )
    group.add_argument(
        "--key-file", metavar=_("FILE"), type=_file, help=_("the key file, if the vault takes one with the passphrase")
    )
    group.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help=_("show the version"))
    group.add_argument("-h", "--help", action="help", help=_("show this help"))


def _folder(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError(_("the name of a folder is missing"))
    return text


def _file(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError(_("the name of a file is missing"))
    return text


def _descriptor(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(_("a file descriptor is a number such as 3"))
    return int(text)


def _unknown(name: str) -> str:
    import difflib

    names = [command for command, _module, _text in COMMANDS]
    near = difflib.get_close_matches(name, names, 1)
    if near:
        return _("there is no command '{name}'; did you mean '{near}'?").format(name=name, near=near[0])
    return _("there is no command '{name}'; see ongemerkt --help").format(name=name)
