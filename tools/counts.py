"""Print the numbers by which a change of the whole house is judged, before and after it.

    python tools/counts.py

What the source is like: names of modules and functions, sizes, migrations. And what the tests can
find: planted faults, mutants, canaries, prohibitions, tests that are collected.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tools.source_copy import SourceCopy  # noqa: E402

SOURCE = ROOT / "src" / "marfa"
TESTS = ROOT / "tests"
WORDS = ROOT / "tools" / "words.toml"
PLANTED = re.compile(r"planted|(?<!de)fault")
FINDS_WRONG = re.compile(r"_(is|are)_(found|noticed)")
KILLS = re.compile(r"SIGKILL|\.kill\(|powercut")

Row = tuple[str, str]


def main() -> None:
    rows = [*source_rows(), *new_app_rows(), *power_rows()]
    widest = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:{widest}}  {value}")


# -- the source -----------------------------------------------------------------------------------


def source_rows() -> list[Row]:
    """Names and sizes in ``src``."""
    names = [name for path in python_files() if (name := module_name(path))]
    gerunds = Counter(name for name in names if is_gerund_or_participle(name))
    functions = [name for path in python_files() for name in public_functions(path)]
    inner = [name for path in python_files() for name in functions_within(path)]
    methods = [name for path in python_files() for name in public_methods(path)]
    sizes = app_sizes().most_common(3)
    migrations = migration_files()
    return [
        ("modules that are one gerund or participle", share(gerunds.total(), len(names))),
        ("  the most frequent", listed(gerunds)),
        ("public functions of one word", of_one_word(functions)),
        ("  with those that stand within functions", of_one_word([*functions, *inner])),
        ("public methods of one word", of_one_word(methods)),
        ("largest apps without migrations, lines", ", ".join(f"{a} {n:,}" for a, n in sizes)),
        ("migrations, files", f"{len(migrations)} in {len({p.parent for p in migrations})} apps"),
        ("migrations, lines", f"{sum(map(lines_of, migrations)):,}"),
        ("other Python in src, lines", f"{sum(map(lines_of, python_files())):,}"),
    ]


@cache
def python_files() -> tuple[Path, ...]:
    """All of ``src`` but migrations."""
    found = sorted(SOURCE.rglob("*.py"))
    return tuple(path for path in found if path.parent.name != "migrations")


def migration_files() -> list[Path]:
    """One file a migration."""
    return sorted(SOURCE.rglob("migrations/[0-9]*.py"))


def module_name(path: Path) -> str:
    """How a module or a package is called; nothing for a package's own folder of migrations."""
    return path.parent.name if path.name == "__init__.py" else path.stem


def is_gerund_or_participle(name: str) -> bool:
    """Whether a name is one word that says what happens, and not what a thing is."""
    known = words()
    if "_" in name or name in known["field"] or name in known["nouns"]:
        return False
    return name in known["participles"] or re.fullmatch(r"\w{2,}(ing|ed)", name) is not None


@cache
def words() -> dict[str, list[str]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def public_functions(path: Path) -> Iterator[str]:
    """The functions that stand in a module itself."""
    yield from _public(parsed(path).body)


def public_methods(path: Path) -> Iterator[str]:
    """The functions that stand in its classes."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef):
            yield from _public(node.body)


def functions_within(path: Path) -> Iterator[str]:
    """The functions that stand in functions."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _public(node.body)


def _public(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            yield node.name


def app_sizes() -> Counter[str]:
    """Lines of Python of each app, without its migrations."""
    apps = SOURCE / "apps"
    sizes: Counter[str] = Counter()
    for path in python_files():
        if path.is_relative_to(apps) and len(path.relative_to(apps).parts) > 1:
            sizes[path.relative_to(apps).parts[0]] += lines_of(path)
    return sizes


# -- a new app -----------------------------------------------------------------------------------


def new_app_rows() -> list[Row]:
    """The files that a new desk app touches, by writing one into a copy of the source."""
    with tempfile.TemporaryDirectory(prefix="marfa-counts-") as scratch:
        tree = SourceCopy.make(Path(scratch) / "copy", only=("src", "tests", "pyproject.toml"))
        before = tree.digests()
        made = tree.run("marfa", "dev", "new-app", "suppliers", "--desk", "coordination")
        if made.returncode:
            sys.exit(made.stderr)
        after = tree.digests()
    new = len(after.keys() - before.keys())
    shared = sum(after.get(file) != digest for file, digest in before.items())
    return [("files touched by a new desk app (shared)", f"{new + shared} ({shared})")]


# -- what the tests can find ----------------------------------------------------------------------


@dataclass(frozen=True)
class Collected:
    """A test as pytest collects it: one for each set of its parameters."""

    file: str
    name: str


def power_rows() -> list[Row]:
    """Planted faults and their like, counted as pytest collects them."""
    tests = collected()
    planted = [test for test in tests if PLANTED.search(test.name)]
    wrong = [test for test in tests if FINDS_WRONG.search(test.name) and test not in planted]
    killing = {file for file in {test.file for test in tests} if KILLS.search(text_of(file))}
    killed, made = mutants()
    permits, forbids = policies_by_effect()
    texts, spelt = canaries()
    return [
        ("tests collected", f"{len(tests):,}"),
        ("  of these in a browser", f"{sum(t.file.startswith('tests/journeys/') for t in tests)}"),
        ("planted faults, cases", f"{len(planted)}"),
        ("  by file", listed(Counter(test.file for test in planted), 100)),
        ("other tests that find what is wrong, cases", f"{len(wrong)}"),
        ("tests in files that kill a process or cut power", f"{_in(tests, killing)}"),
        ("mutants of the charter, made and killed", f"{made}, {killed}"),
        ("questions of the decision table", f"{questions()}"),
        ("policies that permit, that forbid", f"{permits}, {forbids}"),
        ("canaries, in how many spellings", f"{texts}, {spelt}"),
        ("tests of canaries, cases", f"{sum(t.file.startswith('tests/canary/') for t in tests)}"),
        ("rows of the access matrix", f"{_named(tests, 'test_access_matrix.py', 'test_who_may')}"),
        ("searches among many cases (@given, machines)", f"{searches()}"),
        ("arrows that import-linter keeps", f"{text_of('pyproject.toml').count('contracts]]')}"),
    ]


def _in(tests: list[Collected], files: set[str]) -> int:
    return sum(test.file in files for test in tests)


def _named(tests: list[Collected], file: str, name: str) -> int:
    return sum(test.file.endswith(file) and test.name.startswith(name) for test in tests)


def collected() -> list[Collected]:
    """Every test, also those that no run but the longest takes."""
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    # What a run on PostgreSQL skips is collected all the same.
    environment = {n: v for n, v in os.environ.items() if n != "MARFA_TEST_DATABASE"}
    found = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    lines = (line.split("::", 1) for line in found.stdout.splitlines() if "::" in line)
    return [Collected(file, name.partition("[")[0]) for file, name in lines]


def mutants() -> tuple[int, int]:
    """How many were noticed, and made; the file of kills says so, and a test compares it."""
    ended = [
        line.rpartition("\t")[2] for line in text_of("tests/charter/kills.tsv").splitlines()[1:]
    ]
    return sum(each != "-" for each in ended), len(ended)


def questions() -> int:
    from marfa.safeguards.charter.cases import decision_cases

    return len(decision_cases())


def policies_by_effect() -> tuple[int, int]:
    from marfa.safeguards.charter.loader import all_policies

    forbidding = sum(policy.forbids for policy in all_policies())
    return len(all_policies()) - forbidding, forbidding


def canaries() -> tuple[int, int]:
    """Marked texts, and in how many ways of writing they are searched for."""
    from tests.support.canary import CANARIES, spellings

    return len(CANARIES), sum(len(spellings(text)) for text in CANARIES.values())


def searches() -> int:
    """Tests that are given values, and machines that draw their steps."""
    found = [path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("*.py"))]
    return sum(len(re.findall(r"^\s*@given\(|\(RuleBasedStateMachine\)", t, re.M)) for t in found)


# -- how it is written ----------------------------------------------------------------------------


@cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def of_one_word(names: list[str]) -> str:
    return share(sum("_" not in name for name in names), len(names))


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part:,} of {whole:,})"


def listed(counts: Counter[str], most: int = 12) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common(most))


if __name__ == "__main__":
    main()
