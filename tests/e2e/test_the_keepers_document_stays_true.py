"""docs/server.md and its files: their commands are the program's, their numbers the protocol's, none is forgotten."""

import re
import shlex
from pathlib import Path

import pytest

from sync import protocol
from sync.server import options
from sync.server.commands import COMMANDS
from tests.support.command import ROOT

TEXT = (ROOT / "docs/server.md").read_text("utf-8")
FILES = sorted((ROOT / "docs/server").iterdir())
UNIT = (ROOT / "docs/server/ongemerkt-server.service").read_text("utf-8")
_PROGRAM = "ongemerkt-server"


def _shown() -> list[list[str]]:
    """The arguments of every call of the program: in blocks, between backticks, in the units and the wrapper."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", TEXT)
    calls = [line for line in lines if line.startswith(f"{_PROGRAM} ")]
    for path in FILES:
        calls += re.findall(r"^ExecStart=\S*(ongemerkt-server .*)$", path.read_text("utf-8"), re.MULTILINE)
    return [shlex.split(call)[1:] for call in calls]


def test_every_command_shown_is_one_that_the_program_understands() -> None:
    shown = _shown()
    assert len(shown) >= 15
    for arguments in shown:
        if arguments != ["ends", "with"]:
            options.parse(arguments)


def test_a_command_that_the_program_does_not_know_would_be_noticed() -> None:
    for wrong in (["serve"], ["init", "--uri", "https://sync.example.nl"], ["account", "delete", "00"]):
        with pytest.raises(options.UsageError):
            options.parse(wrong)


def test_every_command_of_the_program_is_told() -> None:
    told = {word for arguments in _shown() for word in arguments}
    assert [name for name, _module, _help in COMMANDS if name not in told] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_for_the_keeper_is_named_in_the_document_and_says_where_it_goes(path: Path) -> None:
    assert f"docs/server/{path.name}" in TEXT or f"(server/{path.name})" in TEXT
    assert "docs/server.md" in path.read_text("utf-8").partition("\n\n")[0]


def test_every_file_that_the_document_installs_is_there() -> None:
    named = set(re.findall(r"docs/server/([\w.-]+)", TEXT)) | set(re.findall(r"\(server/([\w.-]+)\)", TEXT))
    assert named - {path.name for path in FILES} == set()


def test_the_numbers_told_are_those_of_the_protocol() -> None:
    days, months = {7: "seven"}, {6: "six"}
    for told in (
        f"for {days[protocol.INVITE_DAYS]} days",
        f"more than {months[protocol.DORMANT_MONTHS]} months",
        f"{protocol.BUCKET} requests at once and {protocol.REFILL} a second for a device",
        f"{protocol.OPEN_BUCKET} and {protocol.OPEN_REFILL} for all",
        f"bodies of {protocol.BODY_MOST >> 20} MiB, {protocol.REQUEST_SECONDS} seconds a request",
        f"{protocol.QUOTA >> 30} GiB an account",
        f"the largest pool there is, {protocol.POOL_MOST:,} slots, takes half of it",
    ):
        assert told in TEXT.replace("\n", " "), told
    assert protocol.POOL_MOST * protocol.SLOT_BOX < protocol.QUOTA * 0.55


@pytest.mark.parametrize("path", [path for path in FILES if "ExecStart=" in path.read_text("utf-8")], ids=str)
def test_a_unit_lets_the_program_listen_at_its_own_port_and_no_other(path: Path) -> None:
    text = path.read_text("utf-8")
    ports = re.findall(r"--port (\d+)", text)
    assert re.findall(r"^SocketBindAllow=tcp:(\d+)$", text, re.MULTILINE) == ports
    assert "SocketBindDeny=any" in text


def test_the_proxies_lead_to_the_port_of_the_unit_behind_them_with_bodies_as_large_as_the_protocols() -> None:
    port = re.findall(r"--port (\d+) --behind-proxy", (ROOT / "docs/server/behind-proxy.conf").read_text("utf-8"))
    assert port == ["8080"]
    size = protocol.BODY_MOST >> 20
    for name, lines in (
        ("Caddyfile", (f"max_size {size}MiB", "reverse_proxy 127.0.0.1:8080", "exclude http")),
        ("nginx.conf", (f"client_max_body_size {size}m;", "proxy_pass http://127.0.0.1:8080;", "access_log off;")),
    ):
        text = (ROOT / "docs/server" / name).read_text("utf-8")
        assert [line for line in lines if line not in text] == []


def test_the_unit_keeps_the_server_from_everything_that_it_does_not_need() -> None:
    for line in (
        "User=ongemerkt", "UMask=0077", "LimitCORE=0", "NoNewPrivileges=yes", "CapabilityBoundingSet=",
        "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateUsers=yes",
        "ProtectProc=invisible", "ProtectClock=yes", "ProtectKernelTunables=yes", "ProtectKernelModules=yes",
        "ProtectKernelLogs=yes", "ProtectControlGroups=yes", "RestrictNamespaces=yes", "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes", "LockPersonality=yes", "MemoryDenyWriteExecute=yes",
        "SystemCallArchitectures=native", "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @resources", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "NoExecPaths=/var/lib/ongemerkt /tmp /var/tmp",
    ):  # fmt: skip
        assert f"\n{line}\n" in UNIT, line
    # what it names would be writable again (seen: /usr was)
    assert "\nExecPaths=" not in UNIT
