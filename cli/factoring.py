"""Second factors at the terminal: where the key file is, touching the security key, its PIN, and what went wrong.

Loaded only where a vault takes a second factor, or gets one.
"""

from __future__ import annotations

import os

from cli import terminal
from cli.context import Wait
from cli.i18n import N_, _, ngettext
from cli.output import harmless, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.errors import SecurityKeyFailed

_TRIES = 3
"""How often somebody may say where the key file is."""
AGAIN = ("silent", "gone", "pin", "refused")
"""Reasons of SecurityKeyFailed that may not be there the next time."""

REASONS = {
    "absent": N_("No security key is plugged in."),
    "forbidden": N_(
        "A security key is plugged in, but you may not use it; over ssh you usually may not. As administrator put this"
        ' line into /etc/udev/rules.d/70-fido.rules, then plug it in anew: SUBSYSTEM=="hidraw",'
        ' ENV{ID_SECURITY_TOKEN}=="1", TAG+="uaccess"'
    ),
    "unknown": N_("The security key that is plugged in is not one of this vault's."),
    "several": N_("Several security keys are plugged in. Leave only the one that you mean."),
    "silent": N_("Nobody touched the security key in time."),
    "gone": N_("The security key went away meanwhile. Plug it in and try again."),
    "unable": N_("This security key can't do what is needed (hmac-secret of FIDO2). Take another one, or a key file."),
    "no-pin": N_("This security key wants a PIN and has none yet. Set one first with the maker's program."),
    "pin": N_("The PIN of the security key is not right."),
    "blocked": N_(
        "Too many wrong PINs: the security key is blocked. Plug it in anew; if it stays so, its maker says what can"
        " still be done. Your recovery code opens the vault without it."
    ),
    "changed": N_(
        "This security key was set to verify you always, or no longer, since it was added. Set it back, or open the"
        " vault with your recovery code and add the key anew."
    ),
    "refused": N_("The security key refused. Plug it in anew and try again."),
    "not-installed": N_("Security keys need more than is installed here. Add it with: pip install 'ongemerkt[coach]'"),
}


def told(error: SecurityKeyFailed) -> str:
    """What is said of it."""
    sentence = _(REASONS[error.reason])
    if error.reason == "pin" and error.left is not None:
        sentence += " " + ngettext("It may be tried {n} more time.", "It may be tried {n} more times.", error.left)
        sentence = sentence.format(n=error.left)
    return sentence


class AtTerminal:
    """Who has the factors: somebody at a terminal, or nobody who can be asked (a vault.service.Person)."""

    def __init__(self, given: str | None, *, still: bool) -> None:
        """`given`: the key file that an option or the environment names. `still`: as for Wait."""
        self._given = given
        self._asked: str | None = None
        self._default = ""
        self._pin: str | None = None
        self._still = still
        self._wait: Wait | None = None

    def key_file(self) -> str | None:
        """The one that was given, or that was asked for."""
        return self._asked or self._given

    def forget_file(self) -> None:
        """Asks anew, the next time, for a file that was asked for: it, or the passphrase, did not fit."""
        self._default, self._asked = self._asked or self._default, None

    def ask_key_file(self, *, or_key: bool) -> str | None:
        """A path that somebody typed; None where there is nobody."""
        prompt = _("Where is your key file?")
        if or_key:
            prompt += " " + _("(Or plug in your security key, and press Enter.)")
        elif self._default:
            prompt += f" [{harmless(self._default)}]"
        for _attempt in range(_TRIES):
            typed = self._line(prompt + " ")
            if typed is None:
                return None
            path = _path(typed) or ("" if or_key else self._default)
            if path and os.path.isfile(path):
                self._asked = path
                return path
            if or_key and not path:
                return ""
            tell(_("There is no file there."))
        return None

    def plug_in(self, reason: str) -> bool:
        """Asks for the key; whether somebody pressed Enter."""
        tell(_(REASONS[reason]))
        return self._line(_("Plug in your security key, and press Enter. ")) is not None

    def touch(self) -> None:
        """Says so, with something that moves; in a pipe in a line of its own."""
        import sys

        text = self.touch_text()
        if not sys.stderr.isatty():
            tell(text)
        self._wait = Wait(text, still=self._still)
        self._wait.begin()

    def touch_text(self) -> str:
        """What is said."""
        return _("Touch your security key now…")

    def touched(self) -> None:
        """Takes it away."""
        if self._wait is not None:
            self._wait.end()

    def pin(self, left: int | None) -> str | None:
        """Typed unseen; remembered until it turns out wrong."""
        if left is not None:
            self._pin = None
            tell(told(_wrong_pin(left)))
        if self._pin is None:
            try:
                with terminal.Terminal() as screen:
                    self._pin = screen.secret(_("PIN of your security key: "))
            except terminal.NoTerminal:
                return None
        return self._pin

    @staticmethod
    def _line(prompt: str) -> str | None:
        try:
            with terminal.Terminal() as screen:
                return screen.line(prompt)
        except terminal.NoTerminal:
            return None


class Adding(AtTerminal):
    """The same while a factor is added: a new security key is touched three times, and each time says why."""

    def __init__(self, given: str | None, *, still: bool) -> None:
        super().__init__(given, still=still)
        self._touches = 0

    def touch_text(self) -> str:
        """What is said."""
        self._touches += 1
        if self._touches == 1:
            return _("Touch the new security key now…")
        if self._touches == 2:
            return _("Touch it again: it makes its secret…")
        return _("And once more, to be sure that it gives the same…")


def _wrong_pin(left: int) -> SecurityKeyFailed:
    from vault.errors import SecurityKeyFailed

    return SecurityKeyFailed("pin", left)


def _path(typed: str) -> str:
    """A path as somebody types or drags it into a terminal."""
    typed = typed.strip()
    for sign in "'\"":
        if len(typed) > 1 and typed[0] == typed[-1] == sign:
            typed = typed[1:-1]
    return os.path.abspath(os.path.expanduser(typed)) if typed else ""
