"""Every command as a script uses it: a process of its own, no terminal."""

import re
import stat
from pathlib import Path

import pytest

from tests.support.command import Program

DATE = re.compile(r"\b(19|20)\d\d\b|\b\d{1,2}[-/]\d{1,2}\b")


def test_a_note_is_written_found_read_changed_and_shredded(vault: Program) -> None:
    handle = vault.add("Zegt vaak ja.\nWil leren wachten.")
    assert re.fullmatch(r"[bdfghjklmnprstvwz][aeiou]" * 3, handle)
    assert handle in vault("list").stdout
    assert handle in vault("find", "WACHTEN", "zegt").stdout
    assert vault("find", "banaan").stdout == ""
    assert vault("show", handle).stdout == "Zegt vaak ja.\nWil leren wachten.\n"
    assert vault("show", handle[:3]).stdout.startswith("Zegt")
    assert vault("edit", handle, text="Zegt nu ook nee.").stdout == handle + "\n"
    assert vault("show", handle).stdout == "Zegt nu ook nee.\n"
    done = vault("shred", handle, "--yes")
    assert done.returncode == 0
    assert "1 note is destroyed." in done.stderr
    assert vault("show", handle).returncode == 4
    assert vault("list").stdout == ""


def test_a_note_comes_from_a_file_or_from_stdin(vault: Program, tmp_path: Path) -> None:
    letter = tmp_path / "brief"
    letter.write_bytes(b"\xef\xbb\xbfeen\r\ntwee\r\n")
    handle = vault("add", str(letter)).stdout.strip()
    assert vault("show", handle).stdout == "een\ntwee\n"
    assert vault("add", "-", text="via stdin").returncode == 0
    assert vault("edit", handle, str(letter)).returncode == 0
    assert vault("edit", handle, "-", text="drie").returncode == 0
    assert vault("show", handle).stdout == "drie\n"


def test_what_is_shown_can_be_taken_in_again(vault: Program) -> None:
    handle = vault.add("  eerste\n\n\tlaatste é")
    text = vault("show", handle).stdout
    assert vault("show", vault.add(text)).stdout == text


def test_the_promise_is_told_in_words_and_nothing_ever_prints_a_date(vault: Program) -> None:
    added = vault("add", "--keep", "6m", text="tekst")
    assert "It is kept for at least 4 and at most 6 months." in added.stderr
    handle = added.stdout.strip()
    for words in (["list"], ["show", handle], ["status"], ["find", "t"], ["keep", handle, "3m"], ["expire"]):
        done = vault(*words)
        assert done.returncode == 0
        assert not DATE.search(done.stdout + done.stderr), words


def test_a_keep_time_is_made_shorter_at_once_and_longer_only_after_a_yes(vault: Program) -> None:
    handle = vault.add("tekst")
    assert vault("keep", handle, "3m").returncode == 0
    before = vault.json("show", handle)["months_left"]
    refused = vault("keep", handle, "5y")
    assert refused.returncode == 3
    assert vault.json("show", handle)["months_left"] == before
    assert vault("keep", handle, "5y", "--yes").returncode == 0
    assert vault.json("show", handle)["months_left"] > before


def test_shredding_needs_a_yes_and_all_handles_right(vault: Program) -> None:
    one, two = vault.add("een"), vault.add("twee")
    assert vault("shred", one).returncode == 3
    assert vault("shred", one, "x", "--yes").returncode == 4
    assert vault.json("list")["notes"] == vault.json("find", "e")["notes"]
    assert len(vault.json("list")["notes"]) == 2
    assert vault.json("shred", one, two, one, "--yes") == {"shredded": 2}


def test_expired_notes_are_gone_and_told(vault: Program) -> None:
    vault.add("tekst", "--keep", "2m")
    kept = vault.add("blijft", "--keep", "1y")
    vault("list", day="2027-03-01")
    done = vault("list", day="2027-04-01")
    told = vault.json("list", day="2027-04-01")
    assert "had expired" in done.stderr or [note["handle"] for note in told["notes"]] == [kept]
    assert [note["handle"] for note in told["notes"]] == [kept]


def test_import_leaves_out_titles_dates_and_file_names(vault: Program, tmp_path: Path) -> None:
    folder = tmp_path / "notities"
    (folder / "diep" / ".verborgen").mkdir(parents=True)
    (folder / "2024-05-14 Jan.md").write_text("---\ndate: 2024-05-14\n---\n# Jan\n\nZegt ja.\n")
    (folder / "diep" / "x.TXT").write_text("14 mei 2024\nZegt nee.\n")
    (folder / "diep" / ".verborgen" / "y.md").write_text("verborgen")
    (folder / ".z.md").write_text("verborgen")
    (folder / "plaatje.jpg").write_bytes(b"\xff\xd8")
    (folder / "diep" / "rond").symlink_to(folder)
    assert vault.json("import", str(folder), str(folder / "diep")) == {
        "imported": 2,
        "files": 2,
        "titles_dropped": 1,
        "sentences_kept": 0,
        "left_out": {"empty": 0, "attachments": 0, "encrypted": 0, "trashed": 0},
        "removed": 0,
        "not_removed": 0,
    }
    texts = {vault.json("show", note["handle"])["text"] for note in vault.json("list")["notes"]}
    assert texts == {"Zegt ja.", "Zegt nee."}


def test_one_bad_file_stops_the_whole_import_and_is_named(vault: Program, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("goed")
    (tmp_path / "b.md").write_bytes(b"\xff")
    done = vault("import", str(tmp_path))
    assert done.returncode == 2
    assert "b.md is not UTF-8 text" in done.stderr
    (tmp_path / "b.md").write_text("# Alleen een titel\n")
    done = vault("import", str(tmp_path))
    assert "b.md is empty" in done.stderr
    assert vault("list").stdout == ""


def test_import_from_reads_only_what_was_named(vault: Program, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# kop\nmarkdown")
    (tmp_path / "b.txt").write_text("# geen kop\nplat")
    (tmp_path / "c.notitie").write_text("los")
    assert vault.json("import", str(tmp_path), "--from", "txt")["imported"] == 1
    assert vault("import", str(tmp_path / "c.notitie")).returncode == 2
    assert vault.json("import", str(tmp_path / "c.notitie"), "--from", "md")["imported"] == 1


def test_the_passphrase_is_changed_with_old_and_new_from_one_file(vault: Program, tmp_path: Path) -> None:
    handle = vault.add("tekst")
    both = tmp_path / "beide"
    both.write_text(vault.secret.read_text() + "peren wandelen dinsdag kelder\n")
    assert vault("passphrase", "change", "--passphrase-file", str(both), passphrase=False).returncode == 0
    assert vault("list").returncode == 3
    vault.secret.write_text("peren wandelen dinsdag kelder\n")
    assert handle in vault("list").stdout


def test_a_new_passphrase_that_nobody_gives_changes_nothing(vault: Program) -> None:
    assert vault("passphrase", "change").returncode == 3
    assert vault("list").returncode == 0


def test_the_recovery_code_opens_the_vault(program: Program) -> None:
    code = program.json("init")["recovery_code"]
    program.secret.write_text(code.lower().replace("-", "") + "\n")
    assert program("list").returncode == 0


def test_the_kit_file_is_private_complete_and_never_overwritten(program: Program, tmp_path: Path) -> None:
    kit = tmp_path / "kit.txt"
    done = program("init", "--kit", str(kit))
    assert done.returncode == 0
    assert done.stdout == ""
    assert stat.S_IMODE(kit.stat().st_mode) == 0o600
    code = re.search(r"([0-9A-Z]{5}-){5}[0-9A-Z]{5}", kit.read_text())
    assert code
    assert code.group() not in done.stderr
    other = Program(tmp_path / "data")
    assert other("init", "--kit", str(kit)).returncode == 2
    assert not other.data.exists()
    program.secret.write_text(code.group() + "\n")
    assert program("list").returncode == 0


def test_no_kit_is_left_when_no_vault_is_made(program: Program, tmp_path: Path) -> None:
    program.secret.write_text("kort\n")
    assert program("init", "--kit", str(tmp_path / "kit")).returncode == 2
    assert not (tmp_path / "kit").exists()
    assert not program.data.exists()


def test_stdin_gives_the_passphrase_first_and_the_note_after_it(vault: Program) -> None:
    text = vault.secret.read_text() + "De notitie.\nTweede regel.\n"
    for option in (["--passphrase-file", "-"], ["--passphrase-fd", "0"]):
        done = vault("add", *option, text=text, passphrase=False)
        assert done.returncode == 0
        assert vault("show", done.stdout.strip()).stdout == "De notitie.\nTweede regel.\n"


def test_a_vault_of_ones_own_choice(program: Program, tmp_path: Path) -> None:
    chosen = str(tmp_path / "elders" / "kluis")
    assert program("init", environ={"ONGEMERKT_VAULT": chosen}).returncode == 0
    assert program("list", "--vault", chosen).returncode == 0
    assert program("--vault", chosen, "list").returncode == 0
    assert program("list").returncode == 11


def test_status_counts_without_naming(vault: Program) -> None:
    vault.add("kort")
    vault.add("lang " * 2000)
    text = vault("status").stdout
    assert "Notes" in text
    assert "kort" not in text
    status = vault.json("status")
    assert status["notes"] == 2
    assert sum(status["by_months_left"].values()) == sum(status["by_slots"].values()) == 2


def test_the_selftest_finds_nothing_wrong(program: Program) -> None:
    done = program("selftest", passphrase=False)
    assert done.returncode == 0
    assert "WRONG" not in done.stdout


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_words_follow_the_language(vault: Program, language: str) -> None:
    dutch = {"LANG": "nl_NL.UTF-8"} if language == "nl" else {}
    handle = vault("add", text="tekst", environ=dutch)
    assert ("De notitie blijft minstens" in handle.stderr) == (language == "nl")
    help_text = vault("add", "--help", environ=dutch).stdout
    assert ("gebruik: ongemerkt add" in help_text) == (language == "nl")
    assert ("opties" in help_text) == (language == "nl")
    wrong = vault("show", environ=dutch).stderr
    assert ("hier ontbreekt: KENMERK" in wrong) == (language == "nl")
    option = vault("list", "--lang", language, environ={"LANG": "de_DE.UTF-8"}).stdout
    assert ("nog hoogstens" in option) == (language == "nl")
