"""Templates: a form of questions to begin a note with. Those that come with the program, and the coach's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.service import Template

_ROOM = "\n\n\n"
"""Behind a question: a line for the answer, and one that keeps it apart from the next question."""


class Form(NamedTuple):
    """A template as it is offered; `own` says that the coach made it."""

    name: str
    text: str
    own: bool = False


def forms(own: Sequence[Template] = ()) -> list[Form]:
    """All templates, the program's first."""
    return [*_made(), *(Form(each.name, each.text, own=True) for each in own)]


def questions(own: Sequence[Template] = ()) -> frozenset[str]:
    """The lines of all templates: the guard leaves them alone."""
    return frozenset(line.strip() for form in forms(own) for line in form.text.split("\n") if line.strip())


def put_in(text: str, cursor: int, form: str) -> tuple[str, int]:
    """`text` with a form in it, and where the cursor goes: in an empty text below the first question."""
    if not text.strip():
        first = form.find("\n") + 1
        return form, first or len(form)
    before, behind = text[:cursor], text[cursor:]
    lead = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    tail = "" if not behind or behind.startswith("\n") else "\n"
    start = len(before) + len(lead)
    first = form.find("\n") + 1
    return before + lead + form + tail + behind, start + (first or len(form))


def _made() -> list[Form]:
    return [
        _form(
            "GROW",
            _("Goal: what do you want to reach?"),
            _("Reality: how are things now?"),
            _("Options: what could you do?"),
            _("Way forward: what will you do first?"),
        ),
        _form(
            "STARR",
            _("Situation: what was going on?"),
            _("Task: what was your part in it?"),
            _("Action: what did you do?"),
            _("Result: what came of it?"),
            _("Reflection: what do you take along?"),
        ),
        _form(
            _("First talk"),
            _("Why now?"),
            _("What do you hope for?"),
            _("What have you tried, and what helped?"),
            _("What will we work on?"),
            _("What struck me?"),
        ),
        _form(
            _("Looking back"),
            _("What was the question at the start?"),
            _("What has changed?"),
            _("What helped?"),
            _("What do you take along?"),
            _("What did I do well as a coach, and what not?"),
        ),
    ]


def _form(name: str, *asked: str) -> Form:
    return Form(name, _ROOM.join(asked) + "\n\n")
