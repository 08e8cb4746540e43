"""The same page in a real Firefox, from disk, with every connection led to a closed port."""

import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import notes as generated
from tests.support.bidi import Firefox, firefox
from tests.support.exports import CODE, NASTY
from vault.export import Note, export, html

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = pytest.mark.skipif(FIREFOX is None, reason="needs firefox")

ENTER = "\ue007"
NOTES = [Note(text) for text in (*generated.generate(3, 4), *NASTY)]
TEXTS = "JSON.stringify([...document.querySelectorAll('article .text')].map(text => text.textContent))"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    assert FIREFOX is not None
    with firefox(FIREFOX, tmp_path_factory.mktemp("firefox")) as started:
        yield started


def written(folder: Path, notes: list[Note]) -> Path:
    path = folder / "export.html"
    path.write_bytes(export("html", notes, lang="nl", code=CODE, draw=os.urandom))
    return path


def opened(browser: Firefox, path: Path) -> None:
    browser.requests.clear()
    browser.log.clear()
    browser.go(path)
    browser.wait("document.getElementById('app').hidden === false")


def shown(browser: Firefox) -> list[str]:
    import json

    found: list[str] = json.loads(browser.ask(TEXTS))
    return found


def test_wrong_code_right_code_and_lock(browser: Firefox, tmp_path: Path) -> None:
    path = written(tmp_path, NOTES)
    opened(browser, path)
    browser.wait("document.activeElement.id === 'words'")
    browser.type("vlakte dambord kerrie rijden stoer aalbes" + ENTER)
    browser.wait("document.getElementById('problem').textContent.includes('passen niet bij dit bestand')")
    assert shown(browser) == []
    browser.ask("document.getElementById('words').select()")
    browser.type(CODE.upper() + ENTER)
    browser.wait("!document.getElementById('open').hidden")
    assert shown(browser) == [note.text for note in NOTES]
    browser.ask("document.getElementById('lock').click()")
    assert shown(browser) == []
    assert browser.requests == []
    assert browser.log == []


def test_a_damaged_file_is_told(browser: Firefox, tmp_path: Path) -> None:
    path = written(tmp_path, NOTES)
    before, after = html.frame("nl")
    whole = path.read_bytes()
    path.write_bytes(whole[: (len(before) + len(whole)) // 2] + after)
    opened(browser, path)
    browser.wait("document.getElementById('problem').textContent.includes('is beschadigd')")
    assert browser.ask("document.getElementById('words').hidden") is True


def test_the_policy_holds_here_too(browser: Firefox, tmp_path: Path) -> None:
    path = written(tmp_path, NOTES)
    put = b"<script>document.title = 'taken'</script><img src='https://example.invalid/x'></body>"
    path.write_bytes(path.read_bytes().replace(b"</body>", put))
    opened(browser, path)
    assert browser.ask("document.title") == "Bestand op slot"
    assert browser.requests == []
    assert len(browser.log) >= 2


def test_the_recorder_of_requests_sees_a_page_that_asks_for_something(browser: Firefox, tmp_path: Path) -> None:
    path = tmp_path / "asks.html"
    path.write_text("<!doctype html><img src='https://example.invalid/x.png'>", encoding="utf-8")
    browser.requests.clear()
    browser.go(path)
    assert "https://example.invalid/x.png" in browser.requests


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_five_hundred_notes_are_shown_and_printed(browser: Firefox, tmp_path: Path) -> None:
    notes = [Note(text) for text in generated.generate(13, 500)]
    opened(browser, written(tmp_path, notes))
    browser.wait("document.activeElement.id === 'words'")
    browser.type(CODE + ENTER)
    browser.wait("!document.getElementById('open').hidden")
    assert shown(browser) == [note.text for note in notes]
    paper = tmp_path / "print.pdf"
    paper.write_bytes(b64decode(browser.call("browsingContext.print", context=browser.tab)["data"]))
    printed = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, check=True, text=True).stdout
    assert "Afdrukken" not in printed
    wanted = [word for note in notes for word in note.text.split()]
    assert len(printed.split()) >= len(wanted)
    assert set(wanted) <= set(printed.split())
