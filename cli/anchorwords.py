"""What is said of the anchor and of the TPM."""

from __future__ import annotations

from cli.i18n import N_, _

_TROUBLE = {
    "library": N_("the program lacks the library for it. Add that with: pip install 'ongemerkt[tpm]'"),
    "missing": N_("this computer has none, or it is switched off in the computer's setup."),
    "refused": N_("this user is not allowed to. Ask for membership of the group tss, and log in anew."),
    "busy": N_("something else is using it. Try again in a moment."),
    "owned": N_("it has an owner password, so it belongs to somebody else, such as an employer."),
    "locked": N_("it locked itself after too many wrong guesses by some program. That passes; try again later."),
    "full": N_("it has no room for another counter."),
    "failed": N_("it does not answer as it should. Restart the computer and try again."),
}
_NAMES = {
    "file": N_("a file, wiped as well as the disk allows"),
    "tpm": N_("the TPM: what is shredded is gone for good"),
}


def kind(name: str) -> str:
    """The kind of anchor in a few words, for `status`."""
    return _(_NAMES[name])


def trouble(reason: str) -> str:
    """Why the TPM can't be used: what follows a colon, and ends in a full stop or a command."""
    return _(_TROUBLE[reason])


def unreachable(reason: str) -> str:
    """The sentence for errors.TpmUnreachable."""
    return _("The TPM can't be used now, and nothing is lost by that: {why}").format(why=trouble(reason))


def strength(name: str) -> list[str]:
    """What this kind of anchor is worth, and what it is not."""
    if name == "tpm":
        return [
            _("The anchor is in the TPM, a chip in this computer."),
            _(
                "What is shredded or expired is gone for good: the TPM refuses every older copy of the vault,"
                " whoever has it and whatever the disk still keeps."
            ),
            _("A copy of the disk opens on no other computer, not even with the passphrase."),
            _("Both hold from the move on: a copy that somebody made before it still opens with the passphrase."),
            _("It does not protect against somebody who uses this computer and knows your passphrase."),
            _(
                "If this computer's mainboard dies or its TPM is cleared, this vault opens no more. Then your"
                " other places are the way back."
            ),
        ]
    return [
        _("The anchor is a file on this computer, outside the vault's folder."),
        _(
            "What is shredded or expired opens no more once the old anchor file is wiped. A flash disk (SSD) may"
            " keep an old copy of it for a while."
        ),
        _("Whoever copied the whole disk before, and learns the passphrase, opens what was in that copy."),
    ]
