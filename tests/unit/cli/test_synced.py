"""What a coach is told of the server and the other devices: plain, true, and the same in both languages."""

from collections.abc import Iterator

import pytest

from cli import i18n, synced, words
from cli.syncing import Place, look
from sync.errors import CountryUnknown, ServerAbroad
from vault.service.session import Report
from vault.service.syncing import Server, SyncDevice, SyncStatus

NOVEMBER = 26 * 12 + 10
SERVER = Server("https://notities.voorbeeld.nl", bytes(32), bytes(32), "nl")
OWN = SyncDevice(bytes(8), "laptop", True, True, 0, False, True)
STUDIO = SyncDevice(b"s" * 8, "studio", False, True, 0, False, True)


@pytest.fixture
def dutch() -> Iterator[None]:
    i18n.install("nl")
    yield
    i18n.install("en")


def status(*devices: SyncDevice, version: int = 3, month: int = NOVEMBER, unsynced: int | None = 0) -> SyncStatus:
    return SyncStatus(SERVER, (OWN, *devices), version, month, bytes(16), unsynced, (), 256, False)


def test_the_status_line_tells_where_the_notes_are_and_who_is_behind(dutch: None) -> None:
    assert synced.places_line(status(version=0), NOVEMBER) == "hier; nog niet op de server"
    assert synced.places_line(status(STUDIO), NOVEMBER) == "hier en op de server (november)"
    assert synced.places_line(status(unsynced=2), NOVEMBER) == "hier; nog niet alles op de server (november)"
    behind = STUDIO._replace(behind=True)
    assert synced.places_line(status(behind), NOVEMBER) == "hier en op de server (november); studio loopt achter"
    told = synced.places_line(status(behind, behind._replace(name="tablet")), NOVEMBER)
    assert told == "hier en op de server (november); 2 apparaten lopen achter"


def test_a_device_that_was_taken_out_is_not_behind() -> None:
    gone = STUDIO._replace(active=False, behind=True)
    assert synced.places_line(status(gone), NOVEMBER) == "here and on the server (November)"
    assert synced.device_line(gone) == "does not take part any more"


def test_a_month_of_another_year_is_told_with_its_year(dutch: None) -> None:
    assert synced.places_line(status(), NOVEMBER + 12) == "hier en op de server (november 2026)"
    assert words.month(0) == "januari 2000"
    assert synced.month_text(NOVEMBER) == "2026-11"


def test_where_the_server_stands_is_told_with_the_data_and_their_age(dutch: None) -> None:
    assert synced.where(Place("loopback")) == "op deze computer zelf"
    assert synced.where(Place("private")).startswith("in je eigen netwerk")
    place = Place("country", ("NL",), "DB-IP", NOVEMBER - 5)
    assert synced.where(place) == "in Nederland, volgens DB-IP van juni 2026"
    place = Place("country", ("NL", "DE", None), "DB-IP", NOVEMBER - 5)
    assert synced.where(place) == "in Nederland, Duitsland en een onbekend land, volgens DB-IP van juni 2026"


def test_the_country_of_a_server_is_known_without_asking_it() -> None:
    # literal addresses: nothing is asked of any network
    with pytest.raises(ServerAbroad):
        look("https://8.8.8.8", "nl", NOVEMBER)
    place = look("https://8.8.8.8", "any", NOVEMBER)
    assert place.kind == "country"
    assert place.countries == ("US",)
    assert place.data
    assert place.data_month > 0
    assert look("https://192.168.1.4", "nl", NOVEMBER) == Place("private")
    with pytest.raises(CountryUnknown):
        look("https://192.0.2.1", "any", NOVEMBER)


def test_everything_that_a_session_did_is_told_and_nothing_else(dutch: None) -> None:
    assert synced.report_lines(Report()) == ["Er was niets nieuws."]
    assert synced.report_lines(Report(sent=True)) == ["De server heeft alles."]
    report = Report(
        received=2,
        destroyed=1,
        lost_edits=("bofali",),
        renamed=(("kitosu", "marijo"),),
        twins=(("bakemo", "dorali"),),
        waiting=("laptop", "studio"),
        sent=True,
    )
    assert synced.report_lines(report) == [
        "2 notities zijn nieuw of gewijzigd, van andere apparaten.",
        "1 notitie is ook hier vernietigd: dat was op een ander apparaat gedaan.",
        "Te laat gewijzigd: bofali was elders al vernietigd, en is weg.",
        "Op twee apparaten gewijzigd: bakemo en dorali. Alles is bewaard; vernietig wat je niet nodig hebt.",
        "kitosu heet voortaan marijo: een ander apparaat had dat kenmerk ook gegeven.",
    ]
    assert synced.waiting_line(report.waiting).endswith("laptop en studio doen dat bij hun volgende sessie.")


def test_a_device_is_told_as_it_is() -> None:
    assert synced.device_line(OWN) == "this device"
    assert synced.device_line(STUDIO) == "up to date"
    assert synced.device_line(STUDIO._replace(joined=False)) == "has not used its pairing code yet"
    late = STUDIO._replace(months_away=2, behind=True)
    assert synced.device_line(late) == "not seen for 2 months, has to destroy something yet"


def test_what_the_server_has_is_told_as_it_is() -> None:
    assert synced.server_line(status(version=0)) == "nothing yet"
    assert synced.server_line(status()) == "everything, sealed, as of November 2026"
    assert "something newer" in synced.server_line(status(unsynced=1))
