"""The first run in a pseudo-terminal, taking what is offered; it can be left at any step."""

import re

from tests.support.pty import Program

ENTER = "\r"
STEPS = ["welcome", "words", "again", "code", "test", "keep", "guard", "done"]
"""The screens of the wizard, in order."""
_CODE = re.compile(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}")
_LAST_ROWS = {
    "welcome": ("pen and paper", "pen en papier"),
    "words": ("Think of a passphrase myself", "Zelf een wachtwoordzin bedenken"),
    "again": ("Once more:", "Nog een keer:"),
    "code": ("Write the code down.", "Schrijf de code op."),
    "test": ("The code from your paper:", "De code van je papier:"),
    "keep": ("at most 6 months", "hoogstens 6 maanden"),
    "guard": ("ever.", "altijd."),
    "done": ("Ctrl-L locks", "Ctrl-L vergrendelt"),
}
"""What stands last on each screen, in English and Dutch: whoever sees it sees the whole."""


class Answers:
    """What was on the screen to copy by hand."""

    def __init__(self) -> None:
        self.words = self.code = ""


def answered(run: Program, until: str, lang: str = "en") -> Answers:
    """Goes on to the step `until`, and leaves it on the screen."""
    paper = Answers()
    for step in STEPS:
        run.sees(_LAST_ROWS[step][lang == "nl"])
        if step == "words":
            paper.words = next(row.strip() for row in run.seen.split("\n") if row.startswith("      "))
        if step == "code":
            found = _CODE.search(run.seen)
            assert found
            paper.code = found.group()
        if step == until:
            return paper
        run.types({"again": paper.words, "test": paper.code}.get(step, ""), ENTER)
    raise AssertionError(until)
