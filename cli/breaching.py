"""The register of breaches at work: an entry is asked for, changed, removed; and how long there is to report it."""

from __future__ import annotations

from cli import breachtext, failures, guarding, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from cli.context import Context
    from vault.service import Vault
    from vault.service.papers import Breach, Present

_EMPTIES = "-"
_RISKS = (N_("undecided"), N_("unlikely"), N_("risk"), N_("high"))
_SHOWN = 60
"""Characters of an answer that are shown when it is asked for again."""


def present(context: Context) -> Present:
    """Now, and this computer's time zone, summer time included."""
    from vault.service.papers import Present, minute_of

    return Present(minute_of(_now(context)), lambda at: at.astimezone())


def _now(context: Context) -> datetime:
    return context.now().astimezone()


# -- what is done


def add(context: Context, arguments: argparse.Namespace) -> int:
    """Adds an entry. Raises Refused and the core's errors."""
    from vault.service import papers

    given = _given(context, arguments)
    with context.open_vault(meanwhile=guarding.meanwhile(arguments.guard)) as vault:
        now = _now(context)
        blank = papers.Breach(0, papers.minute_of(now), "")
        given = _asked(context, blank) if given is None else given
        breach = breachtext.applied(blank, given, now)
        added = vault.add_breach(_guarded(context, vault, arguments, breach, blank))
    output.tell(_("It stands in the register as number {n}.").format(n=added.number))
    return _told(context, added, "added")


def edit(context: Context, arguments: argparse.Namespace) -> int:
    """Changes an entry; what it said before is destroyed. Raises Refused and the core's errors."""
    given = _given(context, arguments)
    with context.open_vault(meanwhile=guarding.meanwhile(arguments.guard)) as vault:
        old = _entry(vault, arguments.number)
        given = _asked(context, old) if given is None else given
        breach = breachtext.applied(old, given, _now(context))
        breach = _guarded(context, vault, arguments, breach, old)
        vault.set_breach(breach)
    output.tell(_("The entry is changed. What it said before is destroyed."))
    return _told(context, breach, "changed")


def remove(context: Context, arguments: argparse.Namespace) -> int:
    """Destroys an entry for good. Raises Refused and the core's errors."""
    with context.open_vault() as vault:
        _entry(vault, arguments.number)
        if not context.yes and not context.ask.has_terminal:
            raise failures.not_confirmed(
                _("Removing asks for a yes, and there is no terminal to ask on. Confirm with --yes.")
            )
        question = _("The law asks you to record every breach (art. 33 (5)). Remove this entry for good?")
        if not context.ask.confirm(question):
            raise failures.not_confirmed(_("Nothing was changed."))
        vault.remove_breach(arguments.number)
    if context.json:
        output.document({"removed": arguments.number})
    output.tell(_("The entry is destroyed."))
    return failures.DONE


def show(context: Context, arguments: argparse.Namespace) -> int:
    """Lists the entries, each with its clock. Raises Refused and the core's errors."""
    from cli.table import first_words
    from vault.service import papers

    with context.open_vault() as vault:
        found = vault.breaches()
    now = present(context)
    if context.json:
        output.document({"breaches": [papers.breach_document(each, now.minute) for each in found]})
        return failures.DONE
    say = papers.Say(context.lang)
    for each in found:
        output.prose(f"{each.number}  {papers.when(say, each.discovered, now.local)}  {first_words(each.happened)}")
        output.prose(f"   {papers.told(say, each, *now)}")
    if not found:
        output.tell(_("No breach is recorded. Add one with: ongemerkt register breaches add"))
    return failures.DONE


def _entry(vault: Vault, number: int) -> Breach:
    from vault.errors import BreachUnknown

    for each in vault.breaches():
        if each.number == number:
            return each
    raise BreachUnknown


def _told(context: Context, breach: Breach, done: str) -> int:
    from vault.service import papers

    now = present(context)
    if context.json:
        output.document({done: breach.number} | papers.breach_document(breach, now.minute))
    output.tell(papers.told(papers.Say(context.lang), breach, *now))
    output.tell(
        _("What the form of the authority asks: ongemerkt register breaches --form {n}").format(n=breach.number)
    )
    return failures.DONE


# -- the answers


def _given(context: Context, arguments: argparse.Namespace) -> dict[str, str] | None:
    """The answers in the file; None if they are to be asked for. Raises Refused."""
    if arguments.file is not None:
        from cli.reading import note_text

        return breachtext.answers(note_text(context, arguments.file))
    if context.json or not context.ask.has_terminal:
        sentence = _("There is no terminal to ask on. Give the answers with --file.")
        raise failures.Refused(failures.NOT_ALLOWED, "NoWayToAsk", sentence)
    return None


def _questions() -> list[tuple[str, str]]:
    return [
        ("discovered", _("When did you discover it? Such as 25-11-2026 14:30")),
        ("happened", _("What happened?")),
        ("data", _("Which kinds of data?")),
        ("people", _("Whose, and roughly how many people? No names.")),
        ("consequences", _("What can follow from it for them?")),
        ("measures", _("What did you do about it, or will you do?")),
        ("risk", _("Is there a risk for them? unlikely, risk, high, or undecided")),
        ("reported", _("Reported to the authority? A moment, or 'no'")),
        ("informed", _("Told to the people concerned? A moment, or 'no'")),
        ("reasons", _("Why was it reported or told, or why not?")),
    ]


def _asked(context: Context, old: Breach) -> dict[str, str]:
    """The answers, typed one by one; Enter keeps what there is. Raises Refused."""
    output.tell(_("Enter keeps what stands in brackets, - empties it. Names of clients do not belong here."))
    given: dict[str, str] = {}
    for field, question in _questions():
        if field == "risk":
            _advise(context)
        answer = _answer(context, field, question, old)
        if answer is not None:
            given[field] = answer
    return given


def _advise(context: Context) -> None:
    from vault.service import papers

    for line in papers.advice(context.lang):
        output.tell(f"  - {line}")


def _answer(context: Context, field: str, question: str, old: Breach) -> str | None:
    """What was typed, None for nothing new; asked again when it can't be understood. Raises Refused."""
    shown = _shown(context, field, old)
    while True:
        line = context.ask.line(f"{question} [{shown}]: " if shown else f"{question}: ")
        if line is None:
            raise failures.not_confirmed(_("Stopped. Nothing was stored."))
        line = line.strip()
        if not line and (field != "happened" or shown):
            return None
        if line == _EMPTIES and field not in ("discovered", "happened"):
            return ""
        try:
            if line:
                breachtext.applied(old, {field: line}, _now(context))
                return line
        except failures.Refused as refused:
            output.tell(refused.sentence)


def _shown(context: Context, field: str, old: Breach) -> str:
    from cli.table import first_words
    from vault.service import papers

    value = getattr(old, field)
    if field == "risk":
        return _(_RISKS[value])
    if isinstance(value, str):
        return first_words(value, _SHOWN) if value else ""
    if value == papers.NOT_YET:
        return _("no")
    return papers.when(papers.Say(context.lang), value, present(context).local)


def _guarded(context: Context, vault: Vault, arguments: argparse.Namespace, breach: Breach, old: Breach) -> Breach:
    """The entry as it may be kept: what is new in it goes past the guard, as a note does. Raises Refused."""
    from vault.service import papers

    fresh = [name for name in papers.TEXTS if getattr(breach, name) and getattr(breach, name) != getattr(old, name)]
    texts = guarding.guarded_all(context, vault, arguments.guard, [getattr(breach, name) for name in fresh])
    return breach._replace(**dict(zip(fresh, texts, strict=True)))  # type: ignore[arg-type]
