"""The guard's questions in plain lines: one for each different find, answered by a letter."""

from __future__ import annotations

from cli.asking import ALLOW, KEEP, REPLACE, Question, answered, questions
from cli.finds import context, instead
from cli.guarding import ASK, REDACT, lists, redacted
from cli.i18n import _
from cli.shell.kinds import counted, named
from vault.guard import replacements, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.shell.plainly import Plainly
    from vault.guard import Find

_ROOM = 60
"""Characters of a find with its surroundings."""
_ALL = 99
"""More kinds than there are."""
_DECISIONS = {"": REPLACE, "r": REPLACE, "v": REPLACE, "k": KEEP, "h": KEEP, "a": ALLOW}
"""Letters of both languages, which mean the same in both."""


def settled(host: Plainly, text: str, policy: str) -> str | None:
    """The text as it may be stored by `policy` (not off), after asking; None when the coach wants to go on writing."""
    finds = scan(text, lists(), host.vault.allowed_words())
    if not finds:
        return text
    host.tell(_("The privacy guard found: {finds}.").format(finds=counted(finds, _ALL)))
    changed = redacted(text, finds, host.vault.allowed_words()) if policy == REDACT else _asked(host, text, finds)
    if changed is None:
        return None
    if policy != ASK and scan(changed, lists(), host.vault.allowed_words()):
        host.tell(_("This vault stores no names and dates. Change the text, or allow the word."))
        return None
    if changed == text:
        return text
    host.talk.show([_("This is how the note is stored:"), "", changed])
    answer = host.talk.line(_("Enter stores it. Ctrl-C: go on writing. "))
    return None if answer is None else changed


def _asked(host: Plainly, text: str, finds: Sequence[Find]) -> str | None:
    words = replacements(text, finds)
    decided: list[tuple[Question, str]] = []
    for question in questions([finds], [words]):
        decision = _decision(host, text, finds, question)
        if decision is None:
            return None
        decided.append((question, decision))
    answers = answered([text], [finds], [words], decided)
    host.vault.allow_words(answers.allowed)
    return answers.texts[0]


def _decision(host: Plainly, text: str, finds: Sequence[Find], question: Question) -> str | None:
    find = finds[question.places[0][1]]
    host.tell(
        _("{kind}: {place}. In its place: {word}").format(
            kind=named(question.kind), place=context(text, find, _ROOM), word=instead(question.word)
        )
    )
    while True:
        typed = host.talk.line(_("Enter replaces it, k keeps it, a allows it for ever, Ctrl-C goes on writing: "))
        if typed is None:
            return None
        decision = _DECISIONS.get(typed.strip().lower())
        if decision is not None:
            return decision
