"""Where the whole is judged (.ci/run), nothing goes untested unseen."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = {
    "mark": "import pytest\n@pytest.mark.skip(reason='no tool')\ndef test(): pass\n",
    "call": "import pytest\ndef test(): pytest.skip('no tool')\n",
    "module": "import pytest\npytest.importorskip('no_such_module_at_all')\ndef test(): pass\n",
}


def run(folder: Path, case: str, *, no_skip: bool) -> int:
    shutil.copy(Path(__file__).parents[1] / "conftest.py", folder)
    (folder / "test_case.py").write_text(CASES[case], encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "ONGEMERKT_"))}
    if no_skip:
        environment["ONGEMERKT_TESTS_NO_SKIP"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", str(folder)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


@pytest.mark.parametrize("case", CASES)
def test_a_skip_fails_where_the_whole_is_judged(tmp_path: Path, case: str) -> None:
    assert run(tmp_path, case, no_skip=True) in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}


@pytest.mark.parametrize("case", CASES)
def test_a_skip_is_a_skip_elsewhere(tmp_path: Path, case: str) -> None:
    assert run(tmp_path, case, no_skip=False) in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
