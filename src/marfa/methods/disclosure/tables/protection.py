"""From a source and a query to the protected table."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.audit import audit
from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.count import count
from marfa.methods.disclosure.tables.coverage import measure_coverage
from marfa.methods.disclosure.tables.protected_table import STATUSES, WITHHELD, ProtectedTable
from marfa.methods.disclosure.tables.query import TableQuery
from marfa.methods.disclosure.tables.rounding import controlled_rounding
from marfa.methods.disclosure.tables.source import RecordFile
from marfa.methods.disclosure.tables.subject import recognise_subject
from marfa.methods.disclosure.tables.suppression import WORK, suppress

LIST_ZEROS = 50_000
"""Cells and margins up to which zeros are listed one by one."""

AUDIT_CELLS = 2_000
"""Withheld cells up to which every new table is attacked before it is handed out."""

NUMBER = {status: place for place, status in enumerate(STATUSES)}


def make_table(source: RecordFile, query: TableQuery, *, work: float = WORK) -> ProtectedTable:
    """Count, protect, and describe.

    work: for finding a choice that loses fewer cells, in units of ``Work``.
    Raises InputError as ``count`` does, and where rounding is asked for counts of grave
    violations or sexual violence.
    """
    counted = count(source, query)
    found = check_rounding(query, counted.cells)
    table = protect_cells(counted.cells, query, work=work)
    about = {
        "query_id": query.query_id,
        "query": query.as_json(),
        "subject": found if query.subject == "victims" else query.subject,
        "coverage": measure_coverage(table, counted),
        **table.about,
    }
    return replace(table, about=about)


def check_rounding(query: TableQuery, cells: Cells) -> str:
    """What is counted, one of SUBJECTS. Raises InputError where it must not be rounded."""
    values = {label for d in cells.dimensions for label in d.labels[1:]}
    found = recognise_subject(query.dimensions, values)
    if query.method == "round" and (found != "victims" or query.subject != "victims"):
        raise InputError.at(Message("methods.disclosure.tables:never-rounded"))
    return found


def protect_cells(cells: Cells, query: TableQuery, *, work: float = WORK) -> ProtectedTable:
    """The protected table of counted cells, with what the protection cost in ``about``."""
    if query.method == "round" and query.base is not None:
        return list_zeros(round_cells(cells, query))
    choice = suppress(cells, query.min_cell, work=work)
    status = np.zeros(len(cells.counts), dtype=np.int64)
    status[choice.primary] = NUMBER["primary"]
    status[choice.secondary] = NUMBER["secondary"]
    counts = np.where(choice.suppressed, WITHHELD, cells.counts)
    table = ProtectedTable(cells.dimensions, cells.nodes, counts, status, query.min_cell, False)
    table = _publish_the_obvious(table, cells.counts)
    lost = {name: int((table.status == NUMBER[name]).sum()) for name in ("primary", "secondary")}
    about = {"method": "suppress", "withheld": lost, "optimality_gap": round(choice.gap, 4)}
    return list_zeros(replace(table, about=about))


def round_cells(cells: Cells, query: TableQuery) -> ProtectedTable:
    """The rounded table, zeros not listed."""
    rounding = controlled_rounding(cells, query.base or 2)
    status = np.full(len(cells.counts), NUMBER["rounded"], dtype=np.int64)
    about: dict[str, Any] = {
        "query_id": query.query_id,
        "query": query.as_json(),
        "method": "round",
        "base": query.base,
        "largest_move": rounding.largest_move,
        "nearest_multiples": rounding.exact,
    }
    return ProtectedTable(
        cells.dimensions, cells.nodes, rounding.counts, status, query.min_cell, False, about
    )


def _publish_the_obvious(table: ProtectedTable, true: Ints) -> ProtectedTable:
    """Secondary cells that anyone can work out protect nothing: they are shown.

    Raises InputError if a primary cell turns out narrower than allowed: nothing is handed out.
    """
    if int(table.withheld.sum()) > AUDIT_CELLS:
        return table
    attack = audit(table)
    obvious = attack.narrow[table.status[attack.narrow] == NUMBER["secondary"]]
    if len(obvious) < len(attack.narrow) or len(attack.wrong_sums):
        raise InputError.at(Message("methods.disclosure.tables:not-protected"))
    counts, status = table.counts.copy(), table.status.copy()
    counts[obvious] = true[obvious]
    status[obvious] = NUMBER["published"]
    return replace(table, counts=counts, status=status)


def list_zeros(table: ProtectedTable) -> ProtectedTable:
    """Add the combinations that nobody falls into, while the table is small enough."""
    sizes = [len(dimension.labels) for dimension in table.dimensions]
    if np.prod(sizes, dtype=float) > LIST_ZEROS:
        return replace(table, zeros_listed=False)
    every = np.array(list(product(*(range(size) for size in sizes))), dtype=np.int64)
    strides = np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1]
    at = table.nodes @ strides
    counts = np.zeros(len(every), dtype=np.int64)
    kind = NUMBER["rounded"] if table.base is not None else NUMBER["published"]
    status = np.full(len(every), kind, dtype=np.int64)
    counts[at], status[at] = table.counts, table.status
    return replace(table, nodes=every, counts=counts, status=status, zeros_listed=True)
