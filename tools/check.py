"""Run every check and say in the closing lines what ran, what failed and what was absent.

    python tools/check.py          the checks of ``make test``
    python tools/check.py --all    also slow tests and the other Pythons

With ``MARFA_REQUIRE_ALL=1`` an absent part (PostgreSQL, Chromium, ...) is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium  # noqa: E402
from tests.support.postgres import binaries  # noqa: E402

BIN = Path(sys.executable).parent
COMPILED = ROOT / ".cache" / "compiled"
PYTEST = [str(BIN / "python"), "-m", "pytest", "-q", "--no-header"]
# Each process goes through its part in order, so that what a module makes once is made once; one
# that has nothing left takes over from another.
PARALLEL = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
OTHER_PYTHON = "3.13"
# Reasons for which a test may be skipped even where everything is required.
MAY_SKIP = (
    "belongs to the run on PostgreSQL",
    # A question to one of the two databases, asked in the run on the other.
    "SQLite",
    "MARFA_REFERENCE_DATA",
    "Node is not installed",
)
# What depends on the database, and so runs a second time.
DATABASE_TESTS = [
    "tests/apps",
    "tests/charter/test_machine.py",
    "tests/cli/server/test_backup.py",
    "tests/cli/server/test_on_postgresql.py",
    "tests/cli/server/test_three_roles.py",
    "tests/platform/deadlines",
    "tests/platform/files",
    "tests/platform/jobs",
    "tests/platform/limits",
    "tests/platform/outbox",
    "tests/platform/facts",
    "tests/platform/revisions",
    "tests/platform/rowsecurity",
    "tests/platform/test_time_travel.py",
    "tests/safeguards",
    "tests/web",
]
# What is decided above the database, with faults planted there, and found in the run on SQLite;
# ``--all`` runs it on both.
ONCE = [
    "--ignore=tests/apps/people/test_histories.py",
    "--ignore=tests/apps/people/test_no_profiling.py",
    "--ignore=tests/apps/people/test_sharing_machine.py",
    "--ignore=tests/apps/privacy/test_world.py",
    "--ignore=tests/safeguards/charter/test_facts_as_cedar.py",
    "--ignore=tests/safeguards/sealed/test_stories.py",
    "--ignore=tests/safeguards/vault/test_world.py",
]


@dataclass
class Step:
    """One check: a command, and what must be there for it to run."""

    name: str
    command: list[str]
    absent: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """How a step ended: its exit code (None: it could not run), seconds, and pytest's counts."""

    step: Step
    code: int | None
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)


def steps(everything: bool) -> list[Step]:
    """The checks in the order in which a failure is cheapest to find."""
    marks = [] if everything else ["-m", "not slow and not journey"]
    journeys = ["-m", "journey" if everything else "journey and not slow"]
    unit = ["-m", "not journey"] if everything else marks
    once = [] if everything else ONCE
    found = [
        Step("ruff", [str(BIN / "ruff"), "check", "."]),
        Step("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        Step("mypy", [str(BIN / "mypy")]),
        Step("import-linter", [str(BIN / "lint-imports"), "--no-logo"]),
        Step(
            "docs",
            [str(BIN / "mkdocs"), "build", "--strict", "--quiet", "-d", ".cache/site"],
            environment={"NO_MKDOCS_2_WARNING": "1"},
        ),
        Step("tests on SQLite", [*PYTEST, *PARALLEL, *unit]),
        Step(
            "tests on PostgreSQL",
            [*PYTEST, *PARALLEL, *unit, *once, *DATABASE_TESTS],
            absent="" if binaries() else "PostgreSQL server: apt install postgresql",
            environment={"MARFA_TEST_DATABASE": "postgresql"},
        ),
        Step(
            "journeys in a browser",
            [*PYTEST, *PARALLEL, *journeys, "tests/journeys"],
            absent="" if chromium() else "Chromium: apt install chromium",
        ),
    ]
    return [*found, *other_python()] if everything else found


def other_python() -> list[Step]:
    """The unit tests on another Python, in an environment made from the same locks."""
    python = shutil.which(f"python{OTHER_PYTHON}")
    name = f"tests on Python {OTHER_PYTHON}"
    if python is None:
        return [Step(name, [], absent=f"Python {OTHER_PYTHON}: apt install python3-venv")]
    folder = f".venv-{OTHER_PYTHON}"
    tests = f"-m pytest -q --no-header {' '.join(PARALLEL)} -m 'not slow and not journey'"
    script = f"tools/environment.sh test {folder} && {folder}/bin/python {tests}"
    return [Step(name, ["sh", "-c", script], environment={"PYTHON": python})]


def run(step: Step) -> Outcome:
    """Run one step, showing its output as it comes."""
    print(f"\n== {step.name}", flush=True)
    if step.absent:
        print(f"not run, absent: {step.absent}")
        return Outcome(step, None)
    started = time.monotonic()
    lines = []
    # Compiled once for the many commands that tests start, and not beside the sources.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(COMPILED), **step.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with subprocess.Popen(
        step.command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    text = "".join(lines)
    return Outcome(
        step,
        process.returncode,
        time.monotonic() - started,
        passed=count(text, "passed"),
        failed=count(text, "failed") + count(text, "error"),
        skipped=[line.strip() for line in lines if line.startswith("SKIPPED")],
    )


def count(text: str, word: str) -> int:
    """How many tests pytest's closing line says ended this way."""
    found = re.findall(rf"(\d+) {word}s?\b", "\n".join(text.splitlines()[-1:]))
    return int(found[-1]) if found else 0


def close(outcomes: list[Outcome], required: bool) -> int:
    """The closing lines; the exit code."""
    print("\n== Summary")
    for outcome in outcomes:
        state = {None: "ABSENT", 0: "ok"}.get(outcome.code, "FAILED")
        tests = f"  {outcome.passed} passed" if outcome.passed else ""
        print(f"{state:7} {outcome.seconds:6.1f} s  {outcome.step.name}{tests}")
        for line in outcome.skipped:
            print(f"                  {line}")
    absent = [outcome.step.absent for outcome in outcomes if outcome.code is None]
    if required:
        lines = [line for outcome in outcomes for line in outcome.skipped]
        absent += [line for line in lines if not any(reason in line for reason in MAY_SKIP)]
    for text in absent:
        print(f"Not checked, absent: {text}")
    bad = [outcome for outcome in outcomes if outcome.code not in (0, None)]
    seconds = sum(outcome.seconds for outcome in outcomes)
    print(f"In all {seconds:.0f} s, {len(bad)} of {len(outcomes)} checks failed.")
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"\n{passed} passed, {max(failed, len(bad))} failed")
    return 1 if bad or (absent and required) else 0


def main() -> int:
    everything = "--all" in sys.argv[1:]
    outcomes = [run(step) for step in steps(everything)]
    return close(outcomes, required=os.environ.get("MARFA_REQUIRE_ALL") == "1")


if __name__ == "__main__":
    sys.exit(main())
