"""kill -9 while packages are made and opened: no half file at its place, no number twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def killed(place: Path, kills: int, fault: str = "") -> dict[str, object]:
    command = [sys.executable, "-m", "tests.methods.packages.killed", str(place), str(kills), fault]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("kills", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_is_half_and_no_number_is_used_twice(tmp_path: Path, kills: int) -> None:
    found = killed(tmp_path, kills)
    assert found == {"kills": {"make": kills // 2, "open": kills // 2}, "half": [], "doubled": 0}


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["in place", "late"])
def test_the_kills_would_show_a_fault(tmp_path: Path, fault: str) -> None:
    found = killed(tmp_path, 200, fault)
    assert found["half"] or found["doubled"]
