"""An installation made once, which tests of the commands take copies of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.installation import init


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation on SQLite, made once; tests take copies."""
    path = tmp_path_factory.mktemp("pristine") / "data"
    found = init(path, "--desks", "reception,reporting")
    assert found.returncode == 0, found.stderr
    return path


@pytest.fixture
def installation(pristine: Path, tmp_path: Path) -> Path:
    path = tmp_path / "data"
    shutil.copytree(pristine, path)
    path.chmod(0o700)
    return path
