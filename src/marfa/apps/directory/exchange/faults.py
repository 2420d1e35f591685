"""What is wrong in a file of services, and where."""

from __future__ import annotations

from dataclasses import dataclass

from marfa.domain.message import Message


@dataclass(frozen=True)
class FileProblem:
    """row: as a spreadsheet counts, or the number of a service in HSDS. column: the letter of a
    sheet; empty in HSDS, and where it is the whole row. field: the heading, or the field."""

    row: int
    column: str
    field: str
    message: Message
