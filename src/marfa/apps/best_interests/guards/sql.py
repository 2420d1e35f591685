"""Triggers on both databases, written from one condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Condition = Callable[[str], str]
"""By vendor, an SQL condition about ``NEW`` under which a row is refused."""


def day_of(column: str, vendor: str, shift: int = 0) -> str:
    """The day of a moment, a number of days later."""
    if vendor == "sqlite":
        return f"date({column}, '{shift:+d} day')"
    return f"(({column})::date + ({shift}))"


@dataclass(frozen=True)
class Guard:
    """A row of a table is refused where a condition is true when it is inserted, or when one of
    these columns changes: what rested on it before stays as it was written.

    name: of the triggers. said: the error of the database.
    """

    table: str
    name: str
    said: str
    refused: Condition
    columns: tuple[str, ...]

    def raised(self, vendor: str) -> list[str]:
        """The statements that put it up. vendor: ``sqlite`` or ``postgresql``."""
        differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        changed = " OR ".join(f"NEW.{each} {differs} OLD.{each}" for each in self.columns)
        refused = self.refused(vendor)
        if vendor == "sqlite":
            stop = f"BEGIN SELECT RAISE(ABORT, '{self.said}'); END"
            return [
                f"CREATE TRIGGER {self.name}_insert BEFORE INSERT ON {self.table} "
                f"WHEN {refused} {stop}",
                f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table} "
                f"WHEN ({changed}) AND {refused} {stop}",
            ]
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path FROM CURRENT AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({changed}) THEN RETURN NEW; END IF; END IF; "
            f"IF {refused} THEN "
            f"RAISE EXCEPTION '{self.said}' USING ERRCODE = 'check_violation'; "
            f"END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {self.name} BEFORE INSERT OR UPDATE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def lifted(self, vendor: str) -> list[str]:
        """The statements that take it away."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {self.name}_{verb}" for verb in ("insert", "update")]
        return [
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
            f"DROP FUNCTION IF EXISTS {self.name}()",
        ]
