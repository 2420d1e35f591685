"""What a table holds beside columns, indexes and constraints, as its model declares it.

Django writes migrations of what it knows of a model. The rest, such as row protection or triggers,
is a ``TablePart`` that stands in the model as a class attribute. ``makemigrations`` compares it
with the history of migrations and writes the operation that is due.

The history keeps a part among the options of the model's state, under a name that begins with an
underscore: of those Django takes no notice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.apps import apps
from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.models import ModelOptionOperation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Model


class TablePart(ABC):
    """Something that a table has and Django does not know of; two of them that are equal are the
    same in the database.

    attribute: the name under which it stands in the model.
    needs: app, model and field that must be in the database before it.
    goes_with_table: whether it is lost where SQLite makes the table anew, as it does to change it.
    """

    attribute: ClassVar[str]
    needs: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    goes_with_table: ClassVar[bool] = False

    @abstractmethod
    def operation(self, model_name: str) -> MakePart:
        """The operation that a migration needs for it."""

    def fields(self, model: type[Model]) -> list[str]:
        """Names of the model's fields on which it stands."""
        return []


class PartOperation(ModelOptionOperation):
    """Sets a part of a table, or takes it away. What was before stands in the history."""

    attribute: str

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._change(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._change(app_label, schema_editor, from_state, to_state)

    def _change(
        self,
        app_label: str,
        editor: BaseDatabaseSchemaEditor,
        before: ProjectState,
        after: ProjectState,
    ) -> None:
        """From what the one state says of the part to what the other says, either way."""
        old, new = (
            state.models[app_label, self.name_lower].options.get(f"_{self.attribute}")
            for state in (before, after)
        )
        if new is not None:
            model = after.apps.get_model(app_label, self.name)
            statements = new.operation(self.name).making(model, editor.connection.vendor)
        elif old is not None:
            model = before.apps.get_model(app_label, self.name)
            statements = old.operation(self.name).lifting(model, editor.connection.vendor)
        else:
            return
        for statement in statements:
            editor.execute(statement, params=None)


class MakePart(PartOperation):
    """Gives a table one of its parts, in place of what it had of that kind."""

    def __init__(self, model_name: str, part: TablePart) -> None:
        super().__init__(model_name)
        self.part, self.attribute = part, part.attribute

    @abstractmethod
    def making(self, model: type[Model], vendor: str) -> list[str]:
        """The statements, which also replace an earlier form of the part."""

    @abstractmethod
    def lifting(self, model: type[Model], vendor: str) -> list[str]:
        """The statements that take it away."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        set_part(state.models[app_label, self.name_lower], self.part)

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.name_lower}_{self.attribute}"


class LiftPart(PartOperation):
    """Takes a part of a table away whose model no longer declares it."""

    def __init__(self, model_name: str, attribute: str) -> None:
        super().__init__(model_name)
        self.attribute = attribute

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.name, self.attribute], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        found = state.models[app_label, self.name_lower]
        kept = {key: value for key, value in found.options.items() if key != f"_{self.attribute}"}
        found.options = kept

    def describe(self) -> str:
        return f"Take {self.attribute} away from {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.name_lower}_without_{self.attribute}"


def set_part(model: ModelState, part: TablePart) -> None:
    """Note a part in the state of a model."""
    model.options = {**model.options, f"_{part.attribute}": part}


def parts_in(model: ModelState | None) -> dict[str, TablePart]:
    """The parts that migrations gave to a model, by attribute."""
    found = [] if model is None else list(model.options.values())
    return {part.attribute: part for part in found if isinstance(part, TablePart)}


def declared_parts(model: type[Model]) -> dict[str, TablePart]:
    """The parts that a model declares, those of its bases included, by attribute."""
    names = {
        name
        for base in model.__mro__
        for name, value in vars(base).items()
        if isinstance(value, TablePart)
    }
    # A model that sets it to None does without what its base has.
    found = [getattr(model, name) for name in names]
    return {part.attribute: part for part in found if isinstance(part, TablePart)}


def differing_parts(state: ProjectState, registry: Apps = apps) -> list[str]:
    """Models whose tables do not get from migrations what the models declare.

    state: what all migrations come to. The answer names each model and the attribute, such as
    ``registry.Person: owned_rows``.
    """
    found: list[str] = []
    for model in registry.get_models():
        key = (model._meta.app_label, str(model._meta.model_name))
        if key[0] in state.real_apps:
            continue  # an app without migrations
        wanted, there = declared_parts(model), parts_in(state.models.get(key))
        found += [
            f"{model._meta.label}: {attribute}"
            for attribute in sorted(wanted.keys() | there.keys())
            if wanted.get(attribute) != there.get(attribute)
        ]
    return found
