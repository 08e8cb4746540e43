"""What holds for every test: its own home, no settings from outside, and no skipping where the whole is judged."""

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

NO_SKIP = "ONGEMERKT_TESTS_NO_SKIP"
"""Set by .ci/run: a skipped test counts as a failed one, so that nothing goes untested unseen."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # what is started in the background ignores Ctrl-C, and so would every program that is tested
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("full", deadline=None)
settings.register_profile("check", deadline=None, max_examples=50)
settings.load_profile("full")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test, outside its tmp_path; English, and no setting of ours but NO_SKIP."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("ONGEMERKT_", "LC_", "XDG_")) and name != NO_SKIP:
            monkeypatch.delenv(name)
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    return home


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure (xfail) is reported as skipped too; it did run, and xfail_strict watches it.
    if NO_SKIP in os.environ and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and {NO_SKIP} is set: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skipped test into a failed one."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turns a module that skips itself into a failed one."""
    report = yield
    _refuse_skip(report)
    return report
