"""Typed, found, replaced, themed, locked: no word of it is on the disk in the clear, in the vault or beside it."""

import builtins
import os
from pathlib import Path

import pytest

from cli.failures import Refused
from cli.shell.editor import write_note
from cli.shell.saving import Saving
from tests.support.playing import CTRL, ENTER, ESC, Person, new_vault, play_on

CANARY = "Kwastmeijer"
TOLD = "Kwartelslagregen"


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def traces(raw: bytes) -> list[str]:
    return [word for one in (CANARY, TOLD) for word in (one, one.lower(), one.upper()) if word.encode() in raw]


@pytest.mark.parametrize("lock", [True, False])
def test_no_word_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: bool) -> None:
    """Seen to fail with an editor that kept a copy of its text in a file at every change."""
    home, place = tmp_path / "home", tmp_path / "vault"
    for folder in (home, place):
        folder.mkdir()
    for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(home)
    opened: list[str] = []
    real = builtins.open

    def watched(file: object, mode: str = "r", *rest: object, **more: object) -> object:
        if set(mode) & set("wax+"):
            opened.append(str(file))
        return real(file, mode, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", watched)
    with new_vault(place) as vault:
        opened.clear()

        async def scenario(coach: Person) -> None:
            await coach.type(
                f"Met mevrouw {CANARY}. ", ENTER, f"Daarna kwam Fatima. Toen Joris. {TOLD}. ", until="3 names found"
            )
            await coach.type(CTRL["t"], CANARY, ENTER, until="#kwastmeijer")
            await coach.type(CTRL["o"], "1", until="Way forward")
            await coach.type(CTRL["g"], until="name: ")
            await coach.type(ENTER, until="2 names found")
            await coach.type("k", until="1 name found")
            await coach.type(ESC, until="Ctrl-S save")
            await coach.type(CTRL["s"], until="Still in it")
            assert TOLD in coach.seen()
            assert not traces(on_disk(tmp_path))
            coach.presses(CTRL["l"] if lock else CTRL["s"])

        saving = Saving(vault)
        if lock:
            with pytest.raises(Refused):
                play_on(lambda: write_note("", title="T", save=saving, vault=vault), scenario)
            assert vault.draft() is not None
        else:
            play_on(lambda: write_note("", title="T", save=saving, vault=vault), scenario)
            assert TOLD in vault.notes()[0].text
        assert not traces(on_disk(tmp_path))
    assert [name for name in opened if not name.startswith((str(place), os.devnull))] == []
    assert list(home.iterdir()) == []
