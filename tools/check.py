"""Run every check and say in the closing lines what ran, what failed and what was absent.

    python tools/check.py           the checks of ``make test``: eight minutes on two cores
    python tools/check.py --rest    what these leave: long tests, PostgreSQL, browser, newest Python
    python tools/check.py --all     all of both in one, with slow tests and the other Pythons

The first run the tests on SQLite on the Python of this environment, the rest those on PostgreSQL on
the newest one, and there what the libraries stand on. With ``MARFA_REQUIRE_ALL=1`` an absent part
(PostgreSQL, Chromium, ...) is a failure.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium  # noqa: E402
from tests.support.postgres import binaries  # noqa: E402
from tests.support.templates import FOLDER as TEMPLATES  # noqa: E402

from tools import parts  # noqa: E402
from tools.parts import without  # noqa: E402

BIN = Path(sys.executable).parent
COMPILED = ROOT / ".cache" / "compiled"
PYTEST = [str(BIN / "python"), "-m", "pytest", "-q", "--no-header"]
# Each process goes through its part in order, so that what a module makes once is made once; one
# that has nothing left takes over from another. One for each core: a third on two made all slower.
PARALLEL = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
QUICK = ["-m", "not slow and not journey"]
JOURNEYS = ["-m", "journey and not slow"]
NEWEST = "3.13"
# Reasons for which a test may be skipped even where everything is required.
MAY_SKIP = (
    "belongs to the run on PostgreSQL",
    # A question to one of the two databases, asked in the run on the other.
    "SQLite",
    "MARFA_REFERENCE_DATA",
    "Node is not installed",
    # It builds against the headers of ICU, which a machine for tests need not have.
    "followthemoney",
)


@dataclass
class Step:
    """One check: a command, and what must be there for it to run."""

    name: str
    command: list[str]
    absent: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False
    """Whether it keeps one core busy and is run at the same time as those before and after it."""


@dataclass
class Outcome:
    """How a step ended: its exit code (None: it could not run), seconds, and pytest's counts."""

    step: Step
    code: int | None
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)


def first() -> list[Step]:
    """What a developer waits for, in the order in which a failure is cheapest to find."""
    return [
        *without_tests(),
        Step("tests on SQLite", [*PYTEST, *PARALLEL, *QUICK, *without(parts.LONG)]),
        on_postgresql("what PostgreSQL alone has", [*QUICK, *parts.FIRST_ON_POSTGRESQL]),
        in_browser("first journeys in a browser", [*JOURNEYS, *parts.FIRST_JOURNEYS]),
    ]


def without_tests() -> list[Step]:
    """What is seen without a test; the type checker beside the others, since it is the longest."""
    site = [str(BIN / "mkdocs"), "build", "--strict", "--quiet", "-d", ".cache/site"]
    return [
        Step("ruff", [str(BIN / "ruff"), "check", "."], beside=True),
        Step("ruff format", [str(BIN / "ruff"), "format", "--check", "."], beside=True),
        # As a module: this folder then comes before packages, one of which is called tests too.
        Step("mypy", [str(BIN / "python"), "-m", "mypy"], beside=True),
        Step("import-linter", [str(BIN / "lint-imports"), "--no-logo"], beside=True),
        Step("docs", site, environment={"NO_MKDOCS_2_WARNING": "1"}, beside=True),
    ]


def rest() -> list[Step]:
    """What ``first`` leaves."""
    elsewhere = (*parts.ONCE, *parts.FIRST_ON_POSTGRESQL)
    return [
        Step("long tests on SQLite", [*PYTEST, *PARALLEL, *QUICK, *parts.LONG]),
        on_newest(
            on_postgresql("tests on PostgreSQL", [*QUICK, *without(elsewhere), *parts.DATABASE])
        ),
        on_newest(
            Step("domain", [*PYTEST, *PARALLEL, *QUICK, *without(parts.LONG), *parts.LIBRARIES])
        ),
        in_browser(
            "journeys in a browser", [*JOURNEYS, *without(parts.FIRST_JOURNEYS), "tests/journeys"]
        ),
    ]


def everything() -> list[Step]:
    """All tests, also those that take very long, each where it runs."""
    return [
        *without_tests(),
        Step("tests on SQLite", [*PYTEST, *PARALLEL, "-m", "not journey"]),
        on_postgresql("tests on PostgreSQL", ["-m", "not journey", *parts.DATABASE]),
        replace(
            in_browser("journeys in a browser", ["-m", "journey", "tests/journeys"]),
            environment={"PYTEST_MARFA_AXE": "all"},
        ),
        on_newest(Step("tests", [*PYTEST, *PARALLEL, *QUICK])),
    ]


def on_postgresql(name: str, arguments: list[str]) -> Step:
    """Tests on a cluster that they start themselves."""
    return Step(
        name,
        [*PYTEST, *PARALLEL, *arguments],
        absent="" if binaries() else "PostgreSQL server: apt install postgresql",
        environment={"MARFA_TEST_DATABASE": "postgresql"},
    )


def in_browser(name: str, arguments: list[str]) -> Step:
    """Journeys in a real browser."""
    absent = "" if chromium() else "Chromium: apt install chromium"
    return Step(name, [*PYTEST, *PARALLEL, *arguments], absent=absent)


def on_newest(step: Step) -> Step:
    """The same tests on the newest Python, in an environment made from the same locks. Where there
    is none, what needs it only for being newer runs on the one that runs this."""
    if sys.version_info[:2] == tuple(map(int, NEWEST.split("."))):
        return step
    name = f"{step.name}, Python {NEWEST}"
    python = shutil.which(f"python{NEWEST}")
    if python is None:
        if "MARFA_TEST_DATABASE" in step.environment:
            return step
        return replace(step, name=name, absent=f"Python {NEWEST}: apt install python3-venv")
    folder = f".venv-{NEWEST}"
    own = [f"{folder}/bin/python", *step.command[1:]]
    script = f"tools/environment.sh test {folder} && {shlex.join(own)}"
    environment = {**step.environment, "PYTHON": python}
    return replace(step, name=name, command=["sh", "-c", script], environment=environment)


def run_all(steps: list[Step]) -> list[Outcome]:
    """Run the steps in their order, and those that may be run beside each other at once."""
    outcomes: list[Outcome] = []
    for beside, group in groupby(steps, key=lambda step: step.beside):
        if beside:
            with ThreadPoolExecutor(max(os.cpu_count() or 1, 2)) as pool:
                outcomes += pool.map(run_quietly, group)
        else:
            outcomes += map(run, group)
    return outcomes


def run_quietly(step: Step) -> Outcome:
    """Run one step beside others, showing its output when it has ended."""
    lines: list[str] = []
    outcome = run(step, lines.append)
    print("".join(lines), end="", flush=True)
    return outcome


def run(step: Step, say: Callable[[str], object] = sys.stdout.write) -> Outcome:
    """Run one step, showing its output as it comes."""
    say(f"\n== {step.name}\n")
    if step.absent:
        say(f"not run, absent: {step.absent}\n")
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
            say(line)
            sys.stdout.flush()
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


def close(outcomes: list[Outcome], seconds: float, required: bool) -> int:
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
    print(f"In all {seconds:.0f} s, {len(bad)} of {len(outcomes)} checks failed.")
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"\n{passed} passed, {max(failed, len(bad))} failed")
    return 1 if bad or (absent and required) else 0


def main() -> int:
    chosen = {(): first, ("--rest",): rest, ("--all",): everything}.get(tuple(sys.argv[1:]))
    if chosen is None:
        print("python tools/check.py [--rest | --all]", file=sys.stderr)
        return 2
    started = time.monotonic()
    # The databases from which the tests of all steps take their copies.
    with tempfile.TemporaryDirectory(prefix="marfa-templates-") as templates:
        os.environ[TEMPLATES] = templates
        outcomes = run_all(chosen())
    seconds = time.monotonic() - started
    return close(outcomes, seconds, required=os.environ.get("MARFA_REQUIRE_ALL") == "1")


if __name__ == "__main__":
    sys.exit(main())
