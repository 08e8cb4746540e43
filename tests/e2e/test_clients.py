"""A client's rights from the command line: engagement, claim slip, export, destruction with receipt."""

import argparse
import json
import os
import re
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from cli import copies, sticks
from cli.ask import Ask
from cli.commands import shred
from cli.context import Context
from tests.e2e.test_terminal import Terminal
from tests.support import cheap_kdf
from tests.support.command import PASSPHRASE, Program
from tests.support.slips import mistyped
from vault import errors, export
from vault.crypto import stretch
from vault.export import document
from vault.service import Copy, Paths, Shredded, handing, open_vault

TEXTS = ["Zegt vaak ja.", "Wil leren wachten.", "Nam een pauze."]


def opened(vault: Program, alias: str = "eik", *words: str) -> str:
    """The claim code of a new engagement."""
    code: str = vault.json("engagement", "open", alias, *words)["claim_code"]
    return code


def with_notes(vault: Program) -> str:
    """The claim code of a closed engagement with TEXTS in it, among others."""
    code = opened(vault)
    for text in TEXTS:
        vault.add(text, "--engagement", "eik")
    vault.add("Van een ander.")
    assert vault.json("engagement", "close", "eik", "--yes") == {"closed": True}
    return code


def slip_file(folder: Path, code: str) -> str:
    path = folder / "briefje"
    path.write_text(code)
    return str(path)


def texts(vault: Program, *words: str) -> list[str]:
    return [row["first_words"] for row in vault.json("list", *words)["notes"]]


# -- engagements -------------------------------------------------------------------------------------------------------


def test_engagements_are_opened_listed_and_closed(vault: Program) -> None:
    opened(vault, "eik")
    opened(vault, "beuk", "--strict")
    found = [{"alias": "beuk", "strict": True}, {"alias": "eik", "strict": False}]
    assert vault.json("engagement", "list") == {"engagements": found}
    assert vault("engagement", "list").stdout == "beuk  (strict)\neik\n"
    assert vault("engagement", "close", "eik").returncode == 3
    done = vault("engagement", "close", "EIK", "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert vault.json("engagement", "list") == {"engagements": found[:1]}
    assert vault("engagement", "close", "eik", "--yes").returncode == 4


@pytest.mark.parametrize("words", [["open"], ["close"], ["list", "eik"], ["begin", "eik"], []])
def test_a_command_that_says_too_little_or_too_much_is_told_so(vault: Program, words: list[str]) -> None:
    assert vault("engagement", *words).returncode == 2


def test_a_name_for_an_alias_is_refused_where_nobody_can_be_asked(vault: Program) -> None:
    done = vault("engagement", "open", "Sanne")
    assert done.returncode == 5
    assert "1 name" in done.stderr
    assert "Sanne" not in done.stderr
    assert vault.json("engagement", "list") == {"engagements": []}
    assert vault("engagement", "open", "Sanne", "--guard", "off").returncode == 0


def test_the_words_of_the_slip_find_the_notes_in_the_order_of_the_talks(vault: Program, tmp_path: Path) -> None:
    code = with_notes(vault)
    slip = slip_file(tmp_path, code)
    assert texts(vault, "--claim-file", slip) == TEXTS
    assert sorted(texts(vault)) == sorted([*TEXTS, "Van een ander."])
    # with one typing error in a word, in capitals, on two lines, from the standard input
    words = [word.upper() for word in mistyped(code.split(), "en", lambda word: word[:-1])]
    typed = f"{words[0]}, {' '.join(words[1:4])}\n{'-'.join(words[4:])}\n"
    done = vault("list", "--claim-file", "-", "--json", text=typed)
    assert [row["first_words"] for row in json.loads(done.stdout)["notes"]] == TEXTS
    added = vault.json("add", "--claim-file", slip, text="Nog een gesprek.")
    assert texts(vault, "--claim-file", slip) == [*TEXTS, "Nog een gesprek."]
    assert vault("edit", added["handle"], text="Verbeterd.").returncode == 0
    assert texts(vault, "--claim-file", slip)[-1] == "Verbeterd."


def test_a_slip_that_fits_nothing_is_told_like_one_whose_notes_are_gone(vault: Program, tmp_path: Path) -> None:
    code = with_notes(vault)
    gone = slip_file(tmp_path, code)
    assert vault.json("shred", "--claim-file", gone, "--yes") == {"shredded": 3}
    vault.json("engagement", "open", "beuk")
    other = tmp_path / "ander"
    other.write_text(" ".join(reversed(code.split())))
    for words in (["list"], ["export", "--to", str(tmp_path / "k.md")], ["shred", "--yes"]):
        answers = [vault(*words, "--claim-file", str(slip)) for slip in (gone, other)]
        assert {(done.returncode, done.stdout, done.stderr) for done in answers} == {
            (4, "", "Nothing is kept under this. There never was anything, or it is all gone.\n")
        }
    assert not (tmp_path / "k.md").exists()


@pytest.mark.parametrize(
    ("typed", "kind"), [("zwart vrijheid", "ClaimLength"), ("qqqqq " * 8, "WordNotUnderstood"), ("\n", "NoteEmpty")]
)
def test_words_that_are_none_are_told_before_the_passphrase_is_asked(
    vault: Program, tmp_path: Path, typed: str, kind: str
) -> None:
    done = vault("list", "--claim-file", slip_file(tmp_path, typed), "--json", passphrase=False)
    assert json.loads(done.stdout)["error"]["kind"] == kind


def test_a_strict_engagement_takes_notes_and_shows_them_to_its_slip_only(vault: Program, tmp_path: Path) -> None:
    code = opened(vault, "beuk", "--strict")
    vault.add("Zegt niets.", "--engagement", "beuk")
    assert vault("list", "--engagement", "beuk").returncode == 3
    assert texts(vault, "--claim-file", slip_file(tmp_path, code)) == ["Zegt niets."]


def test_a_slip_can_be_taken_up_again(vault: Program, tmp_path: Path) -> None:
    code = with_notes(vault)
    assert opened(vault, "eik", "--claim-file", slip_file(tmp_path, code)) == code
    assert texts(vault, "--engagement", "eik") == TEXTS


# -- slips -------------------------------------------------------------------------------------------------------------


def test_a_slip_as_text_holds_the_words_and_no_name_and_is_a_claim_file_itself(vault: Program, tmp_path: Path) -> None:
    slip = tmp_path / "slip.txt"
    told = vault.json("engagement", "open", "geheime naam", "--slip", str(slip), "--lang", "nl")
    assert told == {"strict": False, "slip": str(slip)}
    page = slip.read_text()
    assert slip.stat().st_mode & 0o777 == 0o600
    assert "geheime naam" not in page
    assert not re.search(r"\d", page)
    assert "Niemand kan een nieuw briefje maken" in page
    assert max(map(len, page.splitlines())) <= 80
    vault.add("Zegt vaak ja.", "--engagement", "geheime naam")
    assert texts(vault, "--claim-file", str(slip)) == ["Zegt vaak ja."]


def test_the_qr_code_of_a_slip_says_its_words(vault: Program, tmp_path: Path) -> None:
    import segno

    slip = tmp_path / "slip.txt"
    vault.json("engagement", "open", "eik", "--slip", str(slip))
    page = slip.read_text().splitlines()
    words = " ".join(" ".join(line for line in page if line.startswith("    ")).split()[:8])
    assert len(words.split()) == 8
    drawn = "\n".join(line.rstrip() for line in page[-20:])
    rows = [list(row) for row in segno.make_qr(words, error="m").matrix_iter(border=0)]
    # the first row of modules in half blocks: each sign shows two of them
    top = "".join({(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}[a, b] for a, b in zip(*rows[:2], strict=True))
    assert top.rstrip() in drawn


def test_a_slip_as_pdf_can_be_read_by_poppler(vault: Program, tmp_path: Path) -> None:
    import pypdfium2

    slip = tmp_path / "slip.pdf"
    vault.json("engagement", "open", "eik", "--slip", str(slip), "--lang", "nl")
    with pypdfium2.PdfDocument(str(slip)) as found:
        assert len(found) == 1
        text = found[0].get_textpage().get_text_bounded()
    assert "CLAIMBRIEFJE" in text
    words = re.findall(r"^[1-8]\s+(\w+)\s+[1-8]\s+(\w+)\s*$", text, re.MULTILINE)
    assert len(words) == 4
    vault.add("Zegt vaak ja.", "--engagement", "eik")
    assert texts(vault, "--claim-file", slip_file(tmp_path, " ".join(" ".join(pair) for pair in words))) == [
        "Zegt vaak ja."
    ]


def test_a_slip_that_cannot_be_written_opens_nothing(vault: Program, tmp_path: Path) -> None:
    (tmp_path / "er.txt").write_text("van iemand anders")
    for name in ("er.txt", "nergens/slip.txt", "slip.doc"):
        assert vault("engagement", "open", "eik", "--slip", str(tmp_path / name)).returncode == 2
    assert (tmp_path / "er.txt").read_text() == "van iemand anders"
    assert vault.json("engagement", "list") == {"engagements": []}
    # and when the engagement can't be opened, no empty slip is left
    opened(vault, "eik")
    assert vault("engagement", "open", "eik", "--slip", str(tmp_path / "slip.txt")).returncode == 2
    assert not (tmp_path / "slip.txt").exists()


# -- exports -----------------------------------------------------------------------------------------------------------


def test_the_formats_are_those_of_the_core() -> None:
    assert copies.FORMATS == export.FORMATS


def test_a_copy_in_each_format(vault: Program, tmp_path: Path) -> None:
    slip = slip_file(tmp_path, with_notes(vault))
    for kind in export.FORMATS:
        target = tmp_path / f"kopie.{kind}"
        told = vault.json("export", "--claim-file", slip, "--to", str(target))
        assert {name: told[name] for name in ("exported", "file", "format")} == {
            "exported": 3, "file": str(target), "format": kind,
        }  # fmt: skip
        assert ("code" in told) == (kind in export.SEALED)
        assert target.stat().st_mode & 0o777 == 0o600
        rows = vault.json("list", "--claim-file", slip)["notes"]
        notes = {row["handle"]: export.Note(text, row["months_left"]) for row, text in zip(rows, TEXTS, strict=True)}
        in_order = [notes[handle] for handle in sorted(notes)]
        export.verify(kind, target.read_bytes(), in_order, told.get("code"))
    assert len(vault.json("list")["notes"]) == 4
    left = json.loads((tmp_path / "kopie.json").read_text())["notes"][0]["months_left"]
    assert left in range(3, 7)


def test_the_code_of_a_copy_can_go_to_a_file_and_never_to_a_pipe(vault: Program, tmp_path: Path) -> None:
    handle = vault.add("tekst")
    target = tmp_path / "kopie.html"
    done = vault("export", handle, "--to", str(target))
    assert done.returncode == 3
    assert not target.exists()
    told = vault.json("export", handle, "--to", str(target), "--code-file", str(tmp_path / "code"))
    assert "code" not in told
    code = (tmp_path / "code").read_text().strip()
    left = vault.json("show", handle)["months_left"]
    assert (tmp_path / "code").stat().st_mode & 0o777 == 0o600
    export.verify("html", target.read_bytes(), [export.Note("tekst", left)], code)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--to", "X/k.md"], 2),
        (["bakemo", "--claim", "--to", "X/k.md"], 2),
        (["bakemo", "--to", "X/k.docx"], 2),
        (["bakemo", "--to", "X/k.md"], 4),
        (["bakemo"], 2),
        (["--engagement", "eik", "--to", "X/k.md"], 4),
        (["--claim", "--to", "X/k.md"], 3),
    ],
)
def test_a_copy_of_nothing_is_refused(vault: Program, tmp_path: Path, words: list[str], code: int) -> None:
    assert vault("export", *(word.replace("X", str(tmp_path)) for word in words)).returncode == code
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".md"] == []


def test_a_copy_writes_over_nothing(vault: Program, tmp_path: Path) -> None:
    handle = vault.add("tekst")
    (tmp_path / "k.md").write_text("van iemand anders")
    assert vault("export", handle, "--to", str(tmp_path / "k.md")).returncode == 2
    assert vault("export", handle, "--to", str(tmp_path / "nergens" / "k.md")).returncode == 12
    assert (tmp_path / "k.md").read_text() == "van iemand anders"


# -- destruction -------------------------------------------------------------------------------------------------------


def test_everything_is_copied_destroyed_and_receipted(vault: Program, tmp_path: Path) -> None:
    slip = slip_file(tmp_path, with_notes(vault))
    copy, paper = tmp_path / "kopie.json", tmp_path / "bewijs.json"
    told = vault.json(
        "shred", "--claim-file", slip, "--export", str(copy), "--receipt", str(paper), "--yes", "--lang", "nl"
    )
    pages = [str(tmp_path / "bewijs.txt"), str(tmp_path / "bewijs.pdf")]
    assert told == {"shredded": 3, "export": str(copy), "receipt": str(paper), "pages": pages}
    assert sorted(note.text for note in document.decode(copy.read_bytes())[1]) == sorted(TEXTS)
    assert texts(vault) == ["Van een ander."]
    assert "months_left" not in copy.read_text()
    checked = vault("receipt", "verify", str(paper), passphrase=False)
    assert checked.returncode == 0
    assert "3 notes were destroyed for good." in checked.stdout
    assert "The receipt is whole and its signature fits." in checked.stderr
    page = (tmp_path / "bewijs.txt").read_text()
    assert "3 notities zijn voorgoed vernietigd." in page
    assert not any(text in page + paper.read_text() for text in [*TEXTS, "eik"])


def test_a_receipt_is_checked_without_a_vault(vault: Program, tmp_path: Path) -> None:
    handle, paper = vault.add("tekst"), tmp_path / "bewijs.json"
    assert vault("shred", handle, "--receipt", str(paper), "--yes").returncode == 0
    (tmp_path / "ander").mkdir()
    other = Program(tmp_path / "ander")
    told = other.json("receipt", "verify", str(paper))
    assert (told["valid"], told["notes"], told["month"], told["asked"]) == (True, 1, "2027-01", "hand")
    assert (told["confirmed"], told["waiting"]) == ({"device": 1}, {})
    assert len(told["mark"].split()) == 6
    (tmp_path / "vals.json").write_text(paper.read_text().replace('"notes":1', '"notes":2'))
    (tmp_path / "stuk.json").write_text(paper.read_text()[:-9])
    for name, kind in (("vals.json", "ReceiptForged"), ("stuk.json", "ReceiptMalformed")):
        done = other("receipt", "verify", str(tmp_path / name), "--json")
        assert json.loads(done.stdout) == {"error": {"code": 6, "kind": kind}}
    assert other("receipt", "verify", str(tmp_path / "nergens")).returncode == 4
    page = tmp_path / "pagina.pdf"
    assert other("receipt", "verify", str(paper), "--page", str(page)).returncode == 0
    assert page.read_bytes().startswith(b"%PDF")


def test_the_mark_on_the_slip_is_the_mark_on_the_receipt(vault: Program, tmp_path: Path) -> None:
    slip, paper = tmp_path / "slip.txt", tmp_path / "bewijs.json"
    vault.json("engagement", "open", "eik", "--slip", str(slip))
    vault.add("tekst", "--engagement", "eik")
    vault.json("shred", "--claim-file", str(slip), "--receipt", str(paper), "--yes")
    assert vault.json("receipt", "verify", str(paper))["mark"] in slip.read_text()


def test_a_sealed_copy_needs_a_file_for_its_code_before_anything_is_destroyed(vault: Program, tmp_path: Path) -> None:
    handle, target, code = vault.add("tekst"), tmp_path / "kopie.html", tmp_path / "code"
    for more in ([], ["--json"]):
        assert vault("shred", handle, "--export", str(target), "--yes", *more).returncode == 3
    assert texts(vault) == ["tekst"]
    assert not target.exists()
    vault.json("shred", handle, "--export", str(target), "--code-file", str(code), "--yes")
    export.verify("html", target.read_bytes(), [export.Note("tekst")], code.read_text().strip())
    assert texts(vault) == []


def test_a_copy_that_cannot_be_written_destroys_nothing(vault: Program, tmp_path: Path) -> None:
    handle = vault.add("tekst")
    closed = tmp_path / "dicht"
    closed.mkdir(mode=0o500)
    taken = tmp_path / "er.md"
    taken.write_text("van iemand anders")
    cases = [(taken, 2), (tmp_path / "nergens" / "k.md", 12)]
    if os.geteuid():
        cases.append((closed / "k.md", 12))
    for target, code in cases:
        assert vault("shred", handle, "--export", str(target), "--yes").returncode == code
        assert vault("shred", handle, "--receipt", str(target), "--yes").returncode == code
        assert texts(vault) == ["tekst"]
    assert taken.read_text() == "van iemand anders"


def test_a_receipt_needs_a_clock_that_is_right(vault: Program, tmp_path: Path) -> None:
    handle = vault.add("tekst", "--keep", "2y")
    paper = str(tmp_path / "bewijs.json")
    assert vault("shred", handle, "--receipt", paper, "--yes", day="2027-12-01").returncode == 0
    assert vault.json("receipt", "verify", paper)["month"] == "2027-12"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """For opening in this process what the program made with cheap key derivation."""
    monkeypatch.setattr(stretch, "POLICY", stretch.POLICY)
    cheap_kdf.install()


def test_a_receipt_that_is_not_out_is_told_until_it_is(
    vault: Program, tmp_path: Path, cheap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = vault.add("tekst")
    paths = Paths(str(vault.data), str(vault.state))

    def full(*_: object) -> None:
        raise errors.TargetFailed(full=True)

    with monkeypatch.context() as patch, open_vault(paths, PASSPHRASE, clock=lambda: date(2027, 1, 15)) as opened_here:
        patch.setattr(handing, "_write", full)
        done = opened_here.shred_for_client([handle], claimed=False, receipt_to=str(tmp_path / "bewijs.json"))
    waiting = "1 note of a client is destroyed, but the receipt is not out."
    for _ in range(2):
        assert waiting in vault("list").stderr
    told = vault.json("receipt", "again", str(tmp_path / "later.json"), day="2027-02-15")
    assert (told["notes"], told["asked"], told["month"]) == (1, "hand", "2027-01")
    assert (tmp_path / "later.json").read_bytes() == done.receipt
    assert waiting not in vault("list").stderr
    assert vault("receipt", "again", str(tmp_path / "nog.json")).returncode == 4


def test_a_receipt_that_could_not_be_written_is_exit_code_nine(capsys: pytest.CaptureFixture[str]) -> None:
    context = Context("", "", date.today, Ask(), json=True)
    arguments = argparse.Namespace(all=False, export=None, receipt="bewijs.json")
    nothing_waits = shred.After(sticks.Followed([], []), {}, "")
    assert shred._told(context, arguments, Shredded(2, b"", False), ["bewijs.txt"], nothing_waits) == 9
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"shredded": 2, "receipt": None, "pages": []}
    assert "ongemerkt receipt again FILE" in shown.err


def test_a_copy_that_was_broken_off_is_told_once_and_its_rest_is_gone(
    vault: Program, tmp_path: Path, cheap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = vault.add("tekst")
    paths = Paths(str(vault.data), str(vault.state))
    with monkeypatch.context() as patch, open_vault(paths, PASSPHRASE, clock=lambda: date(2027, 1, 15)) as opened_here:
        # as if it were killed in the middle of it
        patch.setattr(handing, "_destroy", lambda _: None)
        patch.setattr(type(opened_here), "_end_copy", lambda *_: None)
        copy = Copy(str(tmp_path / "k.md"), lambda _: b"tekst", full_disk)
        with pytest.raises(errors.TargetFailed):
            opened_here.shred_for_client([handle], claimed=False, copy=copy)
    assert [path.name.startswith(".ongemerkt-") for path in tmp_path.glob(".*")] == [True]
    assert "A copy of 1 note for a client was broken off; nothing was destroyed." in vault("list").stderr
    assert list(tmp_path.glob(".*")) == []
    assert "broken off" not in vault("list").stderr
    assert texts(vault) == ["tekst"]


def full_disk(*_: object) -> None:
    raise errors.TargetFailed(full=True)


# -- at the terminal ---------------------------------------------------------------------------------------------------


def typed_passphrase(screen: Terminal) -> None:
    screen.sees("Passphrase: ")
    screen.types(PASSPHRASE)


def test_a_slip_is_shown_once_on_the_second_screen(vault: Program) -> None:
    screen = Terminal(vault, "engagement", "open", "eik")
    typed_passphrase(screen)
    screen.sees("\x1b[?1049h")
    page = screen.sees("Press Enter when you have them. ")
    words = re.search(r"^ {4}(\w+ +\w+ +\w+ +\w+)\r?\n +(\w+ +\w+ +\w+ +\w+)", page, re.MULTILINE)
    assert words
    screen.types("")
    screen.sees("\x1b[?1049l")
    rest = screen.ends(0)
    assert not any(word in rest for word in " ".join(words.groups()).split())
    assert "kept nowhere" in rest


def test_an_alias_that_is_a_name_is_asked_about(vault: Program) -> None:
    screen = Terminal(vault, "engagement", "open", "Sanne")
    typed_passphrase(screen)
    screen.sees("In this alias the privacy guard found: 1 name.")
    screen.sees("Use it all the same? [y/N] ")
    screen.types("n")
    screen.ends(3)
    assert vault.json("engagement", "list") == {"engagements": []}


def test_words_typed_at_the_table_are_corrected_and_shown_and_stay_on_no_screen(vault: Program) -> None:
    code = with_notes(vault).split()
    screen = Terminal(vault, "list", "--claim")
    typed_passphrase(screen)
    screen.sees("Type the eight words")
    screen.types("qqqqq " * 8)
    screen.sees("Word 1 is not understood.")
    screen.types(" ".join(code[:7]))
    screen.sees("A claim slip has 8 words.")
    screen.types(" ".join([code[0] + "x", *code[1:]]))
    screen.sees("Read as:")
    screen.sees(" ".join(code))
    screen.sees("[Y/n] ")
    screen.types("")
    screen.sees("\x1b[?1049l")
    rest = screen.ends(0)
    assert all(text in rest for text in TEXTS)
    assert not any(word in rest.lower().split() for word in code)


def test_the_client_at_the_table_gets_the_code_before_the_notes_go(vault: Program, tmp_path: Path) -> None:
    slip = slip_file(tmp_path, with_notes(vault))
    target = tmp_path / "kopie.html"
    screen = Terminal(
        vault, "shred", "--claim-file", slip, "--export", str(target), "--receipt", str(tmp_path / "b.json")
    )
    typed_passphrase(screen)
    screen.sees("3 notes will be destroyed:")
    screen.sees("Destroy for good? There is no way back. [y/N] ")
    screen.types("y")
    screen.sees("The spoken code of this copy:")
    code = screen.sees("Write it down").split()
    code = [word for word in code if word.isalpha()]
    screen.sees("Press Enter when you have it. ")
    assert not target.exists()
    screen.types("")
    screen.sees("> ")
    screen.types("iets anders")
    screen.sees("That is not the code.")
    screen.types(" ".join(code))
    rest = screen.ends(0)
    assert "3 notes are destroyed." in rest
    assert code[0] not in rest.split("\x1b[?1049l")[1].split()
    handles_gone = vault.json("list")["notes"]
    assert [row["first_words"] for row in handles_gone] == ["Van een ander."]
    # the copy opens with the code that was shown
    frame = target.read_bytes()
    for order in permutations(TEXTS):
        try:
            export.verify("html", frame, [export.Note(text) for text in order], " ".join(code))
        except errors.ExportNotVerified:
            continue
        return
    raise AssertionError("the copy does not hold the notes")


def test_who_leaves_the_code_unread_keeps_the_notes(vault: Program, tmp_path: Path) -> None:
    handle, target = vault.add("tekst"), tmp_path / "kopie.age"
    screen = Terminal(vault, "shred", handle, "--export", str(target), "--yes")
    typed_passphrase(screen)
    screen.sees("Press Enter when you have it. ")
    screen.child.sendeof()
    screen.sees("The code was not written down. Nothing was done.")
    screen.ends(3)
    assert texts(vault) == ["tekst"]
    assert not target.exists()
