"""The files that an import has read are overwritten and removed only while they are what was read; nothing else is
touched, and no link followed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli import removing
from cli.importers.gather import gather
from cli.importers.sources import Source
from tests.support import joplin

TEXT = "Zegt vaak ja. " * 2000


def source_of(path: Path, chosen: str | None = "txt") -> Source:
    (source,) = gather([str(path)], chosen, "[x]", lambda _done, _total: None).sources
    return source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notitie.txt"
    path.write_text(TEXT)
    return path


# Seen to fail: with the file removed and not overwritten.
def test_the_bytes_are_overwritten_before_the_name_goes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of(file)
    held: list[bytes] = []
    unlink = os.unlink

    def looking(path: str) -> None:
        held.append(file.read_bytes())
        unlink(path)

    monkeypatch.setattr(os, "unlink", looking)
    assert removing.remove(source) == removing.REMOVED
    assert not file.exists()
    (left,) = held
    assert len(left) == len(TEXT)
    assert b"Zegt" not in left


def test_a_large_file_is_overwritten_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "groot.jex"
    path.write_bytes(joplin.jex([joplin.note(1, "Sanne", "Zegt ja."), *joplin.resource(7, "scan", b"x" * 3_000_000)]))
    (tmp_path / "naam").symlink_to(path)
    with path.open("rb") as kept:
        assert removing.remove(source_of(path, None)) == removing.REMOVED
        left = kept.read()
    assert len(left) > 3_000_000
    assert b"xxxx" not in left
    assert b"\0\0\0\0\0\0\0\0" not in left


# Seen to fail: without comparing digests.
def test_a_file_that_changed_since_is_left_alone(file: Path) -> None:
    source = source_of(file)
    for changed in (TEXT + "Nog iets.", TEXT[:-1] + "!", ""):
        file.write_text(changed)
        assert removing.remove(source) == removing.CHANGED
        assert file.read_text() == changed


# Seen to fail: without comparing device and inode.
def test_another_file_of_that_name_is_left_alone(file: Path, tmp_path: Path) -> None:
    source = source_of(file)
    other = tmp_path / "ander"
    other.write_text(TEXT)
    other.rename(file)
    assert removing.remove(source) == removing.CHANGED
    assert file.read_text() == TEXT
    file.unlink()
    assert removing.remove(source) == removing.CHANGED


# Seen to fail: without O_NOFOLLOW.
@pytest.mark.parametrize("linked", ["before", "after"])
def test_a_link_and_what_it_points_to_are_left_alone(file: Path, tmp_path: Path, linked: str) -> None:
    target = tmp_path / "elders" / "echt.txt"
    target.parent.mkdir()
    if linked == "before":
        file.rename(target)
        file.symlink_to(target)
        source = source_of(file)
    else:
        source = source_of(file)
        file.rename(target)
        file.symlink_to(target)
    assert removing.remove(source) == removing.LINK
    assert file.is_symlink()
    assert target.read_text() == TEXT


# Seen to fail: without looking at the number of names.
def test_a_file_with_another_name_is_left_alone(file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.txt"
    os.link(file, backup)
    assert removing.remove(source_of(file)) == removing.SHARED
    assert file.read_text() == backup.read_text() == TEXT


def test_what_is_a_pipe_by_now_keeps_nobody_waiting(file: Path) -> None:
    source = source_of(file)
    file.unlink()
    os.mkfifo(file)
    assert removing.remove(source) == removing.CHANGED


def test_a_file_that_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    # nobody, root included, may write to a program that runs
    path = tmp_path / "programma"
    shutil.copy("/bin/sleep", path)
    with subprocess.Popen([str(path), "60"]) as running:
        try:
            assert removing.remove(Source(str(path), path.stat())) == removing.FAILED
        finally:
            running.kill()
    assert path.read_bytes() == Path("/bin/sleep").read_bytes()


# Seen to fail: without `held`.
def test_an_archive_with_notes_that_were_not_taken_in_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.jex"
    path.write_bytes(joplin.jex([joplin.note(1, "Sanne", "Zegt ja."), joplin.encrypted(2)]))
    assert removing.remove(source_of(path, None)) == removing.HELD
    assert path.exists()


# Seen to fail: without looking for what stands beside the items.
@pytest.mark.parametrize("beside", ["info.json", "locks", ".resource"])
def test_a_folder_that_joplin_syncs_with_is_left_alone(tmp_path: Path, beside: str) -> None:
    folder = joplin.raw(tmp_path / "sync", [joplin.note(1, "Sanne", "Zegt ja.")])
    (folder / beside).touch()
    assert removing.remove(source_of(folder, None)) == removing.SYNCED
    assert list(folder.glob("*.md"))


def test_folders_stay_and_so_does_what_was_not_read(tmp_path: Path) -> None:
    items = [joplin.note(1, "Sanne", "Zegt ja."), joplin.notebook(900, "Sanne"), *joplin.resource(7, "scan.pdf")]
    folder = joplin.raw(tmp_path / "export", items)
    found = gather([str(folder)], None, "[x]", lambda _done, _total: None)
    heard: list[tuple[int, int]] = []
    outcomes = removing.remove_all(
        [source for source in found.sources if source.plain], lambda *each: heard.append(each)
    )
    assert outcomes == {removing.REMOVED: 2}
    assert sorted(path.name for path in folder.rglob("*")) == [f"{7:032x}.md", f"{7:032x}.pdf", "resources"]
    assert heard[-1][0] == heard[-1][1] > 0
