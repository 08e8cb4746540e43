"""Every error has its exit code and its sentence, and no sentence gives anything away."""

import errno
import re
from pathlib import Path

import pytest

from cli import failures, syncfailures
from cli.failures import TABLE, Refused, explain
from sync import errors as sync_errors
from vault import errors


def every(of: type[errors.VaultError] = errors.VaultError) -> list[type[errors.VaultError]]:
    return [of, *(found for child in of.__subclasses__() for found in every(child))]


OF_SYNC = [
    found
    for found in vars(sync_errors).values()
    if isinstance(found, type) and issubclass(found, sync_errors.SyncError)
]


SPECIAL: dict[type[errors.VaultError], list[errors.VaultError]] = {
    errors.WordNotUnderstood: [errors.WordNotUnderstood(3)],
    errors.ClaimLength: [errors.ClaimLength(7)],
    errors.TargetFailed: [errors.TargetFailed(), errors.TargetFailed(full=True), errors.TargetFailed(read_only=True)],
    errors.ExportNeeds: [errors.ExportNeeds("pdf")],
    errors.ClockUnsure: [errors.ClockUnsure(7)],
    errors.TpmUnreachable: [errors.TpmUnreachable(reason) for reason in errors.TPM_REASONS],
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
        (errors.AnchorLost(), 6),
        (errors.AnchorSpent(), 6),
        (errors.TpmUnreachable("missing"), 12),
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


@pytest.mark.parametrize("kind", OF_SYNC, ids=lambda kind: kind.__name__)
def test_every_error_of_sync_has_its_own_row_and_is_told_in_one_paragraph(kind: type[sync_errors.SyncError]) -> None:
    assert kind in syncfailures.TABLE
    special: dict[type[sync_errors.SyncError], sync_errors.SyncError] = {
        sync_errors.ServerKeyChanged: sync_errors.ServerKeyChanged(bytes(32)),
        sync_errors.ServerAbroad: sync_errors.ServerAbroad("DE"),
        sync_errors.RequestRefused: sync_errors.RequestRefused("malformed"),
        sync_errors.DeviceRemoved: sync_errors.DeviceRemoved(bytes(1024)),
    }
    code, name, sentence = explain(special[kind] if kind in special else kind())
    assert name == kind.__name__
    assert code in (2, 4, 7, 8, 12)
    assert sentence
    assert not set("{}\n") & set(sentence)


def test_a_server_abroad_is_told_with_the_name_of_its_country() -> None:
    assert "stands in Germany" in explain(sync_errors.ServerAbroad("DE"))[2]
    assert "stands in XK" in explain(sync_errors.ServerAbroad("XK"))[2]


def test_old_data_about_countries_are_told_from_data_that_do_not_say() -> None:
    assert "too old" in explain(sync_errors.CountryUnknown(stale=True))[2]
    assert "too old" not in explain(sync_errors.CountryUnknown())[2]


def test_every_refusal_of_a_server_says_that_nothing_was_lost_here_and_what_to_do() -> None:
    for kind in every(errors.ServerMisbehaved):
        code, _name, sentence = explain(kind())
        assert code == 8
        assert re.search("nothing (here )?was changed|Nothing was changed|answer was refused", sentence), sentence
        assert re.search("[Aa]sk |Update|join anew|put a backup back", sentence), sentence


def test_every_kind_of_damage_exits_alike_and_says_what_was_noticed() -> None:
    damage = every(errors.VaultDamaged)
    assert {explain(kind())[0] for kind in damage} == {6}
    assert len({explain(kind())[2] for kind in damage}) == len(damage)


def test_every_way_in_which_a_server_misbehaves_exits_alike_and_says_what_was_noticed() -> None:
    wrong = every(errors.ServerMisbehaved)
    assert len(wrong) == 10
    assert {explain(kind())[0] for kind in wrong} == {8}
    assert len({explain(kind())[2] for kind in wrong}) == len(wrong)


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
    assert {kind.__name__ for kind in [*every(), *OF_SYNC]} <= documented
