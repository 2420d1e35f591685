"""A server that is killed in the middle, and what a large file costs in memory."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.platform.files.child import HEAD
from tests.platform.files.conftest import Generated
from tests.support.installation import environment
from tests.support.shared_copies import Once

ROOT = Path(__file__).parents[3]
MIB = 1 << 20


@pytest.fixture(scope="module")
def installation(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.installation(tmp_path_factory.mktemp("installation") / "data")


def begin(path: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.platform.files.child", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(MARFA_DATA=str(path)), stdout=subprocess.PIPE, text=True
    )


def run(path: Path, *arguments: str) -> str:
    with begin(path, *arguments) as process:
        said, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    return said.strip()


def killed_at_random(path: Path, size: int, kills: int, seed: int) -> None:
    """Kill whoever receives, again and again; what was acknowledged never shrinks."""
    drawn = random.Random(seed)
    reference = run(path, "start", str(size))
    stands, longest = 0, 0.05
    for _ in range(kills):
        with begin(path, "append", reference) as process:
            assert process.stdout is not None
            received = process.stdout.readline()
            assert int(received) >= stands
            stands = int(received)
            if stands == size:
                break
            time.sleep(drawn.uniform(0, longest))
            process.kill()
        if stands == 0:  # on a busy machine nothing came yet: the next one lives longer
            longest *= 2
    else:
        run(path, "append", reference)
    assert stands > 0, "some of what came was kept"
    digest = hashlib.sha256()
    source = Generated(size, HEAD)
    while piece := source.read(MIB):
        digest.update(piece)
    assert run(path, "settle", reference) == f"accepted {digest.hexdigest()}"


def test_killed_servers_lose_nothing_that_was_acknowledged(installation: Path) -> None:
    killed_at_random(installation, 200 * MIB + 77, kills=6, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_killed_servers(installation: Path, seed: int) -> None:
    killed_at_random(installation, 1200 * MIB + 77, kills=40, seed=seed)


def growth_in_mib(path: Path, size: int) -> float:
    """How much more memory a file of this size takes at its peak than one of 16 MiB."""
    small, large = (int(run(path, "whole", str(n))) for n in (16 * MIB, size))
    return (large - small) / 1024


def test_memory_does_not_grow_with_the_file(installation: Path) -> None:
    assert growth_in_mib(installation, 256 * MIB) < 24


@pytest.mark.slow
def test_memory_stays_flat_for_five_gibibytes(installation: Path) -> None:
    assert growth_in_mib(installation, 5120 * MIB) < 24
