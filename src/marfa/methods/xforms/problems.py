"""What is wrong with a form, gathered so that one reading shows it all."""

from __future__ import annotations

from collections.abc import Mapping

from marfa.domain.message import InputError, Message, Place, Problem


class FormProblems:
    """Problems of one form. rows: rows of a spreadsheet by path, where it came from one."""

    def __init__(self, file: str | None, rows: Mapping[str, int] | None = None) -> None:
        self.file = file
        self.rows = rows or {}
        self.problems: list[Problem] = []

    def wrong(
        self, message: Message, path: str | None = None, line: int | None = None, column: str = ""
    ) -> None:
        """Note a problem once; reading goes on."""
        row = self.rows.get(path or "") if self.rows else line
        problem = Problem(message, Place(self.file, row=row, column=column or None, field=path))
        if problem not in self.problems:
            self.problems.append(problem)

    def finish(self) -> None:
        """Raises InputError if anything was wrong."""
        if self.problems:
            raise InputError(*self.problems)
