"""`ongemerkt completion`: a shell's completion script, made from the commands' own parsers.

Handles are never completed: that would need the passphrase at every Tab.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

from cli import failures, output
from cli.guarding import MODES
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.context import Context
    from cli.options import Parser


class Option(NamedTuple):
    """One option: its names, its help, whether it takes a value, the values there are, whether that is a file."""

    names: tuple[str, ...]
    help: str
    value: bool
    choices: tuple[str, ...]
    file: bool


class Spec(NamedTuple):
    """What can follow a command word."""

    name: str
    help: str
    options: list[Option]
    words: tuple[str, ...]
    file: bool


USAGE = N_("bash | zsh | fish")
_FILES = ("vault", "passphrase_file", "key_file", "kit", "file", "files", "paths")
"""Destinations of arguments that name a file or folder."""
_ALSO = {"guard": MODES, "factor": ("keyfile", "fido2")}
"""Words that a command takes without its parser knowing them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help=_("which shell the script is for"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints the script."""
    script = {"bash": bash, "zsh": zsh, "fish": fish}[arguments.shell](specs())
    if context.json:
        output.document({"shell": arguments.shell, "script": script})
    else:
        output.answer(script)
    return failures.DONE


def specs() -> list[Spec]:
    """Every command, and first the program itself under the name ""."""
    from cli.commands import COMMANDS
    from cli.options import command_parser, top_parser

    found = [_spec("", "", top_parser())]
    found += [_spec(name, _(text), command_parser(name)) for name, _module, text in COMMANDS]
    return found


def _spec(name: str, text: str, parser: Parser) -> Spec:
    options: list[Option] = []
    words: tuple[str, ...] = _ALSO.get(name, ())
    file = False
    for action in parser.actions():
        choices = tuple(str(choice) for choice in action.choices or ())
        names_file = action.dest in _FILES
        if action.help == argparse.SUPPRESS:
            continue
        if action.option_strings:
            value = action.nargs != 0
            options.append(Option(tuple(action.option_strings), action.help or "", value, choices, names_file))
        elif name:
            words += choices
            file = file or names_file
    return Spec(name, text, options, words, file)


def bash(found: list[Spec]) -> str:
    """The script for bash."""
    top, commands = found[0], found[1:]
    values = sorted({row for spec in found for option in spec.options if option.value for row in _bash_value(option)})
    cases = []
    for spec in commands:
        words = " ".join([*spec.words, *(name for option in spec.options for name in option.names)])
        cases.append(f'        {spec.name}) words="{words}"; files={int(spec.file)} ;;')
    names = " ".join([*(spec.name for spec in commands), *(name for option in top.options for name in option.names)])
    taking = "|".join(sorted({name for option in top.options if option.value for name in option.names}))
    return _BASH.format(values="\n".join(values), taking=taking, cases="\n".join(cases), names=names)


def _bash_value(option: Option) -> list[str]:
    pattern = "|".join(option.names)
    if option.choices:
        return [f'        {pattern}) COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$current")); return ;;']
    if option.file:
        return [f'        {pattern}) COMPREPLY=($(compgen -f -- "$current")); return ;;']
    return [f"        {pattern}) return ;;"]


_BASH = """\
_ongemerkt() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    local command="" words="" files=0 at
    COMPREPLY=()
    case "$previous" in
{values}
    esac
    for ((at = 1; at < COMP_CWORD; at++)); do
        case "${{COMP_WORDS[at]}}" in
        {taking}) ((at++)) ;;
        -*) ;;
        *) command="${{COMP_WORDS[at]}}"; break ;;
        esac
    done
    case "$command" in
        "") words="{names}" ;;
{cases}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ $files == 1 ]] && COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _ongemerkt ongemerkt"""


def zsh(found: list[Spec]) -> str:
    """The script for zsh."""
    commands = found[1:]
    names = "\n".join(f"        {_quoted(f'{spec.name}:{spec.help}')}" for spec in commands)
    cases = []
    for spec in commands:
        lines = [_zsh_option(option) for option in spec.options]
        if spec.words:
            lines.append(_quoted(f"1:: :({' '.join(spec.words)})"))
        if spec.file:
            lines.append(_quoted("*:: :_files"))
        joined = " \\\n                ".join(lines)
        cases.append(f"        {spec.name})\n            _arguments -s \\\n                {joined} ;;")
    top = " \\\n        ".join(_zsh_option(option) for option in found[0].options)
    return _ZSH.format(names=names, top=top, cases="\n".join(cases))


def _zsh_option(option: Option) -> str:
    text = option.help.replace("[", "(").replace("]", ")")
    value = ""
    if option.value:
        value = f": :({' '.join(option.choices)})" if option.choices else (": :_files" if option.file else ": : ")
    return " ".join(_quoted(f"{name}[{text}]{value}") for name in option.names)


_ZSH = """\
#compdef ongemerkt
_ongemerkt() {{
    local state line
    local -a commands
    commands=(
{names}
    )
    _arguments -C \\
        {top} \\
        '1: :->command' '*:: :->rest'
    case $state in
    command) _describe command commands ;;
    rest)
        case $line[1] in
{cases}
        esac ;;
    esac
}}
if [ "$funcstack[1]" = "_ongemerkt" ]; then _ongemerkt "$@"; else compdef _ongemerkt ongemerkt; fi"""


def fish(found: list[Spec]) -> str:
    """The script for fish."""
    names = " ".join(spec.name for spec in found[1:])
    lines = ["complete -c ongemerkt -f"]
    lines += [f"complete -c ongemerkt {_fish_option(option)}" for option in found[0].options]
    common = {option.names for option in found[0].options}
    for spec in found[1:]:
        lines.append(
            f"complete -c ongemerkt -n {_quoted(f'not __fish_seen_subcommand_from {names}')} "
            f"-a {spec.name} -d {_quoted(spec.help)}"
        )
        used = "-n " + _quoted(f"__fish_seen_subcommand_from {spec.name}")
        own = [option for option in spec.options if option.names not in common]
        lines += [f"complete -c ongemerkt {used} {_fish_option(option)}" for option in own]
        if spec.words:
            lines.append(f"complete -c ongemerkt {used} -a {_quoted(' '.join(spec.words))}")
        if spec.file:
            lines.append(f"complete -c ongemerkt {used} -F")
    return "\n".join(lines)


def _fish_option(option: Option) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    value = ""
    if option.value:
        value = (
            f" -x -a {_quoted(' '.join(option.choices))}" if option.choices else (" -r -F" if option.file else " -x")
        )
    return f"{names}{value} -d {_quoted(option.help)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
