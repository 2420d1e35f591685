"""What may be told outside the team: how many people were spoken with, no small count among them.

What a talk found is not in it: "no indication" never leaves protection, and a count of indications
would tell of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marfa.apps.screening.board.figures import age_group
from marfa.apps.screening.board.interviews import Talk

if TYPE_CHECKING:
    from marfa.methods.disclosure.tables import ProtectedTable

COLUMNS = ("sex", "age")
SMALLEST = 5
"""Counts below it are withheld, and as many others as it takes that nobody can work them out."""


@dataclass(frozen=True)
class ReleaseRow:
    """sex, age: codes, None for the sum over all. people: None where it is withheld."""

    sex: str | None
    age: str | None
    people: int | None


def for_others(talks: Iterable[Talk]) -> list[ReleaseRow]:
    """People with whom there was a talk, each once, by sex and age, protected as one table."""
    first = {talk.subject: (talk.sex, age_group(talk.age_band)) for talk in talks}
    counts = Counter(first.values())
    if not counts:
        return []
    return sorted(_rows(_protected(counts)), key=lambda row: (row.sex or "", row.age or ""))


def _protected(counts: Counter[tuple[str, str]]) -> ProtectedTable:
    # Heavy, and every page knows this module.
    import numpy as np

    from marfa.methods.disclosure.tables import (
        TableQuery,
        build_cells,
        build_dimension,
        protect_cells,
    )

    pairs = sorted(counts)
    dimensions = tuple(
        build_dimension(name, {pair[axis] for pair in pairs}) for axis, name in enumerate(COLUMNS)
    )
    nodes = np.array(
        [[d.leaf_for(value) for d, value in zip(dimensions, pair, strict=True)] for pair in pairs],
        dtype=np.int64,
    )
    cells = build_cells(dimensions, nodes, np.array([counts[pair] for pair in pairs], np.int64))
    return protect_cells(cells, TableQuery(COLUMNS, source="", min_cell=SMALLEST))


def _rows(table: ProtectedTable) -> Iterable[ReleaseRow]:
    for values, count, _status in table.rows():
        yield ReleaseRow(values.get("sex"), values.get("age"), count)
