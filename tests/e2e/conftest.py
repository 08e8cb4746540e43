"""A program of its own for each test."""

from pathlib import Path

import pytest

from tests.support.command import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program without a vault."""
    return Program(tmp_path)


@pytest.fixture
def vault(program: Program) -> Program:
    """The program with an empty vault."""
    return program.made()
