"""Every sentence of ongemerkt-server has its Dutch, and no Dutch is left over."""

import ast
import string
from pathlib import Path

from sync.server import commands, messages

FOLDER = Path(messages.__file__).parent
ARGPARSE = "# argparse's own"


def sentences() -> set[str]:
    found = {text for _name, _module, text in commands.COMMANDS}
    for path in FOLDER.rglob("*.py"):
        if "glass" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
                [argument] = node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found


def test_every_sentence_has_its_dutch() -> None:
    assert sentences() - messages.DUTCH.keys() == set()


def test_no_dutch_is_left_over() -> None:
    source = (FOLDER / "messages.py").read_text("utf-8")
    argparses = source.partition(ARGPARSE)[2]
    left = messages.DUTCH.keys() - sentences()
    assert all(text[:20] in argparses for text in left), left


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    for english, dutch in messages.DUTCH.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, dutch)]
        assert fields[0] == fields[1], english
