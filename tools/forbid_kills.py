"""Which test of an app notices when one prohibition of the charter is taken away.

    python tools/forbid_kills.py            tries all, and writes tests/attack/forbids.tsv
    python tools/forbid_kills.py POLICY...  tries these alone, and leaves the other lines

A first run of the tests of the apps hears in which of them a prohibition speaks; without that one,
these alone could end otherwise. They are then run without it until one fails.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

KILLS = ROOT / "tests" / "attack" / "forbids.tsv"
WHERE = ("tests/apps", "tests/safeguards/sealed")
PYTEST = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "tests.attack.forbid_plugin"]
NOT_SLOW = ["-m", "not slow and not journey"]
AT_A_TIME = 12
MOST = 60
"""Tests that are tried for one prohibition, at most."""
NOBODY = "-"


def forbids() -> list[str]:
    """Ids of all prohibitions, of whatever app."""
    from marfa.safeguards.charter.loader import whole_charter

    return sorted(policy.id for policy in whole_charter().policies if policy.forbids)


def heard_in() -> dict[str, list[str]]:
    """The tests in which each prohibition speaks."""
    with tempfile.NamedTemporaryFile("r", suffix=".tsv") as file:
        environment = {**os.environ, "PYTEST_FORBIDS_SPOKE": file.name}
        subprocess.run(
            [*PYTEST, "-n", "2", *NOT_SLOW, *WHERE], cwd=ROOT, env=environment, check=False
        )
        found: dict[str, list[str]] = defaultdict(list)
        for line in file:
            policy, _, test = line.rstrip("\n").partition("\t")
            if test not in found[policy]:
                found[policy].append(test)
    return found


@cache
def heard_in_all() -> dict[str, list[str]]:
    """The same, once in a process."""
    return heard_in()


def first_that_fails(policy: str, tests: list[str]) -> str:
    """A test that fails without a prohibition; ``NOBODY`` where none does."""
    chosen = spread(tests)
    for start in range(0, len(chosen), AT_A_TIME):
        part = chosen[start : start + AT_A_TIME]
        failed = failing(policy, part)
        if failed:
            return failed
    return NOBODY


def spread(tests: list[str]) -> list[str]:
    """Some tests, of as many files as there are."""
    by_file: dict[str, list[str]] = defaultdict(list)
    chance = random.Random(0)  # noqa: S311
    for test in chance.sample(tests, len(tests)):
        by_file[test.partition("::")[0]].append(test)
    chosen: list[str] = []
    while by_file and len(chosen) < MOST:
        for file in list(by_file):
            chosen.append(by_file[file].pop())
            if not by_file[file]:
                del by_file[file]
    return chosen[:MOST]


def failing(policy: str, tests: list[str]) -> str:
    """The first of these that fails without a prohibition, and not with it; empty where none."""
    without = {**os.environ, "PYTEST_FORBID_GONE": policy}
    failed = run([*tests, "-x"], without)
    if failed and not run([failed], dict(os.environ)):
        return failed
    return ""


def run(arguments: list[str], environment: dict[str, str]) -> str:
    """Run tests; the first that failed, or empty."""
    done = subprocess.run(
        [*PYTEST, *arguments, "--tb=no", "-rfE"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word in ("FAILED", "ERROR"):
            return rest.partition(" - ")[0]
    return ""


def read() -> dict[str, str]:
    """What the file says: prohibition -> the test that notices."""
    if not KILLS.exists():
        return {}
    lines = KILLS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def main(only: list[str]) -> None:
    heard, found = heard_in(), read()
    for policy in only or forbids():
        noticed = first_that_fails(policy, heard.get(policy, []))
        sys.stdout.write(f"{policy}\t{noticed}\t{len(heard.get(policy, []))}\n")
        sys.stdout.flush()
        found.pop(policy, None)
        found |= {policy: noticed} if noticed != NOBODY else {}
        known = [f"{each}\t{found[each]}\n" for each in forbids() if each in found]
        KILLS.write_text("".join(known), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
