"""The demo's scratch server: `ongemerkt-server` as a process of its own, on loopback with TLS, in a scratch folder.

What stands here knows the server by its command line only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from cli import failures
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sync.codes import Invitation

MODULE: tuple[str, ...] = ("sync.server.main",)
"""What Python runs as the server."""
_PARTS = ("starlette", "uvicorn", "h11", "cryptography")
"""What the server needs installed, as it is imported; the extra `server` of the package brings them."""
_SERVES = b"Serving at "
_STARTS_SECONDS, _STOPS_SECONDS = 30.0, 10.0
_TOLD_BYTES = 16 << 10
"""The most that a server says before it serves."""


def is_installed() -> bool:
    """Whether a server can run here; nothing of it is loaded."""
    from importlib.util import find_spec

    return all(find_spec(each) is not None for each in _PARTS)


class ScratchServer:
    """A server that serves; `url` is where."""

    def __init__(self, folder: str) -> None:
        """Makes the folder, the server in it, and starts it. Raises Refused."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._answer("init")
        options = ["run", "--host", "127.0.0.1", "--port", "0", "--lang", "en"]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            self._command(options),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            self.url = self._address()
        except BaseException:
            self.stop()
            raise

    def invitation(self) -> Invitation:
        """An invitation, as the keeper hands it out. Raises Refused."""
        from sync.codes import Invitation, decode_code

        # by a pipe: a code never stands in arguments or files
        found = decode_code(json.loads(self._answer("invite"))["code"])
        assert isinstance(found, Invitation)
        return found

    def stop(self) -> bool:
        """Asks the server to end, and waits until it has; whether it ended well. May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return True
        process.terminate()
        try:
            code = process.wait(_STOPS_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        finally:
            if process.stderr is not None:
                process.stderr.close()
        return code == 0

    def _command(self, words: list[str]) -> list[str]:
        return [sys.executable, "-P", "-m", *MODULE, *words, "--dir", self._folder]

    def _answer(self, word: str) -> bytes:
        """What a command of the keeper writes to stdout. Raises Refused."""
        command = self._command([word, "--json"])
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter and module)
                command,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_STARTS_SECONDS,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            raise _not_started() from None
        return done.stdout

    def _address(self) -> str:
        """Waits for the line that says where it serves. Raises Refused."""
        import selectors
        from time import monotonic

        assert self._process is not None
        assert self._process.stderr is not None
        pipe, until, told = self._process.stderr.fileno(), monotonic() + _STARTS_SECONDS, b""
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_READ)
            while len(told) < _TOLD_BYTES and ready.select(max(until - monotonic(), 0)):
                read = os.read(pipe, _TOLD_BYTES)
                if not read:
                    break
                told += read
                for line in told.split(b"\n")[:-1]:
                    if line.startswith(_SERVES):
                        return line.removeprefix(_SERVES).decode("ascii")
        raise _not_started()


def _environment() -> dict[str, str]:
    """This process's own, with the way to the same modules: the server is of this very version."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path)}


def _not_started() -> failures.Refused:
    return failures.Refused(failures.AWAY, "ServerDidNotStart", _("The scratch server of the demo did not start."))
