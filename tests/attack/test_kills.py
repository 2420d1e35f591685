"""What a page acknowledged is there, however its server dies: processes that fill in every form
they come to are killed in the middle, and what they said was written is looked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import POSTGRESQL, environment, hindered
from tests.support.postgres import Cluster
from tests.support.shared_copies import Once

ROOT = Path(__file__).parents[2]
NOT_SERVED = """
import sys
import marfa.cli.server.serve as serve
serve._begin_anew = lambda *_: sys.exit(0)
"""


@pytest.fixture(scope="module")
def attacked(once: Once, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A demonstration, and the settings with which it is opened. PostgreSQL waits for the disk, as
    in real use: the cluster of the other tests does not."""
    folder = tmp_path_factory.mktemp("attacked")
    if not POSTGRESQL:
        return once.demonstration(folder / "data"), {}
    cluster = Cluster(folder / "cluster")
    cluster.make()
    cluster.start(durable=True)
    settings = {"MARFA_DATABASE": cluster.address}
    made = hindered(NOT_SERVED, "demo", "--data", str(folder / "data"), "--people", "0", **settings)
    assert made.returncode == 0, made.stderr
    return folder / "data", settings


def run(
    attacked: tuple[Path, dict[str, str]], seed: int, kills: int, seconds: float, *how: str
) -> dict[str, Any]:
    """Kill so many times, or for so long; what was found."""
    folder, settings = attacked
    command = [sys.executable, "-m", "tests.attack.killing", str(folder), str(seed)]
    ran = subprocess.run(
        [*command, str(kills), str(seconds), *how],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def say(found: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    shown = {name: value for name, value in found.items() if name not in ("views", "never")}
    with capsys.disabled():
        sys.stdout.write(f"\n{shown}; {len(found['views'])} forms wrote, {found['never']} never\n")


def test_what_was_acknowledged_is_there(
    attacked: tuple[Path, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A short form of the attack."""
    found = run(attacked, 1, 6, 600, "few")
    say(found, capsys)
    assert (found["kills"], found["lost"], found["intact"], found["log"]) == (6, [], True, [])
    assert found["acknowledged"] >= 12
    assert found["rows"] + found["entries"] >= found["acknowledged"]


@pytest.mark.slow
def test_five_hundred_kills_lose_nothing(
    attacked: tuple[Path, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Over every form that somebody comes to, with two thousand acknowledged writes and more."""
    kills = acknowledged = 0
    views: set[str] = set()
    for seed in range(100, 200):
        found = run(attacked, seed, kills=50, seconds=600)
        say(found, capsys)
        assert (found["lost"], found["intact"], found["log"]) == ([], True, [])
        kills += found["kills"]
        acknowledged += found["acknowledged"]
        views |= set(found["views"])
        if kills >= 500 and acknowledged >= 2000:
            break
    assert (kills >= 500, acknowledged >= 2000) == (True, True)
    assert len(views) >= 60


def test_a_server_that_answers_before_it_commits_is_found(
    attacked: tuple[Path, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The control, which comes last: the installation has lost something afterwards."""
    found = run(attacked, 2, 6, 600, "few", "hasty")
    say(found, capsys)
    assert found["lost"] != []
