"""What is exported opens with other people's programs: Debian's age, and poppler."""

import os
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.support import notes as generated
from tests.support.exports import CODE, NASTY
from vault.export import Note, export, md, verify

NOTES = [Note(text) for text in (*generated.generate(21, 30), *NASTY)]


@pytest.mark.skipif(shutil.which("age") is None, reason="needs age")
def test_the_age_program_opens_the_age_export(tmp_path: Path) -> None:
    data = export("age", NOTES, lang="nl", code=CODE, draw=os.urandom)
    sealed, plain = tmp_path / "notities.age", tmp_path / "notities.md"
    sealed.write_bytes(data)
    # age asks for the passphrase on the terminal only
    child = pexpect.spawn("age", ["--decrypt", "--output", str(plain), str(sealed)], timeout=60)
    child.expect("passphrase")
    child.sendline(CODE)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    verify("md", plain.read_bytes(), NOTES, None)
    verify("age", data, NOTES, CODE)


@pytest.mark.skipif(shutil.which("age") is None, reason="needs age")
def test_the_age_program_refuses_another_code(tmp_path: Path) -> None:
    sealed = tmp_path / "notities.age"
    sealed.write_bytes(export("age", NOTES[:1], lang="nl", code=CODE, draw=os.urandom))
    child = pexpect.spawn("age", ["--decrypt", str(sealed)], timeout=60)
    child.expect("passphrase")
    child.sendline("vlakte dambord kerrie rijden stoer aalbes")
    child.expect("incorrect passphrase")
    child.close()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_poppler_reads_every_word_of_the_pdf(tmp_path: Path) -> None:
    notes, paper = [Note(text, 5) for text in generated.generate(22, 30)], tmp_path / "notities.pdf"
    paper.write_bytes(export("pdf", notes, lang="nl", code=None, draw=os.urandom))
    read = subprocess.run(["pdftotext", "-nopgbrk", str(paper), "-"], capture_output=True, check=True, text=True).stdout
    pages = int(_told(paper)["Pages"])
    for number in range(1, pages + 1):
        read = read.replace(f"\n{number} van {pages}\n", "\n")
    found, wanted = read.split(), [word for note in notes for word in note.text.split()]
    found = found[found.index("Notitie") :]
    kept = " ".join(found)
    for number in range(1, len(notes) + 1):
        kept = kept.replace(f"Notitie {number} ", "", 1)
    kept = kept.replace("Wordt nog ten hoogste 5 maanden bewaard. ", "")
    assert kept.split("Dit is het einde.")[0].split() == wanted


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="needs poppler-utils")
def test_poppler_finds_a_tagged_pdf_without_a_date(tmp_path: Path) -> None:
    paper = tmp_path / "notities.pdf"
    paper.write_bytes(export("pdf", NOTES, lang="en", code=None, draw=os.urandom))
    told = _told(paper)
    assert told["Tagged"] == "yes"
    assert told["JavaScript"] == "no"
    assert told["Title"] == "Notes from your talks"
    assert not {"Author", "CreationDate", "ModDate"} & told.keys()


def _told(paper: Path) -> dict[str, str]:
    said = subprocess.run(["pdfinfo", str(paper)], capture_output=True, check=True, text=True).stdout
    return {name: value.strip() for name, _, value in (line.partition(":") for line in said.splitlines())}


def test_the_markdown_is_utf_8_and_ends_with_a_line() -> None:
    data = export("md", NOTES, lang="nl", code=None, draw=os.urandom)
    assert data.decode().startswith("# Notities uit je gesprekken\n\n")
    assert data.endswith(b".\n")
    assert md.decode(data) == [note.text for note in NOTES]
