"""A new app passes every check that reads all apps, with nothing else edited.

On a copy of the tree, with one app for a desk that works with people and one for a desk that does
not. Each step is one of ``STEPS``; what they print is shown where one fails.
"""

from __future__ import annotations

import json

import pytest
from tools.source_copy import SourceCopy

from tests.support.postgres import binaries

pytestmark = pytest.mark.slow

APPS = {"suppliers": "coordination", "shelter_visits": "protection"}
OWN = [f"tests/apps/test_{name}.py" for name in APPS]
SOURCES = [f"src/marfa/apps/{name}" for name in APPS]
READ_ALL = (
    # manifests, the order of the apps, addresses, templates
    "tests/apps/test_house.py",
    "tests/apps/test_manifest.py",
    "tests/apps/test_rows_and_log.py",
    "tests/test_house.py",
    # charter, decision table, mutants
    "tests/charter",
    "tests/safeguards/charter",
    # register of fields, vault, log
    "tests/safeguards/fields",
    "tests/safeguards/vault",
    "tests/safeguards/audit",
    # access matrix, pages, menus, regions, number of queries
    "tests/web",
    # words, catalogues, documentation, threat model
    "tests/test_catalogues.py",
    "tests/test_glossary.py",
    "tests/test_docs.py",
    "tests/test_threat_model.py",
    # what says itself by being read
    "tests/tools",
    "tests/demo",
    "tests/cli/server/test_desk_sets.py",
)
OF_DATABASES = ("tests/platform/migration", "tests/platform/rowsecurity")
PYTEST = ("pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-m", "not slow and not journey")
ARROWS = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
STEPS = {
    "ruff": ("ruff", "check", "--no-cache", "."),
    "format": ("ruff", "format", "--no-cache", "--check", "."),
    "types": ("mypy", *SOURCES, *OWN),
    "arrows": ("-c", ARROWS),
    "migrations": ("marfa", "dev", "makemigrations", "--check"),
    "checks": ("marfa", "dev", "check"),
    "own": (*PYTEST, *OWN),
    "all": (*PYTEST, "-n", "2", *READ_ALL),
    "databases": (*PYTEST, *OF_DATABASES),
}
ON_POSTGRESQL = {
    "own": STEPS["own"],
    "databases": STEPS["databases"],
    "register": (*PYTEST, "tests/safeguards/fields", "tests/apps/test_rows_and_log.py"),
}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> SourceCopy:
    """A copy of the tree into which both apps were written, and nothing else."""
    tree = SourceCopy.make(tmp_path_factory.mktemp("grown") / "copy")
    before, listed = tree.digests(), set()
    for name, desk in APPS.items():
        made = tree.run("marfa", "dev", "new-app", name, "--desk", desk, "--json")
        assert made.returncode == 0, made.stderr
        listed |= set(json.loads(made.stdout)["files"])
    after = tree.digests()
    assert after.keys() - before.keys() == listed
    assert {file: after.get(file) for file in before} == before
    return tree


def check_step(tree: SourceCopy, command: tuple[str, ...], **more: str) -> None:
    done = tree.run(*command, **more)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("step", STEPS)
def test_a_new_app_passes(grown: SourceCopy, step: str) -> None:
    check_step(grown, STEPS[step])


@pytest.mark.skipif(binaries() is None, reason="PostgreSQL: apt install postgresql")
@pytest.mark.parametrize("step", ON_POSTGRESQL)
def test_a_new_app_passes_on_postgresql(grown: SourceCopy, step: str) -> None:
    check_step(grown, ON_POSTGRESQL[step], MARFA_TEST_DATABASE="postgresql")


def test_a_row_that_is_not_protected_would_be_found(grown: SourceCopy) -> None:
    """The steps can fail: an app whose table says of no row whose it is does not pass."""
    models = grown.path / "src/marfa/apps/suppliers/models.py"
    whole = models.read_text(encoding="utf-8")
    models.write_text(whole.replace("    owned_rows = OwnedRows(kind=KIND)\n", ""))
    done = grown.run(*STEPS["migrations"])
    models.write_text(whole)
    assert done.returncode == 1
