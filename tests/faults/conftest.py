"""The shim, compiled, and a folder in memory for the vaults it strikes."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import faults

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim; without a compiler what needs it is skipped, which counts as a failure on the build machine."""
    built = faults.build(tmp_path_factory.mktemp("shim"))
    if built is None:
        pytest.skip("no gcc to compile tests/support/faultshim.c with (.ci/packages.txt)")
    return built


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, in memory where there is such a thing: thousands of vaults are copied."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="faults-", dir=MEMORY))
    yield made
    shutil.rmtree(made)
