"""Guards of a table: triggers and rights that no column and no constraint says."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

from django.db.models import Model

from marfa.platform.migration.tableparts import MakePart, TablePart


@dataclass(frozen=True)
class TableGuards(TablePart):
    """Said in a model as ``table_guards = TableGuards(...)``.

    statements: path of a module with ``raised(vendor)`` and ``lifted(vendor)``, the statements
        that put the guards up, and those that take them away where they are there.
    """

    attribute: ClassVar[str] = "table_guards"
    goes_with_table: ClassVar[bool] = True

    statements: str

    def operation(self, model_name: str) -> MakePart:
        return RaiseGuards(model_name, statements=self.statements)


class RaiseGuards(MakePart):
    """Put the guards of a table up. Said again in a later migration, it puts them up anew: where
    the statements have changed, and where SQLite has made the table anew, which drops triggers."""

    def __init__(self, model_name: str, statements: str) -> None:
        super().__init__(model_name, TableGuards(statements))
        self.statements = statements

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.name], {"statements": self.statements}

    def making(self, model: type[Model], vendor: str) -> list[str]:
        return [*self.lifting(model, vendor), *import_module(self.statements).raised(vendor)]

    def lifting(self, model: type[Model], vendor: str) -> list[str]:
        statements: list[str] = import_module(self.statements).lifted(vendor)
        return statements

    def describe(self) -> str:
        return f"Raise the guards of {self.name}"
