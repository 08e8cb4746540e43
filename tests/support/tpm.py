"""A TPM 2.0 of its own for a test: swtpm (libtpms), a real TPM in software, in a process of its own on free ports."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.vaults import Snapshot
from vault import errors
from vault.formats import anchorfile, tpmfile
from vault.formats.anchorfile import Anchor, Record
from vault.formats.reader import FormatError

HOST = "127.0.0.1"


def running(folder: Path) -> Iterator["Tpm"]:
    """For a fixture to yield from: a TPM that is switched off in the end."""
    need()
    made = Tpm(folder)
    try:
        yield made
    finally:
        made.off()


def need() -> None:
    """Skips the test where swtpm or the library is missing, which counts as a failure on the build machine."""
    if shutil.which("swtpm") is None:
        pytest.skip("no swtpm to play the TPM (.ci/packages.txt)")
    library()


def library() -> Any:
    """The library tpm2-pytss; skips where it is missing."""
    # as the product does: what the library writes to stderr is of no use
    os.environ.setdefault("TSS2_LOG", "all+none")
    return pytest.importorskip(
        "tpm2_pytss", reason="tpm2-pytss is not installed (requirements/tpm.txt, needs libtss2-dev)"
    )


class Tpm:
    """A TPM whose state lies in `folder`; it may be switched off and on, and its state be put aside and back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.on()

    @property
    def tcti(self) -> str:
        """Its address, as ONGEMERKT_TPM takes it."""
        return f"swtpm:host={HOST},port={self.port}"

    def on(self) -> None:
        """Switches it on, at the address that it had before."""
        for _ in range(20):
            port = self.port or _two_free_ports()
            self._process = subprocess.Popen(
                [
                    *("swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder},mode=0600"),
                    *("--server", f"type=tcp,bindaddr={HOST},port={port},disconnect"),
                    *("--ctrl", f"type=tcp,bindaddr={HOST},port={port + 1}"),
                    *("--flags", "not-need-init,startup-clear"),
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if _answers(port, self._process):
                self.port = port
                return
        raise AssertionError("swtpm does not start")

    def off(self) -> None:
        """Switches it off; its state stays."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Off and on: what was loaded is gone, as with a resource manager when a process ends."""
        self.off()
        self.on()

    def state(self) -> dict[str, bytes]:
        """Everything it remembers. Only while it is off, or nobody uses it."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.name.startswith("tpm2")}

    def put_back(self, state: dict[str, bytes]) -> None:
        """Makes it remember that instead: what no real TPM lets anybody do. Switches it off and on."""
        self.off()
        for name, data in state.items():
            (self.folder / name).write_bytes(data)
        self.on()

    def clear(self) -> None:
        """What the firmware's setup calls "clear TPM": a new seed, and nothing of the owner is left."""
        tss = library()
        with tss.ESAPI(self.tcti) as esys:
            esys.clear(tss.ESYS_TR.LOCKOUT)

    def counters(self) -> list[int]:
        """The indices of all counters in it."""
        return self._handles(0x01)

    def loaded(self) -> int:
        """How many keys and sessions are loaded in it."""
        return sum(len(self._handles(kind)) for kind in (0x80, 0x02, 0x03))

    def _handles(self, kind: int) -> list[int]:
        tss = library()
        with tss.ESAPI(self.tcti) as esys:
            # kept, since the library's lists point into what they are part of
            found = esys.get_capability(tss.TPM2_CAP.HANDLES, kind << 24, 100)[1]
            return [int(each) for each in found.data.handles]


def opened_by(tpm: Tpm, images: Iterable[Snapshot]) -> list[Anchor]:
    """What this TPM still opens of all the blobs in these versions of files, without asking the program."""
    from vault.anchor.chip import Chip

    raws = {raw for image in images for name, raw in image.items() if Path(name).name.startswith("anchor.tpm")}
    found = []
    with Chip(tpm.tcti) as chip:
        for raw in sorted(raws):
            try:
                file = tpmfile.decode(raw)
                if file.sealed is not None:
                    found.append(Anchor(file.epoch, chip.unseal(file.seat, file.sealed)))
            except (FormatError, errors.AnchorSpent, errors.AnchorLost):
                continue
    return list(dict.fromkeys(found))


def as_files(anchors: Iterable[Anchor]) -> list[Snapshot]:
    """These anchors as an attacker with files would have them."""
    record = Record(bytes(32), bytes(32), False)
    return [{f"state/{at}/anchor": anchorfile.encode(anchor, record)} for at, anchor in enumerate(anchors)]


def _two_free_ports() -> int:
    """A port of which the next one is free too: swtpm's control channel takes it."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind((HOST, 0))
            port = int(one.getsockname()[1])
            try:
                two.bind((HOST, port + 1))
            except (OSError, OverflowError):
                continue
            return port


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    while process.poll() is None:
        try:
            socket.create_connection((HOST, port)).close()
        except OSError:
            continue
        return True
    return False
