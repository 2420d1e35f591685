"""What models declare beside their columns gets into migrations, and nothing is missed."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test import override_settings

from marfa.apps.registry.models import Person
from marfa.platform.migration.guards import TableGuards
from marfa.platform.migration.tableparts import differing_parts, parts_in
from marfa.platform.rowsecurity.ownership import OwnedRows
from tests.support.rows import on_postgresql


@pytest.fixture(scope="module")
def history() -> ProjectState:
    """What all migrations come to."""
    return MigrationLoader(None).project_state()


def test_migrations_give_each_table_what_its_model_declares(history: ProjectState) -> None:
    assert differing_parts(history) == [], "run makemigrations"


def test_each_part_that_a_migration_misses_is_found(history: ProjectState) -> None:
    """The planted fault, for every part there is."""
    found = 0
    for (label, name), model in history.models.items():
        for attribute in parts_in(model):
            options = model.options
            model.options = {k: v for k, v in options.items() if k != f"_{attribute}"}
            declared = apps.get_model(label, name)._meta.label
            assert differing_parts(history) == [f"{declared}: {attribute}"]
            model.options = options
            found += 1
    assert found > 60


@pytest.mark.parametrize("declared", [OwnedRows(kind="Household"), None])
def test_a_part_that_is_declared_otherwise_is_found(
    history: ProjectState, declared: OwnedRows | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Person, "owned_rows", declared)
    assert differing_parts(history) == [f"{Person._meta.label}: owned_rows"]


# An app that is not there before the test.
MODELS = """
from django.db import models
from marfa.platform.migration.guards import TableGuards
from marfa.platform.rowsecurity.ownership import OwnedRows

class Reader(models.Model):
    owned_rows = OwnedRows(kind="Reader")
    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    name = models.CharField(max_length=20)

class Loan(models.Model):
    owned_rows = OwnedRows(kind="Reader", object_key="reader")
    table_guards = TableGuards("shelf.guards")
    organisation = models.UUIDField()
    keeper = models.UUIDField()
    reader = models.ForeignKey(Reader, models.CASCADE)
    days = models.IntegerField()
    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(days__gte=0), name="shelf_days")]

class Shelf(models.Model):
    place = models.CharField(max_length=20)
"""
GUARDS = """
def raised(vendor):
    if vendor == "postgresql":
        return ["CREATE FUNCTION shelf_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RETURN NULL; END $$",
                "CREATE TRIGGER shelf_guard BEFORE DELETE ON shelf_loan"
                " FOR EACH ROW EXECUTE FUNCTION shelf_refuse()"]
    return ["CREATE TRIGGER shelf_guard BEFORE DELETE ON shelf_loan BEGIN SELECT 1; END"]

def lifted(vendor):
    if vendor == "postgresql":
        return ["DROP TRIGGER IF EXISTS shelf_guard ON shelf_loan",
                "DROP FUNCTION IF EXISTS shelf_refuse()"]
    return ["DROP TRIGGER IF EXISTS shelf_guard"]
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an app with these models and no migrations."""
    folder = tmp_path / "shelf"
    (folder / "migrations").mkdir(parents=True)
    for name, text in {"__init__": "", "models": MODELS, "guards": GUARDS}.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "migrations" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    installed = [config.name for config in apps.get_app_configs()]
    try:
        with override_settings(INSTALLED_APPS=[*installed, "shelf"]):
            yield folder
    finally:
        apps.all_models.pop("shelf", None)
        apps.clear_cache()
        for name in [name for name in sys.modules if name.partition(".")[0] == "shelf"]:
            del sys.modules[name]


def make(name: str) -> str:
    """Have the migrations of the app written; the text of the newest, read anew."""
    call_command("makemigrations", "shelf", name=name, stdout=io.StringIO())
    importlib.invalidate_caches()
    package = importlib.import_module("shelf.migrations")
    (newest,) = Path(str(package.__path__[0])).glob(f"*_{name}.py")
    return newest.read_text()


def models_of_shelf() -> ModuleType:
    return importlib.import_module("shelf.models")


def migrate(target: str | None = None) -> None:
    arguments = ("shelf", target) if target else ("shelf",)
    call_command("migrate", *arguments, verbosity=0)


@pytest.mark.django_db
def test_a_new_model_is_protected_without_a_hand(shelf: Path) -> None:
    text = make("first")
    assert "('organisations', '0" in text, "the table of openings is there before"
    assert text.count("ProtectRows(") == 2
    assert text.count("RaiseGuards(") == 1
    assert text.count("CreateModel(") == 3
    assert "AddConstraint" not in text
    assert differing_parts(MigrationLoader(None).project_state()) == []
    call_command("makemigrations", "shelf", check=True, stdout=io.StringIO())


@pytest.mark.django_db
def test_a_declaration_that_changes_is_written_anew(shelf: Path) -> None:
    make("first")
    loan = models_of_shelf().Loan
    loan.owned_rows = OwnedRows(owner="keeper", kind="Reader", object_key="reader")
    changed = make("changed")
    assert changed.index("LiftPart(") < changed.index("ProtectRows(")
    assert "owner='keeper'" in changed
    assert "RaiseGuards" not in changed
    loan.owned_rows = None
    assert "ProtectRows" not in make("gone")
    assert differing_parts(MigrationLoader(None).project_state()) == []


def policies() -> dict[str, str]:
    """The column of the owner in the policies of each table of the app."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, qual FROM pg_policies WHERE tablename LIKE 'shelf_%%'"
            " AND cmd = 'SELECT'"
        )
        found = cursor.fetchall()
    return {table: "keeper" if "keeper =" in text else "organisation" for table, text in found}


@on_postgresql
@pytest.mark.owner  # it changes tables
@pytest.mark.django_db(transaction=True)
def test_the_database_follows_there_and_back(shelf: Path) -> None:
    make("first")
    loan = models_of_shelf().Loan
    loan.owned_rows = OwnedRows(owner="keeper", kind="Reader", object_key="reader")
    make("changed")
    loan.owned_rows = None
    make("gone")
    first = {"shelf_reader": "organisation", "shelf_loan": "organisation"}
    changed = {**first, "shelf_loan": "keeper"}
    steps: list[tuple[str, Any]] = [
        ("0001_first", first),
        ("0002_changed", changed),
        ("0003_gone", {"shelf_reader": "organisation"}),
        ("0002_changed", changed),
        ("0001_first", first),
    ]
    try:
        for target, expected in steps:
            migrate(target)
            assert policies() == expected, target
    finally:
        migrate("zero")
    assert policies() == {}


def guarded() -> bool:
    """Whether the trigger of the app is there."""
    asked = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'shelf_guard'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname = 'shelf_guard'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return bool(cursor.fetchone()[0])


@pytest.mark.owner  # it changes tables
@pytest.mark.django_db(transaction=True)
def test_guards_outlast_a_change_of_their_table(shelf: Path) -> None:
    """SQLite makes a table anew to change it, and drops its triggers with the old one."""
    make("first")
    models_of_shelf().Loan._meta.constraints[0].name = "shelf_days_again"
    text = make("changed")
    assert "RaiseGuards(" in text
    assert "ProtectRows" not in text
    try:
        migrate("0001_first")
        assert guarded()
        migrate()
        assert guarded()
    finally:
        migrate("zero")
    assert not guarded()


def test_a_part_of_a_base_can_be_done_without() -> None:
    from marfa.platform.migration.tableparts import declared_parts

    class Base:
        owned_rows: OwnedRows | None = OwnedRows()
        table_guards = TableGuards("shelf.guards")

    class Alone(Base):
        owned_rows = None

    assert set(declared_parts(Base)) == {"owned_rows", "table_guards"}  # type: ignore[arg-type]
    assert set(declared_parts(Alone)) == {"table_guards"}  # type: ignore[arg-type]
