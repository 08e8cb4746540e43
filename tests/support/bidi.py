"""A Firefox without a screen, driven by the protocol it speaks itself (WebDriver BiDi), so no driver is needed.

Only what the tests of pages use. The profile leads every connection to a closed port: nothing can leave. A test that
serves a page itself leaves this machine's own addresses out.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PATIENCE = 60.0
"""Seconds for an answer; only a failing test waits so long."""
_PREFERENCES = {
    "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 65535,
    "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 65535, "network.proxy.allow_hijacking_localhost": True,
    "app.normandy.enabled": False, "browser.safebrowsing.provider.mozilla.updateURL": "",
    "browser.shell.checkDefaultBrowser": False, "browser.startup.homepage": "about:blank", "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
}  # fmt: skip


class Firefox:
    """One tab. `requests`: what its page asked the network for, not files. `log`: what it complained about."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._number = 0
        self.requests: list[str] = []
        self.log: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        self.tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        """Sends a command and waits for its result; events that come meanwhile are kept."""
        self._number += 1
        self._wire.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._wire.recv(timeout=PATIENCE))
            if message["type"] == "event":
                self._note(message["method"], message["params"])
            elif message["id"] == self._number:
                assert message["type"] == "success", message
                return message["result"]

    def _note(self, method: str, params: Any) -> None:
        if method == "network.beforeRequestSent" and params["context"] == self.tab:
            self.requests.append(params["request"]["url"])
        elif params.get("level") in {"error", "warn"}:
            self.log.append(params["text"])

    def go(self, place: Path | str) -> None:
        """Opens a file, or an address."""
        url = place if isinstance(place, str) else place.as_uri()
        self.call("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page, which must be text, a number or a truth value."""
        result = self.call("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert result["type"] == "success", result
        return result["result"].get("value")

    def wait(self, expression: str) -> None:
        """Until the expression is true."""
        deadline = time.monotonic() + PATIENCE
        while not self.ask(expression):
            assert time.monotonic() < deadline, expression

    def type(self, text: str) -> None:
        """Presses keys, one after the other, wherever the focus is."""
        keys = [{"type": kind, "value": sign} for sign in text for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keys", "actions": keys}]
        self.call("input.performActions", context=self.tab, actions=actions)


@contextmanager
def firefox(program: str, folder: Path, loopback: bool = False) -> Iterator[Firefox]:
    """A fresh Firefox with a profile in `folder`; ended on leaving. `loopback`: this machine can be reached."""
    profile = folder / "profile"
    profile.mkdir()
    preferences = _PREFERENCES | {"network.proxy.allow_hijacking_localhost": not loopback}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_address(profile, process), max_size=None, proxy=None) as wire:
            yield Firefox(wire)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    said = profile / "WebDriverBiDiServer.json"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            found = json.loads(said.read_text("utf-8"))
            return f"ws://{found['ws_host']}:{found['ws_port']}/session"
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("Firefox does not start")
