"""Every statement that depends on a setting follows it: the real setting is changed in the real vault, and the paper
changes. And no paper leads to a client.

Seen to fail with each of the fields of `Facts` left at what a new vault has, one after the other (by hand).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import tpm as tpms
from tests.support.tpm import Tpm
from tests.support.vaults import Place, enrolled
from vault import errors
from vault.anchor.tpm import TpmAnchor
from vault.formats.enrolled import PAPER
from vault.formats.header import FIDO2, KEY_FILE, PASSPHRASE
from vault.formats.safety import STICK, Safety
from vault.formats.safety import Place as Stick
from vault.months import Period
from vault.service import Vault
from vault.service.change import commit
from vault.service.papers import (
    MD,
    PDF,
    Breach,
    Practice,
    Present,
    breaches,
    facts_document,
    form,
    notice,
    processing,
    requests,
    write,
)

NOBODY = Practice()
NOW = Present(29_900_000, lambda at: at)
LOST = Breach(1, 29_899_000, "Een laptop is kwijt.")


class Papers(NamedTuple):
    """Every paper as Markdown."""

    processing: str
    notice: str
    requests: str
    breaches: str
    form: str


def papers(vault: Vault, lang: str = "nl") -> Papers:
    facts = vault.facts()
    made = (
        processing(facts, NOBODY, lang),
        notice(facts, NOBODY, lang),
        requests(facts, NOBODY, lang),
        breaches(facts, NOBODY, [LOST], NOW, lang),
        form(facts, NOBODY, LOST, NOW, lang),
    )
    return Papers(*(write(each, MD).decode() for each in made))


@pytest.fixture
def place(tmp_path: Path, cheap: None) -> Place:
    return Place(tmp_path)


@pytest.fixture
def vault(place: Place) -> Iterator[Vault]:
    with place.create(keep="6m") as made:
        yield made


# -- what is done to the vault, and which sentence comes in the place of which


def _keep(vault: Vault) -> None:
    vault.set_keep_default(Period(2, "y"))


def _written(vault: Vault) -> None:
    vault.add("Iets.", Period(10, "y"))


def _server(vault: Vault) -> None:
    enrolled(vault, devices=(enrolled(vault).devices[0],))


def _devices(vault: Vault) -> None:
    enrolled(vault)


def _recovery(vault: Vault) -> None:
    own, other = enrolled(vault).devices
    enrolled(vault, devices=(own, other._replace(name=PAPER, version=0, month=0)))


def _eu(vault: Vault) -> None:
    enrolled(vault, country="eu")


def _anywhere(vault: Vault) -> None:
    enrolled(vault, country="any")


def _stick(vault: Vault) -> None:
    state = vault._state
    stick = Stick(os.urandom(16), STICK, 1, False, bytes(16), "/media/stick-van-de-coach")
    commit(state, settings=state.settings._replace(safety=Safety(os.urandom(16), places=(stick,))))


def _second_factor(kind: int) -> Callable[[Vault], None]:
    def change(vault: Vault) -> None:
        state = vault._state
        methods = tuple(
            method._replace(factor=kind, described=b"") if method.kind == PASSPHRASE else method
            for method in state.header.methods
        )
        # the header as it is read of a vault with a factor; how one is added is not this test's
        state.header = state.header._replace(methods=methods)

    return change


def _no_code(vault: Vault) -> None:
    state = vault._state
    methods = tuple(method for method in state.header.methods if method.kind == PASSPHRASE)
    state.header = state.header._replace(methods=methods)


@pytest.fixture
def tpm(tmp_path: Path) -> Iterator[Tpm]:
    yield from tpms.running(tmp_path / "tpm")


def _tpm(vault: Vault) -> None:
    assert vault.move_anchor("tpm")


def _dearer(vault: Vault) -> None:
    vault.change_passphrase("een heel andere wachtzin", "high")


CASES: dict[str, tuple[Callable[[Vault], None], str, str, str]] = {
    "keep, register": (_keep, "processing", "na ten hoogste 6 maanden", "na ten hoogste 2 jaar"),
    "keep, notice": (_keep, "notice", "bewaar ik ten hoogste 6 maanden", "bewaar ik ten hoogste 2 jaar"),
    "longest, register": (_written, "processing", "Op dit moment zijn er geen notities", "geen meer dan"),
    "longest, notice": (_written, "notice", "", "Sommige notities bewaar ik langer"),
    "cost": (_dearer, "processing", "64 KiB geheugen", "256 KiB geheugen"),
    "cost, lost": (_dearer, "breaches", "Argon2id 64 KiB", "Argon2id 256 KiB"),
    "cost, form": (_dearer, "form", "64 KiB", "256 KiB"),
    "key file": (
        _second_factor(KEY_FILE),
        "processing",
        "Geen: de wachtwoordzin alleen",
        "alleen samen met een sleutel",
    ),
    "key, notice": (_second_factor(FIDO2), "notice", "met mijn wachtwoordzin.", "daarbij een beveiligingssleutel"),
    "key, lost": (_second_factor(FIDO2), "breaches", "zonder de wachtwoordzin is", "Raakte ook de tweede factor weg"),
    "key, form": (_second_factor(FIDO2), "form", "64 KiB), of", "en een beveiligingssleutel"),
    "code": (_no_code, "processing", "Een herstelcode op papier", "Er is geen herstelcode"),
    "code, notice": (_no_code, "notice", "met een herstelcode", ""),
    "code, lost": (_no_code, "breaches", "Lag de herstelcode bij", ""),
    "code, form": (_no_code, "form", "een herstelcode op papier", ""),
    "anchor": (_tpm, "processing", "Een bestand buiten de kluis", "beveiligingschip van de computer"),
    "anchor, notice": (_tpm, "notice", "kunnen resten achterblijven", ""),
    "stick": (_stick, "processing", "1 computer. De sleutels staan op één plek", "1 computer en 1 herstelstick"),
    "other places, retention": (_stick, "processing", "", "Tot dan houden zij wat zij hadden"),
    "stick, notice": (_stick, "notice", "", "Op een herstelstick"),
    "backup": (Vault.allow_unattended_backups, "processing", "", "elke nacht een back-up, zonder sleutels"),
    "backup, notice": (Vault.allow_unattended_backups, "notice", "", "In een back-up zonder sleutels"),
    "stick, lost": (_stick, "breaches", "alleen op dit apparaat", "staan op 2 plekken"),
    "server, recipients": (_server, "processing", "er is geen server en geen verwerker", "art. 28, lid 3"),
    "server, host": (_server, "processing", "", "de server notities.voorbeeld.nl"),
    "server, retention": (_server, "processing", "", "zijn deel van de sleutels van die maand"),
    "server, sync": (_server, "processing", "Uit: niets verlaat", "Herstel uit de server staat uit"),
    "recovery": (_recovery, "processing", "Uit: niets verlaat", "wie het herstelpapier voor de server heeft"),
    "recovery is a place": (_recovery, "processing", "1 computer. De sleutels staan op één", "op 2 plekken"),
    "recovery, notice": (_recovery, "notice", "", "met een herstelpapier van de server halen"),
    "recovery, lost": (_recovery, "breaches", "alleen op dit apparaat", "Ging het herstelpapier voor de server mee"),
    "the paper is no computer": (_recovery, "notice", "Op mijn computer.", "Op mijn computer."),
    "server is no place": (_server, "breaches", "alleen op dit apparaat", "alleen op dit apparaat"),
    "server, notice": (_server, "notice", "er is geen server en geen bedrijf", "Die mag alleen in Nederland staan"),
    "server, promise": (_server, "notice", "", "als elke plek dat heeft bevestigd"),
    "transfer, nl": (_server, "processing", "Geen.\n", "alleen in Nederland mag staan"),
    "transfer, eu": (_eu, "processing", "Geen.\n", "alleen in de Europese Economische Ruimte mag staan"),
    "transfer, any": (_anywhere, "processing", "Geen.\n", "een adequaatheidsbesluit"),
    "transfer, notice": (_eu, "notice", "", "Die mag alleen in de Europese Economische Ruimte staan"),
    "transfer any, notice": (_anywhere, "notice", "", "Die kan buiten Europa staan"),
    "devices": (_devices, "processing", "1 computer. ", "2 computers en een server"),
    "devices, notice": (_devices, "notice", "Op mijn computer.", "Op mijn computers (2)"),
    "idle": (lambda vault: vault.set_idle_minutes(1), "processing", "na 10 minuten", "na 1 minuut"),
    "idle, lost": (lambda vault: vault.set_idle_minutes(25), "breaches", "na 10 minuten", "na 25 minuten"),
    "redact": (lambda vault: vault.set_guard_policy("redact"), "processing", "vraagt bij elke naam", "vervangt namen"),
    "refuse": (
        lambda vault: vault.set_guard_policy("refuse"),
        "processing",
        "vraagt bij elke naam",
        "houdt een tekst tegen",
    ),
    "off": (lambda vault: vault.set_guard_policy("off"), "processing", "leest mee", "De privacywacht staat uit"),
    "off, notice": (lambda vault: vault.set_guard_policy("off"), "notice", "leest mee", "Ik let er zelf op"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_changed_setting_changes_the_paper(vault: Vault, case: str, request: pytest.FixtureRequest) -> None:
    change, paper, before, after = CASES[case]
    if change is _tpm:
        folder = vault._paths.anchor(vault._state.vault_id)
        vault._state.anchor._all["tpm"] = TpmAnchor(folder, request.getfixturevalue("tpm").tcti)
    old = getattr(papers(vault), paper)
    english = getattr(papers(vault, "en"), paper)
    change(vault)
    new = getattr(papers(vault), paper)
    assert before in old
    assert after in new
    if before != after:
        assert not before or before not in new
        assert not after or after not in old
        # the other language says it as well
        assert getattr(papers(vault, "en"), paper) != english


def test_requests_are_counted_by_month(vault: Vault) -> None:
    assert "Er zijn geen verzoeken geteld" in papers(vault).requests
    for _ in range(2):
        vault.shred_for_client([vault.add("Weg.").handle], claimed=True)
    assert "| 2026-11 | 0 | 2 |" in papers(vault).requests
    assert "geen verzoeken geteld" not in papers(vault).requests


def test_the_longest_time_left_is_told_in_half_years_only(vault: Vault) -> None:
    assert vault.facts().longest == 0
    for months in range(2, 25):
        handle = vault.add("Iets.", Period(months, "m")).handle
        left = vault.months_left()[handle]
        longest = vault.facts().longest
        assert longest % 6 == 0
        assert left < longest <= left + 6
        vault.shred([handle])


def test_what_is_said_of_the_practice_is_on_the_paper_or_a_line_to_write_on(vault: Vault) -> None:
    facts = vault.facts()
    for make in (processing, notice, requests):
        empty = write(make(facts, NOBODY, "nl"), MD).decode()
        filled = write(make(facts, Practice("Praktijk Wilg", "wilg@voorbeeld.nl"), "nl"), MD).decode()
        assert "**Naam van de praktijk:** …" in empty
        assert "(zelf invullen)" in empty
        assert "**Naam van de praktijk:** Praktijk Wilg\n" in filled
        assert "wilg@voorbeeld.nl" in filled


# -- nothing that leads to a client

CANARIES = ("kanarietekst", "Kanariealias", "kanariewoord", "Kanariesjabloon")


def _with_clients(vault: Vault) -> None:
    vault.open_engagement("Kanariealias", False, None)
    vault.add("kanarietekst", engagement="Kanariealias")
    vault.allow_words(["kanariewoord"])


def _all_of(vault: Vault) -> str:
    facts = vault.facts()
    return "\n".join([*papers(vault), *papers(vault, "en"), str(facts), str(facts_document(facts))])


def _leaks(text: str) -> list[str]:
    return [canary for canary in (*CANARIES, "stick-van-de-coach", "apparaat 0") if canary.lower() in text.lower()]


def test_no_paper_holds_a_text_an_alias_a_handle_or_a_name_of_a_device(vault: Vault) -> None:
    _with_clients(vault)
    _devices(vault)
    _stick(vault)
    said = _all_of(vault)
    assert _leaks(said) == []
    assert not any(handle in said for handle in vault.handles())


def test_the_look_for_canaries_finds_one() -> None:
    assert _leaks("met Kanariealias") == ["Kanariealias"]


def test_two_vaults_with_other_clients_and_the_same_settings_make_the_same_papers(tmp_path: Path, cheap: None) -> None:
    made = []
    for name, count in (("een", 1), ("twee", 30)):
        with Place(tmp_path / name).create(keep="6m") as vault:
            for number in range(count):
                vault.add(f"Tekst {number} van {name}.")
            if count > 1:
                vault.open_engagement("Kanariealias", True, None)
            made.append(_all_of(vault))
    assert made[0] == made[1]


def test_the_same_facts_make_the_same_bytes(vault: Vault) -> None:
    for make in (processing, notice, requests):
        for kind in (MD, PDF):
            assert write(make(vault.facts(), NOBODY, "nl"), kind) == write(make(vault.facts(), NOBODY, "nl"), kind)


def test_a_closed_vault_has_no_facts(place: Place) -> None:
    vault = place.create()
    vault.close()
    with pytest.raises(errors.VaultLocked):
        vault.facts()
