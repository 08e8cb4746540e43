"""Commands about the vault as a whole: status, passphrase, and how it behaves; on the desk and in plain lines."""

from __future__ import annotations

from cli import sticks
from cli import words as say
from cli.i18n import _, ngettext
from cli.shell.noting import period_of
from cli.shell.page import Line
from cli.shell.regular import places_told
from cli.shell.words import called, usage
from vault import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host
    from vault.months import Period

_WEAK = 1
"""The strength up to which a passphrase is asked about."""


async def status(host: Host, _rest: list[str]) -> None:
    found = host.vault.status()
    lines = [Line(say.notes(found.notes), "class:head"), Line()]
    for months, count in found.by_months_left.items():
        time = say.left(say.days_left(host.vault.moment(), months))
        lines.append(Line(f"  {count:>6}  {time}"))
    if found.smallest_crowd:
        crowd = ngettext(
            "The smallest crowd is {n} note: a note hides among those that end in the same month.",
            "The smallest crowd is {n} notes: a note hides among those that end in the same month.",
            found.smallest_crowd,
        )
        lines += [Line(), Line(crowd.format(n=found.smallest_crowd))]
    if told := places_told(host.vault, ""):
        lines += [Line(), Line(told)]
    if found.places == 1:
        lines += [Line(), Line(_("The keys are on this computer only. If it breaks, the notes are gone."))]
        lines += [Line(_("Make a recovery stick: ongemerkt place add DIR"))]
    lines += [Line(), Line(_("All of it: {command}").format(command="ongemerkt status"))]
    host.answer(lines)


async def passphrase(host: Host, _rest: list[str]) -> None:
    old = await host.ask(_("Your passphrase or recovery code now: "), hidden=True)
    if old is None:
        host.tell(_("Nothing was changed."))
        return
    # a vault that was left open must not be taken over by whoever passes
    if not await host.busy(_("One moment…"), lambda _progress: host.vault.fits(old)):
        host.tell(_("That passphrase does not fit this vault.") + " " + _("Nothing was changed."))
        return
    first = await host.ask(_("New passphrase: "), hidden=True)
    if first is None:
        host.tell(_("Nothing was changed."))
        return
    if len(first) < limits.PASSPHRASE_CHARACTERS:
        count = limits.PASSPHRASE_CHARACTERS
        told = ngettext("Too short: use at least {n} character.", "Too short: use at least {n} characters.", count)
        host.tell(told.format(n=count))
        return
    if not await _strong_enough(host, first):
        host.tell(_("Nothing was changed."))
        return
    if await host.ask(_("Once more, to be sure: "), hidden=True) != first:
        host.tell(_("The two are not the same. Nothing was changed."))
        return
    chosen = first
    text = _("Sealing the vault with the new passphrase…")
    await host.busy(text, lambda _progress: host.vault.change_passphrase(chosen))
    command, text = called(host, "stick"), _("Writing the stick…")
    followed = await host.busy(text, lambda progress: sticks.follow_unlocking(host.vault, progress, command))
    host.tell(" ".join([_("The new passphrase holds from now on; the old one opens nothing any more."), *followed[0]]))


async def _strong_enough(host: Host, chosen: str) -> bool:
    """Whether a passphrase is hard to guess, or the coach takes it all the same."""
    from cli.strength import strength

    found = await host.busy(_("One moment…"), lambda _progress: strength(chosen))
    if found.level > _WEAK:
        return True
    told = _("This passphrase is {how}. {tip} Take it all the same?")
    return await host.confirm(told.format(how=found.verdict, tip=found.tip))


# -- how the vault behaves


async def settings(host: Host, _rest: list[str]) -> None:
    vault = host.vault
    minutes = vault.idle_minutes
    pairs = [
        (called(host, "period"), _("new notes are kept for {time}").format(time=_time(vault.keep_default))),
        (called(host, "idle"), ngettext("locks after {n} minute", "locks after {n} minutes", minutes)),
        (called(host, "guard"), policy_text(vault.guard_policy)),
        (called(host, "allowed"), _words(len(vault.allowed_words()))),
    ]
    wide = max(len(name) for name, _text in pairs)
    host.answer(
        [
            Line(_("Settings of this vault; each word changes its own"), "class:head"),
            Line(),
            *(Line(f"  {name:<{wide}}  {text.format(n=minutes)}") for name, text in pairs),
        ]
    )


def _time(period: Period) -> str:
    return say.quantity(period.length, period.unit)


def _words(count: int) -> str:
    return ngettext("{n} word is never marked", "{n} words are never marked", count).format(n=count)


def policy_text(policy: str) -> str:
    """What the guard does, in words."""
    texts = {
        "ask": _("asks about every name and date before a note is stored"),
        "redact": _("replaces names and dates by neutral words"),
        "refuse": _("stores no note that holds a name or a date"),
        "off": _("is off"),
    }
    return f"{policy}: {texts[policy]}"


async def period(host: Host, rest: list[str]) -> None:
    typed = rest[0] if rest else await host.ask(_("Keep new notes for (such as 90d, 6m, 1y): "))
    if not typed:
        host.tell(_("Nothing was changed."))
        return
    host.vault.set_keep_default(period_of(host, typed))
    host.changed()
    host.tell(_("New notes are kept for {time}.").format(time=_time(host.vault.keep_default)))


async def idle(host: Host, rest: list[str]) -> None:
    typed = rest[0] if rest else await host.ask(_("Lock after how many minutes without a key (1 to 120): "))
    if not typed or not (typed.isascii() and typed.isdigit()) or len(typed) > 3:
        host.tell(_("Nothing was changed."))
        return
    host.vault.set_idle_minutes(int(typed))
    host.changed()
    minutes = host.vault.idle_minutes
    told = ngettext("The vault locks after {n} minute.", "The vault locks after {n} minutes.", minutes)
    host.tell(told.format(n=minutes))


async def guard(host: Host, rest: list[str]) -> None:
    from vault.service import GUARD_POLICIES

    if not rest:
        lines = [Line(_("The privacy guard now: {what}").format(what=policy_text(host.vault.guard_policy))), Line()]
        lines += [Line(f"  {called(host, 'guard')} {policy_text(policy)}") for policy in GUARD_POLICIES]
        host.answer(lines)
        return
    if rest[0].lower() not in GUARD_POLICIES:
        usage(host, "guard")
        return
    host.vault.set_guard_policy(rest[0].lower())
    host.tell(_("The privacy guard now: {what}").format(what=policy_text(host.vault.guard_policy)))


async def allowed(host: Host, _rest: list[str]) -> None:
    words = host.vault.allowed_words()
    if not words:
        host.tell(_("No word is allowed yet. While you write, Ctrl-G and then a allows one for ever."))
        return
    host.answer([Line(_("Never marked in this vault"), "class:head"), Line(), *(Line(f"  {word}") for word in words)])


async def forbid(host: Host, rest: list[str]) -> None:
    if not rest:
        usage(host, "forbid")
        return
    before = len(host.vault.allowed_words())
    host.vault.forget_allowed([" ".join(rest)])
    if len(host.vault.allowed_words()) == before:
        host.tell(_("That word was not allowed. Nothing was changed."))
    else:
        host.tell(_("It is marked again from now on."))
