"""The header, the version, the clock, the anchor; and what only the opened vault tells."""

import shutil
from typing import Any

import pytest

from tests.support.computer import Tree, checks, finding, machine
from tests.support.vaults import DAY, Place
from vault import limits
from vault.doctor import Finding, Machine, Opened, Server, examine, worst
from vault.formats import header as header_format
from vault.months import month_of

NOW = month_of(DAY)
OPENED = Opened(places=2, months_ahead=0, months_behind=0, anchor="file", server=None)


def changed(place: Place, at: int, value: bytes) -> None:
    raw = bytearray(place.header.read_bytes()[:-16])
    raw[at : at + len(value)] = value
    place.header.write_bytes(bytes(raw) + header_format._checksum(bytes(raw)))


def test_every_check_is_made_once_and_the_worst_stands_first(place: Place) -> None:
    found = examine(machine(place, opened=OPENED))
    assert sorted(each.id for each in found) == sorted(checks())
    order = ["serious", "warning", "info"]
    assert [each.severity for each in found] == sorted((each.severity for each in found), key=order.index)
    for each in found:
        assert each.state in {"found", "clear", "unchecked"}
        assert order.index(each.severity) >= order.index(checks()[each.id])


def test_without_a_vault_the_checks_that_need_one_say_so(place: Place) -> None:
    shutil.rmtree(place.data)
    reasons = {each.id: each.facts.get("reason") for each in examine(machine(place))}
    assert {check for check, reason in reasons.items() if reason == "vault"} == {
        *("header", "parameters", "cloud", "backup", "marks", "snapshots", "one-place", "anchor", "anchor-missing"),
        *("disk", "permissions", "network-disk", "no-permissions", "server-country"),
    }


def test_without_unlocking_only_places_and_country_are_left_open(place: Place) -> None:
    reasons = {each.id: each.facts.get("reason") for each in examine(machine(place))}
    assert {check for check, reason in reasons.items() if reason == "unlock"} == {"one-place", "server-country"}


def test_the_files_show_no_time_of_the_look(place: Place) -> None:
    # P2. Seen to fail when the times are not put back: reading a header shows as its last access.
    paths = (place.data, place.header, place.db, place.anchor, place.anchor.parent)
    examine(machine(place, opened=OPENED))
    for path in paths:
        assert (path.stat().st_mtime, path.stat().st_atime) == (946_684_800, 946_684_800), path


def test_what_is_told_holds_no_path_and_no_id_of_the_vault(place: Place) -> None:
    # Lesson 25.
    place.data.chmod(0o755)
    (place.state / ".stfolder").mkdir()
    told = str(examine(machine(place, opened=OPENED)))
    assert place.read_header().vault_id.hex() not in told
    assert str(place.data) not in told
    assert str(place.state) not in told


# -- header and version


def test_a_damaged_header_is_serious_and_stops_nothing_else(place: Place) -> None:
    place.header.write_bytes(place.header.read_bytes()[:-1] + b"!")
    on = machine(place)
    assert {each.id for each in examine(on)} == set(checks())
    assert finding("header", on).state == "found"
    assert worst(examine(on)) == "serious"
    assert finding("marks", on).facts == {"reason": "damaged"}
    assert finding("swap", on).state != "unchecked" or finding("swap", on).facts["reason"] != "damaged"


def test_parameters_that_no_program_of_ours_writes_are_serious(place: Place) -> None:
    # P12: the cost of the first method, in KiB
    changed(place, 16 + 1 + 16 + 32 + 1 + 16 + 2, (1).to_bytes(4, "big"))
    assert finding("header", machine(place)).state == "found"


def test_a_light_key_derivation_is_found_and_the_usual_one_is_not(place: Place) -> None:
    assert finding("parameters", machine(place)).state == "clear"
    with place.open() as vault:
        vault.change_passphrase("paard accu nietje anders", "high")
    assert finding("parameters", machine(place)).state == "clear"


def test_a_vault_made_in_haste_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    fast = Place(tmp_path_factory.mktemp("snel"))
    fast.create(cost="fast").close()
    found = finding("parameters", machine(fast))
    assert (found.state, found.severity) == ("found", "warning")


def test_a_vault_of_a_newer_version_is_serious(place: Place) -> None:
    raw = bytearray(place.header.read_bytes())
    raw[16] = 200
    place.header.write_bytes(bytes(raw))
    found = finding("version", machine(place))
    assert finding("header", machine(place)).state == "unchecked"
    assert (found.severity, found.facts["newer_vault"]) == ("serious", True)


@pytest.mark.parametrize(("age", "state"), [(0, "clear"), (12, "clear"), (13, "found")])
def test_a_version_older_than_a_year_is_found(place: Place, age: int, state: str) -> None:
    found = finding("version", machine(place, month=limits.RELEASE_MONTH + age))
    assert (found.state, found.facts["month"]) == (state, limits.RELEASE_MONTH)


# -- the clock


def test_a_clock_before_this_release_is_found(place: Place) -> None:
    found = finding("clock", machine(place, month=limits.RELEASE_MONTH - 3))
    assert (found.severity, found.facts) == ("warning", {"behind": 3, "ahead": 0})


def test_a_clock_far_ahead_is_found_by_the_opened_vault(place: Place) -> None:
    on = machine(place)
    assert finding("clock", on._replace(opened=OPENED)).state == "clear"
    assert finding("clock", on._replace(opened=OPENED._replace(months_ahead=5))).facts["ahead"] == 5
    assert finding("clock", on._replace(opened=OPENED._replace(months_behind=2))).facts["behind"] == 2


@pytest.mark.parametrize("name", [None, "run/systemd/timesync/synchronized", "run/chrony/chronyd.pid", "run/ntpd.pid"])
def test_a_clock_that_nothing_keeps_right_is_found(place: Place, tree: Tree, name: str | None) -> None:
    if name:
        tree.put(name, "")
    assert finding("clock-kept", machine(place, tree.root)).state == ("clear" if name else "found")


# -- anchor, places, server


def test_an_anchor_that_is_not_there_is_serious(place: Place) -> None:
    place.anchor.unlink()
    for name in ("CACHEDIR.TAG", ".nobackup"):
        (place.anchor.parent / name).unlink()
    assert finding("anchor", machine(place)).state == "unchecked"
    found = finding("anchor-missing", machine(place))
    assert (found.state, found.severity) == ("found", "serious")


def test_an_anchor_in_a_chip_is_nothing_to_mend(place: Place) -> None:
    found = finding("anchor", machine(place, opened=OPENED._replace(anchor="tpm")))
    assert (found.state, found.facts) == ("clear", {"kind": "tpm"})


def test_one_place_only_is_found(place: Place) -> None:
    on = machine(place, opened=OPENED._replace(places=1))
    assert finding("one-place", on).severity == "warning"
    assert finding("one-place", machine(place, opened=OPENED)).state == "clear"


def country(place: Place, **fields: Any) -> Finding:
    server = Server("nl", "country", ("NL",), allowed=True, data_month=NOW - 5)._replace(**fields)
    on: Machine = machine(place, opened=OPENED._replace(server=server))
    return finding("server-country", on)


def test_the_servers_country_is_told_with_the_age_of_the_data(place: Place) -> None:
    assert (country(place).state, country(place).severity) == ("found", "info")
    assert country(place).facts["data_month"] == NOW - 5
    assert country(place, rule="any").severity == "warning"
    assert country(place, data_month=NOW - 20).facts["stale"] is True
    assert country(place, data_month=NOW - 20).severity == "warning"
    assert country(place, kind="", countries=(), allowed=False).severity == "serious"
    # the network may be away
    assert country(place, kind="", countries=(), data_month=0).state == "unchecked"
    assert finding("server-country", machine(place, opened=OPENED)).state == "clear"
