"""Every command line that the documents for the coach show, and that a message gives as a mend, is one that exists.

Seen to fail: with an option, an action and a command misspelt in README.md, in docs/nl and in a message (built in
below); on `factor remove` without a number, `device join` without a code and `restore` in a message without its place.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cli import i18n, options
from cli.commands import COMMANDS
from sync import codes
from tests.support.command import ROOT, Program

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs" / "nl").glob("*.md"))]
CATALOGUE = ROOT / "cli" / "locale" / "nl" / "LC_MESSAGES" / "ongemerkt.po"
KNOWN = {name for name, _module, _help in COMMANDS}
_USAGE = 2
_REAL = {"CODE": codes.encode_code(codes.Invitation(bytes(16), bytes(16))), "URL": "https://127.0.0.1:1"}
"""What can be given where the documents have a word for it, and another is refused."""


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.install("en")


# -- what is shown


def shown_in(text: str) -> Iterator[str]:
    """The command lines in a document, without the program's name. `ongemerkt place add DIR`, `list` in a table's cell
    shows two."""
    for line in text.splitlines():
        if found := re.match(r"(?:\$ |    )ongemerkt ([^#]+)", line):
            yield found[1].strip()
        yield from _in_line(line)


def _in_line(line: str) -> Iterator[str]:
    for cell in line.split("|"):
        spans = re.findall(r"`([^`]+)`", cell)
        if line.startswith("| `ongemerkt") and spans and spans[0].startswith("ongemerkt "):
            command = spans[0].split()[1]
            for span in spans:
                words = span.removeprefix("ongemerkt ")
                is_whole = span.startswith("ongemerkt ") or words.split()[0] in KNOWN
                yield words if is_whole else f"{command} {words}"
            return
        yield from (span.removeprefix("ongemerkt ") for span in spans if span.startswith("ongemerkt "))


def problem(shown: str) -> str:
    """What is wrong with a command line; empty for one that can be parsed."""
    words = shown.split()
    if words[0].startswith("--"):
        try:
            options.parse_top(words)
        except (options.UsageError, SystemExit) as error:
            return str(error)
        return ""
    name, rest = options.split(words)
    try:
        options.parse(name or "", rest)
    except options.UsageError as error:
        return error.reason
    return ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_line_in_the_documents_can_be_parsed(document: Path) -> None:
    found = list(shown_in(document.read_text()))
    assert found
    assert {shown: why for shown in found if (why := problem(shown))} == {}


def test_the_pages_for_the_coach_show_what_can_be_done_as_it_stands(tmp_path: Path) -> None:
    """Run where there is no vault and no terminal they are refused for that, never for how they are written."""
    pages = "\n".join(path.read_text() for path in DOCUMENTS if path.parent.name == "nl")
    lines = sorted(set(shown_in(pages)))
    assert len(lines) > 25

    def code(at: int) -> int:
        folder = tmp_path / str(at)
        folder.mkdir()
        words = [_REAL.get(word, word) for word in lines[at].split()]
        return Program(folder)(*words, passphrase=False).returncode

    with ThreadPoolExecutor(4) as pool:
        codes = dict(zip(lines, pool.map(code, range(len(lines))), strict=True))
    assert {line for line, found in codes.items() if found == _USAGE} == set()


# -- what messages give


def given_in(message: str) -> Iterator[list[str]]:
    """The words of every command line in a message."""
    for part in message.split("ongemerkt ")[1:]:
        clause = re.split(r"[,;:)'’‘\n]|\.(?:\s|$)", part)[0].split()
        if clause and clause[0] in KNOWN:
            yield clause


def wrong(words: list[str]) -> str:
    """What is wrong with a command line in a sentence, whose end can't be told; empty for nothing."""
    actions = options.command_parser(words[0]).actions()
    there = {option for action in actions for option in action.option_strings}
    missing = [word for word in words[1:] if word.startswith("--") and word not in there]
    first = next((action for action in actions if not action.option_strings), None)
    follows = words[1] if len(words) > 1 else ""
    if first is not None and first.choices and re.fullmatch(r"[a-z]+", follows) and follows not in first.choices:
        missing.append(follows)
    return " ".join(missing)


def test_every_command_that_a_message_gives_exists_in_both_languages() -> None:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="nl") if message.id]
    texts = {text for each in messages for text in (*_all(each.id), *_all(each.string or ""))}
    given = [(text, words) for text in texts for words in given_in(text)]
    assert len(given) > 100
    assert [(text, why) for text, words in given if (why := wrong(words))] == []
    assert {name for text in texts for name in re.findall(r": ongemerkt ([a-z]+)", text)} <= KNOWN
    # whoever follows it where it says so must not be told that something is missing
    assert [text for text, words in given if words == ["restore"]] == []


def _all(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_what_is_misspelt_would_be_noticed() -> None:
    text = "Doe `ongemerkt shred --alles`, of `ongemerkt place refrsh`.\n| `ongemerkt sync`, `stats`, `--ones` | x |\n"
    assert [bool(problem(shown)) for shown in shown_in(text)] == [True, True, False, True, True]
    message = "See: ongemerkt recpt again FILE. Or ongemerkt receipt agn FILE, ongemerkt doctor --mnd; done."
    assert [bool(wrong(words)) for words in given_in(message)] == [True, True]
