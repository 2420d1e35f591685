"""What is wrong with a form, gathered so that one reading shows it all."""

from __future__ import annotations

from collections.abc import Mapping

from marfa.domain.message import InputError, Message, Place, Problem

SURVEY = "survey"


class FormProblems:
    """Problems of one form. rows: rows of the sheet ``survey`` by path, where it came from one."""

    def __init__(self, file: str | None, rows: Mapping[str, int] | None = None) -> None:
        self.file = file
        self.rows = rows or {}
        self.sheet = SURVEY if rows else None
        self.problems: list[Problem] = []

    def wrong(
        self, message: Message, path: str | None = None, line: int | None = None, column: str = ""
    ) -> None:
        """Note a problem once; reading goes on."""
        row = self.row_of(path or "") if self.rows else line
        place = Place(self.file, row=row, column=column or None, field=path, sheet=self.sheet)
        problem = Problem(message, place)
        if problem not in self.problems:
            self.problems.append(problem)

    def row_of(self, path: str) -> int | None:
        """The row of a question; what a sheet asks at its top may stand among the form's own."""
        return self.rows.get(path) or self.rows.get(path.replace("/meta/", "/"))

    def finish(self) -> None:
        """Raises InputError if anything was wrong."""
        if self.problems:
            raise InputError(*self.problems)
