"""One lock on the folder: many share it, or one has it alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.platform.occupancy import leave_installation, occupy_alone, occupy_installation

OTHER = """
import sys
from pathlib import Path
from marfa.domain.message import InputError
from marfa.platform.occupancy import occupy_alone, occupy_installation, serve_alone
try:
    if sys.argv[2] == "occupy":
        occupy_installation(Path(sys.argv[1]))
    elif sys.argv[2] == "serve":
        serve_alone(Path(sys.argv[1]))
    else:
        with occupy_alone(Path(sys.argv[1])):
            pass
except InputError as error:
    print(error.problems[0].message.key)
else:
    print("had it")
"""


def other(folder: Path, how: str) -> str:
    """What another process finds."""
    command = [sys.executable, "-c", OTHER, str(folder), how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_many_share_it_or_one_has_it_alone(tmp_path: Path) -> None:
    assert other(tmp_path, "alone") == "had it"
    occupy_installation(tmp_path)
    occupy_installation(tmp_path)
    try:
        assert other(tmp_path, "occupy") == "had it"
        assert other(tmp_path, "alone") == "installation-open"
        with occupy_alone(tmp_path):
            assert other(tmp_path, "occupy") == "installation-busy"
            assert other(tmp_path, "alone") == "installation-open"
        assert other(tmp_path, "occupy") == "had it"
    finally:
        leave_installation(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_is_given_back_where_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), occupy_alone(tmp_path):
        raise ZeroDivisionError
    assert other(tmp_path, "alone") == "had it"
    sharing = subprocess.Popen(
        [sys.executable, "-c", OTHER + "\ninput()", str(tmp_path), "occupy"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with sharing:
        assert sharing.stdout is not None
        assert sharing.stdout.readline().strip() == "had it"
        with pytest.raises(InputError), occupy_alone(tmp_path):
            pass
        sharing.kill()
    with occupy_alone(tmp_path):
        pass


def test_one_server_has_it_until_it_is_killed(tmp_path: Path) -> None:
    """Others may use the installation beside it; nothing is left by which it would seem to run."""
    (tmp_path / "instance.json").touch()
    serving = subprocess.Popen(
        [sys.executable, "-c", OTHER + "\nsys.stdout.flush(); input()", str(tmp_path), "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    assert serving.stdout.readline().strip() == "had it"
    assert other(tmp_path, "serve") == "installation-served"
    assert other(tmp_path, "occupy") == "had it"
    serving.kill()
    serving.communicate()
    assert other(tmp_path, "serve") == "had it"
