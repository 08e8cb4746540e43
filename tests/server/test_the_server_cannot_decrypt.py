"""P15: the server can't decrypt by construction. Its source names nothing that could, and it serves where nothing of
the coach's program can be imported; the coach's program runs where nothing of the server can."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sync import protocol
from tests.support.device import enrolled
from tests.support.server import COMMAND, ROOT, Running, address_of, invite, keys_of, make_server, server_process

SHARED = ("protocol", "signatures", "codes")
SOURCES = [*sorted((ROOT / "sync" / "server").rglob("*.py")), *(ROOT / "sync" / f"{name}.py" for name in SHARED)]
OUTSIDE = {"starlette", "uvicorn", "h11", "cryptography", "psycopg"}
SIGNING = {
    "cryptography.exceptions.InvalidSignature",
    "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey",
    "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PublicKey",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.hashes",
    "cryptography.hazmat.primitives.serialization",
    "cryptography.x509",
}
"""All of the library that the server may name: signatures, a certificate, nothing that encrypts."""
COACHS = ("vault", "cli", "nacl", "argon2", "sqlcipher3", "prompt_toolkit", "pyrage", "zxcvbn_rs_py", "segno", "typst")
SERVERS = ("sync.server", "starlette", "uvicorn", "h11", "psycopg")

BLOCKING = """
import runpy, sys

blocked = tuple(sys.argv[1].split(","))

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if any(name == each or name.startswith(each + ".") for each in blocked):
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Blocker())
module, sys.argv = sys.argv[2], sys.argv[2:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def imports_of(path: Path) -> set[str]:
    """Every module, or name of a module, that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def blocking(blocked: tuple[str, ...], module: str) -> tuple[str, ...]:
    """The command that runs a module where some others can't be imported."""
    return (sys.executable, "-c", BLOCKING, ",".join(blocked), module)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_of_the_server_names_nothing_that_could_decrypt(path: Path) -> None:
    """Seen to fail with `from cryptography.hazmat.primitives.ciphers.aead import AESGCM` in keys.py, and with
    `import vault.limits` in app.py."""
    for name in imports_of(path):
        first = name.partition(".")[0]
        if first == "sync":
            assert name == "sync" or name.split(".")[1] in {"server", *SHARED}, name
        elif first == "cryptography":
            assert name in SIGNING, name
        else:
            assert first in sys.stdlib_module_names | OUTSIDE, name


def test_nothing_is_imported_by_a_name_made_up_at_run_time() -> None:
    """Only a command's module, from the list of commands."""
    dynamic = [path.name for path in SOURCES if "import_module" in path.read_text("utf-8")]
    assert dynamic == ["options.py"]
    assert not any("__import__" in path.read_text("utf-8") for path in SOURCES)


def test_the_server_serves_where_nothing_of_the_coach_can_be_imported(tmp_path: Path) -> None:
    """Seen to fail with `import vault.limits` in sync/server/app.py, and with `import nacl` in sync/protocol.py."""
    make_server(tmp_path)
    with server_process(tmp_path, prefix=blocking(COACHS, "sync.server.main")) as process:
        url = address_of(process)
        server = Running(url, *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with enrolled(server) as device:
            assert device.first_commit().status == 200
            assert device.state().status == 200
            assert device.fetch(1, [0]).status == 200
            assert device.line.ask("GET", "/").status == 200
            assert device.line.ask("GET", protocol.OPENAPI).status == 200


@pytest.mark.parametrize("words", [("init", "--dir", "{}"), ("openapi",), ("status", "--help")])
def test_the_keepers_commands_need_nothing_of_the_coach(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = [word.format(tmp_path / "server") for word in words]
    done = subprocess.run(
        [*blocking(COACHS, "sync.server.main"), *told],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [("init",), ("run",), ("invite",), ("status",), ("openapi",)])
def test_without_its_libraries_the_server_says_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    make_server(tmp_path / "server")
    folder = tmp_path / ("new" if words == ("init",) else "server")
    done = subprocess.run(
        [*blocking(("starlette", "uvicorn", "h11", "cryptography"), COMMAND[-1]), *words, "--dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "pip install" in done.stderr


def test_without_psycopg_a_postgresql_server_says_what_to_add(tmp_path: Path) -> None:
    done = subprocess.run(
        [*blocking(("psycopg",), COMMAND[-1]), "init", "--database", "postgresql:///x", "--dir", str(tmp_path / "new")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "ongemerkt[postgresql]" in done.stderr


def coach(blocked: tuple[str, ...], *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*blocking(blocked, "cli"), *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_coachs_program_runs_where_nothing_of_the_server_can_be_imported(tmp_path: Path) -> None:
    """Seen to fail with `import starlette` in cli/commands/list.py."""
    vault = ("--vault", str(tmp_path / "vault"), "--passphrase-file", "-")
    secret = "een lange zin die niemand raadt\n"
    kit = ("--kit", str(tmp_path / "kit.html"), "--cost", "fast", "--yes")
    assert coach(SERVERS, "init", *kit, *vault, stdin=secret).returncode == 0
    done = coach(SERVERS, "list", "--json", *vault, stdin=secret)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) is not None


@pytest.mark.parametrize("words", [("list",), ("init",), ("status",)])
def test_without_its_libraries_the_coachs_program_says_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = coach(("nacl", "argon2", "sqlcipher3"), *words, "--vault", str(tmp_path / "vault"), "--passphrase-file", "-")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "ongemerkt[coach]" in done.stderr
