"""How far two days lie apart, as a condition that both databases check."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Func


class WithinDays(Func):
    """Whether a day is at most so many days after another, and not before it."""

    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(julianday(%(expressions)s) BETWEEN 0 AND {days})"
        return self._as(compiler, connection, ") - julianday(", template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self._as(
            compiler, connection, " - ", "((%(expressions)s) BETWEEN 0 AND {days})", **more
        )

    def _as(self, compiler: Any, connection: Any, joint: str, template: str, **more: Any) -> Any:
        filled = template.format(days=int(self.extra["days"]))
        return self.as_sql(compiler, connection, template=filled, arg_joiner=joint, **more)
