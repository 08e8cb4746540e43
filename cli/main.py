"""The entry point: the only place that reads the clock and the environment, and that turns errors into exit codes."""

from __future__ import annotations

import os
import sys

from cli import i18n, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from typing import NoReturn

    from cli.context import Context


def entry() -> NoReturn:
    """The console script `ongemerkt`."""
    prepare_streams()
    code = finished(main(sys.argv[1:], os.environ, _today, _now))
    # everything is closed and flushed; taking the interpreter apart would only cost a tenth of a short command
    os._exit(code)


def finished(code: int) -> int:
    """The exit code for what `main` returned; if the interactive vault locked itself, starts the program anew."""
    if code >= 0:
        return code
    from cli.shell import start_again

    try:
        start_again()
    except OSError as error:
        return _failed(error, json=False)


def main(
    argv: list[str],
    environ: Mapping[str, str],
    clock: Callable[[], date],
    now: Callable[[], datetime] | None = None,
) -> int:
    """Runs one command line and returns its exit code. Every error ends here, as one sentence on stderr.

    `now` is for what is done at a time of the day; without it, it is always midnight by `clock`. A negative number
    means that the interactive vault locked itself (cli.shell.LOCKED).
    """
    try:
        i18n.install(_language(argv, environ))
        try:
            code = _run(argv, environ, clock, now)
        except SystemExit as ended:
            # argparse ends so after --help and --version
            code = ended.code if isinstance(ended.code, int) else 0
        sys.stdout.flush()
        return code
    except options.UsageError as error:
        return _usage(error, "--json" in argv)
    except BaseException as error:  # noqa: BLE001 - the one place where every error becomes a sentence
        return _failed(error, "--json" in argv)


def _run(
    argv: list[str], environ: Mapping[str, str], clock: Callable[[], date], now: Callable[[], datetime] | None
) -> int:
    name, rest = options.split(argv)
    if name is None:
        arguments = options.parse_top(rest)
        if arguments.locked:
            # whoever comes back to a locked vault proves anew who they are
            arguments.passphrase_file = arguments.passphrase_fd = None
        context = _context(arguments, environ, clock, now)
        context.locked = arguments.locked
        context.plain = arguments.plain
        return _interactive(context)
    module = options.module_of(name)
    arguments = options.parse(name, rest)
    code: int = module.run(_context(arguments, environ, clock, now), arguments)
    return code


def _interactive(context: Context) -> int:
    from cli import failures

    if not context.ask.has_terminal or not sys.stdin.isatty() or not sys.stdout.isatty():
        sentence = i18n._("The vault on the screen needs a terminal. See ongemerkt --help for the commands.")
        raise failures.Refused(failures.NOT_ALLOWED, "NoWayToAsk", sentence)
    from cli.shell import run

    return run(context)


def _context(
    arguments: argparse.Namespace,
    environ: Mapping[str, str],
    clock: Callable[[], date],
    now: Callable[[], datetime] | None,
) -> Context:
    from cli import places
    from cli.ask import Ask
    from cli.context import Context

    context = Context(
        places.data_folder(environ, arguments.vault),
        places.anchors_folder(environ),
        clock,
        Ask(arguments.passphrase_file, arguments.passphrase_fd, arguments.yes),
        lang=_language(["--lang", arguments.lang] if arguments.lang else [], environ),
        json=arguments.json,
        yes=arguments.yes,
        now=now,
    )
    context.environ = environ
    context.key_file = places.key_file(environ, arguments.key_file)
    context.tpm = places.tpm(environ)
    return context


def _language(argv: list[str], environ: Mapping[str, str]) -> str:
    chosen = options.option_value(argv, "--lang")
    return chosen if chosen in i18n.LANGUAGES else i18n.choose(environ)


def _usage(error: options.UsageError, json: bool) -> int:
    from cli import failures, output

    if json:
        output.document({"error": {"code": failures.USAGE, "kind": "Usage"}})
    output.tell(error.usage)
    output.tell(f"{options.PROGRAM}: {error.reason}")
    return _flushed(failures.USAGE)


def _failed(error: BaseException, json: bool) -> int:
    from cli import failures, output

    code, kind, sentence = failures.explain(error)
    try:
        if sentence:
            output.tell(sentence)
        if json and code not in (failures.INTERRUPTED, failures.BROKEN_PIPE):
            output.document({"error": {"code": code, "kind": kind}})
    except OSError:
        # nobody is left to tell it to; the exit code remains
        pass
    return _flushed(code)


def _flushed(code: int) -> int:
    """Empties the buffers; a stream that can't take it is cut off, so that nothing complains at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _cut_off(stream.fileno())
    return code


def _cut_off(descriptor: int) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)


def prepare_streams() -> None:
    """Closed standard streams become the empty device, and no character ever fails to print."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor < 3:
        descriptor = os.dup(descriptor)
    os.close(descriptor)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
        elif mode == "w":
            stream.reconfigure(errors="backslashreplace")


def _today() -> date:
    return _now().date()


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC).astimezone()
