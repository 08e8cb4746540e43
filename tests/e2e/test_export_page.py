"""The page that a client opens, in a real Chromium, from disk, with the network off."""

import base64
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support import notes as generated
from tests.support.exports import CODE, NASTY
from tests.vectors import make_export
from vault import errors, spoken, words
from vault.export import Note, export, html

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

ENGLISH = " ".join(words.load("en")[at] for at in (3, 500, 900, 1300, 1700, 2000))
UNFIT = "Deze woorden passen niet bij dit bestand."
DAMAGED = "Dit bestand is beschadigd"
NEWER = "Dit bestand past niet bij deze pagina"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    home = str(tmp_path_factory.mktemp("chromium"))
    inherited: dict[str, str | float | bool] = {
        name: value for name, value in os.environ.items() if not name.startswith("XDG_")
    }
    with sync_playwright() as playwright:
        # as root, Chromium refuses to start with its sandbox
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=options, env=inherited | {"HOME": home})
        yield launched
        launched.close()


class Opened:
    """A file in a context without network; leaving checks that it asked for nothing and did nothing forbidden."""

    def __init__(self, browser: Browser, path: Path, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(offline=True, **options)
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.address = path.as_uri()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.stopped: dict[str, str | None] = {}
        self.page.on("requestfailed", lambda request: self.stopped.update({request.url: request.failure}))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(self.address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        self.context.close()
        if kind is None:
            assert [url for url in self.requests if not url.startswith("blob:")] == [self.address]
            assert self.complaints == []

    def enter(self, code: str) -> None:
        self.page.locator("#words").fill(code)
        self.page.keyboard.press("Enter")

    def texts(self) -> list[str]:
        return self.page.locator("article .text").all_text_contents()

    def unlock(self, code: str = CODE) -> None:
        self.enter(code)
        expect(self.page.locator("#open")).to_be_visible()


def written(folder: Path, notes: list[Note], lang: str = "nl", code: str = CODE) -> Path:
    path = folder / "export.html"
    path.write_bytes(export("html", notes, lang=lang, code=code, draw=os.urandom))
    return path


NOTES = [Note(text) for text in generated.generate(3, 4)]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    with Opened(browser, written(tmp_path, NOTES)) as page:
        yield page


# -- the code ----------------------------------------------------------------------------------------------------------


def test_the_right_code_shows_every_note_as_it_was_kept(opened: Opened) -> None:
    opened.unlock()
    assert opened.texts() == [note.text for note in NOTES]


@pytest.mark.parametrize(
    "typed",
    [
        CODE.upper(),
        CODE.replace(" ", "-"),
        f"  {CODE.replace(' ', ',  ')}.",
        "aalbs dambrod kerie rijjden stoer vlakt",
        "aalb damb kerr rijd stoe vlak",
        "Aalbés 1 dambord 2 kerrie 3 rijden 4 stoer 5 vlakte",
    ],
)
def test_the_code_is_read_as_people_type_it(opened: Opened, typed: str) -> None:
    opened.unlock(typed)


def test_a_wrong_code_shows_nothing_and_the_right_one_still_works(opened: Opened) -> None:
    page = opened.page
    opened.enter("vlakte dambord kerrie rijden stoer aalbes")
    expect(page.locator("#problem")).to_contain_text(UNFIT)
    assert opened.texts() == []
    expect(page.locator("#words")).to_be_focused()
    expect(page.locator("#words")).to_have_attribute("aria-invalid", "true")
    opened.unlock()
    expect(page.locator("#problem")).to_have_text("")


def test_a_slip_in_the_code_is_told_before_it_is_tried(opened: Opened) -> None:
    problem = opened.page.locator("#problem")
    opened.enter("aalbes dambord xyzzy rijden stoer vlakte")
    expect(problem).to_contain_text("Woord 3 wordt niet herkend")
    opened.enter("aalbes dambord kerrie rijden stoer")
    expect(problem).to_contain_text("Je hebt er nu 5")


def test_the_page_reads_words_as_the_program_does(browser: Browser) -> None:
    chance, script = random.Random(5), (Path(html.__file__).parent / "page/script.js").read_text("utf-8")
    functions = script[script.index("function read(") : script.index("class Told")]
    context = browser.new_context(offline=True)
    page = context.new_page()
    for lang in words.LANGUAGES:
        listed = words.load(lang)
        typed = [
            " ".join(_mistyped(chance, chance.choice(listed)) for _ in range(chance.randrange(7))) for _ in range(400)
        ]
        typed += [" ".join(chance.choice(listed)[:4] for _ in range(6)) for _ in range(50)]
        typed += ["", "  ", "é ß İ ﬁ", "a", "a1b_c", "AALBES", "aalbes's"]
        said = page.evaluate(
            f"([list, typed]) => {{ {functions} return typed.map(t => read(list, t)); }}", [listed, typed]
        )
        assert said == [_read(lang, text) for text in typed]
    context.close()


def _mistyped(chance: random.Random, word: str) -> str:
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        at = chance.randrange(len(word))
        sign = chance.choice("abcdefghijklmnopqrstuvwxyzé")
        word = chance.choice(
            (word[:at] + sign + word[at + 1 :], word[:at] + word[at + 1 :], word[:at] + sign + word[at:],
             word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :], word.upper(), word[:4])
        )  # fmt: skip
    return word


def _read(lang: str, typed: str) -> list[str] | int:
    try:
        return spoken.read(lang, typed)
    except errors.WordNotUnderstood as error:
        return error.place


# -- the file ----------------------------------------------------------------------------------------------------------

TOLD = {"damaged": DAMAGED, "newer": NEWER, "refused": NEWER, "unfit": UNFIT}


@pytest.mark.parametrize("name", sorted(path.stem for path in make_export.HERE.glob("*.json")))
def test_a_container_with_a_fault_is_told_in_its_class(browser: Browser, tmp_path: Path, name: str) -> None:
    vector = json.loads((make_export.HERE / f"{name}.json").read_text("utf-8"))
    path = tmp_path / "export.html"
    path.write_bytes(vector["container"].encode().join(html.frame("nl")))
    with Opened(browser, path) as opened:
        page = opened.page
        expect(page.locator("#app")).to_be_visible()
        # damage that can be seen without the code is told at once, and no code is asked for
        expect(page.locator("#words:visible, #problem:not(:empty)").first).to_be_visible()
        if page.locator("#words").is_visible():
            opened.enter(vector["code"])
        if vector["expect"] == "opens":
            expect(page.locator("#open")).to_be_visible()
        else:
            expect(page.locator("#problem")).to_contain_text(TOLD[vector["expect"]])
            assert opened.texts() == []


def test_a_file_that_a_mail_program_cut_short_is_told_as_damaged(browser: Browser, tmp_path: Path) -> None:
    path = written(tmp_path, NOTES)
    whole = path.read_bytes()
    before, after = html.frame("nl")
    path.write_bytes(whole[: (len(before) + len(whole)) // 2] + after)
    with Opened(browser, path) as opened:
        expect(opened.page.locator("#problem")).to_contain_text(DAMAGED)
        expect(opened.page.locator("#words")).to_be_hidden()
        expect(opened.page.locator("#go")).to_be_hidden()


def test_five_hundred_notes_are_all_there(browser: Browser, tmp_path: Path) -> None:
    notes = [Note(text) for text in generated.generate(11, 500)]
    with Opened(browser, written(tmp_path, notes)) as opened:
        opened.unlock()
        assert opened.texts() == [note.text for note in notes]
        expect(opened.page.locator("#count")).to_contain_text("500 notities")


def test_a_note_can_do_nothing_to_the_page(browser: Browser, tmp_path: Path) -> None:
    notes = [Note(text) for text in NASTY]
    with Opened(browser, written(tmp_path, notes)) as opened:
        opened.unlock()
        assert opened.texts() == list(NASTY)
        assert opened.page.locator("#notes").locator("img, script, a, style").count() == 0


# -- what leaves, and what stays ---------------------------------------------------------------------------------------


def test_the_recorder_of_requests_sees_a_page_that_asks_for_something(browser: Browser, tmp_path: Path) -> None:
    # every other test here relies on it
    path = tmp_path / "asks.html"
    path.write_text("<!doctype html><img src='http://127.0.0.1:9/x.png'>", encoding="utf-8")
    opened = Opened(browser, path)
    opened.context.close()
    assert "http://127.0.0.1:9/x.png" in opened.requests


def test_the_policy_stops_a_script_that_was_put_into_the_page(browser: Browser, tmp_path: Path) -> None:
    path = written(tmp_path, NOTES)
    put = b"<script>fetch('http://127.0.0.1:9/'); document.title = 'taken'</script><img src='http://127.0.0.1:9/x'></body>"
    path.write_bytes(path.read_bytes().replace(b"</body>", put))
    opened = Opened(browser, path)
    opened.unlock()
    assert opened.page.title() == "Bestand op slot"
    opened.context.close()
    # the recorder tells of a request that the policy stopped, and that it did
    assert opened.requests == [opened.address, "http://127.0.0.1:9/x"]
    assert opened.stopped == {"http://127.0.0.1:9/x": "csp"}
    assert len(opened.complaints) == 2


def test_title_address_and_field_say_nothing(opened: Opened) -> None:
    page = opened.page
    opened.unlock()
    assert page.title() == "Bestand op slot"
    assert page.url == opened.address
    field = page.locator("#words")
    assert field.get_attribute("name") is None
    assert (field.get_attribute("autocomplete"), field.get_attribute("spellcheck")) == ("off", "false")
    assert field.input_value() == ""


def test_locking_takes_the_notes_out_of_the_page(opened: Opened) -> None:
    page, some = opened.page, NOTES[0].text[:40]
    opened.unlock()
    assert some in page.content()
    page.locator("#lock").click()
    expect(page.locator("#words")).to_be_focused()
    assert opened.texts() == []
    assert some not in page.content()
    opened.unlock()


def test_leaving_the_page_locks_it(opened: Opened) -> None:
    opened.unlock()
    opened.page.goto("about:blank")
    opened.page.go_back()
    expect(opened.page.locator("#words")).to_be_visible()
    assert opened.texts() == []
    assert opened.page.locator("#words").input_value() == ""
    opened.requests[:] = opened.requests[:1]
    # a browser that keeps left pages for going back gets one without notes
    opened.unlock()
    opened.page.evaluate("() => { dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); }")
    assert opened.texts() == []


def test_the_text_can_be_saved(opened: Opened) -> None:
    opened.unlock()
    with opened.page.expect_download() as download:
        opened.page.locator("#save").click()
    assert download.value.suggested_filename == "notities.txt"
    saved = Path(download.value.path()).read_bytes().decode()
    assert all(note.text in saved for note in NOTES)


# -- print -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_a_print_holds_every_word_and_no_buttons(browser: Browser, tmp_path: Path) -> None:
    notes = [Note(text) for text in generated.generate(12, 40)]
    with Opened(browser, written(tmp_path, notes), color_scheme="dark") as opened:
        opened.unlock()
        opened.page.pdf(path=tmp_path / "print.pdf", format="A4")
        opened.page.emulate_media(media="print")
        assert opened.page.locator("button:visible").count() == 0
        assert opened.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    command = ["pdftotext", "-layout", "-nopgbrk", str(tmp_path / "print.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert "Afdrukken" not in printed
    # nothing is lost at the end of a page: all words, in their order
    assert [word for note in notes for word in note.text.split()] == _between_headings(printed)


def _between_headings(printed: list[str]) -> list[str]:
    start = printed.index("Notitie")
    kept, rest = [], iter(printed[start:])
    for word in rest:
        if word == "Notitie":
            next(rest)
        else:
            kept.append(word)
    return kept


# -- for everybody -----------------------------------------------------------------------------------------------------


def test_all_of_it_works_with_the_keyboard_alone(opened: Opened) -> None:
    page, keys = opened.page, opened.page.keyboard
    expect(page.locator("#words")).to_be_focused()
    keys.type(CODE)
    keys.press("Tab")
    expect(page.locator("#go")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#title")).to_be_focused()
    for name in ("print", "save", "lock"):
        keys.press("Tab")
        expect(page.locator(f"#{name}")).to_be_focused()
    keys.press("Space")
    expect(page.locator("#words")).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(browser: Browser, tmp_path: Path, scheme: str) -> None:
    # the policy is left aside, since axe is put into the page as a script
    opened = Opened(browser, written(tmp_path, [*NOTES, Note("kort", 3)]), color_scheme=scheme, bypass_csp=True)
    axe = Axe()
    expect(opened.page.locator("#words")).to_be_visible()
    found = [axe.run(opened.page)]
    opened.enter("xyzzy")
    expect(opened.page.locator("#problem")).not_to_have_text("")
    found.append(axe.run(opened.page))
    opened.unlock()
    found.append(axe.run(opened.page))
    opened.context.close()
    assert [result.generate_report() for result in found if result.violations_count] == []


def test_targets_are_large_enough_for_a_thumb(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, written(tmp_path, NOTES), viewport={"width": 320, "height": 600}) as opened:
        opened.unlock()
        for button in opened.page.locator("button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        # nothing has to be scrolled sideways at the width of a small telephone
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_speaks_both_languages(browser: Browser, tmp_path: Path) -> None:
    with Opened(browser, written(tmp_path, NOTES, "en", ENGLISH)) as opened:
        page = opened.page
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("h1:visible")).to_have_text("This file is locked", use_inner_text=True)
        opened.enter("xyzzy")
        expect(page.locator("#problem")).to_contain_text("Word 1 is not understood")
        page.locator("[data-lang=nl]").click()
        expect(page.locator("#problem")).to_contain_text("Woord 1 wordt niet herkend")
        expect(page.locator("h1:visible")).to_have_text("Dit bestand is op slot", use_inner_text=True)
        assert page.title() == "Bestand op slot"
        # the words stay those of the file's language
        opened.unlock(ENGLISH)
        expect(page.locator("article h2").first).to_have_text("Notitie 1")
        page.locator("[data-lang=en]").click()
        expect(page.locator("article h2").first).to_have_text("Note 1")


def test_a_preview_without_scripts_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    path = written(tmp_path, NOTES)
    with Opened(browser, path, java_script_enabled=False) as opened:
        seen = opened.page.locator("body").inner_text()
        assert "Bewaar dit bestand" in seen
        assert "Save this file" in seen
        assert opened.page.locator("#app").is_hidden()
        # neither the container nor the word list shows
        assert "aalbes" not in seen
        assert base64.b64encode(b"ongemerkt export").decode()[:20] not in seen
