"""How checks are run: those beside each other at once, each told of in its place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tools.check import Step, on_newest, run_all

from tools import check


def test_each_step_is_told_of_in_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        Step("one", ["echo", "first 3 passed"], beside=True),
        Step("two", ["false"], beside=True),
        Step("three", ["true"]),
        Step("four", [], absent="PostgreSQL"),
    ]
    outcomes = run_all(steps)
    assert [outcome.step.name for outcome in outcomes] == ["one", "two", "three", "four"]
    assert [outcome.code for outcome in outcomes] == [0, 1, 0, None]
    assert outcomes[0].passed == 3
    assert "first 3 passed" in capsys.readouterr().out


def test_steps_beside_each_other_run_at_once(tmp_path: Path) -> None:
    """Each waits for what the other writes: one after the other they would not end."""
    code = (
        "import pathlib, sys, time\n"
        "mine, other = map(pathlib.Path, sys.argv[1:])\n"
        "mine.touch()\n"
        "while not other.exists(): time.sleep(0.01)\n"
    )
    files = [str(tmp_path / name) for name in "ab"]
    steps = [
        Step(name, [sys.executable, "-c", code, *pair], beside=True)
        for name, pair in (("a", files), ("b", files[::-1]))
    ]
    assert [outcome.code for outcome in run_all(steps)] == [0, 0]


@pytest.mark.parametrize("found", [None, "/usr/bin/python3.99"])
def test_what_needs_the_newest_python(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    """Where there is none, the other database is tried all the same, and libraries are said to be
    left out."""
    monkeypatch.setattr(check, "NEWEST", "3.99")
    monkeypatch.setattr("shutil.which", lambda _name: found)
    database = Step("a", ["python", "-m", "pytest"], environment={"MARFA_TEST_DATABASE": "x"})
    libraries = Step("b", ["python", "-m", "pytest"])
    if found:
        assert on_newest(database).environment == {"MARFA_TEST_DATABASE": "x", "PYTHON": found}
        assert "&& .venv-3.99/bin/python -m pytest" in on_newest(libraries).command[-1]
    else:
        assert on_newest(database) == database
        assert "3.99" in on_newest(libraries).absent
