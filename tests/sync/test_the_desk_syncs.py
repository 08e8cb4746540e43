"""The open vault syncs by itself, beside whoever works with it: nothing waits for it, and nothing is lost for it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from cli import i18n
from cli.shell.desk import Desk
from tests.support.coach import Coach, joined, place_in
from tests.support.playing import CTRL, Person, order, play
from tests.support.server import InThread, server_in_thread

EVENING = datetime.fromisoformat("2026-11-22T20:59")
"""Late enough: whatever moment was drawn for the day, it has come."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InThread]:
    with server_in_thread(tmp_path / "server") as running:
        yield running


@pytest.fixture
def devices(tmp_path: Path, server: InThread) -> Iterator[tuple[Coach, Coach]]:
    """Two devices of one account that have the same notes."""
    with Coach(place_in(tmp_path / "laptop")) as laptop:
        laptop.enrol(server.url, server.invite())
        laptop.add("Zegt vaak ‘moeten’.")
        laptop.add("Heeft rust nodig.")
        laptop.sync()
        with joined(place_in(tmp_path / "studio"), laptop.pairing_code("studio"), name="studio") as studio:
            studio.sync()
            laptop.sync()
            yield laptop, studio


def desk(coach: Coach) -> Desk:
    return Desk(coach.vault, "en", now=lambda: EVENING)


# Seen to fail, as the one about the thief, when the screen is not looked at again after a session.
def test_what_was_destroyed_elsewhere_leaves_the_screen_by_itself(devices: tuple[Coach, Coach]) -> None:
    laptop, studio = devices
    gone = next(note.handle for note in laptop.vault.notes() if "moeten" in note.text)
    laptop.vault.shred([gone])
    laptop.add("Nieuw van de laptop.")
    laptop.sync()

    async def scenario(coach: Person) -> None:
        await coach.sees("moeten")
        await coach.sees("Nieuw van de laptop.")
        assert "moeten" not in coach.seen()
        assert "1 note is destroyed here" in coach.seen().replace("\n", " ")
        assert "here and on the server (November)" in coach.seen()
        coach.presses(CTRL["q"])

    play(lambda: desk(studio), scenario)
    assert not studio.vault.is_time_to_sync(EVENING)


@contextmanager
def mute() -> Iterator[tuple[str, socket.socket]]:
    """The URL of something that takes connections and never says a word, and its socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield f"https://127.0.0.1:{listening.getsockname()[1]}", listening


# Seen to fail when requests are made in the main thread.
def test_who_types_while_a_server_says_nothing_loses_no_key_and_leaves_at_once(devices: tuple[Coach, Coach]) -> None:
    laptop, _studio = devices
    with mute() as (url, listening):
        laptop.vault.set_server(laptop.vault.server()._replace(url=url))
        heard: list[socket.socket] = []

        async def scenario(coach: Person) -> None:
            await coach.sees("moeten")
            line, _where = await asyncio.to_thread(listening.accept)
            heard.append(line)
            # the session waits for the server now
            assert await asyncio.to_thread(line.recv, 1)
            await coach.type(*"rust", until="1 of 2 notes")
            await coach.type(CTRL["n"], until="New note")
            await coach.type("Getypt tijdens een sessie.", until="Getypt tijdens een sessie.")
            await coach.type(CTRL["s"], until="Saved as")
            assert "not all of it on the server yet" in coach.seen()
            coach.presses(CTRL["q"])

        play(lambda: desk(laptop), scenario)
        for line in heard:
            line.close()
    assert "Getypt tijdens een sessie." in laptop.texts()


def test_a_server_that_is_away_is_told_in_the_status_line_and_in_no_other_way(devices: tuple[Coach, Coach]) -> None:
    laptop, _studio = devices
    with mute() as (url, _listening):
        pass
    laptop.vault.set_server(laptop.vault.server()._replace(url=url))

    async def scenario(coach: Person) -> None:
        await coach.sees("server out of reach")
        assert "try" not in coach.seen()
        coach.presses(CTRL["q"])

    play(lambda: desk(laptop), scenario)


def test_a_server_that_answers_wrongly_is_told_once_and_asked_no_more(
    devices: tuple[Coach, Coach], tmp_path: Path
) -> None:
    laptop, _studio = devices
    with server_in_thread(tmp_path / "another") as other:
        laptop.vault.set_server(laptop.vault.server()._replace(url=other.url))

        async def scenario(coach: Person) -> None:
            await coach.sees("another key")
            await coach.sees("not syncing")
            await coach.type("?", until="Commands")
            coach.presses(CTRL["q"])

        play(lambda: desk(laptop), scenario)


def test_a_device_that_was_revoked_shreds_itself_under_the_eyes_of_its_thief(devices: tuple[Coach, Coach]) -> None:
    laptop, studio = devices
    laptop.revoke("studio")

    async def scenario(coach: Person) -> None:
        await coach.sees("Heeft rust nodig.")
        await coach.sees("This device was revoked")
        await coach.sees("0 notes")
        assert "rust" not in coach.seen()
        assert "moeten" not in coach.seen()
        coach.presses(CTRL["q"])

    play(lambda: desk(studio), scenario)
    assert studio.vault.handles() == []
    assert not studio.vault.enrolled


def test_the_coach_can_sync_from_within_the_vault(devices: tuple[Coach, Coach]) -> None:
    laptop, studio = devices
    laptop.add("Nog een.")
    laptop.sync()

    async def scenario(coach: Person) -> None:
        await coach.sees("moeten")
        await coach.type(order("sync"), until="1 note is new here or changed")
        await coach.sees("Nog een.")
        coach.presses(CTRL["q"])

    play(lambda: Desk(studio.vault, "en"), scenario)


def test_the_status_line_says_in_dutch_where_the_notes_are_and_who_is_behind(devices: tuple[Coach, Coach]) -> None:
    laptop, _studio = devices
    i18n.install("nl")
    laptop.vault.shred([next(note.handle for note in laptop.vault.notes() if "moeten" in note.text)])
    laptop.sync()

    async def scenario(coach: Person) -> None:
        await coach.sees("hier en op de server (november); studio loopt achter")
        await coach.type(CTRL["n"], until="Nieuwe notitie")
        await coach.type("Iets.", CTRL["s"], until="Bewaard als")
        await coach.sees("hier; nog niet alles op de server (november); studio loopt achter")
        coach.presses(CTRL["q"])

    try:
        play(lambda: Desk(laptop.vault, "nl"), scenario)
    finally:
        i18n.install("en")
