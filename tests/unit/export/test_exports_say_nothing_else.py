"""P2, P3: an export is a function of notes, language, code and randomness, and holds no date, name or handle."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import notes as generated
from tests.support.exports import CODE, cheap
from vault import words
from vault.export import FORMATS, Note, export, html

NOTES = [Note(text) for text in generated.generate(9, 5)]
REPEATABLE = [kind for kind in FORMATS if kind != "age"]
"""age draws its randomness inside the library."""
LOADS = (
    "http:",
    "https:",
    "src=",
    "href=",
    "url(",
    "import(",
    "@import",
    "eval(",
    "innerHTML",
    "<!--",
    "fetch(",
    "XMLHttp",
)
REMEMBERS = ("localStorage", "sessionStorage", "indexedDB", "cookie", "history.", "sendBeacon", "caches")
ROOT = Path(__file__).parents[3]


def drawn(size: int) -> bytes:
    return bytes(size)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap(monkeypatch)


@pytest.mark.parametrize("kind", REPEATABLE)
def test_an_export_is_the_same_in_another_process_at_another_time(kind: str) -> None:
    # a date, a process id or a random number of its own would differ; seen to fail with typst's default date
    script = (
        "import sys\nfrom vault import limits\nfrom vault.export import Note, export\nfrom tests.support import notes\n"
        "limits.EXPORT_ITERATIONS = 1000\nmade = [Note(text) for text in notes.generate(9, 5)]\n"
        f"sys.stdout.buffer.write(export({kind!r}, made, lang='nl', code={CODE!r}, draw=bytes))"
    )
    there = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    assert there == export(kind, NOTES, lang="nl", code=CODE, draw=drawn)


def test_a_pdf_holds_no_date_and_no_author() -> None:
    data = export("pdf", NOTES, lang="nl", code=None, draw=drawn)
    assert b"/Title" in data
    for word in (b"/CreationDate", b"/ModDate", b"xmp:CreateDate", b"xmp:ModifyDate", b"xmp:MetadataDate", b"/Author"):
        assert word not in data


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_around_the_box_all_pages_of_a_language_are_the_same(lang: str) -> None:
    before, after = html.frame(lang)
    code = " ".join(words.load(lang)[:6])
    one, other = (export("html", some, lang=lang, code=code, draw=drawn) for some in (NOTES[:1], NOTES))
    assert one.startswith(before)
    assert other.startswith(before)
    assert one.endswith(after)
    assert other.endswith(after)
    assert re.fullmatch(rb"[A-Za-z0-9+/=]+", other[len(before) : -len(after)])


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_page_is_small_and_loads_nothing(lang: str) -> None:
    page = b"".join(html.frame(lang)).decode()
    assert len(page) < 45_000
    assert "@@" not in page
    code = page.replace(" ".join(words.load(lang)), "")
    for word in LOADS + REMEMBERS:
        assert word not in code, word
    assert page.count("</script>") == 3
    assert " name=" not in re.sub(r"<meta name=", "<meta ", page)


def test_the_size_of_a_page_tells_blocks_only() -> None:
    sizes = {len(export("html", [Note("x" * size)], lang="nl", code=CODE, draw=drawn)) for size in range(1, 3500, 500)}
    assert len(sizes) == 1
