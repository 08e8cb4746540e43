"""What the vault remembers for the guard and the editor: policy, allowed words, templates; all within bounds."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.vaults import Place
from vault import errors, limits
from vault.formats import settings
from vault.formats.settings import POLICIES
from vault.service import GUARD_POLICIES, Template, Vault


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def vault(place: Place) -> Vault:
    return place.create()


def epoch(vault: Vault) -> bytes:
    return vault._state.head.epoch


def test_a_new_vault_asks_and_allows_nothing(vault: Vault) -> None:
    assert (vault.guard_policy, vault.allowed_words(), vault.templates()) == ("ask", [], [])
    assert GUARD_POLICIES == POLICIES == ("ask", "redact", "refuse", "off")


@pytest.mark.parametrize("policy", GUARD_POLICIES)
def test_a_policy_is_kept(place: Place, policy: str) -> None:
    with place.create() as vault:
        vault.set_guard_policy(policy)
    with place.open() as vault:
        assert vault.guard_policy == policy
        with pytest.raises(errors.PolicyUnknown):
            vault.set_guard_policy("Ask")
        assert vault.guard_policy == policy


def test_allowed_words_are_kept_as_typed_and_compared_as_the_guard_does(place: Place) -> None:
    with place.create() as vault:
        assert vault.allow_words(["  Zoë \n", "de  Eik", "", " ", "zoe", "Inez"]) == 3
        assert vault.allow_words(["ZOE", "inez"]) == 0
    with place.open() as vault:
        assert vault.allowed_words() == ["de Eik", "Inez", "Zoë"]
        assert vault.forget_allowed(["ZOE", "wie dan ook"]) == 1
        assert vault.forget_allowed([]) == 0
        assert vault.allowed_words() == ["de Eik", "Inez"]


@pytest.mark.parametrize("word", ["x" * 101, "é" * 51, "a\x1bb", "a\x00b", "a\x9bb", "\ud800"])
def test_a_word_that_cannot_be_kept_leaves_the_others_out_too(vault: Vault, word: str) -> None:
    with pytest.raises(errors.AllowedRefused) as raised:
        vault.allow_words(["Inez", word])
    assert raised.value.__context__ is None
    assert vault.allowed_words() == []


def test_the_allowed_words_have_an_end(vault: Vault) -> None:
    vault.allow_words(f"{number:04}" for number in range(limits.ALLOWED_WORDS))
    with pytest.raises(errors.AllowedTooMany):
        vault.allow_words(["een te veel"])
    assert len(vault.allowed_words()) == limits.ALLOWED_WORDS
    assert vault.forget_allowed(vault.allowed_words()) == limits.ALLOWED_WORDS
    most = limits.ALLOWED_BYTES // (1 + limits.ALLOWED_WORD_BYTES)
    vault.allow_words(f"{number:03}".ljust(limits.ALLOWED_WORD_BYTES, "x") for number in range(most))
    with pytest.raises(errors.AllowedTooMany):
        vault.allow_words(["y" * limits.ALLOWED_WORD_BYTES])
    assert len(vault.allowed_words()) == most


def test_only_forgetting_turns_the_epoch(vault: Vault) -> None:
    first = epoch(vault)
    vault.allow_words(["Inez", "Bram"])
    vault.set_guard_policy("redact")
    vault.set_templates([Template("GROW", "Doel?")])
    vault.set_templates([Template("GROW", "Doel?"), Template("STARR", "Situatie?")])
    vault.forget_allowed(["Wout"])
    assert epoch(vault) == first
    vault.forget_allowed(["bram"])
    second = epoch(vault)
    vault.set_templates([Template("GROW", "Doel?")])
    third = epoch(vault)
    assert len({first, second, third}) == 3


def test_templates_are_kept_in_the_order_given(place: Place) -> None:
    given = [Template("STARR", "Situatie?\n\tTaak?"), Template("GROW", " Doel?\n")]
    with place.create() as vault:
        vault.set_templates([Template(" STARR ", given[0].text), given[1]])
    with place.open() as vault:
        assert vault.templates() == given
        vault.set_templates([])
        assert vault.templates() == []


@pytest.mark.parametrize(
    "template",
    [
        Template("", "tekst"),
        Template("naam", " \n"),
        Template("naam\nnaam", "tekst"),
        Template("n" * 81, "tekst"),
        Template("naam", "t" * 4001),
        Template("naam", "a\0b"),
        Template("naam", "\udc80"),
        Template("\udc80", "tekst"),
        Template("GROW", "een tweede van die naam"),
    ],
    ids=lambda template: repr(template)[:60],
)
def test_a_template_that_cannot_be_kept_changes_nothing(vault: Vault, template: Template) -> None:
    with pytest.raises(errors.TemplateRefused) as raised:
        vault.set_templates([Template("GROW", "Doel?"), template])
    assert raised.value.__context__ is None
    assert vault.templates() == []


def test_templates_have_an_end(vault: Vault) -> None:
    vault.set_templates([Template(f"{at}", "x") for at in range(limits.TEMPLATES)])
    for too_many in (
        [Template(f"{at}", "x") for at in range(limits.TEMPLATES + 1)],
        [Template(f"{at}", "x" * limits.TEMPLATE_BYTES) for at in range(4)],
    ):
        with pytest.raises(errors.TemplatesTooMany):
            vault.set_templates(too_many)
    assert len(vault.templates()) == limits.TEMPLATES


def test_settings_of_a_newer_program_are_told_as_such(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(settings, "VERSION", settings.VERSION + 1)
        place.create().close()
    with pytest.raises(errors.VersionUnknown):
        place.open()


def test_opening_a_vault_does_not_load_the_guard() -> None:
    code = "import vault.service.vault, sys; print([name for name in sys.modules if name.startswith('vault.guard')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
