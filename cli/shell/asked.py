"""What the first run asks, one function for each step: the words, the choices, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import AnyContainer, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from cli import words as say
from cli.ask import checked
from cli.failures import Refused
from cli.i18n import _, ngettext
from cli.kit import sheet
from cli.shell.steps import BACK, Choice, Choosing, Telling, Typing, Working, gap, paragraph
from cli.strength import HIGHEST, Strength, strength
from vault import expiry, limits, service
from vault.expiry import moment
from vault.months import Period

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.steps import Step
    from vault.service import Clock

NEW, JOINS, RESTORES = object(), object(), object()
"""A vault of one's own, what another device has, or what a recovery stick has."""
TAKEN, OTHERS, OWN = object(), object(), object()
"""What can be done with generated words."""
POLICIES = ("ask", "redact", "refuse", "off")
_PERIODS = (Period(3, "m"), Period(6, "m"), Period(1, "y"), Period(2, "y"))
_HALF_A_YEAR = 1
_BAR = 20
"""Columns of the strength bar."""
_TRIES = 3
"""Wrong codes after which the code is shown again."""
_WEAK = 1
"""The highest level that is asked about once."""


def read_lists() -> None:
    """Reads what judging a passphrase and the guard's example need: a fifth of a second, in any thread."""
    strength("lijsten")


def _title(name: str) -> Callable[[], str]:
    return lambda: f"Ongemerkt · {name}"


def welcome(chosen: object) -> Step:
    """What this is and what it is not: NEW, JOINS or RESTORES; the one that was chosen before is marked."""
    told = [
        _("Ongemerkt keeps the notes of your talks in a vault on this computer: without names, without dates."),
        _("It is no file on your clients and no archive: every note is destroyed when its time is up."),
        _("Nobody else can open the vault. Nobody can open it for you either, if you lose passphrase and paper."),
        _("You make your vault in two minutes. Take pen and paper."),
    ]
    rows: list[AnyContainer] = []
    for text in told:
        rows += [paragraph(lambda text=text: text), gap()]  # type: ignore[misc]
    choices = [
        Choice(NEW, _("Make a new vault")),
        Choice(JOINS, _("I have a vault on another device already")),
        Choice(RESTORES, _("I have a recovery stick")),
    ]
    first = [choice.answer for choice in choices].index(chosen)
    return Choosing(_title(_("your vault")), rows, choices, first=first, back=False)


def pairing() -> Step:
    """The pairing code of another device (a sync.codes.Pairing), or BACK."""
    from cli.codes import read_pairing

    def accept(text: str) -> object:
        try:
            return read_pairing(text)
        except Refused as refused:
            step.tell(refused.sentence)
            return None

    told = [
        _("On the device that has your vault, type: ongemerkt device add"),
        _("It shows a code of about 20 groups of five letters. Type it here; the dashes need not be typed."),
    ]
    rows: list[AnyContainer] = []
    for text in told:
        rows += [paragraph(lambda text=text: text), gap()]  # type: ignore[misc]
    step = Typing(_title(_("another device")), rows, _("Code: "), accept, hidden=False)
    return step


# -- the passphrase


def generated(words: Sequence[str]) -> Step:
    """Words drawn for the coach. TAKEN, OTHERS, OWN or BACK."""
    rows = [
        paragraph(lambda: _("With these words you open your vault. Write them down.")),
        gap(),
        paragraph(lambda: "    " + " ".join(words), "class:head"),
        gap(),
        paragraph(lambda: _bar(HIGHEST, 1.0, strength(" ".join(words)).verdict)),
        gap(),
    ]
    choices = [
        Choice(TAKEN, _("Take these words")),
        Choice(OTHERS, _("Other words")),
        Choice(OWN, _("Think of a passphrase myself")),
    ]
    return Choosing(_title(_("passphrase")), rows, choices)


def _bar(level: int, share: float, verdict: str) -> str:
    filled = max(min(round(share * _BAR), _BAR), min(level, 1))
    return _("Strength: {bar} {verdict}").format(bar="█" * filled + "░" * (_BAR - filled), verdict=verdict)


def own_passphrase() -> Step:
    """A passphrase of the coach's own, or BACK."""
    judged: list[Strength | None] = [None]
    warned = [""]

    def changed(text: str) -> None:
        judged[0] = strength(text) if text else None

    def accept(text: str) -> str | None:
        wrong = _unusable(text)
        if not wrong and strength(text).level <= _WEAK and warned[0] != text:
            warned[0] = text
            wrong = _("This one is {verdict}. Enter takes it all the same; or make it longer.").format(
                verdict=strength(text).verdict
            )
        if wrong:
            step.tell(wrong)
        return None if wrong else text

    def bar() -> str:
        found = judged[0]
        return _bar(found.level, found.guesses / 15, found.verdict) if found else _bar(0, 0, "")

    rows = [
        paragraph(lambda: _("Take four or more words that do not belong together. You type it once more after this.")),
        gap(),
    ]
    under = [gap(), paragraph(bar), gap(), paragraph(lambda: judged[0].tip if judged[0] else "")]
    step = Typing(_title(_("passphrase")), rows, _("Passphrase: "), accept, under=under, changed=changed)
    return step


def _unusable(text: str) -> str:
    """What keeps this from being a passphrase at all."""
    count = limits.PASSPHRASE_CHARACTERS
    if len(text) < count:
        return ngettext(
            "Too short: use at least {n} character.", "Too short: use at least {n} characters.", count
        ).format(n=count)
    try:
        checked(text)
    except Refused as refused:
        return refused.sentence
    return ""


def once_more(passphrase: str, words: Sequence[str]) -> Step:
    """The passphrase again: `words` are those that were generated. True or BACK."""

    def accept(text: str) -> bool | None:
        if text == passphrase:
            return True
        if words:
            # what was typed stays: one letter is soon put right
            step.tell(_differs(text, words))
        else:
            step.again(_("That is not the same. Try again, or go back with Esc."))
        return None

    told = (
        _("Type the words once more, from your paper: small letters, a space between them.")
        if words
        else _("Type it once more, to be sure.")
    )
    step = Typing(_title(_("passphrase")), [paragraph(lambda: told), gap()], _("Once more: "), accept)
    return step


def _differs(text: str, words: Sequence[str]) -> str:
    typed = text.split()
    if len(typed) != len(words):
        return ngettext(
            "There is {n} word. Type all of them, or look again with Esc.",
            "There are {n} words. Type all of them, or look again with Esc.",
            len(words),
        ).format(n=len(words))
    place = next((at for at, pair in enumerate(zip(typed, words, strict=True), 1) if pair[0] != pair[1]), 0)
    if not place:
        return _("Put one space between the words, and nothing else.")
    return _("Word {place} is not the same. Try again, or look again with Esc.").format(place=place)


# -- the recovery code


def code_shown(code: str) -> Step:
    """The sheet to copy by hand."""
    rows = [paragraph(lambda: sheet(code, from_file=False)), paragraph(lambda: _("Write the code down."))]
    return Telling(_title(_("recovery code")), rows, _("it is on paper"))


def code_tested(code: str) -> Step:
    """The code typed from paper. True or BACK; after three wrong ones BACK by itself."""
    left = [_TRIES]

    def accept(text: str) -> object:
        if service.same_recovery_code(text, code):
            return True
        left[0] -= 1
        step.tell(_("That is not the code. Look at your paper once more."))
        return None if left[0] else BACK

    rows = [
        paragraph(lambda: _("Type the code from your paper. So you know that you can read it back.")),
        gap(),
    ]
    step = Typing(_title(_("recovery code")), rows, _("The code from your paper: "), accept, hidden=False)
    return step


# -- settings


def keep(clock: Clock, chosen: Period | None) -> Step:
    """How long notes stay: a Period or BACK."""
    today = moment(clock(), limits.RELEASE_MONTH, False).today
    labels = (_("3 months"), _("half a year"), _("a year"), _("two years"))
    choices = [
        Choice(period, label, say.kept(expiry.span(today, period), period))
        for period, label in zip(_PERIODS, labels, strict=True)
    ]
    rows = [
        paragraph(lambda: _("How long do you need a note after you wrote it?")),
        gap(),
        paragraph(
            lambda: _("After that it is destroyed by itself, for good. You can choose another time for each note.")
        ),
        gap(),
    ]
    first = _PERIODS.index(chosen) if chosen in _PERIODS else _HALF_A_YEAR
    return Choosing(_title(_("how long notes stay")), rows, choices, first=first)


def example() -> str:
    """A sentence as a coach might write it, with a name and a date."""
    return _("Since 3 March Fatima wants to say no more often to her boss.")


def guard(chosen: str) -> Step:
    """What the privacy guard does: one of POLICIES, or BACK."""
    from vault.guard import load, redact, scan

    text = example()
    finds = scan(text, load())
    marked: StyleAndTextTuples = []
    at = 0
    for find in finds:
        # the marks are there for who sees no colour
        marked += [("", text[at : find.start]), ("class:guard", f"«{find.text}»")]
        at = find.end
    marked.append(("", text[at:]))
    rows = [
        paragraph(lambda: _("The privacy guard reads along and finds names, dates and the like. If you write:")),
        gap(),
        Window(FormattedTextControl([("", "  "), *marked]), wrap_lines=True, dont_extend_height=True),
        gap(),
        paragraph(lambda: _("it makes of it:")),
        gap(),
        paragraph(lambda: "  " + redact(text, finds)),
        gap(),
    ]
    labels = (
        (_("Ask me at each find"), _("You see what it found and decide. You can let a word be, for once or for ever.")),
        (_("Replace at once"), _("It replaces what it finds when you save, without asking.")),
        (_("Refuse the note"), _("A note is only saved when nothing is found in it any more.")),
        (_("Do not read along"), _("Nothing is looked for. You see to it yourself that nobody can be recognised.")),
    )
    choices = [Choice(policy, *label) for policy, label in zip(POLICIES, labels, strict=True)]
    return Choosing(_title(_("privacy guard")), rows, choices, first=POLICIES.index(chosen))


# -- making it


def working(joins: bool) -> Working:
    """While the vault is being made."""
    told = (
        _("Making your vault, and fetching your notes from the server.")
        if joins
        else _("Making your vault. A guess at your passphrase takes as long as this: that is what keeps it safe.")
    )
    return Working(_title(_("your vault")), [paragraph(lambda: told)])


def clock_unsure(months_ahead: int) -> Step:
    """A clock far ahead: True, or BACK when it has to be set right first."""
    from cli.clockcheck import question

    choices = [Choice(BACK, _("No, I will set the clock right")), Choice(True, _("Yes, the date is right"))]
    return Choosing(_title(_("clock")), [paragraph(lambda: question(months_ahead)), gap()], choices)


def not_made(why: str) -> Step:
    """The vault could not be made: True to try again, or BACK."""
    rows = [paragraph(lambda: _("Your vault could not be made. {why}").format(why=why)), gap()]
    return Choosing(_title(_("your vault")), rows, [Choice(True, _("Try again"))])


def done(opens: bool, unfilled: str = "") -> Step:
    """What to do now. `opens`: Enter opens the vault. `unfilled`: why the notes of another device are not here yet."""
    told = [
        _("Your vault is made. Put the paper where you keep your passport."),
        *(
            [_("Your notes are not here yet. {why} Then: ongemerkt sync --once").format(why=unfilled)]
            if unfilled
            else []
        ),
        _("After a talk: open the vault with 'ongemerkt', press Ctrl-N and write what you want to remember."),
        _("Leave names and dates out. Ctrl-L locks at once, ? shows every key."),
    ]
    rows: list[AnyContainer] = []
    for text in told:
        rows += [paragraph(lambda text=text: text), gap()]  # type: ignore[misc]
    return Telling(_title(_("ready")), rows, _("open the vault") if opens else _("ready"), back=False)
