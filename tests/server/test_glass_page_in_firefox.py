"""The glass page in a real Firefox, which can reach nothing but this machine."""

import shutil
from collections.abc import Iterator

import pytest

from sync.server import glass
from sync.server.glass.wording import WORDINGS
from tests.support.bidi import Firefox, firefox
from tests.support.glass import CROWD, USUAL, serve

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = pytest.mark.skipif(FIREFOX is None, reason="needs firefox")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    assert FIREFOX is not None
    with firefox(FIREFOX, tmp_path_factory.mktemp("firefox"), loopback=True) as started:
        yield started


@pytest.fixture(autouse=True)
def fresh(browser: Firefox) -> None:
    browser.requests.clear()
    browser.log.clear()


@pytest.mark.parametrize("lang", glass.LANGUAGES)
def test_the_page_asks_for_itself_only_and_keeps_nothing(browser: Firefox, lang: str) -> None:
    with serve(CROWD) as served:
        address = f"{served.address}?lang={lang}"
        browser.go(address)
        browser.go(address)
        assert browser.ask("document.querySelector('h1').textContent") == WORDINGS[lang].title
        assert browser.ask("document.cookie + localStorage.length + sessionStorage.length") == "00"
        assert browser.ask("document.documentElement.scrollWidth <= innerWidth") is True
        assert served.asked == [f"/?lang={lang}"] * 2
    assert browser.requests == [address] * 2
    # the browser would like an icon for its tab; the policy stops that before it leaves
    assert all("favicon.ico" in line for line in browser.log)
    assert [headers for headers in served.headers if "cookie" in headers or "referer" in headers] == []


def test_the_policy_stops_what_was_put_into_the_page(browser: Firefox) -> None:
    put = "<script>document.title = 'taken'</script><img src='/x.png'><style>h1 { display: none }</style>"
    with serve(USUAL, put) as served:
        browser.go(served.address)
        assert browser.ask("document.title") == WORDINGS["nl"].title
        assert browser.ask("getComputedStyle(document.querySelector('h1')).display") == "block"
        assert served.asked == ["/"]
    assert len(browser.log) >= 3


def test_without_the_policy_all_of_it_would_go_through(browser: Firefox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(glass.HEADERS, "Content-Security-Policy")
    monkeypatch.setitem(glass.HEADERS, "Set-Cookie", "seen=1")
    with serve(USUAL, "<script>document.title = 'taken'</script><img src='/x.png'>") as served:
        browser.go(served.address)
        assert browser.ask("document.title + document.cookie") == "takenseen=1"
        assert "/x.png" in served.asked


def test_the_page_follows_the_colours_of_the_system(browser: Firefox) -> None:
    with serve(USUAL) as served:
        browser.go(served.address)
        assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(247, 244, 238)"
        assert browser.ask("getComputedStyle(document.querySelector('.glass')).fill") == "rgb(230, 240, 236)"
