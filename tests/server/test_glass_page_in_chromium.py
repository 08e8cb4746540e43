"""The glass page in a real Chromium, served as the server does."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sync.server import glass
from sync.server.glass.wording import WORDINGS
from sync.server.storage.contract import Numbers
from tests.support.device import Device
from tests.support.glass import CROWD, NOBODY, USUAL, Served, serve
from tests.support.server import running_server

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

LANGUAGES = pytest.mark.parametrize("lang", glass.LANGUAGES)


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


class Visit:
    """A visit to the page. Leaving checks that it asked for nothing else, kept nothing and did nothing forbidden."""

    def __init__(self, browser: Browser, served: Served, lang: str = "nl", **options: Any) -> None:
        self.served = served
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{served.address}?lang={lang}")

    def __enter__(self) -> Self:
        return self

    def kept(self) -> list[Any]:
        stored = self.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        return [*self.context.cookies(), *(left for left in stored if left)]

    def __exit__(self, kind: object, *rest: object) -> None:
        kept = self.kept() if kind is None else []
        self.context.close()
        if kind is None:
            assert kept == []
            assert self.complaints == []
            assert all(url.startswith(f"{self.served.address}?lang=") for url in self.requests)


@pytest.fixture
def served() -> Iterator[Served]:
    with serve(USUAL) as server:
        yield server


# -- nothing comes along -----------------------------------------------------------------------------------------------


@LANGUAGES
def test_the_page_asks_for_itself_only_and_keeps_nothing(browser: Browser, served: Served, lang: str) -> None:
    with Visit(browser, served, lang) as visit:
        expect(visit.page.locator("h1")).to_have_text(WORDINGS[lang].title)
        assert visit.page.locator("script").count() == 0
        # twice, since a cookie would come back with the second
        visit.page.reload()
    assert served.asked == [f"/?lang={lang}"] * 2
    assert [headers for headers in served.headers if "cookie" in headers or "referer" in headers] == []


def test_a_page_that_fetches_and_keeps_something_would_be_noticed(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # every other test here relies on it: without the policy all three go through
    monkeypatch.delitem(glass.HEADERS, "Content-Security-Policy")
    monkeypatch.setitem(glass.HEADERS, "Set-Cookie", "seen=1")
    with serve(USUAL, "<img src='/x.png'><script>document.title = 'taken'</script>") as served:
        visit = Visit(browser, served)
        assert visit.page.title() == "taken"
        assert len(visit.kept()) == 2
        visit.context.close()
        assert "/x.png" in served.asked


def test_the_policy_stops_what_was_put_into_the_page(browser: Browser) -> None:
    put = (
        "<script>document.title = 'taken'</script><img src='/x.png'><link rel='stylesheet' href='/x.css'>"
        "<style>h1 { display: none }</style><iframe src='/x.html'></iframe><base href='https://example.invalid/'>"
    )
    with serve(USUAL, put) as served:
        visit = Visit(browser, served)
        assert visit.page.title() == WORDINGS["nl"].title
        expect(visit.page.locator("h1")).to_be_visible()
        assert visit.page.evaluate("document.baseURI").startswith(served.address)
        visit.context.close()
        assert served.asked == ["/?lang=nl"]
        assert len(visit.complaints) >= 6


# -- for everybody -----------------------------------------------------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("numbers", [USUAL, NOBODY], ids=["usual", "nobody"])
def test_axe_finds_nothing_to_mend(browser: Browser, numbers: Numbers, lang: str, scheme: str) -> None:
    with serve(numbers) as served:
        # the policy is left aside, since axe is put into the page as a script
        visit = Visit(browser, served, lang, color_scheme=scheme, bypass_csp=True)
        found = Axe().run(visit.page)
        visit.context.close()
    assert found.violations_count == 0, found.generate_report()


def test_axe_would_find_a_picture_without_words(browser: Browser) -> None:
    with serve(USUAL, '<svg role="img" viewBox="0 0 1 1"></svg>') as served:
        visit = Visit(browser, served, bypass_csp=True)
        found = Axe().run(visit.page)
        visit.context.close()
    assert "svg-img-alt" in found.generate_report()


@LANGUAGES
def test_the_pictures_are_told_to_those_who_cannot_see_them(browser: Browser, served: Served, lang: str) -> None:
    words = WORDINGS[lang]
    with Visit(browser, served, lang) as visit:
        pictures = visit.page.get_by_role("img")
        expect(pictures).to_have_count(2)
        expect(pictures.nth(0)).to_have_accessible_name(words.picture)
        expect(pictures.nth(1)).to_have_accessible_name(words.calendar_title)
        expect(pictures.nth(0)).to_have_accessible_description(visit.page.locator("#cabinet-text").text_content() or "")
        expect(pictures.nth(1)).to_have_accessible_description(
            visit.page.locator("#calendar-text").text_content() or ""
        )


def test_the_other_language_is_one_key_away(browser: Browser, served: Served) -> None:
    with Visit(browser, served) as visit:
        for lang in ("en", "nl"):
            visit.page.keyboard.press("Tab")
            expect(visit.page.locator("nav a")).to_be_focused()
            visit.page.keyboard.press("Enter")
            expect(visit.page.locator("html")).to_have_attribute("lang", lang)


_OVERLAPPING = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const inside = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text, .chest, .device, .key, .next, .gone')].map(one => [
        one, one.getBoundingClientRect()]);
    return boxes.flatMap(([one, box], at) => {
        const out = box.left < inside.left - 1 || box.right > inside.right + 1 || box.bottom > inside.bottom + 1;
        const on = one.tagName === 'text' && boxes.some(([, other], nth) => nth !== at && box.left < other.right - 1 &&
            other.left < box.right - 1 && box.top < other.bottom - 3 && other.top < box.bottom - 3);
        return out || on ? [one.textContent || one.getAttribute('class')] : [];
    });
})"""

_LEAST_LETTERS = """() => Math.min(...[...document.querySelectorAll('svg text')].map(
    one => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize)))"""


@LANGUAGES
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_everything_fits_at_any_width(browser: Browser, lang: str, width: int) -> None:
    for numbers in (CROWD, NOBODY):
        with serve(numbers) as served, Visit(browser, served, lang, viewport={"width": width, "height": 800}) as visit:
            page = visit.page
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(_OVERLAPPING) == []
            assert page.evaluate(_LEAST_LETTERS) >= 10


def test_words_on_top_of_each_other_would_be_noticed(browser: Browser, served: Served) -> None:
    with Visit(browser, served) as visit:
        visit.page.evaluate("document.querySelector('.figure').setAttribute('x', 60)")
        assert len(visit.page.evaluate(_OVERLAPPING)) >= 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
@LANGUAGES
def test_a_print_holds_every_word_on_white(browser: Browser, tmp_path: Path, lang: str) -> None:
    with serve(CROWD) as served, Visit(browser, served, lang, color_scheme="dark") as visit:
        page = visit.page
        page.pdf(path=tmp_path / "print.pdf", format="A4")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        shown = page.evaluate("document.querySelector('main').innerText").split()
    printed = subprocess.run(
        ["pdftotext", str(tmp_path / "print.pdf"), "-"], capture_output=True, check=True, text=True
    ).stdout.split()
    assert set(shown) - set(printed) == set()
    assert WORDINGS[lang].other not in printed


# -- the real server ---------------------------------------------------------------------------------------------------


def test_a_visitor_sees_what_this_server_holds_now(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path / "made") as server, Device(server) as device:
        context = browser.new_context(ignore_https_errors=True, locale="nl-NL")
        page = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))

        answered = page.goto(f"{server.url}/")
        expect(page.locator("html")).to_have_attribute("lang", "nl")
        expect(page.locator("figcaption")).to_contain_text("Er is hier nog geen account.")

        device.enrol()
        device.first_commit()
        page.reload()
        expect(page.locator(".picture figcaption")).to_contain_text("1 account: 1 met 256 vakjes; 1 apparaat.")
        # the legend shows one more
        expect(page.locator(".key")).to_have_count(120 + 1)

        page.locator("nav a").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")

        assert answered is not None
        sent = answered.all_headers()
        assert {name: sent.get(name.lower()) for name in glass.HEADERS} == glass.HEADERS
        assert "set-cookie" not in sent
        assert requests == [f"{server.url}/", f"{server.url}/", f"{server.url}/?lang=en"]
        assert complaints == []
        assert context.cookies() == []
        context.close()

        told = json.loads(device.line.ask("GET", "/v1/glass").body)
        assert (told["accounts"], told["devices"], told["shares"]["months"]) == (1, 1, 121)
        assert told["pools"] == [{"slots": 256, "accounts": 1}]
