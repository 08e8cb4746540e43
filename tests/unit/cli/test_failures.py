"""Every error has its exit code and its sentence, and no sentence gives anything away."""

import errno
import re
from pathlib import Path

import pytest

from cli import failures
from cli.failures import TABLE, Refused, explain
from vault import errors


def every(of: type[errors.VaultError] = errors.VaultError) -> list[type[errors.VaultError]]:
    return [of, *(found for child in of.__subclasses__() for found in every(child))]


SPECIAL: dict[type[errors.VaultError], list[errors.VaultError]] = {
    errors.WordNotUnderstood: [errors.WordNotUnderstood(3)],
    errors.ClaimLength: [errors.ClaimLength(7)],
    errors.TargetFailed: [errors.TargetFailed(), errors.TargetFailed(full=True), errors.TargetFailed(read_only=True)],
    errors.ExportNeeds: [errors.ExportNeeds("pdf")],
    errors.ClockUnsure: [errors.ClockUnsure(7)],
    errors.StorageFailed: [
        errors.StorageFailed(),
        errors.StorageFailed(full=True),
        errors.StorageFailed(read_only=True),
    ],
}
ALL = [error for kind in every() for error in SPECIAL.get(kind, []) or [kind()]]


@pytest.mark.parametrize("kind", every(), ids=lambda kind: kind.__name__)
def test_every_error_of_the_core_has_its_own_row(kind: type[errors.VaultError]) -> None:
    assert kind in TABLE


def test_no_row_is_left_over() -> None:
    assert set(TABLE) == set(every())


@pytest.mark.parametrize("error", ALL, ids=repr)
def test_every_error_is_told_in_one_whole_sentence(error: errors.VaultError) -> None:
    _, kind, sentence = explain(error)
    assert kind == type(error).__name__
    assert sentence
    assert "{" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.WrongSecret(), 3),
        (errors.ClockUnsure(3), 3),
        (errors.KeepLonger(), 3),
        (failures.no_way_to_ask(), 3),
        (failures.not_confirmed(""), 3),
        (errors.NoteNotFound(), 4),
        (errors.HandleAmbiguous(), 4),
        (errors.HandleMalformed(), 4),
        (errors.VaultDamaged(), 6),
        (errors.RolledBack(), 6),
        (errors.AnchorMissing(), 6),
        (errors.ResidueLeft(), 9),
        (errors.VaultBusy(), 10),
        (errors.NoVault(), 11),
        (errors.VaultExists(), 11),
        (errors.StorageFailed(), 12),
        (errors.MemoryRefused(), 12),
        (MemoryError(), 12),
        (OSError(errno.ENOSPC, "x"), 12),
        (errors.NoteEmpty(), 2),
        (errors.NoteTooLong(), 2),
        (errors.NoteNotText(), 2),
        (errors.PeriodMalformed(), 2),
        (errors.PeriodTooShort(), 2),
        (errors.PassphraseTooShort(), 2),
        (errors.AllowedTooMany(), 2),
        (errors.AllowedRefused(), 2),
        (errors.TemplatesTooMany(), 2),
        (errors.TemplateRefused(), 2),
        (errors.PolicyUnknown(), 2),
        (ValueError("x"), 1),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 141),
    ],
    ids=repr,
)
def test_exit_codes_are_those_of_the_contract(error: BaseException, code: int) -> None:
    assert explain(error)[0] == code


def test_every_kind_of_damage_exits_alike_and_says_what_was_noticed() -> None:
    damage = every(errors.VaultDamaged)
    assert {explain(kind())[0] for kind in damage} == {6}
    assert len({explain(kind())[2] for kind in damage}) == len(damage)


def test_a_bug_is_told_without_its_content() -> None:
    code, kind, sentence = explain(RuntimeError("de tekst van een notitie"))
    assert (code, kind) == (1, "RuntimeError")
    assert "notitie" not in sentence
    assert "RuntimeError" in sentence


def test_interruption_and_a_broken_pipe_are_silent() -> None:
    assert explain(KeyboardInterrupt())[2] == explain(BrokenPipeError())[2] == ""


def test_what_cli_refuses_is_told_as_it_says() -> None:
    assert explain(Refused(2, "Kind", "A sentence.")) == (2, "Kind", "A sentence.")


def test_full_and_read_only_disks_are_told_apart() -> None:
    sentences = {explain(error)[2] for error in SPECIAL[errors.StorageFailed]}
    assert len(sentences) == 3


def test_json_documentation_names_every_kind_of_error() -> None:
    text = (Path(__file__).parents[3] / "docs" / "cli-json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(\w+)`", text))
    assert {kind.__name__ for kind in every()} <= documented
