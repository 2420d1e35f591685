"""Django's autodetector, which also writes what models declare beside their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector, OperationDependency
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.optimizer import MigrationOptimizer
from django.db.migrations.state import ProjectState

from marfa.platform.migration.tableparts import (
    LiftPart,
    MakePart,
    TablePart,
    declared_parts,
    parts_in,
)


class Autodetector(MigrationAutodetector):
    """Overrides steps of Django's that are not public; tests tell where a new Django differs."""

    # Set by Django while it detects.
    new_model_keys: set[tuple[str, str]]
    generated_operations: dict[str, list[Operation]]
    migrations: dict[str, list[Migration]]

    def __init__(self, from_state: ProjectState, to_state: ProjectState, *rest: Any) -> None:
        super().__init__(from_state, to_state, *rest)
        # Not in the state: Django would write them among the options of the model.
        self.declared = {key: declared_parts(apps.get_model(*key)) for key in to_state.models}

    def generate_altered_db_table(self) -> None:
        # The last of Django's steps: whatever a part stands on has been thought of by then.
        super().generate_altered_db_table()
        for app_label, name in sorted(self.new_model_keys):
            self._generate_table_parts(app_label, name)

    def _generate_table_parts(self, app_label: str, name: str) -> None:
        old_name = self.renamed_models.get((app_label, name), name)
        model = self.to_state.models[app_label, name]
        before = parts_in(self.from_state.models.get((app_label, old_name)))
        after = self.declared[app_label, name]
        for attribute, part in sorted(before.items()):
            if part != after.get(attribute):
                # A column on which it stands may be about to go.
                self.add_operation(app_label, LiftPart(model.name, attribute))
        changed = any(
            getattr(each, "model_name_lower", None) == name
            for each in self.generated_operations.get(app_label, [])
        )
        for attribute, part in sorted(after.items()):
            if part != before.get(attribute) or (changed and part.goes_with_table):
                needed = _needed(app_label, name, part)
                self.add_operation(app_label, part.operation(model.name), dependencies=needed)

    def _sort_migrations(self) -> None:
        super()._sort_migrations()  # type: ignore[misc]
        for operations in self.generated_operations.values():
            operations.sort(key=_turn)

    def _optimize_migrations(self) -> None:
        super()._optimize_migrations()  # type: ignore[misc]
        for app_label, migrations in self.migrations.items():
            for each in migrations:
                ordered = put_indexes_last(each.operations)
                each.operations = MigrationOptimizer().optimize(ordered, app_label)  # type: ignore[misc]


def _needed(app_label: str, name: str, part: TablePart) -> Any:
    """The dependencies of the operation that makes a part, as Django's own steps say theirs."""
    create = OperationDependency.Type.CREATE
    own = [None, *part.fields(apps.get_model(app_label, name))]
    return [
        *(OperationDependency(app_label, name, field, create) for field in own),
        *(OperationDependency(*needed, create) for needed in part.needs),
    ]


def _turn(operation: Operation) -> int:
    """What takes a part away comes first, what makes one last. Django joins the columns of a table
    with the table, but passes over no index, constraint or part on its way: these come late."""
    late = isinstance(operation, AddIndex | AddConstraint)
    return 2 * isinstance(operation, MakePart) + late - isinstance(operation, LiftPart)


def put_indexes_last(operations: Sequence[Operation]) -> list[Operation]:
    """Operations with the indexes and constraints of a new table behind its last column, so that
    Django joins them with the table."""
    last: dict[str, int] = {}
    for place, each in enumerate(operations):
        if isinstance(each, CreateModel):
            last[each.name_lower] = place
        elif isinstance(each, AddField) and each.model_name_lower in last:
            last[each.model_name_lower] = place

    def turn(numbered: tuple[int, Operation]) -> int:
        place, each = numbered
        if isinstance(each, AddIndex | AddConstraint):
            return last.get(each.model_name.lower(), place)
        return place

    return [each for _, each in sorted(enumerate(operations), key=turn)]
