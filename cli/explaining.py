"""What is said of an error: its line in the table, with what the error itself knows."""

from __future__ import annotations

from cli.failures import (
    BROKEN_PIPE,
    BUG,
    INTERRUPTED,
    TABLE,
    USAGE,
    Refused,
)
from cli.i18n import _, ngettext
from vault import errors, limits

_PARTS = ("nacl", "argon2", "sqlcipher3", "prompt_toolkit", "zxcvbn_rs_py", "segno", "cryptography", "pyrage")
"""What the coach's program needs installed, as it is imported."""


def _storage(error: errors.StorageFailed) -> str:
    if error.full:
        return _("The disk is full. Make room and try again.")
    if error.read_only:
        return _("The vault can only be read here: writing is not allowed.")
    return _("Reading or writing the disk failed.")


def _target(error: errors.TargetFailed) -> str:
    if error.full:
        return _("The disk for the new file is full. Choose another place, or make room.")
    if error.read_only:
        return _("The new file can't be written there: writing is not allowed. Choose another place.")
    return _("The new file can't be written there. Choose another place.")


def _place(error: errors.PlaceFailed) -> str:
    if error.full:
        return _("The stick is full. Make room on it, or take another one. Nothing is lost.")
    if error.read_only:
        return _("The stick can only be read: writing is not allowed. Nothing is lost.")
    return _("Reading or writing the stick failed. Was it pulled out? Put it in and do it once more.")


def clock_unsure(months_ahead: int) -> str:
    """The sentence for a clock that is months ahead of the last unlock."""
    return ngettext(
        "The clock is {n} month ahead of the last time. If that is right, confirm it with: ongemerkt expire",
        "The clock is {n} months ahead of the last time. If that is right, confirm it with: ongemerkt expire",
        months_ahead,
    ).format(n=months_ahead)


def explain(error: BaseException) -> tuple[int, str, str]:
    """Exit code, kind and sentence of any error. A sentence of "" means: say nothing."""
    kind = type(error).__name__
    if isinstance(error, Refused):
        return error.code, error.kind, error.sentence
    if isinstance(error, errors.VaultError):
        return _of_the_core(error, kind)
    if type(error).__module__ == "sync.errors":
        # told apart by its name, so that nothing of sync/ is loaded where no server is asked
        from cli import syncfailures

        code, sentence = syncfailures.explain(error)  # type: ignore[arg-type]
        return code, kind, sentence
    if isinstance(error, KeyboardInterrupt | BrokenPipeError):
        return (BROKEN_PIPE, "BrokenPipe", "") if isinstance(error, OSError) else (INTERRUPTED, "Interrupted", "")
    if isinstance(error, MemoryError):
        return _of_the_core(errors.MemoryRefused(), "MemoryRefused")
    if isinstance(error, OSError):
        return _of_the_core(_of_the_system(error), "StorageFailed")
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in _PARTS:
        sentence = _(
            "The program is not installed here with all it needs. Add that with: pip install 'ongemerkt[coach]'"
        )
        return USAGE, "NotInstalled", sentence
    sentence = _("Something went wrong that should not happen: a bug in ongemerkt ({kind}). Please report it.")
    return BUG, kind, sentence.format(kind=kind)


def _of_the_core(error: errors.VaultError, kind: str) -> tuple[int, str, str]:
    code, sentence = TABLE[next(found for found in type(error).__mro__ if found in TABLE)]
    return code, kind, _of_a_disk(error) or _of_itself(error, sentence)


def _of_a_disk(error: errors.VaultError) -> str:
    """The sentence of an error that says what is wrong with a disk, or the TPM; empty for any other."""
    if isinstance(error, errors.TpmUnreachable):
        from cli import anchorwords

        return anchorwords.unreachable(error.reason)
    if isinstance(error, errors.StorageFailed):
        return _storage(error)
    if isinstance(error, errors.PlaceFailed):
        return _place(error)
    return _target(error) if isinstance(error, errors.TargetFailed) else ""


def _of_itself(error: errors.VaultError, sentence: str) -> str:
    if isinstance(error, errors.ClockUnsure):
        return clock_unsure(error.months_ahead)
    if isinstance(error, errors.WordNotUnderstood):
        return _(sentence).format(place=error.place)
    if isinstance(error, errors.SecurityKeyFailed):
        from cli.factoring import told

        return told(error)
    if isinstance(error, errors.WrongSecret) and error.factor:
        return _("The passphrase or the second factor does not fit this vault.")
    if isinstance(error, errors.ExportNeeds):
        return _(sentence).format(extra=error.extra)
    return _(sentence).format(
        limit=limits.NOTE_BYTES >> 20,
        device=limits.DEVICE_NAME_BYTES,
        places=limits.PLACES,
        factors=limits.FACTORS,
        devices=limits.DEVICES,
        characters=limits.PASSPHRASE_CHARACTERS,
        allowed=limits.ALLOWED_WORD_BYTES,
        alias=limits.ALIAS_BYTES,
        words=limits.CLAIM_WORDS,
        template=limits.TEMPLATE_BYTES,
        answer=limits.BREACH_TEXT_BYTES,
    )


def _of_the_system(error: OSError) -> errors.StorageFailed:
    import errno

    return errors.StorageFailed(
        full=error.errno in (errno.ENOSPC, errno.EDQUOT), read_only=error.errno in (errno.EROFS, errno.EACCES)
    )
