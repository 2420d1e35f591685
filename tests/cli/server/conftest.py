"""An installation made once, which tests of the commands take copies of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shared_copies import Once

DESKS = ("--desks", "reception,reporting")


@pytest.fixture(scope="session")
def pristine(once: Once) -> Path:
    """One installation on SQLite, made once; tests take copies."""
    return once.original(*DESKS)


@pytest.fixture
def installation(once: Once, tmp_path: Path) -> Path:
    return once.installation(tmp_path / "data", *DESKS)
